"""People say what they thought of an event, once and namelessly; the office says what is asked, and for how long."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import (
    ChangedMeanwhile,
    EvaluationBegun,
    EvaluationNotOpen,
    EvaluationSeen,
    ExpiredLink,
    UnknownLink,
    UsedLink,
)
from eventapp.domain.evaluation import Plan, Reply, Stage, check, closing, shows, stage
from eventapp.extensions import db
from eventapp.models import Evaluation, EvaluationCount, EvaluationInvite, EvaluationText
from eventapp.queries.evaluation import evaluation_of, invite_by_token
from eventapp.services.audit import note
from eventapp.services.locks import lock_event
from eventapp.transaction import transaction


def set_plan(event_id: int, plan: Plan, *, version: int, by: Actor, now: datetime) -> None:
    """Say what the event does afterwards. Once somebody was asked, only whether others are thanked can change.

    Refuses with NotFound, ChangedMeanwhile (somebody saved since `version`) and EvaluationBegun.
    """
    with transaction() as session:
        row = evaluation_of(lock_event(event_id))
        if row.version != version:
            raise ChangedMeanwhile()
        if row.closes_at and replace(plan, thanks=row.thanks) != row.plan:
            raise EvaluationBegun()
        row.take(plan)
        row.version += 1
        session.add(row)
        facts = {"thanks": plan.thanks, "asks": plan.asks, "questions": len(plan.questions)}
        note("evaluation_set", "event", event_id, by=by, now=now, event_id=event_id, **facts)


def answer(token: str, reply: Reply, *, now: datetime) -> None:
    """Put an answer with the others; whose it is stands nowhere, so it cannot be changed either.

    Refuses with UnknownLink, ExpiredLink (closed), UsedLink (answered already; of two at once one gets through) and
    BadAnswer.
    """
    with transaction() as session:
        invite = invite_by_token(token)
        if invite is None:
            raise UnknownLink()
        registration_id = invite.registration_id
        row = evaluation_of(lock_event(invite.event_id))
        if stage(row.closes_at, now=now) != Stage.OPEN:
            raise ExpiredLink()
        plan = row.plan
        check(plan, reply)
        _mark(registration_id)
        row.answers += 1
        session.flush()
        _count(row.event_id, reply.counted)
        name = registration_id if reply.named and plan.named else None
        _mix(row.event_id, {item: text for item, text in reply.texts.items() if text}, name)


def _mark(registration_id: int) -> None:
    mine = sa.update(EvaluationInvite).where(EvaluationInvite.registration_id == registration_id)
    first = mine.where(~EvaluationInvite.answered).values(answered=True).returning(EvaluationInvite.registration_id)
    if db.session.scalar(first.execution_options(synchronize_session=False)) is None:
        raise UsedLink()


def _count(event_id: int, counted: Mapping[str, str]) -> None:
    """One statement that writes every count of the event: which ones rose shows in none of the rows."""
    chosen = [sa.and_(EvaluationCount.item == item, EvaluationCount.value == value) for item, value in counted.items()]
    more = sa.case((sa.or_(*chosen), 1), else_=0)
    write = sa.update(EvaluationCount).where(EvaluationCount.event_id == event_id)
    write = write.values(number=EvaluationCount.number + more)
    db.session.execute(write.execution_options(synchronize_session=False))


def _mix(event_id: int, texts: Mapping[str, str], registration_id: int | None) -> None:
    """Lay what was written among what others wrote, and write all of it anew in a random order."""
    of_event = EvaluationText.event_id == event_id
    columns = (EvaluationText.item, EvaluationText.text, EvaluationText.registration_id)
    rows = [tuple(row) for row in db.session.execute(sa.select(*columns).where(of_event))]
    rows += [(item, text, registration_id) for item, text in texts.items()]
    secrets.SystemRandom().shuffle(rows)
    db.session.execute(sa.delete(EvaluationText).where(of_event).execution_options(synchronize_session=False))
    values = [
        {"key": secrets.token_hex(16), "event_id": event_id, "item": item, "text": text, "registration_id": whose}
        for item, text, whose in rows
    ]
    if values:
        db.session.execute(sa.insert(EvaluationText), values)


def close(event_id: int, *, by: Actor, now: datetime) -> None:
    """No more answers; with enough of them they are there to read. Refuses with NotFound and EvaluationNotOpen."""
    with transaction():
        row = evaluation_of(lock_event(event_id))
        if stage(row.closes_at, now=now) != Stage.OPEN:
            raise EvaluationNotOpen()
        row.closes_at = now
        note("evaluation_closed", "event", event_id, by=by, now=now, event_id=event_id)


def reopen(event_id: int, *, by: Actor, now: datetime) -> None:
    """As many days more, as long as nobody could see an answer.

    Refuses with NotFound, EvaluationNotOpen and EvaluationSeen.
    """
    with transaction():
        row: Evaluation = evaluation_of(lock_event(event_id))
        if stage(row.closes_at, now=now) != Stage.CLOSED:
            raise EvaluationNotOpen()
        if shows(row.closes_at, row.answers, now=now):
            raise EvaluationSeen()
        row.closes_at = closing(now, row.days)
        note("evaluation_reopened", "event", event_id, by=by, now=now, event_id=event_id)
