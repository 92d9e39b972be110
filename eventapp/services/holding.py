"""Taking and giving back places: the one spot in the code where `taken` changes."""

import sqlalchemy as sa

from eventapp.domain.errors import EventFull
from eventapp.extensions import db
from eventapp.models import WHOLE_EVENT, Capacity, PlaceHold, Registration


def take(registration: Registration, *, force: bool = False) -> None:
    """Take one of everything limited that this registration needs. Refuses with EventFull, having taken nothing.

    The update is the lock and the check at once, so it stands as late as possible in its transaction. `force` goes
    above the size knowingly and is for the office only.
    """
    if registration.holds:
        return
    needed = db.session.scalars(
        sa.select(Capacity.id)
        .where(Capacity.event_id == registration.event_id, Capacity.kind == WHOLE_EVENT)
        .order_by(Capacity.id)
    ).all()
    for capacity_id in needed:
        _take_one(capacity_id, force=force, event_id=registration.event_id)
        registration.holds.append(PlaceHold(capacity_id=capacity_id))
    db.session.flush()


def _take_one(capacity_id: int, *, force: bool, event_id: int) -> None:
    update = sa.update(Capacity).where(Capacity.id == capacity_id)
    if force:
        above = Capacity.taken + 1 - Capacity.size
        update = update.values(
            taken=Capacity.taken + 1, allowance=sa.case((above > Capacity.allowance, above), else_=Capacity.allowance)
        )
    else:
        update = update.where(sa.or_(Capacity.size.is_(None), Capacity.taken < Capacity.size))
        update = update.values(taken=Capacity.taken + 1)
    if db.session.scalar(update.returning(Capacity.id)) is None:
        raise EventFull(event_id=event_id)


def release(registration: Registration) -> None:
    """Give back every place this registration holds; without any it does nothing."""
    for hold in sorted(registration.holds, key=lambda hold: hold.capacity_id):
        db.session.execute(sa.update(Capacity).where(Capacity.id == hold.capacity_id).values(taken=Capacity.taken - 1))
    registration.holds.clear()
    db.session.flush()
