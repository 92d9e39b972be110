"""The books of one event, counted anew: what should everybody hold, and who stands in which line?"""

from collections import Counter

import sqlalchemy as sa

from eventapp.domain.pricing import Category
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.models import (
    BREAKOUT,
    FORM,
    ORGANISATION,
    POOL,
    REST,
    WHOLE_EVENT,
    Capacity,
    Choice,
    Event,
    PlaceHold,
    Registration,
    WaitingEntry,
)

Thing = tuple[str, str]


def rows(event_id: int) -> list[Capacity]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Capacity).where(Capacity.event_id == event_id).order_by(Capacity.id)))


def counted(capacity_id: int) -> tuple[int, int]:
    """How many hold it, and how many stand in line for it."""
    held = sa.select(sa.func.count()).select_from(PlaceHold).where(PlaceHold.capacity_id == capacity_id)
    line = sa.select(sa.func.count()).select_from(WaitingEntry).where(WaitingEntry.capacity_id == capacity_id)
    return db.session.scalar(held) or 0, db.session.scalar(line.where(WaitingEntry.state == EntryState.WAITING)) or 0


def held(registration: Registration) -> Counter[Thing]:
    """What they hold; without a quota a free place of the organisation limits nothing, and may stay from before."""
    unlimited = _quota(registration) is None
    things = [(hold.capacity.kind, hold.capacity.ref) for hold in registration.holds]
    return Counter(thing for thing in things if not (unlimited and thing[0] == ORGANISATION))


def held_by(event_id: int, address: str) -> set[int]:
    """The rows of which somebody at this address holds one."""
    db.session.rollback()
    own = sa.and_(Registration.event_id == event_id, Registration.address == address)
    return set(db.session.scalars(sa.select(PlaceHold.capacity_id).join(Registration).where(own)))


def expected(registration: Registration, members_pool: int | None) -> Counter[Thing]:
    """What somebody with a place holds one of, by the words of the issue; `members_pool` is for members alone."""
    kinds = {row.kind for row in rows(registration.event_id)}
    member = registration.category == Category.LID
    things: list[Thing] = [(WHOLE_EVENT, ""), *((BREAKOUT, str(one)) for one in _breakouts(registration))]
    if FORM in kinds:
        things.append((FORM, registration.attends.value))
    if POOL in kinds:
        things.append((POOL, str(members_pool) if member and members_pool else REST))
    if member and not registration.agreed_cents and _quota(registration) is not None:
        things.append((ORGANISATION, str(registration.organisation_id)))
    return Counter(things)


def _quota(registration: Registration) -> int | None:
    of_event = sa.select(Event.free_per_organisation).where(Event.id == registration.event_id)
    quota: int | None = db.session.scalar(of_event)
    return quota


def _breakouts(registration: Registration) -> set[int | None]:
    """What they chose, and what is on offer to them."""
    chosen = sa.select(Choice.breakout_id).where(Choice.registration_id == registration.id)
    offered = sa.select(WaitingEntry.breakout_id).where(
        WaitingEntry.registration_id == registration.id, WaitingEntry.state == EntryState.OFFERED
    )
    return {*db.session.scalars(chosen), *db.session.scalars(offered)} - {None}


def lines(event_id: int) -> dict[int, list[int]]:
    """Who stands in line for each thing, first come first."""
    db.session.rollback()
    entries = db.session.execute(
        sa.select(WaitingEntry.capacity_id, WaitingEntry.id)
        .join(Capacity, Capacity.id == WaitingEntry.capacity_id)
        .where(Capacity.event_id == event_id, WaitingEntry.state == EntryState.WAITING)
        .order_by(WaitingEntry.joined_at, WaitingEntry.id)
    )
    found: dict[int, list[int]] = {}
    for capacity_id, entry_id in entries:
        found.setdefault(capacity_id, []).append(entry_id)
    return found


def called_in_turn(before: dict[int, list[int]], after: dict[int, list[int]]) -> bool:
    """Whether nobody who was called came after somebody who still stands in that line."""
    offered = set(db.session.scalars(sa.select(WaitingEntry.id).where(WaitingEntry.state == EntryState.OFFERED)))
    for capacity_id, line in before.items():
        stands = [position for position, entry in enumerate(line) if entry in after.get(capacity_id, [])]
        called = [position for position, entry in enumerate(line) if entry in offered]
        if stands and called and max(called) > min(stands):
            return False
    return True


def free_while_somebody_waits(event_id: int) -> list[int]:
    free = sa.or_(Capacity.size.is_(None), Capacity.taken < Capacity.size)
    of_event = sa.select(Capacity.id).where(Capacity.event_id == event_id, Capacity.waiting > 0, free)
    return list(db.session.scalars(of_event))
