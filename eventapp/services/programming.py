"""The office makes the programme of a day: rounds, and the breakouts in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import BreakoutCancelled, EventOver, NotFound, ProgrammeInUse, RoundOutsideEvent
from eventapp.domain.event_details import RESERVED_SLUGS, slug_for
from eventapp.domain.events import EventState
from eventapp.domain.names import fold
from eventapp.domain.times import local_date, plus_local_days
from eventapp.extensions import db
from eventapp.models import (
    BREAKOUT,
    Breakout,
    BreakoutExclusion,
    BreakoutRound,
    Capacity,
    Choice,
    Event,
    Round,
    WaitingEntry,
)
from eventapp.services import calendar_moves, choosing_again, offering, resizing, telling
from eventapp.services.audit import note
from eventapp.services.locks import lock_event, lock_orders_at
from eventapp.transaction import transaction

_SLUG_LENGTH = 36
_WORDS = ("title", "room", "speakers", "description", "for_whom", "materials_url")


@dataclass(frozen=True)
class RoundDetails:
    """A part of the day; with `opens_at` one chooses later than one registers. Moments are aware UTC."""

    title: str
    starts_at: datetime
    ends_at: datetime
    optional: bool = False
    opens_at: datetime | None = None


@dataclass(frozen=True)
class BreakoutDetails:
    """What the office says of a breakout: `rounds` are all those it fills, `size` None is no limit.

    `repeats` is another breakout with the same content, `excludes` those that nobody takes besides it.
    """

    title: str
    rounds: frozenset[int]
    size: int | None = None
    room: str = ""
    speakers: str = ""
    description: str = ""
    for_whom: str = ""
    materials_url: str = ""
    repeats: int | None = None
    excludes: frozenset[int] = frozenset()


def add_round(event_id: int, details: RoundDetails, *, by: Actor, now: datetime) -> int:
    """A part of the day more; answers its id. Refuses with NotFound, EventOver or RoundOutsideEvent."""
    with transaction() as session:
        event = _open_event(event_id, now=now)
        _check_within(event, details)
        added = Round(event_id=event_id, **vars(details))
        session.add(added)
        session.flush()
        note("round_added", "event", event_id, by=by, now=now, event_id=event_id, title=details.title)
        return added.id


def change_round(round_id: int, details: RoundDetails, *, by: Actor, now: datetime) -> int:
    """Say it differently. At another time every choice stays; who is in it is told. Answers how many mails.

    Refuses with NotFound, EventOver or RoundOutsideEvent.
    """
    with transaction():
        found = _round(round_id, now=now)
        event = db.session.get_one(Event, found.event_id)
        _check_within(event, details)
        moved = (found.starts_at, found.ends_at) != (details.starts_at, details.ends_at)
        for name, value in vars(details).items():
            setattr(found, name, value)
        db.session.flush()
        told = choosing_again.tell_moved(found, by=by, now=now) if moved and event.state == EventState.PUBLISHED else 0
        facts = {"title": details.title, "mails": told}
        note("round_changed", "event", event.id, by=by, now=now, event_id=event.id, **facts)
        return told


def remove_round(round_id: int, *, by: Actor, now: datetime) -> None:
    """Only a round without breakouts and choices can go. Refuses with NotFound, EventOver or ProgrammeInUse."""
    with transaction() as session:
        found = _round(round_id, now=now)
        filled = sa.select(BreakoutRound.round_id).where(BreakoutRound.round_id == round_id)
        chosen = sa.select(Choice.round_id).where(Choice.round_id == round_id)
        if session.scalar(sa.union_all(filled, chosen).limit(1)) is not None:
            raise ProgrammeInUse()
        note("round_removed", "event", found.event_id, by=by, now=now, event_id=found.event_id, title=found.title)
        session.delete(found)


def shift_rounds(event_id: int, before: datetime, after: datetime) -> None:
    """Within a transaction that locked the event: its rounds go along to another day, at the same clock times."""
    days = (local_date(after) - local_date(before)).days
    if not days:
        return
    for found in db.session.scalars(sa.select(Round).where(Round.event_id == event_id)):
        found.starts_at, found.ends_at = plus_local_days(found.starts_at, days), plus_local_days(found.ends_at, days)


def add_breakout(event_id: int, details: BreakoutDetails, *, by: Actor, now: datetime) -> int:
    """A breakout more, last of its event; answers its id. Refuses with NotFound (also another's round) or EventOver."""
    with transaction() as session:
        _open_event(event_id, now=now)
        found = _add(event_id, details)
        note("breakout_added", "event", event_id, by=by, now=now, event_id=event_id, title=details.title)
        session.flush()
        return found.id


def add_list(event_id: int, listed: Sequence[BreakoutDetails], *, by: Actor, now: datetime) -> int:
    """All of these or none; those with the title of another are repeats of it. Answers how many.

    Refuses with NotFound or EventOver.
    """
    with transaction():
        _open_event(event_id, now=now)
        first = {fold(found.title): found.id for found in reversed(_all_of(event_id)) if not found.cancelled_at}
        for details in listed:
            repeated = first.get(fold(details.title))
            found = _add(event_id, replace(details, repeats=repeated))
            first.setdefault(fold(details.title), found.id)
        note("programme_pasted", "event", event_id, by=by, now=now, event_id=event_id, count=len(listed))
        return len(listed)


def change_breakout(breakout_id: int, details: BreakoutDetails, *, by: Actor, now: datetime) -> int:
    """Say it differently; a smaller size puts nobody out. In other rounds, whoever chose it chooses again.

    Answers how many people were told. Refuses with NotFound, EventOver or BreakoutCancelled.
    """
    with transaction() as session:
        found = _breakout(breakout_id, now=now)
        moved = {row.round_id for row in found.in_rounds} != details.rounds
        other_room = found.room != details.room
        _write(found, details)
        session.flush()
        if other_room and not moved:
            lock_orders_at(found.event_id)
            calendar_moves.move_all_in(breakout_id, now=now)
        told = choosing_again.let_go(found, by=by, now=now) if moved else 0
        larger = _resize(found, details.size)
        facts = {"title": details.title, "mails": told}
        note("breakout_changed", "event", found.event_id, by=by, now=now, event_id=found.event_id, **facts)
        event_id = found.event_id
    if larger:
        offering.pass_on(event_id, now=now, most=offering.AT_ONCE)
    return told


def cancel_breakout(breakout_id: int, *, by: Actor, now: datetime) -> int:
    """It does not take place: its places are gone, and whoever chose it chooses again. Answers how many were told.

    Refuses with NotFound, EventOver or BreakoutCancelled.
    """
    with transaction():
        found = _breakout(breakout_id, now=now)
        found.cancelled_at = now
        db.session.flush()
        told = choosing_again.let_go(found, by=by, now=now)
        # Whoever chose it in this very moment finds it full.
        _resize(found, 0)
        facts = {"title": found.title, "mails": told}
        note("breakout_cancelled", "event", found.event_id, by=by, now=now, event_id=found.event_id, **facts)
        return told


def remove_breakout(breakout_id: int, *, by: Actor, now: datetime) -> None:
    """A breakout that nobody chose or waited for can go without a trace, once everybody heard who had chosen it before.

    Refuses with NotFound, EventOver or ProgrammeInUse.
    """
    with transaction() as session:
        found = _of_event(breakout_id, now=now)
        chosen = sa.select(Choice.breakout_id).where(Choice.breakout_id == breakout_id)
        waited = sa.select(WaitingEntry.breakout_id).where(WaitingEntry.breakout_id == breakout_id)
        if session.scalar(sa.union_all(chosen, waited).limit(1)) is not None or telling.still_tells(breakout_id):
            raise ProgrammeInUse()
        note("breakout_removed", "event", found.event_id, by=by, now=now, event_id=found.event_id, title=found.title)
        session.execute(sa.delete(Capacity).where(Capacity.id == found.capacity.id))
        session.execute(sa.delete(BreakoutExclusion).where(BreakoutExclusion.other_id == breakout_id))
        session.delete(found)


def _open_event(event_id: int, *, now: datetime) -> Event:
    event = lock_event(event_id)
    if event.state == EventState.CANCELLED or event.ends_at <= now:
        raise EventOver()
    # The page in the agenda is made anew for browsers that kept the last one.
    event.updated_at = now
    return event


def _check_within(event: Event, details: RoundDetails) -> None:
    if details.starts_at < event.starts_at or details.ends_at > event.ends_at:
        raise RoundOutsideEvent()


def _round(round_id: int, *, now: datetime) -> Round:
    event_id = db.session.scalar(sa.select(Round.event_id).where(Round.id == round_id))
    if event_id is None:
        raise NotFound()
    _open_event(event_id, now=now)
    return db.session.get_one(Round, round_id, populate_existing=True)


def _of_event(breakout_id: int, *, now: datetime) -> Breakout:
    event_id = db.session.scalar(sa.select(Breakout.event_id).where(Breakout.id == breakout_id))
    if event_id is None:
        raise NotFound()
    _open_event(event_id, now=now)
    return db.session.get_one(Breakout, breakout_id, populate_existing=True)


def _breakout(breakout_id: int, *, now: datetime) -> Breakout:
    found = _of_event(breakout_id, now=now)
    if found.cancelled_at:
        raise BreakoutCancelled()
    return found


def _all_of(event_id: int) -> Sequence[Breakout]:
    of_event = sa.select(Breakout).where(Breakout.event_id == event_id)
    return db.session.scalars(of_event.order_by(Breakout.position, Breakout.id)).all()


def _add(event_id: int, details: BreakoutDetails) -> Breakout:
    present = _all_of(event_id)
    found = Breakout(
        event_id=event_id,
        slug=_free_slug(details.title, {other.slug for other in present}),
        position=max((other.position for other in present), default=0) + 1,
    )
    _write(found, details)
    db.session.add(found)
    db.session.flush()
    db.session.add(Capacity(event_id=event_id, kind=BREAKOUT, ref=str(found.id), size=details.size))
    db.session.flush()
    return found


def _free_slug(title: str, taken: set[str]) -> str:
    base = slug_for(title)[:_SLUG_LENGTH].strip("-")
    candidates = [base, *(f"{base}-{number}" for number in range(2, 1000))]
    return next(slug for slug in candidates if slug not in taken and slug not in RESERVED_SLUGS)


def _write(found: Breakout, details: BreakoutDetails) -> None:
    rounds = set(db.session.scalars(sa.select(Round.id).where(Round.event_id == found.event_id)))
    others = {other.id: other for other in _all_of(found.event_id) if other is not found}
    if not details.rounds or not details.rounds <= rounds or not details.excludes <= others.keys():
        raise NotFound()
    for name in _WORDS:
        setattr(found, name, getattr(details, name))
    found.topic = _topic(others, details.repeats)
    present = {row.round_id: row for row in found.in_rounds}
    found.in_rounds = [present.get(one) or BreakoutRound(round_id=one) for one in sorted(details.rounds)]
    if found.id is not None:
        db.session.execute(sa.delete(BreakoutExclusion).where(BreakoutExclusion.other_id == found.id))
    kept = {row.other_id: row for row in found.exclusions}
    found.exclusions = [kept.get(one) or BreakoutExclusion(other_id=one) for one in sorted(details.excludes)]


def _topic(others: dict[int, Breakout], repeats: int | None) -> str:
    """Repeats share the address of the first of them as their topic."""
    if repeats is None:
        return ""
    if repeats not in others:
        raise NotFound()
    first = others[repeats]
    first.topic = first.topic or first.slug
    return first.topic


def _resize(found: Breakout, size: int | None) -> bool:
    """Another number of places; answers whether there are more than before."""
    capacity_id, before = found.capacity.id, found.capacity.size
    if before == size:
        return False
    resizing.resize_row(capacity_id, size)
    return size is None or (before is not None and size > before)
