"""Withdrawing a registration, or a whole event: places go back, people are told, money is returned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp.domain.actors import Actor
from eventapp.domain.admission import TicketState
from eventapp.domain.cancellation import (
    Settlement,
    Term,
    check_own_cancellation,
    own_cancellation_possible,
    refund_cents,
    settlement,
)
from eventapp.domain.errors import AlreadyCancelled, EventOver, NotFound
from eventapp.domain.events import EventState
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.registrations import LIVE, State, check_step
from eventapp.extensions import db
from eventapp.models import Event, Order, PaymentAttempt, Registration
from eventapp.queries.association import load_association
from eventapp.services import following, handing_over, mails, offering, queueing, refunding, ticketing
from eventapp.services.audit import note
from eventapp.services.locks import lock_order, lock_order_of, lock_orders_at
from eventapp.transaction import transaction


@dataclass(frozen=True)
class EventCancellation:
    """What cancelling an event does: how many people are told, and how many cents go back."""

    people: int
    refund_cents: int


@dataclass(frozen=True)
class Withdrawal:
    """What withdrawing now does to the money of one registration, in cents.

    `by_terms_cents` is what the terms give back of the price, whoever settles it. `free`: whatever the terms, because
    the event went to another day.
    """

    paid_cents: int
    back_cents: int
    by_terms_cents: int
    free: bool
    settlement: Settlement


def preview(registration: Registration, *, now: datetime) -> Withdrawal:
    """What withdrawing this registration does to its money now. Changes nothing."""
    event, paid = registration.event, paid_for(registration)
    free = event.moved_since(registration.created_at)
    by_terms = refund_cents(terms_of(event), registration.price_cents, starts_at=event.starts_at, now=now, free=free)
    back = min(by_terms, paid)
    settled = settlement(
        price_cents=registration.price_cents,
        confirmed=registration.state == State.CONFIRMED,
        paid_cents=paid,
        back_cents=back,
    )
    return Withdrawal(paid, back, by_terms, free, settled)


def cancel_registration(registration_id: int, *, by: Actor, now: datetime, back_cents: int) -> int:
    """The office withdraws somebody, and says how much of what was paid goes back; answers how much that became.

    Never more than there is left. Refuses with AlreadyCancelled or NotFound.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        if registration.state not in LIVE:
            raise AlreadyCancelled()
        back = min(back_cents, paid_for(registration))
        kept = paid_for(registration) - back
        _withdraw(registration, "registration_cancelled", by=by, now=now, back_cents=back, kept_cents=kept)
        following.costs_less(registration.order, reason=following.WITHDRAWN, by=by, now=now)
        event_id = registration.event_id
    offering.pass_on(event_id, now=now)
    return back


