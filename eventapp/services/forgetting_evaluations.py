"""What of an evaluation do we no longer need? Who answered, whose name stands with a remark, and then the remarks."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.retention import TERMS
from eventapp.models import Evaluation, EvaluationInvite, EvaluationText, Event, Registration
from eventapp.services.changing_rows import changed


def evaluations(*, now: datetime) -> int:
    """Within the caller's transaction. Counts stay: nothing in them is about a person."""
    emptied = sa.select(Registration.id).where(Registration.address == "").scalar_subquery()
    over = sa.select(Evaluation.event_id).where(Evaluation.closes_at < TERMS["links"].before(now))
    long_ago = sa.select(Event.id).where(Event.ends_at < TERMS["remarks"].before(now))
    needless = sa.or_(EvaluationInvite.event_id.in_(over), EvaluationInvite.registration_id.in_(emptied))
    signed = sa.update(EvaluationText).where(EvaluationText.registration_id.in_(emptied))
    return sum(
        map(
            changed,
            (
                sa.delete(EvaluationInvite).where(needless),
                sa.delete(EvaluationText).where(EvaluationText.event_id.in_(long_ago)),
                signed.values(registration_id=None),
            ),
        )
    )
