"""Standing in line: for the event, a form or pool of it, the free places of an organisation, or a breakout.

While somebody stands in the line for a thing, it is full for newcomers, so a place that comes free goes to the first.
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import (
    AlreadyInLine,
    ChoiceRefused,
    EventFull,
    IllegalStep,
    NotFound,
    OrganisationFull,
    RegistrationClosed,
)
from eventapp.domain.events import EventState, Window
from eventapp.domain.programme import Problem
from eventapp.domain.registrations import State, check_step
from eventapp.domain.tokens import new_token
from eventapp.domain.waiting import IN_LINE, EntryState, apart
from eventapp.extensions import db
from eventapp.models import Breakout, Choice, Registration, WaitingEntry
from eventapp.queries.rounds import choices_of, rounds_of
from eventapp.services import holding, mails, organisation_places
from eventapp.services.audit import note
from eventapp.services.locks import lock_order_of
from eventapp.transaction import transaction


def join(
    registration: Registration, capacity_id: int, *, now: datetime, breakout_id: int | None = None
) -> WaitingEntry:
    """Within a transaction that locked the order: get in line, once; who stands there already keeps that place."""
    standing = open_entries(registration).where(WaitingEntry.capacity_id == capacity_id)
    found: WaitingEntry | None = db.session.scalar(standing)
    if found:
        return found
    entry = WaitingEntry(
        registration=registration,
        capacity_id=capacity_id,
        breakout_id=breakout_id,
        state=EntryState.WAITING,
        token=new_token(),
        joined_at=now,
    )
    db.session.add(entry)
    db.session.flush()
    holding.count_waiting(capacity_id, +1)
    return entry


def wait_for_place(
    registration: Registration, refusal: EventFull | OrganisationFull, *, by: Actor, now: datetime, told: bool = True
) -> None:
    """Within a transaction that locked the order: wait in the line of what is full, with a mail unless not `told`."""
    check_step(registration.state, State.WAITLISTED)
    registration.state, registration.expires_at = State.WAITLISTED, None
    # Who came to need something else that is full held the rest already.
    holding.release(registration)
    # Breakouts come with a place: a full one would keep somebody from the day itself.
    chosen = sa.and_(Choice.registration_id == registration.id, Choice.speaks.is_(False))
    db.session.execute(sa.delete(Choice).where(chosen))
    entry = join(registration, refusal.facts["capacity_id"], now=now)
    if told:
        mails.about("waitlisted", registration, now=now, key=str(entry.id), entry=entry, position=position(entry))
    note("waitlisted", "registration", registration.id, by=by, now=now, event_id=registration.event_id)


def may_wait(registration: Registration, refusal: EventFull | OrganisationFull) -> bool:
    """Whether somebody who was refused like this stands in line instead, once their address is proven."""
    of_organisation = isinstance(refusal, OrganisationFull) and organisation_places.waits_beyond(registration.event)
    return registration.event.waiting_list and (registration.wants_waiting or of_organisation)


def wait_for_breakout(registration_id: int, breakout_id: int, *, by: Actor, now: datetime) -> bool:
    """Whoever has a place stands in line for a full breakout besides what they do in that round. Answers whether so:
    False when it has a place left, so that they can simply choose it.

    Refuses with NotFound (no such breakout, or none that takes place), IllegalStep, RegistrationClosed (begun, off, or
    its round is not open yet), ChoiceRefused (they present or chose something there) or AlreadyInLine.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        event = registration.event
        if not holding.has_place(registration):
            raise IllegalStep(state=registration.state.value, to="wait")
        if event.state != EventState.PUBLISHED or now >= event.starts_at:
            raise RegistrationClosed(window=Window.PAST.value)
        breakout = db.session.get(Breakout, breakout_id)
        if breakout is None or breakout.event_id != event.id or breakout.cancelled_at:
            raise NotFound()
        _check_line(registration, breakout, now=now)
        if not breakout.capacity.places.full:
            return False
        join(registration, breakout.capacity.id, now=now, breakout_id=breakout.id)
        title = breakout.title
        note("breakout_awaited", "registration", registration.id, by=by, now=now, event_id=event.id, title=title)
        return True


