"""Orders and tickets by the links that open them, and the registration that somebody has."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.domain.registrations import LIVE
from eventapp.extensions import db
from eventapp.models import Order, PaymentAttempt, Registration, Ticket


def order_by_token(token: str) -> Order | None:
    """The order that this link opens, with its people, tickets and event."""
    return db.session.scalar(
        sa.select(Order)
        .where(Order.token == token)
        .options(
            joinedload(Order.event),
            joinedload(Order.booker),
            selectinload(Order.registrations).options(
                joinedload(Registration.person), selectinload(Registration.tickets), selectinload(Registration.holds)
            ),
        )
    )


def order_by_pay_token(token: str) -> Order | None:
    """The order that may be paid here; the link gives no other right."""
    return db.session.scalar(
        sa.select(Order).where(Order.pay_token == token).options(selectinload(Order.registrations))
    )


def order_token_of(registration_id: int) -> str | None:
    return db.session.scalar(
        sa.select(Order.token)
        .join(Registration, Registration.order_id == Order.id)
        .where(Registration.id == registration_id)
    )


def live_registration(event_id: int, person_id: int) -> Registration | None:
    """The one live registration of this person at this event, if there is one."""
    return db.session.scalar(
        sa.select(Registration).where(
            Registration.event_id == event_id, Registration.person_id == person_id, Registration.state.in_(LIVE)
        )
    )


def order_by_id(order_id: int) -> Order | None:
    return db.session.get(Order, order_id)


def latest_attempt(order_id: int) -> PaymentAttempt | None:
    """The attempt that was started last."""
    return db.session.scalar(
        sa.select(PaymentAttempt).where(PaymentAttempt.order_id == order_id).order_by(PaymentAttempt.id.desc()).limit(1)
    )


def ticket_by_token(token: str) -> Ticket | None:
    """The ticket that this link opens, with its registration, person and event."""
    return db.session.scalar(
        sa.select(Ticket)
        .where(Ticket.token == token)
        .options(
            joinedload(Ticket.registration).options(
                joinedload(Registration.person),
                joinedload(Registration.event),
                selectinload(Registration.tickets),
                joinedload(Registration.order),
            )
        )
    )
