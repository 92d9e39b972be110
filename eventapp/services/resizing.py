"""Another number of places than there were: nobody loses one."""

import sqlalchemy as sa

from eventapp.domain.pricing import Category
from eventapp.domain.registrations import HOLDING
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db, insert_into
from eventapp.models import ORGANISATION, Capacity, Event, PlaceHold, Registration, WaitingEntry
from eventapp.services import holding
from eventapp.services.locks import lock_orders_at


def resize(event_id: int, size: int | None) -> None:
    """Another number of places for the event as a whole; nobody loses one."""
    resize_row(holding.whole_row(event_id), size)


def resize_row(capacity_id: int | None, size: int | None) -> None:
    """Another number of places for one limited thing; nobody loses one."""
    holding.lock(capacity_id)
    fit(Capacity.id == capacity_id, size)


def resize_organisations(event_id: int, size: int | None) -> None:
    """Another number of free places per organisation, None for no limit; nobody loses one.

    Who came in free while there was no limit counts from now on, in a few statements however many they are. Locks every
    order for the event.
    """
    db.session.flush()
    lock_orders_at(event_id)
    holding.lock(holding.whole_row(event_id))
    organisations = sa.and_(Capacity.event_id == event_id, Capacity.kind == ORGANISATION)
    fit(organisations, None)
    if size is None:
        return
    free = _free_at(event_id)
    _add_rows(event_id, free)
    own = sa.and_(organisations, Capacity.ref == sa.cast(Registration.organisation_id, sa.String))
    held = sa.exists().where(PlaceHold.registration_id == Registration.id, PlaceHold.capacity_id == Capacity.id)
    missing = sa.select(Registration.id, Capacity.id).join(Capacity, own).where(free, ~held)
    db.session.execute(sa.insert(PlaceHold).from_select(["registration_id", "capacity_id"], missing))
    fit(organisations, size, taken=holds())


def _add_rows(event_id: int, free: sa.ColumnElement[bool]) -> None:
    """A row for every organisation that has somebody who came in free, where there is none yet."""
    row = {"event_id": event_id, "kind": ORGANISATION, "taken": 0, "allowance": 0, "waiting": 0}
    rows = sa.select(sa.cast(Registration.organisation_id, sa.String), *map(sa.literal, row.values()))
    insert = insert_into(Capacity, db.engine.dialect.name)
    db.session.execute(insert.from_select(["ref", *row], rows.where(free).distinct()).on_conflict_do_nothing())


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
        fit(Capacity.id == kept, size)
        standing = sa.update(WaitingEntry).where(WaitingEntry.capacity_id == row.id).values(capacity_id=kept)
        db.session.execute(standing.execution_options(synchronize_session=False))
        db.session.execute(holding.only(Capacity.id == kept).values(waiting=_standing(kept)))
        db.session.execute(sa.delete(Capacity).where(Capacity.id == row.id))


def _standing(capacity_id: int) -> sa.ScalarSelect[int]:
    """How many stand in this line, counted: only for when two lines become one."""
    own = sa.and_(WaitingEntry.capacity_id == capacity_id, WaitingEntry.state == EntryState.WAITING)
    return sa.select(sa.func.count()).select_from(WaitingEntry).where(own).scalar_subquery()


def _free_at(event_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        Registration.event_id == event_id,
        Registration.category == Category.LID,
        Registration.price_cents == 0,
        Registration.lowered_cents == 0,
        Registration.organisation_id.is_not(None),
        Registration.state.in_(HOLDING),
        Registration.id.in_(sa.select(PlaceHold.registration_id)),
    )


def holds() -> sa.ScalarSelect[int]:
    """How many hold one of a thing, counted: only for when `taken` has to follow what was given and taken away."""
    of_row = sa.select(sa.func.count()).select_from(PlaceHold).where(PlaceHold.capacity_id == Capacity.id)
    return of_row.correlate(Capacity).scalar_subquery()


def fit(where: sa.ColumnElement[bool], size: int | None, *, taken: sa.ColumnElement[int] | None = None) -> None:
    """Give these locked rows this size, with as much allowance as the places already given need: nobody is put out.

    `taken` is what is taken of them from now on, when that is not what they say.
    """
    given = Capacity.taken if taken is None else taken
    above = 0 if size is None else sa.case((given > size, given - size), else_=0)
    db.session.execute(holding.only(where).values(taken=given, size=size, allowance=above))
    db.session.expire_all()