def _check_line(registration: Registration, breakout: Breakout, *, now: datetime) -> None:
    filled, chosen = breakout.facts().rounds, choices_of(registration.id)
    if not all(one.facts.open(now) for one in rounds_of(registration.event_id) if one.id in filled):
        raise RegistrationClosed(window=Window.NOT_YET.value)
    for round_id in filled & chosen.keys():
        if chosen[round_id].speaks:
            raise ChoiceRefused(problems={round_id: Problem.SPEAKS})
        if chosen[round_id].breakout_id == breakout.id:
            raise ChoiceRefused(problems={round_id: Problem.TWICE})
    for entry in db.session.scalars(open_entries(registration)):
        if entry.breakout and entry.breakout_id != breakout.id and entry.breakout.facts().rounds & filled:
            raise AlreadyInLine(title=entry.breakout.title)


def give_up(registration: Registration, *, now: datetime) -> None:
    """Within a transaction that locked the order: who comes no more holds nothing, and stands in no line."""
    holding.release(registration)
    leave_all(registration, now=now)


def leave_all(registration: Registration, *, now: datetime) -> None:
    """Within a transaction that locked the order: out of every line. Breakouts on offer are still held."""
    for entry in db.session.scalars(open_entries(registration)).all():
        _leave(entry, now=now)


def leave_rounds(registration: Registration, rounds: Collection[int], *, now: datetime) -> None:
    """The same, but only for breakouts in these rounds."""
    for entry in db.session.scalars(open_entries(registration)).all():
        if entry.breakout and not entry.breakout.facts().rounds.isdisjoint(rounds):
            _leave(entry, now=now)


def _leave(entry: WaitingEntry, *, now: datetime) -> None:
    stood = entry.state == EntryState.WAITING
    end(entry, EntryState.LEFT, now=now)
    if stood:
        holding.count_waiting(entry.capacity_id, -1)


def move(entry_id: int, *, place: int, reason: str, by: Actor, now: datetime) -> None:
    """The office gives somebody another place in the same line, counted from 1; the reason goes in the log.

    The others keep their order. Refuses with NotFound when this one stands in line no more.
    """
    with transaction():
        entry = locked(entry_id)
        if entry.state != EntryState.WAITING:
            raise NotFound()
        holding.lock(entry.capacity_id)
        line = _line(entry.capacity_id)
        was = line.index(entry) + 1
        line.remove(entry)
        line.insert(max(place, 1) - 1, entry)
        for one, moment in zip(line, apart(one.joined_at for one in line), strict=True):
            one.joined_at = moment
        facts = {"was": was, "place": line.index(entry) + 1, "reason": reason}
        subject_id, event_id = entry.registration_id, entry.registration.event_id
        note("waiting_moved", "registration", subject_id, by=by, now=now, event_id=event_id, **facts)


def _line(capacity_id: int) -> list[WaitingEntry]:
    """Everybody in this line, in its order."""
    standing = sa.and_(WaitingEntry.capacity_id == capacity_id, WaitingEntry.state == EntryState.WAITING)
    in_order = sa.select(WaitingEntry).where(standing).order_by(WaitingEntry.joined_at, WaitingEntry.id)
    return list(db.session.scalars(in_order.execution_options(populate_existing=True)))


def position(entry: WaitingEntry) -> int:
    """At which place of the line somebody stands, counted from 1."""
    before = sa.and_(
        WaitingEntry.capacity_id == entry.capacity_id,
        WaitingEntry.state == EntryState.WAITING,
        sa.tuple_(WaitingEntry.joined_at, WaitingEntry.id) < sa.tuple_(entry.joined_at, entry.id),
    )
    return 1 + (db.session.scalar(sa.select(sa.func.count()).where(before)) or 0)


def open_entries(registration: Registration) -> sa.Select[WaitingEntry]:
    """The lines in which this registration stands, and what is on offer to it."""
    return sa.select(WaitingEntry).where(
        WaitingEntry.registration_id == registration.id, WaitingEntry.state.in_(IN_LINE)
    )


def locked(entry_id: int) -> WaitingEntry:
    """The entry as it is now, with the order of its registration locked."""
    registration_id = db.session.scalar(sa.select(WaitingEntry.registration_id).where(WaitingEntry.id == entry_id))
    if registration_id is None:
        raise NotFound()
    lock_order_of(registration_id)
    return db.session.get_one(WaitingEntry, entry_id, populate_existing=True)


def step_out(entry: WaitingEntry, state: EntryState, *, now: datetime) -> None:
    """Out of the line, or of the offer: a breakout that was held for it is given back."""
    stood = entry.state == EntryState.WAITING
    end(entry, state, now=now)
    if stood:
        holding.count_waiting(entry.capacity_id, -1)
    elif entry.breakout_id is not None:
        holding.take(entry.registration)


def end(entry: WaitingEntry, state: EntryState, *, now: datetime) -> None:
    """This wait is over."""
    entry.state, entry.ended_at = state, now
    db.session.flush()
