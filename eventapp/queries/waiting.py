"""In which lines does somebody stand, and at which place?"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain.waiting import IN_LINE, EntryState
from eventapp.extensions import db
from eventapp.models import Capacity, Registration, WaitingEntry

_WITH_ALL = (
    joinedload(WaitingEntry.breakout),
    joinedload(WaitingEntry.registration).options(
        joinedload(Registration.person), joinedload(Registration.event), joinedload(Registration.order)
    ),
)


def entry_by_token(token: str) -> WaitingEntry | None:
    """The wait that this link is about, ended or not."""
    return db.session.scalar(sa.select(WaitingEntry).where(WaitingEntry.token == token).options(*_WITH_ALL))


def waits_of(registration_id: int) -> Sequence[WaitingEntry]:
    """The lines in which this registration stands, and what is on offer to it."""
    mine = sa.and_(WaitingEntry.registration_id == registration_id, WaitingEntry.state.in_(IN_LINE))
    return db.session.scalars(sa.select(WaitingEntry).where(mine).order_by(WaitingEntry.id).options(*_WITH_ALL)).all()


def waits_for_the_day(registration_id: int) -> WaitingEntry | None:
    """The wait for the event itself, when this registration still waits or has an offer."""
    return next((entry for entry in waits_of(registration_id) if entry.breakout_id is None), None)


def length_of_line(entry: WaitingEntry) -> int:
    """How many stand in the same line."""
    same = sa.and_(WaitingEntry.capacity_id == entry.capacity_id, WaitingEntry.state == EntryState.WAITING)
    return db.session.scalar(sa.select(sa.func.count()).select_from(WaitingEntry).where(same)) or 0


def lines_at(event_id: int) -> dict[Capacity, Sequence[WaitingEntry]]:
    """Every line of an event in which somebody stands or has an offer: first what is on offer, then in order."""
    open_entries = sa.and_(Capacity.event_id == event_id, WaitingEntry.state.in_(IN_LINE))
    in_order = (
        sa.select(WaitingEntry)
        .join(Capacity, Capacity.id == WaitingEntry.capacity_id)
        .where(open_entries)
        .order_by(Capacity.id, WaitingEntry.state, WaitingEntry.joined_at, WaitingEntry.id)
        .options(*_WITH_ALL, joinedload(WaitingEntry.capacity))
    )
    found: dict[Capacity, list[WaitingEntry]] = {}
    for entry in db.session.scalars(in_order):
        found.setdefault(entry.capacity, []).append(entry)
    return dict(found)
