"""Which proposals do we no longer need? Settled ones a year after that, and those that nobody decided about."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.retention import TERMS
from eventapp.models import EventProposal
from eventapp.services.changing_rows import delete_rows


def proposals(*, now: datetime) -> int:
    """Within the caller's transaction: what became of one stays in its event."""
    last = sa.func.coalesce(EventProposal.settled_at, EventProposal.created_at)
    return delete_rows(EventProposal, last < TERMS["proposals"].before(now))


def of_people(person_ids: list[int]) -> int:
    """The same for everything that these people proposed."""
    return delete_rows(EventProposal, EventProposal.person_id.in_(person_ids))
