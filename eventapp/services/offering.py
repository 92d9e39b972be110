"""A place came free: it is offered to the first in line, who takes it, passes, or is too late."""

from datetime import datetime
from functools import partial

import sqlalchemy as sa

from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.errors import (
    AlreadyCancelled,
    BreakoutFull,
    EventFull,
    OfferLapsed,
    OrganisationFull,
    UnknownLink,
)
from eventapp.domain.events import EventState
from eventapp.domain.registrations import State, check_step
from eventapp.domain.waiting import IN_LINE, EntryState, offer_until
from eventapp.extensions import db
from eventapp.models import Capacity, Registration, WaitingEntry
from eventapp.queries.association import load_association
from eventapp.services import choosing, confirming, holding, mails, never_left, queueing
from eventapp.services.audit import note
from eventapp.services.one_by_one import one_by_one
from eventapp.transaction import transaction

# Somebody waits for the answer: whoever comes after these is offered a place by the worker, within seconds.
AT_ONCE = 10


def pass_on(event_id: int, *, now: datetime, most: int | None = None) -> int:
    """Offer every place at this event for which somebody stands in line, in the order of the line; or `most` of them.

    Returns how many offers were made. Each is a transaction of its own; any number may do this at the same time.
    """
    made = 0
    while (most is None or made < most) and (entry_id := _next_in_line(event_id)) is not None:
        fate = _offer(entry_id, now=now)
        if fate is None:
            return made
        made += fate
    return made


def pass_on_everywhere(*, now: datetime) -> int:
    """The same for every event with a free place and somebody in line for it; one that goes wrong stops no other."""
    free = sa.or_(Capacity.size.is_(None), Capacity.taken < Capacity.size)
    events = list(db.session.scalars(sa.select(Capacity.event_id).where(Capacity.waiting > 0, free).distinct()))
    db.session.rollback()
    return one_by_one("passing on at event", events, partial(pass_on, now=now))


def _next_in_line(event_id: int) -> int | None:
    """The first of those who stand in a line of which the thing is free."""
    free = sa.or_(Capacity.size.is_(None), Capacity.taken < Capacity.size)
    first = (
        sa.select(WaitingEntry.id)
        .join(Capacity, Capacity.id == WaitingEntry.capacity_id)
        .where(Capacity.event_id == event_id, Capacity.waiting > 0, free, WaitingEntry.state == EntryState.WAITING)
        .order_by(WaitingEntry.joined_at, WaitingEntry.id)
        .limit(1)
    )
    return db.session.scalar(first)


def _offer(entry_id: int, *, now: datetime) -> int | None:
    """1 for an offer, 0 when the entry left this line for another reason, None when nothing more can be offered."""
    with transaction():
        entry = queueing.locked(entry_id)
        if entry.state != EntryState.WAITING:
            return 0
        event = entry.registration.event
        hours = load_association().offer_hours
        until = offer_until(now=now, hours=hours, starts_at=event.starts_at)
        if event.state != EventState.PUBLISHED or until is None:
            return None
        try:
            with db.session.begin_nested():
                _reserve(entry, until, now=now)
        except (EventFull, BreakoutFull, OrganisationFull) as refusal:
            return _elsewhere(entry, refusal.facts["capacity_id"])
        holding.count_waiting(entry.capacity_id, -1)
        _tell(entry, until, now=now)
        return 1


def _tell(entry: WaitingEntry, until: datetime, *, now: datetime, anew: str = "") -> None:
    registration, title = entry.registration, entry.breakout.title if entry.breakout else ""
    key = f"{entry.id}-{anew}{now:%Y%m%d%H%M%S}"
    words = {"entry": entry, "until": until, "breakout": title}
    mails.about("place_offered", registration, now=now, key=key, useless_at=until, **words)
    facts = {"entry_id": entry.id, "until": until.isoformat()}
    note("place_offered", "registration", registration.id, by=SYSTEM, now=now, event_id=registration.event_id, **facts)


def _reserve(entry: WaitingEntry, until: datetime, *, now: datetime) -> None:
    """Hold the place for whoever is called; refused when something else that they need is full."""
    registration = entry.registration
    entry.state, entry.offered_at, entry.until = EntryState.OFFERED, now, until
    if entry.breakout_id is None:
        check_step(registration.state, State.OFFERED)
        registration.state, registration.expires_at = State.OFFERED, until
    holding.take(registration, called=True)


