"""Withdrawing a registration, or a whole event: places go back, people are told, money is returned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp.domain.actors import Actor
from eventapp.domain.admission import TicketState
from eventapp.domain.cancellation import check_own_cancellation
from eventapp.domain.errors import AlreadyCancelled, EventOver, NotFound
from eventapp.domain.events import EventState
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.registrations import LIVE, State, check_step
from eventapp.extensions import db
from eventapp.models import Event, Order, PaymentAttempt, Registration
from eventapp.services import holding, mails, refunding, ticketing
from eventapp.services.audit import note
from eventapp.services.locks import lock_order_of, lock_orders_at
from eventapp.transaction import transaction


@dataclass(frozen=True)
class EventCancellation:
    """What cancelling an event does: how many people are told, and how many cents go back."""

    people: int
    refund_cents: int


def cancel_registration(registration_id: int, *, by: Actor, now: datetime, refund: bool) -> None:
    """The office withdraws somebody; what was paid goes back in full when `refund` is set.

    Refuses with AlreadyCancelled or NotFound.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        if registration.state not in LIVE:
            raise AlreadyCancelled()
        _withdraw(registration, "registration_cancelled", by=by, now=now, refund=refund)
        if refund:
            _refund(registration.order_id, registration.price_cents, by=by, now=now)


def cancel_own(registration_id: int, *, by: Actor, now: datetime) -> None:
    """Somebody gives back a place of their own, with the link from their mail.

    Refuses with AlreadyCancelled, TooLateToCancel, PaidNeedsOffice or NotFound.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        paid = paid_cents(registration.order_id) if registration.price_cents else 0
        check_own_cancellation(registration.state, paid_cents=paid, starts_at=registration.event.starts_at, now=now)
        _withdraw(registration, "registration_cancelled", by=by, now=now, refund=False)


def _withdraw(registration: Registration, kind: str, *, by: Actor, now: datetime, **words: object) -> None:
    check_step(registration.state, State.CANCELLED)
    registration.state = State.CANCELLED
    registration.cancelled_at = now
    registration.expires_at = None
    ticketing.end(registration, TicketState.CANCELLED, now=now)
    holding.release(registration)
    mails.calendar_cancel(kind, registration, now=now, paid_cents=paid_cents(registration.order_id), **words)
    note("cancelled", "registration", registration.id, by=by, now=now, event_id=registration.event_id)


def paid_cents(order_id: int) -> int:
    """What came in for an order and neither went back nor was promised to, in cents."""
    return sum(refunding.left_cents(attempt) for attempt in _paid(PaymentAttempt.order_id == order_id))


def _paid(where: sa.ColumnElement[bool]) -> Sequence[PaymentAttempt]:
    """The paid attempts, the latest first."""
    return db.session.scalars(
        sa.select(PaymentAttempt)
        .where(where, PaymentAttempt.status == AttemptStatus.PAID)
        .order_by(PaymentAttempt.id.desc())
        .options(selectinload(PaymentAttempt.refunds))
    ).all()


def _paid_at(event_id: int) -> Sequence[PaymentAttempt]:
    return _paid(PaymentAttempt.order_id.in_(sa.select(Order.id).where(Order.event_id == event_id)))


def _refund(order_id: int, amount_cents: int, *, by: Actor, now: datetime) -> None:
    """Plan the amount over the paid attempts of the order, the latest first."""
    for attempt in _paid(PaymentAttempt.order_id == order_id):
        planned = refunding.plan(attempt, amount_cents, reason="cancelled", by=by, now=now)
        amount_cents -= planned.amount_cents if planned else 0


def preview_event(event_id: int) -> EventCancellation:
    """What cancelling this event would do now. Changes nothing."""
    live = sa.select(sa.func.count()).where(Registration.event_id == event_id, Registration.state.in_(LIVE))
    left = sum(refunding.left_cents(attempt) for attempt in _paid_at(event_id))
    return EventCancellation(people=db.session.scalar(live) or 0, refund_cents=left)


def cancel_event(event_id: int, *, reason: str, by: Actor, now: datetime) -> EventCancellation:
    """Cancel the event and every live registration, tell everybody, plan the refund of all that was paid.

    Payments that are still under way are watched: what arrives later goes back as well. Refuses with NotFound,
    EventOver or AlreadyCancelled.
    """
    with transaction():
        _end_event(event_id, reason, now=now)
        lock_orders_at(event_id)
        effect = preview_event(event_id)
        live = sa.select(Registration).where(Registration.event_id == event_id, Registration.state.in_(LIVE))
        for registration in db.session.scalars(live.order_by(Registration.id)).all():
            _withdraw(registration, "event_cancelled", by=by, now=now, reason=reason)
        for attempt in _paid_at(event_id):
            refunding.plan(attempt, attempt.amount_cents, reason="event_cancelled", by=by, now=now)
        facts = {"people": effect.people, "refund_cents": effect.refund_cents, "reason": reason}
        note("event_cancelled", "event", event_id, by=by, now=now, event_id=event_id, **facts)
        return effect


def _end_event(event_id: int, reason: str, *, now: datetime) -> None:
    """Turn the event off first: whoever registers or pays in this moment finds it cancelled."""
    ended = db.session.scalar(
        sa.update(Event)
        .where(Event.id == event_id, Event.state == EventState.PUBLISHED, Event.ends_at > now)
        .values(
            state=EventState.CANCELLED,
            cancelled_at=now,
            cancel_reason=reason,
            updated_at=now,
            version=Event.version + 1,
            calendar_sequence=Event.calendar_sequence + 1,
        )
        .returning(Event.id)
    )
    if ended is None:
        _refuse_to_end(event_id)


def _refuse_to_end(event_id: int) -> NoReturn:
    event = db.session.get(Event, event_id)
    if event is None:
        raise NotFound()
    raise EventOver() if event.state == EventState.PUBLISHED else AlreadyCancelled()
