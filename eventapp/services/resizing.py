"""Another number of places than there were: nobody loses one."""

from collections.abc import Collection

import sqlalchemy as sa

from eventapp.domain.event_details import allowance_for
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import HOLDING
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.models import ORGANISATION, Capacity, Event, PlaceHold, Registration, WaitingEntry
from eventapp.services import holding
from eventapp.services.locks import lock_orders_at


def resize(event_id: int, size: int | None) -> None:
    """Another number of places for the event as a whole; nobody loses one."""
    resize_row(holding.whole_row(event_id), size)


def resize_row(capacity_id: int | None, size: int | None) -> None:
    """Another number of places for one limited thing; nobody loses one."""
    holding.lock(capacity_id)
    _fit(Capacity.id == capacity_id, size)


def recount(event_id: int, holders: Collection[Registration]) -> None:
    """After an event is divided otherwise (forms, pools): let everybody hold what they need now, above size if need be.

    The caller has locked every order for the event.
    """
    holding.lock(holding.whole_row(event_id))
    for registration in holders:
        holding.take(registration, force=True)


def resize_organisations(event_id: int, size: int | None) -> None:
    """Another number of free places per organisation, None for no limit; nobody loses one.

    Who came in free while there was no limit counts from now on. Locks every order for the event.
    """
    db.session.flush()
    lock_orders_at(event_id)
    holding.lock(holding.whole_row(event_id))
    organisations = sa.and_(Capacity.event_id == event_id, Capacity.kind == ORGANISATION)
    _fit(organisations, None)
    if size is None:
        return
    for registration in db.session.scalars(_free_at(event_id)).all():
        assert registration.organisation_id is not None
        capacity_id = holding.row_of_organisation(event_id, registration.organisation_id, None)
        if all(hold.capacity_id != capacity_id for hold in registration.holds):
            db.session.execute(holding.only(Capacity.id == capacity_id).values(taken=Capacity.taken + 1))
            registration.holds.append(PlaceHold(capacity_id=capacity_id))
    db.session.flush()
    _fit(organisations, size)


def join_organisations(kept_id: int, gone_id: int) -> None:
    """The free places that people of one organisation took count for the other from now on; nobody loses one.

    With more taken than the event gives one organisation, it is above its limit and the next one meets that. Locks
    every order for the events where the one that goes has free places.
    """
    rows = sa.select(Capacity.id, Capacity.event_id).where(Capacity.kind == ORGANISATION, Capacity.ref == str(gone_id))
    for row in db.session.execute(rows.order_by(Capacity.event_id)).all():
        lock_orders_at(row.event_id)
        holding.lock(holding.whole_row(row.event_id))
        size = db.session.scalar(sa.select(Event.free_per_organisation).where(Event.id == row.event_id))
        kept = holding.row_of_organisation(row.event_id, kept_id, size)
        moved = db.session.scalar(sa.select(Capacity.taken).where(Capacity.id == row.id)) or 0
        db.session.execute(
            sa.update(PlaceHold)
            .where(PlaceHold.capacity_id == row.id)
            .values(capacity_id=kept)
            .execution_options(synchronize_session=False)
        )
        db.session.execute(holding.only(Capacity.id == row.id).values(taken=0))
        # Without a limit for a moment, since the allowance follows from what is taken.
        db.session.execute(holding.only(Capacity.id == kept).values(taken=Capacity.taken + moved, size=None))
        _fit(Capacity.id == kept, size)
        standing = sa.update(WaitingEntry).where(WaitingEntry.capacity_id == row.id).values(capacity_id=kept)
        db.session.execute(standing.execution_options(synchronize_session=False))
        db.session.execute(holding.only(Capacity.id == kept).values(waiting=_standing(kept)))
        db.session.execute(sa.delete(Capacity).where(Capacity.id == row.id))


def _standing(capacity_id: int) -> sa.ScalarSelect[int]:
    """How many stand in this line, counted: only for when two lines become one."""
    own = sa.and_(WaitingEntry.capacity_id == capacity_id, WaitingEntry.state == EntryState.WAITING)
    return sa.select(sa.func.count()).select_from(WaitingEntry).where(own).scalar_subquery()


def _free_at(event_id: int) -> sa.Select[Registration]:
    return sa.select(Registration).where(
        Registration.event_id == event_id,
        Registration.category == Category.LID,
        Registration.price_cents == 0,
        Registration.organisation_id.is_not(None),
        Registration.state.in_(HOLDING),
        Registration.id.in_(sa.select(PlaceHold.registration_id)),
    )


def _fit(where: sa.ColumnElement[bool], size: int | None) -> None:
    """Give these locked rows another size, with as much allowance as the places already given need."""
    for row in db.session.execute(sa.select(Capacity.id, Capacity.taken).where(where).order_by(Capacity.id)).all():
        allowance = allowance_for(size=size, taken=row.taken)
        db.session.execute(holding.only(Capacity.id == row.id).values(size=size, allowance=allowance))
    db.session.expire_all()
