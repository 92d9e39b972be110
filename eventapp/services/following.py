"""What happens to an order reaches its invoices: paid for, withdrawn, or made cheaper.

The rule is `domain/invoices.owed_cents`: what was charged beyond it is credited, and a draft goes when nothing is left.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from eventapp import wording
from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.errors import InvoiceNotReady
from eventapp.domain.invoices import InvoiceKind
from eventapp.domain.payments import KEPT, AttemptStatus
from eventapp.extensions import db
from eventapp.models import DueCredit, Invoice, Order, PaymentAttempt
from eventapp.queries.attempts import left_cents
from eventapp.queries.bank_refunds import banked_cents
from eventapp.queries.invoices import draft_of_order, invoiced_cents, invoices_of_order, stand_ins
from eventapp.services import crediting, drafting, matching, owing
from eventapp.services.locks import lock_order
from eventapp.transaction import transaction


def paid(order: Order, attempt: PaymentAttempt, *, now: datetime) -> None:
    """Within the transaction that locked the order: the provider's money bought places.

    What was invoiced before takes its part of the money; the rest waits for the invoice that is drafted now.
    """
    charged = invoiced_cents(order.id)
    cents = sum(item.amount_cents for item in attempt.items if charged.get(item.registration_id, 0) > 0)
    if cents:
        matching.receive_payment(attempt, at_most_cents=cents, now=now)
    drafting.draft_for(order.id, now=now)


def is_billed(order_id: int) -> bool:
    """Whether the order has an invoice, or a draft of one."""
    return bool(invoices_of_order(order_id))


def costs_less(order: Order, *, reason: str, by: Actor = SYSTEM, now: datetime) -> None:
    """Within the transaction that locked the order: its invoices take back what it no longer costs.

    Twice does nothing more, and an order without invoices gets none. When the settings that an invoice needs were
    emptied since, the credit waits for them (`credit_what_waits`): nobody is kept from withdrawing by that.
    """
    owing.book(order.registrations, now=now)
    if not is_billed(order.id):
        return
    try:
        with db.session.begin_nested():
            _credit(order, reason, by, now)
    except InvoiceNotReady as refusal:
        _put_off(order.id, reason, refusal.facts["missing"], now=now)
    else:
        db.session.execute(sa.delete(DueCredit).where(DueCredit.order_id == order.id))
    if draft_of_order(order.id) and not drafting.open_places(order):
        drafting.discard_draft(order.id, by=by, now=now)


def _put_off(order_id: int, reason: str, missing: str, *, now: datetime) -> None:
    waits = db.session.get(DueCredit, order_id)
    if waits is None:
        db.session.add(DueCredit(order_id=order_id, reason=reason, missing=missing, since=now))
    else:
        waits.reason, waits.missing = reason, missing


def credit_what_waits(*, now: datetime) -> int:
    """Try the credits that waited for a setting, each in its own transaction; answers how many still wait."""
    order_ids = db.session.scalars(sa.select(DueCredit.order_id).order_by(DueCredit.since)).all()
    db.session.rollback()
    for order_id in order_ids:
        with transaction():
            order = lock_order(order_id)
            waits = db.session.get(DueCredit, order_id)
            if waits is not None:
                costs_less(order, reason=waits.reason, now=now)
    return db.session.scalar(sa.select(sa.func.count()).select_from(DueCredit)) or 0


def given_back(order: Order, attempt: PaymentAttempt, cents: int, *, by: Actor, now: datetime) -> None:
    """Within the transaction that planned it: of what was owed so much went back after all, by hand.

    What was too much costs nobody less. Beyond that a fee that stayed becomes less, and then the price of who comes:
    an invoice that stayed as it was would be open again, and reminded of.
    """
    cents = max(0, cents - _too_much_cents(order, planned_cents=cents)) if attempt.outcome in KEPT else 0
    for registration in attempt.pays_for:
        cents -= owing.lower(registration, cents)
    costs_less(order, reason=wording.CREDIT_GIVEN_BACK, by=by, now=now)


def _too_much_cents(order: Order, *, planned_cents: int) -> int:
    """What was in for the order beyond what it costs, before this much of it was planned to go back."""
    paid = sa.select(PaymentAttempt).where(
        PaymentAttempt.order_id == order.id,
        PaymentAttempt.status == AttemptStatus.PAID,
        PaymentAttempt.outcome.in_(KEPT),
    )
    held = sum(left_cents(attempt) for attempt in db.session.scalars(paid))
    owed = sum(owing.owed_cents(registration) for registration in order.registrations)
    return max(0, held + planned_cents + banked_cents(order.id) - owed)


def event_off(order: Order, *, by: Actor, now: datetime) -> None:
    """Within a transaction that locked the order: its event is off, so nobody owes anything, also no fee of before."""
    if not is_billed(order.id):
        return
    for registration in order.registrations:
        registration.kept_cents = 0
    costs_less(order, reason=wording.CREDIT_EVENT_OFF, by=by, now=now)


def _credit(order: Order, reason: str, by: Actor, now: datetime) -> None:
    owed = {registration.id: owing.owed_cents(registration) for registration in order.registrations}
    for invoice, amounts in _to_take_back(order, owed):
        crediting.credit_registrations(invoice.id, amounts, reason=reason, by=by, now=now)


def would_credit(order: Order, kept: Mapping[int, int]) -> dict[int, int]:
    """Cents per invoice that would be taken back if these registrations owed no more than this. Only looks."""
    owed = {registration.id: owing.owed_cents(registration) for registration in order.registrations}
    return {invoice.id: sum(amounts.values()) for invoice, amounts in _to_take_back(order, owed | dict(kept))}


def _to_take_back(order: Order, owed: Mapping[int, int]) -> list[tuple[Invoice, dict[int, int]]]:
    """Of each invoice, the last one first, the cents per registration that were charged beyond what is owed."""
    places, found = stand_ins(order.id), []
    over = {place: cents - owed[place] for place, cents in invoiced_cents(order.id).items() if cents > owed[place]}
    for invoice in reversed(invoices_of_order(order.id)):
        if invoice.number is None or invoice.kind == InvoiceKind.CREDIT:
            continue
        left = crediting.left_cents(invoice)
        amounts: dict[int, int] = {}
        for line in invoice.lines:
            charged_id = line.registration_id or 0
            place = places.get(charged_id, charged_id)
            cents = min(over.get(place, 0), left[line.id])
            if cents > 0:
                amounts[charged_id] = cents
                over[place] -= cents
        if amounts:
            found.append((invoice, amounts))
    return found
