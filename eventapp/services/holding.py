"""Taking and giving back places: the one spot in the code where `taken` changes."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from eventapp.domain.errors import DomainError, EventFull, OrganisationFull
from eventapp.domain.event_details import allowance_for
from eventapp.domain.organisation_places import counts
from eventapp.domain.places import may_hold
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import HOLDING, State
from eventapp.extensions import db
from eventapp.models import ORGANISATION, WHOLE_EVENT, Capacity, Event, Order, Organisation, PlaceHold, Registration
from eventapp.services.locks import lock_orders_at


def take(registration: Registration, *, force: bool = False) -> None:
    """Take one of everything limited that this registration needs and does not hold yet.

    Refuses with EventFull, or with OrganisationFull when it is one more than its organisation has free. What was taken
    before a refusal is undone with the transaction or savepoint of whoever asked. The update is the lock and the check
    at once, so it stands as late as possible. `force` goes above the size knowingly and is for the office only.
    """
    held = {hold.capacity_id for hold in registration.holds}
    whole = _whole(registration.event_id)
    if whole and whole not in held:
        _take_one(whole, force=force, refusal=EventFull(event_id=registration.event_id))
        registration.holds.append(PlaceHold(capacity_id=whole))
    if takes_of_organisation(registration):
        # From here on nobody else takes or resizes anything of this event, so what it says now holds until the end.
        _lock(whole)
        _take_of_organisation(registration, held, force=force)
    db.session.flush()


def _whole(event_id: int) -> int | None:
    """The row of the event as a whole; it is locked before that of any organisation."""
    return db.session.scalar(sa.select(Capacity.id).where(Capacity.event_id == event_id, Capacity.kind == WHOLE_EVENT))


def takes_of_organisation(registration: Registration) -> bool:
    """Whether it takes one of the free places of its organisation, where the event has a limit to those."""
    return counts(
        category=registration.category,
        price_cents=registration.price_cents,
        organisation_id=registration.organisation_id,
    )


def _take_of_organisation(registration: Registration, held: set[int], *, force: bool) -> None:
    size = db.session.scalar(sa.select(Event.free_per_organisation).where(Event.id == registration.event_id))
    if size is None:
        return
    assert registration.organisation_id is not None
    capacity_id = _row_of(registration.event_id, registration.organisation_id, size)
    if capacity_id not in held:
        name = db.session.get_one(Organisation, registration.organisation_id).name
        _take_one(capacity_id, force=force, refusal=OrganisationFull(organisation=name))
        registration.holds.append(PlaceHold(capacity_id=capacity_id))


def _row_of(event_id: int, organisation_id: int, size: int | None) -> int:
    """The row of this organisation at the event, made when there is none."""
    ref = str(organisation_id)
    mine = sa.select(Capacity.id).where(
        Capacity.event_id == event_id, Capacity.kind == ORGANISATION, Capacity.ref == ref
    )
    if found := db.session.scalar(mine):
        return found
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    row = {"event_id": event_id, "kind": ORGANISATION, "ref": ref, "size": size, "taken": 0, "allowance": 0}
    db.session.execute(dialect.insert(Capacity).values(row).on_conflict_do_nothing())
    return db.session.scalars(mine).one()


def _lock(capacity_id: int | None) -> None:
    db.session.execute(_only(Capacity.id == capacity_id).values(taken=Capacity.taken))


def _only(where: sa.ColumnElement[bool]) -> sa.Update:
    return sa.update(Capacity).where(where).execution_options(synchronize_session=False)


def _take_one(capacity_id: int, *, force: bool, refusal: DomainError) -> None:
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
        raise refusal


def release(registration: Registration) -> None:
    """Give back every place this registration holds; without any it does nothing."""
    for hold in sorted(registration.holds, key=lambda hold: hold.capacity_id):
        db.session.execute(sa.update(Capacity).where(Capacity.id == hold.capacity_id).values(taken=Capacity.taken - 1))
    registration.holds.clear()
    db.session.flush()


def resize(event_id: int, size: int | None) -> None:
    """Another number of places for the event as a whole; nobody loses one."""
    whole = _whole(event_id)
    _lock(whole)
    _fit(Capacity.id == whole, size)


def resize_organisations(event_id: int, size: int | None) -> None:
    """Another number of free places per organisation, None for no limit; nobody loses one.

    Who came in free while there was no limit counts from now on. Locks every order for the event.
    """
    db.session.flush()
    lock_orders_at(event_id)
    _lock(_whole(event_id))
    organisations = sa.and_(Capacity.event_id == event_id, Capacity.kind == ORGANISATION)
    _fit(organisations, None)
    if size is None:
        return
    for registration in db.session.scalars(_free_at(event_id)).all():
        assert registration.organisation_id is not None
        capacity_id = _row_of(event_id, registration.organisation_id, None)
        if all(hold.capacity_id != capacity_id for hold in registration.holds):
            db.session.execute(_only(Capacity.id == capacity_id).values(taken=Capacity.taken + 1))
            registration.holds.append(PlaceHold(capacity_id=capacity_id))
    db.session.flush()
    _fit(organisations, size)


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
        db.session.execute(_only(Capacity.id == row.id).values(size=size, allowance=allowance))
    db.session.expire_all()


def may_take_unconfirmed(registration: Registration) -> bool:
    """Whether a place is held already; beyond the limits against flooding only a confirmation takes one."""
    if registration.state != State.AWAITING_CONFIRMATION:
        return True
    held = (
        sa.select(sa.func.count())
        .select_from(Registration)
        .where(
            Registration.state == State.AWAITING_CONFIRMATION,
            Registration.proven_at.is_(None),
            Registration.id.in_(sa.select(PlaceHold.registration_id)),
        )
    )
    of_domain = held.where(
        Registration.event_id == registration.event_id, Registration.mail_domain == registration.mail_domain
    )
    visitor_key = registration.order.visitor_key
    of_visitor = held.join(Order).where(Order.visitor_key == visitor_key)
    return may_hold(
        unconfirmed_of_visitor=db.session.scalar(of_visitor) or 0 if visitor_key else 0,
        unconfirmed_of_domain=db.session.scalar(of_domain) or 0,
    )
