"""How is a row locked? By writing to it, which is right on SQLite and PostgreSQL alike."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp.domain.errors import NotFound
from eventapp.extensions import db
from eventapp.models import Event, Order, Organisation, Registration


def keep_event(event_id: int) -> Event:
    """The event as it is now, which nobody changes or cancels before this transaction ends. Refuses with NotFound.

    On PostgreSQL a shared lock: any number register side by side. SQLite ignores it and needs none, since its writers
    stand in line.
    """
    event = db.session.get(Event, event_id, with_for_update={"read": True}, populate_existing=True)
    if event is None:
        raise NotFound()
    return event


def lock_event(event_id: int) -> Event:
    """The event, which until the end of this transaction nobody registers for or changes. Refuses with NotFound.

    It is written as it is: whoever has its form open may still save.
    """
    write = sa.update(Event).where(Event.id == event_id).values(version=Event.version)
    db.session.execute(write.execution_options(synchronize_session=False))
    event = db.session.get(Event, event_id, populate_existing=True)
    if event is None:
        raise NotFound()
    return event


def lock_organisation(organisation_id: int) -> Organisation:
    """The organisation as it is now; of two who change it at once the second waits. Refuses with NotFound."""
    write = sa.update(Organisation).where(Organisation.id == organisation_id).values(name=Organisation.name)
    db.session.execute(write.execution_options(synchronize_session=False))
    organisation = db.session.get(Organisation, organisation_id, populate_existing=True)
    if organisation is None:
        raise NotFound()
    return organisation


def lock_order(order_id: int) -> Order:
    """The order with its registrations as they are now; everybody else who wants it waits. Refuses with NotFound."""
    return _lock(sa.update(Order).where(Order.id == order_id))


def lock_orders_at(event_id: int) -> None:
    """Every order for this event, so that what is read of them next is how they are and stays so."""
    db.session.execute(
        sa.update(Order)
        .where(Order.event_id == event_id)
        .values(version=Order.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def lock_order_of(registration_id: int) -> Registration:
    """The registration, with its whole order locked. Refuses with NotFound."""
    order_id = sa.select(Registration.order_id).where(Registration.id == registration_id).scalar_subquery()
    order = _lock(sa.update(Order).where(Order.id == order_id))
    return next(registration for registration in order.registrations if registration.id == registration_id)


def _lock(update: Any) -> Order:
    order_id = db.session.scalar(update.values(version=Order.version + 1).returning(Order.id))
    if order_id is None:
        raise NotFound()
    return db.session.scalars(
        sa.select(Order)
        .where(Order.id == order_id)
        .options(selectinload(Order.registrations))
        .execution_options(populate_existing=True)
    ).one()