def _elsewhere(entry: WaitingEntry, capacity_id: int) -> int | None:
    """Something else is full: wait there, from the moment one joined. None when it is this very thing after all."""
    if capacity_id == entry.capacity_id:
        return None
    for one, change in sorted({entry.capacity_id: -1, capacity_id: +1}.items()):
        holding.count_waiting(one, change)
    entry.capacity_id = capacity_id
    db.session.flush()
    return 0


def accept(token: str, *, by: Actor, now: datetime, can_pay: bool = True) -> Registration:
    """Take the place that was offered: what is free is confirmed, the rest is asked to pay; a breakout is swapped for.

    Refuses with UnknownLink, OfferLapsed (too late, or answered already) or PaymentNotPossible.
    """
    with transaction():
        entry = _answered(token, now=now)
        registration = entry.registration
        queueing.end(entry, EntryState.ACCEPTED, now=now)
        note("offer_accepted", "registration", registration.id, by=by, now=now, event_id=registration.event_id)
        if entry.breakout_id is not None:
            choosing.swap_to(registration, entry.breakout_id, by=by, now=now)
        else:
            confirming.settle_offered(registration, by=by, now=now, can_pay=can_pay)
        return registration


def decline(token: str, *, by: Actor, now: datetime) -> None:
    """No thanks, or no longer waiting: the place goes to the next at once. Refuses with UnknownLink or OfferLapsed."""
    with transaction():
        entry = _by_token(token)
        if entry.state not in IN_LINE:
            raise OfferLapsed()
        registration = entry.registration
        state = EntryState.DECLINED if entry.state == EntryState.OFFERED else EntryState.LEFT
        queueing.step_out(entry, state, now=now)
        if entry.breakout_id is None:
            check_step(registration.state, State.CANCELLED)
            registration.state, registration.cancelled_at, registration.expires_at = State.CANCELLED, now, None
            queueing.give_up(registration, now=now)
        note(f"offer_{state.value}", "registration", registration.id, by=by, now=now, event_id=registration.event_id)
        event_id = registration.event_id
    pass_on(event_id, now=now)


def lapse_offers(*, now: datetime) -> int:
    """Offers that nobody took in time end, and their places go on; unseen ones begin anew. Returns how many ended."""
    over = sa.select(WaitingEntry.id).where(WaitingEntry.state == EntryState.OFFERED, WaitingEntry.until <= now)
    ids = list(db.session.scalars(over.order_by(WaitingEntry.id)))
    db.session.rollback()
    return one_by_one("lapsing of offer", ids, partial(_lapse, now=now))


def _lapse(entry_id: int, *, now: datetime) -> bool:
    with transaction():
        entry = queueing.locked(entry_id)
        if entry.state != EntryState.OFFERED or entry.until is None or entry.until > now:
            return False
        if _begins_anew(entry, now=now):
            return False
        registration = entry.registration
        queueing.step_out(entry, EntryState.LAPSED, now=now)
        if entry.breakout_id is None:
            check_step(registration.state, State.EXPIRED)
            registration.state, registration.expires_at = State.EXPIRED, None
            queueing.give_up(registration, now=now)
        title = entry.breakout.title if entry.breakout else ""
        mails.about("offer_lapsed", registration, now=now, key=str(entry.id), breakout=title)
        note("offer_lapsed", "registration", registration.id, by=SYSTEM, now=now, event_id=registration.event_id)
        return True


def _begins_anew(entry: WaitingEntry, *, now: datetime) -> bool:
    """Nobody is too late for a mail that never left: another one goes with a new term, unless the event is too near."""
    registration = entry.registration
    if not never_left.begins_anew(f"place_offered-{registration.id}-{entry.id}-", [registration.id]):
        return False
    hours, event = load_association().offer_hours, registration.event
    until = offer_until(now=now, hours=hours, starts_at=event.starts_at)
    if event.state != EventState.PUBLISHED or until is None:
        return False
    entry.until = until
    if entry.breakout_id is None:
        registration.expires_at = until
    _tell(entry, until, now=now, anew=never_left.ANEW)
    return True


def _by_token(token: str) -> WaitingEntry:
    entry_id = db.session.scalar(sa.select(WaitingEntry.id).where(WaitingEntry.token == token))
    if entry_id is None:
        raise UnknownLink()
    return queueing.locked(entry_id)


def _answered(token: str, *, now: datetime) -> WaitingEntry:
    entry = _by_token(token)
    if entry.state != EntryState.OFFERED or entry.until is None or now > entry.until:
        raise OfferLapsed()
    event = entry.registration.event
    if event.state != EventState.PUBLISHED:
        raise AlreadyCancelled()
    if now >= event.starts_at:
        # It went to an earlier moment after the offer was made.
        raise OfferLapsed()
    return entry
