"""Who was there is thanked and asked what they thought of it, once presence is fixed and never before. Each once."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain.evaluation import FEWEST, THANKED_WITHIN, Stage, closing, counted_items, last_day, stage
from eventapp.domain.events import EventState
from eventapp.domain.presence import WAS_THERE
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db
from eventapp.mail.compose import write
from eventapp.models import Evaluation, EvaluationCount, EvaluationInvite, Event, FixedPresence, Registration
from eventapp.queries.evaluation import evaluation_of, fixed_lately, not_thanked, thanks_purpose, there
from eventapp.services import mails
from eventapp.services.locks import lock_event
from eventapp.transaction import transaction

# Everybody else waits while mails are written, so they are written some at a time.
_AT_A_TIME = 50


def thank_due(*, now: datetime) -> int:
    """Thank everybody who was there and was not thanked yet. Answers how many mails were written.

    Who is said to have been there later on is found the next time; who had the mail never gets another.
    """
    ids = fixed_lately(now=now)
    db.session.rollback()
    return sum(_thank(event_id, now=now) for event_id in ids)


def _thank(event_id: int, *, now: datetime) -> int:
    event = db.session.get_one(Event, event_id)
    ids = not_thanked(event_id) if evaluation_of(event).thanks else []
    db.session.rollback()
    batches = [ids[start : start + _AT_A_TIME] for start in range(0, len(ids), _AT_A_TIME)]
    return sum(thank(event_id, batch, now=now) for batch in batches)


def thank(event_id: int, ids: Sequence[int], *, now: datetime) -> int:
    """Thank these people of one event, in one transaction; answers how many mails were written.

    What changed since the list was made is looked at again: presence opened or corrected, thanks switched off.
    """
    with transaction() as session:
        event = lock_event(event_id)
        plan = evaluation_of(event)
        if event.presence_fixed_at is None or event.state != EventState.PUBLISHED or not plan.thanks:
            return 0
        found = _still_there(ids)
        asking = _asking(plan, found, now=now)
        session.flush()
        return sum(_one(one, asking, now=now) for one in found)


def _still_there(ids: Sequence[int]) -> Sequence[Registration]:
    there_now = sa.select(FixedPresence.registration_id).where(FixedPresence.status.in_(WAS_THERE))
    rows = sa.select(Registration).where(Registration.id.in_(ids), Registration.id.in_(there_now))
    rows = rows.where(Registration.address != "").order_by(Registration.id)
    rows = rows.options(joinedload(Registration.person), joinedload(Registration.event))
    return db.session.scalars(rows.execution_options(populate_existing=True)).all()


def _asking(evaluation: Evaluation, found: Sequence[Registration], *, now: datetime) -> Evaluation | None:
    """The evaluation, opened when these are the first; None when they are not asked: it is off, over, or too few came.

    Of fewer people than are ever shown nobody is asked: they would answer into a box that stays shut.
    """
    if not evaluation.asks or not found:
        return None
    if evaluation.closes_at is None and there(evaluation.event_id) >= FEWEST:
        evaluation.closes_at = closing(now, evaluation.days)
        db.session.add(evaluation)
        for item, values in counted_items(evaluation.plan).items():
            db.session.add_all(EvaluationCount(event_id=evaluation.event_id, item=item, value=one) for one in values)
    return evaluation if stage(evaluation.closes_at, now=now) == Stage.OPEN else None


def _one(registration: Registration, asking: Evaluation | None, *, now: datetime) -> bool:
    event, token = registration.event, new_token() if asking else ""
    until = last_day(asking.closes_at) if asking and asking.closes_at else None
    written = write(
        "thanks",
        mails.to_person(registration),
        purpose=thanks_purpose(registration.id),
        now=now,
        useless_at=event.ends_at + THANKED_WITHIN,
        event=event,
        token=token,
        until=until,
    )
    if written and asking:
        invite = EvaluationInvite(registration_id=registration.id, event_id=event.id, token_digest=digest(token))
        db.session.add(invite)
        asking.asked += 1
    return written
