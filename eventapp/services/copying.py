"""How is an event made like an earlier one? All in one transaction, and nothing of anybody who came."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.copying import Part, days_between, moved
from eventapp.domain.errors import NotFound
from eventapp.domain.times import plus_local_days
from eventapp.extensions import db
from eventapp.models import (
    BREAKOUT,
    FORM,
    POOL,
    REST,
    Breakout,
    BreakoutExclusion,
    BreakoutRound,
    Capacity,
    CertificateTerms,
    Evaluation,
    Event,
    EventBlock,
    EventReminders,
    Pool,
    Question,
    Round,
)
from eventapp.queries.copying import office_texts
from eventapp.queries.events import event_by_id
from eventapp.services import organising
from eventapp.services.audit import note
from eventapp.transaction import transaction

Row = TypeVar("Row")


class Copy(NamedTuple):
    """What is to be made: the Dutch day on which it begins, its title, and which parts come along."""

    day: date
    title: str
    parts: Collection[Part]


def copy_event(event_id: int, wanted: Copy, *, by: Actor, now: datetime) -> str:
    """Make a draft like this event on another day; answers its slug. Everything keeps its Dutch clock time.

    Refuses with NotFound.
    """
    with transaction() as session:
        old = event_by_id(event_id)
        if old is None:
            raise NotFound()
        days = days_between(old.starts_at, wanted.day)
        slug = organising.create_event(moved(organising.details_of(old), title=wanted.title, days=days), by=by, now=now)
        new = session.scalars(sa.select(Event).where(Event.slug == slug)).one()
        new.waiting_list = old.waiting_list
        for part, write in _WRITERS.items():
            if part in wanted.parts:
                write(_Task(old.id, new.id, days, Part.SPEAKERS in wanted.parts, by, now))
        note("event_copied", "event", new.id, by=by, now=now, event_id=new.id, title=old.title)
        return slug


class _Task(NamedTuple):
    old_id: int
    new_id: int
    days: int
    speakers: bool
    by: Actor
    now: datetime


def _programme(task: _Task) -> None:
    """Rounds with their breakouts; one that was cancelled stays behind, and so does what was handed out."""
    rounds = {one.id: _round(one, task) for one in _of(Round, task)}
    breakouts = {one.id: _breakout(one, rounds, task) for one in _of(Breakout, task) if one.cancelled_at is None}
    excluded = sa.select(BreakoutExclusion.breakout_id, BreakoutExclusion.other_id)
    for one, other in db.session.execute(excluded.where(BreakoutExclusion.breakout_id.in_(breakouts))).all():
        if other in breakouts:
            db.session.add(BreakoutExclusion(breakout_id=breakouts[one], other_id=breakouts[other]))


def _round(old: Round, task: _Task) -> int:
    opens_at = plus_local_days(old.opens_at, task.days) if old.opens_at else None
    new = _twin(
        old,
        event_id=task.new_id,
        starts_at=plus_local_days(old.starts_at, task.days),
        ends_at=plus_local_days(old.ends_at, task.days),
        opens_at=opens_at,
        announced_at=None,
        reminded_at=None,
    )
    return new.id


def _breakout(old: Breakout, rounds: dict[int, int], task: _Task) -> int:
    speakers = old.speakers if task.speakers else ""
    new = _twin(old, event_id=task.new_id, speakers=speakers, materials_url="")
    for row in old.in_rounds:
        db.session.add(BreakoutRound(breakout_id=new.id, round_id=rounds[row.round_id]))
    db.session.add(Capacity(event_id=task.new_id, kind=BREAKOUT, ref=str(new.id), size=old.capacity.size))
    return new.id


def _division(task: _Task) -> None:
    """Pools, what is left of them, and the room and online apart: sizes, with nothing taken."""
    pools = {str(one.id): str(_twin(one, event_id=task.new_id).id) for one in _of(Pool, task)}
    parts = Capacity.kind.in_((POOL, FORM))
    for row in db.session.scalars(sa.select(Capacity).where(Capacity.event_id == task.old_id, parts)):
        ref = row.ref if row.kind == FORM or row.ref == REST else pools[row.ref]
        db.session.add(Capacity(event_id=task.new_id, kind=row.kind, ref=ref, size=row.size))


def _questions(task: _Task) -> None:
    """What is asked still, each after the one on which it depends."""
    made: dict[int, int] = {}
    asked = [one for one in _of(Question, task) if one.closed_at is None]
    for one in sorted(asked, key=lambda one: (one.position, one.id)):
        leading = made[one.depends_on] if one.depends_on else None
        made[one.id] = _twin(one, event_id=task.new_id, depends_on=leading, version=1).id
    for block in db.session.scalars(sa.select(EventBlock.code).where(EventBlock.event_id == task.old_id)).all():
        db.session.add(EventBlock(event_id=task.new_id, code=block))


def _reminders(task: _Task) -> None:
    _only(EventReminders, task)


def _mail_texts(task: _Task) -> None:
    for one in office_texts(task.old_id):
        _twin(one, event_id=task.new_id, written_at=task.now, written_by=task.by.name)


def _evaluation(task: _Task) -> None:
    """What is asked afterwards; nothing of what was answered."""
    _only(Evaluation, task, version=0, closes_at=None, asked=0, answers=0)


def _certificate(task: _Task) -> None:
    _only(CertificateTerms, task)


_WRITERS: dict[Part, Callable[[_Task], None]] = {
    Part.PROGRAMME: _programme,
    Part.DIVISION: _division,
    Part.QUESTIONS: _questions,
    Part.REMINDERS: _reminders,
    Part.MAIL_TEXTS: _mail_texts,
    Part.EVALUATION: _evaluation,
    Part.CERTIFICATE: _certificate,
}


def _of(model: type[Any], task: _Task) -> list[Any]:
    return list(db.session.scalars(sa.select(model).where(model.event_id == task.old_id).order_by(model.id)))


def _only(model: type[Any], task: _Task, **changes: Any) -> None:
    """A table with at most one row per event."""
    old = db.session.get(model, task.old_id)
    if old is not None:
        _twin(old, event_id=task.new_id, **changes)


def _twin(old: Row, **changes: Any) -> Row:
    """A new row that says the same but for these columns; an id of its own is given."""
    model: Any = type(old)
    said = {column.name: getattr(old, column.name) for column in model.__table__.c if column.name != "id"}
    new: Row = model(**{**said, **changes})
    db.session.add(new)
    db.session.flush()
    return new
