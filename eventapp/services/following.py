"""What happens to an order reaches its invoices: paid for, withdrawn, or made cheaper.

The rule is `domain/invoices.owed_cents`: what was charged beyond it is credited, and a draft goes when nothing is left.
"""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.invoices import InvoiceKind
from eventapp.extensions import db
from eventapp.models import Invoice, Order, PaymentAttempt
from eventapp.queries.invoices import draft_of_order, invoiced_cents, invoices_of_order, stand_ins
from eventapp.services import crediting, invoicing, matching

# Printed on the credit invoice.
WITHDRAWN = "Afmelding"
EVENT_OFF = "De bijeenkomst gaat niet door"
FEE_BACK = "Kosten van de afmelding teruggegeven"


def paid(order: Order, attempt: PaymentAttempt, *, now: datetime) -> None:
    """Within the transaction that locked the order: the provider's money bought places.

    What was invoiced before takes its part of the money; the rest waits for the invoice that is drafted now.
    """
    charged = invoiced_cents(order.id)
    cents = sum(item.amount_cents for item in attempt.items if charged.get(item.registration_id, 0) > 0)
    if cents:
        matching.receive_payment(attempt, at_most_cents=cents, now=now)
    invoicing.draft_for(order.id, now=now)


def is_billed(order_id: int) -> bool:
    """Whether the order has an invoice, or a draft of one."""
    return bool(invoices_of_order(order_id))


def costs_less(order: Order, *, reason: str, by: Actor = SYSTEM, now: datetime) -> None:
    """Within the transaction that locked the order: its invoices take back what it no longer costs.

    Twice does nothing more, and an order without invoices gets none. A credit refuses with InvoiceNotReady when the
    settings of the association were emptied after the invoice.
    """
    if not is_billed(order.id):
        return
    _credit(order, reason, by, now)
    if draft_of_order(order.id) and not invoicing.open_places(order):
        invoicing.discard_draft(order.id, by=by, now=now)


def fee_given_back(order: Order, attempt: PaymentAttempt, cents: int, *, by: Actor, now: datetime) -> None:
    """Within the transaction that locked the order: of a fee that stayed so much went back after all."""
    for registration in attempt.pays_for:
        back = min(cents, registration.kept_cents)
        registration.kept_cents -= back
        cents -= back
    costs_less(order, reason=FEE_BACK, by=by, now=now)


def event_off(event_id: int, *, by: Actor, now: datetime) -> None:
    """Within the transaction that cancelled the event: nobody owes anything, also no fee of before."""
    billed = sa.select(Order).where(Order.event_id == event_id, Order.id.in_(sa.select(Invoice.order_id)))
    for order in db.session.scalars(billed.order_by(Order.id)).all():
        for registration in order.registrations:
            registration.kept_cents = 0
        costs_less(order, reason=EVENT_OFF, by=by, now=now)


def _credit(order: Order, reason: str, by: Actor, now: datetime) -> None:
    places = stand_ins(order.id)
    owed = {registration.id: invoicing.owed_cents(registration) for registration in order.registrations}
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
            crediting.credit_registrations(invoice.id, amounts, reason=reason, by=by, now=now)
