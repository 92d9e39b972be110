"""May one pay on an invoice here, what is still to be paid of an order, and what went wrong with that?"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp import formatting, wording
from eventapp.domain.events import EventState
from eventapp.domain.invoices import InvoiceKind, Seller, missing_of_seller, owed_cents, to_be_paid
from eventapp.domain.payments import KEPT, AttemptStatus, Outcome
from eventapp.domain.registrations import State
from eventapp.domain.revenue import RevenueRule, rule_for
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import Event, EventPrice, Invoice, InvoiceMatch, Order, PaymentAttempt, Registration
from eventapp.queries.association import load_association
from eventapp.queries.attempts import left_cents
from eventapp.queries.bank_refunds import owed_by_invoice
from eventapp.queries.invoice_balance import open_cents
from eventapp.queries.invoices import invoice_by_id, matched_cents, revenue_rules

_SHOWN = 50


def may_pay_on_invoice(event: Event) -> bool:
    """Whether an invoice is offered: the event allows it, and everything that one has to say is known."""
    return event.invoice_allowed and not _lacking(event, revenue_rules(), load_association().seller)


def _lacking(event: Event, rules: list[RevenueRule], seller: Seller) -> list[str]:
    """What has to be set before an invoice for this event can be issued, in Dutch words."""
    missing = [wording.SELLER_WORDS[name] for name in missing_of_seller(seller, asks_money=True)]
    day = local_date(event.starts_at)
    asked = (line.category for line in event.price_lines if line.price_cents)
    known = (rule_for(rules, event_id=event.id, kind=event.kind, category=one, day=day) for one in asked)
    return missing if all(known) else [*missing, wording.vat_rule(event.kind)]


def payable(order: Order) -> list[tuple[Registration, int]]:
    """For whom one can pay online now, and how much, in cents.

    On an invoice that is also who has a place already, as long as the invoice is open; what came in counts.
    """
    if order.on_invoice_at is None:
        return [(r, r.price_cents) for r in order.registrations if r.state == State.AWAITING_PAYMENT and r.price_cents]
    owed = ((r.id, _owed(r)) for r in order.registrations)
    left = to_be_paid(owed, _received_cents(order.id))
    places = (State.AWAITING_PAYMENT, State.CONFIRMED)
    return [(r, left[r.id]) for r in order.registrations if r.id in left and r.state in places]


def _owed(registration: Registration) -> int:
    return owed_cents(
        registration.state, price_cents=registration.price_cents, kept_cents=registration.kept_cents, on_invoice=True
    )


def _received_cents(order_id: int) -> int:
    """By hand, by bank or given up, and through the provider, also what stands on no invoice yet."""
    by_hand = sa.select(sa.func.sum(_by_hand(order_id).subquery().c.amount_cents))
    paid = sa.select(PaymentAttempt).where(
        PaymentAttempt.order_id == order_id,
        PaymentAttempt.status == AttemptStatus.PAID,
        PaymentAttempt.outcome.in_(KEPT),
    )
    online = sum(
        left_cents(attempt) for attempt in db.session.scalars(paid.options(selectinload(PaymentAttempt.refunds)))
    )
    return (db.session.scalar(by_hand) or 0) + online


def _by_hand(order_id: int) -> sa.Select[int]:
    return (
        sa.select(InvoiceMatch.amount_cents)
        .join(Invoice)
        .where(Invoice.order_id == order_id, InvoiceMatch.attempt_id.is_(None), InvoiceMatch.undone_at.is_(None))
    )


def closed_by_hand(order_id: int) -> bool:
    """Whether something stands on an invoice of the order that did not come through the provider."""
    return db.session.scalar(sa.select(_by_hand(order_id).exists())) or False


def money_besides(order_id: int) -> Sequence[PaymentAttempt]:
    """What the provider brought for an invoice that was closed already, and is still there."""
    found = sa.select(PaymentAttempt).where(
        PaymentAttempt.order_id == order_id, PaymentAttempt.outcome == Outcome.PAID_BESIDES_INVOICE
    )
    return [attempt for attempt in db.session.scalars(found.order_by(PaymentAttempt.id)) if left_cents(attempt) > 0]


class Unready(NamedTuple):
    """A coming event that allows invoices which cannot be issued yet: what is missing, in Dutch words."""

    event: Event
    missing: str


def unready_events(*, now: datetime) -> list[Unready]:
    """What one could come to on an invoice, were the settings filled in."""
    asks_money = sa.exists().where(EventPrice.event_id == Event.id, EventPrice.price_cents > 0)
    coming = sa.select(Event).where(
        Event.state == EventState.PUBLISHED, Event.invoice_allowed, Event.starts_at > now, asks_money
    )
    events = db.session.scalars(coming.order_by(Event.starts_at).options(selectinload(Event.prices)).limit(_SHOWN))
    rules, seller = revenue_rules(), load_association().seller
    found = ((event, _lacking(event, rules, seller)) for event in events.all())
    return [Unready(event, formatting.listed(missing)) for event, missing in found if missing]


def unpaid_after_all() -> Sequence[Invoice]:
    """Open invoices of which a payment was undone, though it had made a place sure already."""
    undone = sa.exists().where(InvoiceMatch.invoice_id == Invoice.id, InvoiceMatch.undone_at.is_not(None))
    sure = sa.exists().where(Registration.order_id == Invoice.order_id, Registration.state == State.CONFIRMED)
    query = (
        sa.select(Invoice.id)
        .join(Order)
        .join(Event)
        .where(
            Invoice.kind == InvoiceKind.INVOICE,
            Order.on_invoice_at.is_not(None),
            Event.confirm_on_invoice.is_(False),
            undone,
            sure,
            open_cents() > 0,
        )
    )
    found = db.session.scalars(query.order_by(Invoice.id).limit(_SHOWN)).all()
    return [one for one in map(invoice_by_id, found) if one]


class PaidTooMuch(NamedTuple):
    """An invoice on which the provider brought more than was open, and nothing waits to go back: so many cents."""

    invoice: Invoice
    cents: int


def paid_too_much() -> list[PaidTooMuch]:
    """Such as one that was paid by bank while the payer was at the checkout: the office decides what goes back."""
    online = sa.exists().where(
        InvoiceMatch.invoice_id == Invoice.id, InvoiceMatch.attempt_id.is_not(None), InvoiceMatch.undone_at.is_(None)
    )
    found = db.session.scalars(
        sa.select(Invoice)
        .where(online, open_cents() < 0)
        .order_by(Invoice.id)
        .options(selectinload(Invoice.matches), selectinload(Invoice.credited_by))
    )
    too_much = [PaidTooMuch(one, _surplus_cents(one)) for one in found.all()]
    return [one for one in too_much if one.cents > 0][:_SHOWN]


def _surplus_cents(invoice: Invoice) -> int:
    """What is too much, but for what goes back by bank or is on its way back at the provider."""
    attempts = {match.attempt for match in invoice.live_matches if match.attempt is not None}
    on_its_way = sum(max(0, matched_cents(attempt.id) - left_cents(attempt)) for attempt in attempts)
    return -invoice.balance.open_cents - owed_by_invoice(invoice.order_id)[invoice.id] - on_its_way
