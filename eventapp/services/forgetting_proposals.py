"""Which proposals do we no longer need? Settled ones a year after that, and those that nobody decided about."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp.domain.retention import TERMS
from eventapp.extensions import db
from eventapp.models import EventProposal


def proposals(*, now: datetime) -> int:
    """Within the caller's transaction: what became of one stays in its event."""
    last = sa.func.coalesce(EventProposal.settled_at, EventProposal.created_at)
    return _delete(last < TERMS["proposals"].before(now))


def of_people(person_ids: list[int]) -> int:
    """The same for everything that these people proposed."""
    return _delete(EventProposal.person_id.in_(person_ids))


def _delete(where: sa.ColumnElement[bool]) -> int:
    """Their remarks go with them."""
    statement = sa.delete(EventProposal).where(where).execution_options(synchronize_session=False)
    result: Any = db.session.execute(statement)
    return int(result.rowcount)
