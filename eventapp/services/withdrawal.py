"""What does withdrawing do to the money? Said beforehand: back at the provider, back by bank, or off the invoice."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp.domain.cancellation import Settlement, refund_cents, settlement
from eventapp.domain.events import EventState
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.registrations import LIVE, State
from eventapp.extensions import db
from eventapp.models import Order, PaymentAttempt, Registration
from eventapp.queries import bank_refunds
from eventapp.queries.terms import agreed_terms
from eventapp.services import following, refunding
from eventapp.services.owing import owed_cents


class Withdrawal(NamedTuple):
    """What withdrawing now does to the money of one registration, in cents.

    `by_terms_cents` is what the terms give back of the price, whoever settles it. `back_cents` of `paid_cents` goes
    back at the provider, `by_bank_cents` by bank, and `kept_cents` stays: paid, or still to be paid on the invoice.
    `free`: whatever the terms, because the event is off or went to another day.
    """

    paid_cents: int
    back_cents: int
    by_terms_cents: int
    by_bank_cents: int
    kept_cents: int
    free: bool
    settlement: Settlement

    @property
    def on_invoice(self) -> bool:
        """Whether an invoice says what this place costs, and nothing of it came in through the provider."""
        return self.settlement in (Settlement.BANK, Settlement.INVOICE)


class Together(NamedTuple):
    """The same for several of one order at once; `credited_cents` comes off their invoices."""

    each: dict[int, Withdrawal]
    by_bank_cents: int
    credited_cents: int

    @property
    def paid_cents(self) -> int:
        return sum(one.paid_cents for one in self.each.values())

    @property
    def back_cents(self) -> int:
        return sum(one.back_cents for one in self.each.values())

    @property
    def kept_on_invoice_cents(self) -> int:
        """What stays of places that were not paid through the provider."""
        return sum(one.kept_cents for one in self.each.values() if one.on_invoice)

    @property
    def on_invoice(self) -> bool:
        return any(one.on_invoice for one in self.each.values())

    @property
    def free(self) -> bool:
        return any(one.free for one in self.each.values())


class EventCancellation(NamedTuple):
    """What cancelling an event does: how many are told, what goes back at the provider, and what of it by bank.

    `unpaid_invoices` are credited without a cent moving.
    """

    people: int
    refund_cents: int
    by_bank_cents: int = 0
    unpaid_invoices: int = 0

    @property
    def moves_something(self) -> bool:
        return any((self.people, self.refund_cents, self.by_bank_cents, self.unpaid_invoices))


def preview(registration: Registration, *, now: datetime) -> Withdrawal:
    """What withdrawing this registration does to its money now. Changes nothing."""
    event, paid, price = registration.event, paid_for(registration), registration.price_cents
    free = event.state == EventState.CANCELLED or event.moved_since(registration.created_at)
    by_terms = refund_cents(agreed_terms(registration), price, starts_at=event.starts_at, now=now, free=free)
    back = min(by_terms, paid)
    billed = bool(price) and not paid and following.is_billed(registration.order_id)
    kept = min(paid - back, price)
    if paid < price and bank_refunds.banked_cents(registration.order_id):
        # The rest came by bank, of which no more goes back than the terms say either.
        kept = price - by_terms
    if billed and registration.state == State.CONFIRMED:
        kept = price - by_terms
    back_by_bank = by_bank(registration, kept) if billed else 0
    settled = settlement(
        price_cents=price,
        confirmed=registration.state == State.CONFIRMED,
        paid_cents=paid,
        back_cents=back,
        billed=billed,
        by_bank_cents=back_by_bank,
    )
    return Withdrawal(paid, back, by_terms, back_by_bank, kept, free, settled)


def preview_together(registrations: Sequence[Registration], *, now: datetime) -> Together:
    """What withdrawing all of these, of one order, does to the money. Changes nothing."""
    each = {registration.id: preview(registration, now=now) for registration in registrations}
    kept = {number: one.kept_cents for number, one in each.items() if one.on_invoice}
    if not kept:
        return Together(each, 0, 0)
    order = registrations[0].order
    credited = sum(owed_cents(one) - kept[one.id] for one in registrations if one.id in kept)
    return Together(each, _by_bank(order, kept), credited)


def by_bank(registration: Registration, kept_cents: int) -> int:
    """What has to go back by bank once this registration owes no more than this; 0 when nothing came by bank."""
    return _by_bank(registration.order, {registration.id: kept_cents})


def _by_bank(order: Order, kept: dict[int, int]) -> int:
    """What has to go back by bank once these registrations owe no more than this, beyond what has to already."""
    now_owed = bank_refunds.owed_by_invoice(order.id, following.would_credit(order, {}))
    then_owed = bank_refunds.owed_by_invoice(order.id, following.would_credit(order, kept))
    return sum(then_owed.values()) - sum(now_owed.values())


def preview_event(event_id: int) -> EventCancellation:
    """What cancelling this event would do now. Changes nothing."""
    live = sa.select(sa.func.count()).where(Registration.event_id == event_id, Registration.state.in_(LIVE))
    left = sum(refunding.left_cents(attempt) for attempt in paid_attempts(of_event(event_id)))
    banked, unpaid = bank_refunds.when_event_is_off(event_id)
    return EventCancellation(db.session.scalar(live) or 0, left, banked, unpaid)


def paid_cents(order_id: int) -> int:
    """What came in for an order and neither went back nor was promised to, in cents."""
    return sum(refunding.left_cents(attempt) for attempt in paid_attempts(PaymentAttempt.order_id == order_id))


def paid_for(registration: Registration) -> int:
    """The part of that which was for this registration, in cents; alone in its order that is all of it."""
    if not registration.price_cents:
        return 0
    attempts = paid_attempts(PaymentAttempt.order_id == registration.order_id)
    left = sum(refunding.left_cents(attempt) for attempt in attempts if registration in attempt.pays_for)
    return min(left, registration.price_cents) if len(registration.order.registrations) > 1 else left


def paid_attempts(where: sa.ColumnElement[bool]) -> Sequence[PaymentAttempt]:
    """The paid attempts, the latest first."""
    return db.session.scalars(
        sa.select(PaymentAttempt)
        .where(where, PaymentAttempt.status == AttemptStatus.PAID)
        .order_by(PaymentAttempt.id.desc())
        .options(selectinload(PaymentAttempt.refunds))
    ).all()


def of_event(event_id: int) -> sa.ColumnElement[bool]:
    """The attempts of all orders for this event."""
    return PaymentAttempt.order_id.in_(sa.select(Order.id).where(Order.event_id == event_id))
