"""Everything about one registration, for the office."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.extensions import db
from eventapp.models import (
    Order,
    OutboxMail,
    PaymentAttempt,
    Registration,
    Scan,
)


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
