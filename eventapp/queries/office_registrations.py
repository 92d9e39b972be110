"""Which registrations does the office see in a list, and everything about one of them?"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.domain.names import fold
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import (
    Order,
    OutboxMail,
    PaymentAttempt,
    Person,
    Registration,
    Scan,
)
from eventapp.queries.paging import Page


class RegistrationsPage(Page[Registration]):
    """One page of the registrations of an event."""

    SIZE = 200


def registrations_of(
    event_id: int,
    *,
    state: State | None = None,
    text: str = "",
    page: int = 1,
    only: sa.ColumnElement[bool] | None = None,
) -> RegistrationsPage:
    """Registrations of an event by name; `text` looks in name, organisation and address, forgiving accents in names."""
    wanted = sa.select(Registration).join(Person).where(Registration.event_id == event_id)
    if only is not None:
        wanted = wanted.where(only)
    if state:
        wanted = wanted.where(Registration.state == state)
    for word in text.split()[:6]:
        wanted = wanted.where(
            sa.or_(
                Person.sort_key.contains(fold(word), autoescape=True),
                Registration.organisation_name.icontains(word, autoescape=True),
                Registration.address.icontains(word, autoescape=True),
            )
        )
    total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    by_name = wanted.options(joinedload(Registration.person)).order_by(Person.sort_key, Registration.id)
    rows = db.session.scalars(RegistrationsPage.cut(by_name, page)).all()
    return RegistrationsPage(rows, total, page)


def registration_by_id(registration_id: int) -> Registration | None:
    """One registration with its person, event, order and tickets."""
    return db.session.get(
        Registration,
        registration_id,
        options=(
            joinedload(Registration.person),
            joinedload(Registration.event),
            joinedload(Registration.order).selectinload(Order.registrations),
            selectinload(Registration.tickets),
        ),
    )


def payments_of(order_id: int) -> Sequence[PaymentAttempt]:
    """Attempts to pay this order with their refunds, newest first."""
    attempts = sa.select(PaymentAttempt).where(PaymentAttempt.order_id == order_id)
    newest = attempts.order_by(PaymentAttempt.id.desc())
    return db.session.scalars(newest.options(selectinload(PaymentAttempt.refunds))).all()


def mails_of(registration_id: int) -> Sequence[OutboxMail]:
    """Mails about this registration, newest first."""
    about = sa.select(OutboxMail).where(OutboxMail.registration_id == registration_id)
    return db.session.scalars(about.order_by(OutboxMail.id.desc())).all()


def mail_of(registration_id: int, mail_id: int) -> OutboxMail | None:
    """One mail, provided that it is about this registration."""
    return db.session.scalar(
        sa.select(OutboxMail).where(OutboxMail.id == mail_id, OutboxMail.registration_id == registration_id)
    )


def scans_of(registration_id: int) -> Sequence[Scan]:
    """What happened at the door with this registration, newest first."""
    scanned = sa.select(Scan).where(Scan.registration_id == registration_id)
    return db.session.scalars(scanned.order_by(Scan.counted_at.desc())).all()