def cancel_own(registration_id: int, *, by: Actor, now: datetime, done_by: str = "") -> None:
    """Somebody gives back a place of their own, with the link from their mail.

    What was paid goes back by the terms, and the place to the waiting list. `done_by` is the name of who did it for
    them, which the mail then says. Refuses with AlreadyCancelled, TooLateToCancel or NotFound.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        check_own_cancellation(registration.state, starts_at=registration.event.starts_at, now=now)
        _withdraw_own(registration, by=by, now=now, done_by=done_by)
        following.costs_less(registration.order, reason=following.WITHDRAWN, by=by, now=now)
        event_id = registration.event_id
    offering.pass_on(event_id, now=now)


def cancel_own_order(order_id: int, *, by: Actor, now: datetime) -> int:
    """Whoever booked gives back every place of the order that still can be; money goes back by the terms.

    Returns how many; refuses with NotFound.
    """
    with transaction():
        order = lock_order(order_id)
        starts_at = order.event.starts_at
        standing = [r for r in order.registrations if own_cancellation_possible(r.state, starts_at=starts_at, now=now)]
        for registration in standing:
            _withdraw_own(registration, by=by, now=now)
        following.costs_less(order, reason=following.WITHDRAWN, by=by, now=now)
        event_id = order.event_id
    offering.pass_on(event_id, now=now)
    return len(standing)


def _withdraw_own(registration: Registration, *, by: Actor, now: datetime, done_by: str = "") -> None:
    money = preview(registration, now=now)
    by_office = money.settlement == Settlement.OFFICE
    # Who was sent an invoice owes by the terms, paid or not; who was not owes what is not given back.
    on_invoice = by_office and following.is_billed(registration.order_id)
    kept = registration.price_cents - money.by_terms_cents if on_invoice else money.paid_cents - money.back_cents
    words = {"done_by": done_by, "by_office": by_office, "by_terms_cents": money.by_terms_cents}
    _withdraw(
        registration,
        "registration_cancelled",
        by=by,
        now=now,
        back_cents=money.back_cents,
        kept_cents=kept,
        **words,
    )
    if by_office:
        key = str(registration.id)
        mails.to_office("withdrawn", key=key, now=now, registration=registration, by_terms_cents=money.by_terms_cents)


def terms_of(event: Event) -> Sequence[Term]:
    """What the event says about withdrawing, or the association where it says nothing."""
    own = [row.term for row in event.cancellation_terms]
    return own or load_association().cancellation_terms


def dispute(registration_id: int, *, now: datetime) -> bool:
    """ "Dit klopt niet": a colleague says not to have wanted this. The place goes back, and whoever booked is told.

    A place that was paid for stays, and False is returned: the office, which is told as well, settles the money.
    Refuses with NotFound (unknown, or booked by themselves), AlreadyCancelled or TooLateToCancel.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        if registration.is_bookers:
            raise NotFound()
        paid = paid_for(registration) > 0
        check_own_cancellation(registration.state, starts_at=registration.event.starts_at, now=now)
        by = Actor("person", registration.address, registration.person_id)
        note("disputed", "registration", registration.id, by=by, now=now, event_id=registration.event_id)
        mails.to_booker_about("disputed", registration, now=now, paid=paid)
        if paid:
            mails.to_office("disputed", key=str(registration.id), now=now, registration=registration)
        else:
            _withdraw(registration, "registration_cancelled", by=by, now=now)
            following.costs_less(registration.order, reason=following.WITHDRAWN, by=by, now=now)
        event_id = registration.event_id
    offering.pass_on(event_id, now=now)
    return not paid


def _withdraw(
    registration: Registration,
    kind: str,
    *,
    by: Actor,
    now: datetime,
    back_cents: int | None = None,
    kept_cents: int = 0,
    **words: object,
) -> None:
    """Off, and everybody told. `back_cents` goes back now; None leaves the money to whoever calls.

    `kept_cents` is the fee that stays, never more than the price.
    """
    check_step(registration.state, State.CANCELLED)
    paid = paid_for(registration)
    registration.state = State.CANCELLED
    registration.cancelled_at = now
    registration.kept_cents = min(kept_cents, registration.price_cents)
    registration.expires_at = None
    ticketing.end(registration, TicketState.CANCELLED, now=now)
    queueing.give_up(registration, now=now)
    handing_over.end_open(registration, now=now)
    if mails.has_heard(registration):
        mails.calendar_cancel(kind, registration, now=now, paid_cents=paid, back_cents=back_cents or 0, **words)
    facts = {"paid_cents": paid, "back_cents": back_cents} if paid and back_cents is not None else {}
    note("cancelled", "registration", registration.id, by=by, now=now, event_id=registration.event_id, **facts)
    if back_cents:
        give_back(registration.order_id, back_cents, reason="cancelled", by=by, now=now)


def paid_cents(order_id: int) -> int:
    """What came in for an order and neither went back nor was promised to, in cents."""
    return sum(refunding.left_cents(attempt) for attempt in _paid(PaymentAttempt.order_id == order_id))


def paid_for(registration: Registration) -> int:
    """The part of that which was for this registration, in cents; alone in its order that is all of it."""
    if not registration.price_cents:
        return 0
    attempts = _paid(PaymentAttempt.order_id == registration.order_id)
    left = sum(refunding.left_cents(attempt) for attempt in attempts if registration in attempt.pays_for)
    return min(left, registration.price_cents) if len(registration.order.registrations) > 1 else left


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


def give_back(order_id: int, amount_cents: int, *, reason: str, by: Actor, now: datetime) -> int:
    """Within a transaction that locked the order: plan the amount over its paid attempts, the latest first.

    Answers how much was planned, which is less when less is left.
    """
    planned_cents = 0
    for attempt in _paid(PaymentAttempt.order_id == order_id):
        planned = refunding.plan(attempt, amount_cents - planned_cents, reason=reason, by=by, now=now)
        planned_cents += planned.amount_cents if planned else 0
    return planned_cents


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
        following.event_off(event_id, by=by, now=now)
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
