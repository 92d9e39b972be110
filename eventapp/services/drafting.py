"""What is still to be charged for an order, and the draft in which that waits for its day."""

from datetime import date, datetime

import sqlalchemy as sa

from eventapp import formatting
from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.errors import InvoiceNotPossible
from eventapp.domain.invoices import Buyer, InvoiceKind, IssueMoment, issue_day
from eventapp.domain.registrations import State
from eventapp.domain.times import local_date
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import Invoice, Order, Organisation, Registration
from eventapp.queries.association import load_association
from eventapp.queries.invoices import draft_of_order, invoiced_cents, invoices_of_order
from eventapp.queries.on_invoice import may_pay_on_invoice
from eventapp.services import owing
from eventapp.services.audit import note
from eventapp.services.invoice_details import invoice_details_of
from eventapp.services.locks import lock_order, lock_orders_at
from eventapp.services.owing import owed_cents as owed_cents
from eventapp.transaction import transaction


def choose_invoice(order: Order, buyer: Buyer, *, now: datetime) -> None:
    """Within the transaction that locked or made the order: from now on it is paid on an invoice, for this buyer.

    Refuses with InvoiceNotPossible.
    """
    if not may_pay_on_invoice(order.event):
        raise InvoiceNotPossible()
    order.on_invoice_at, order.invoice_buyer = now, vars(buyer)


def draft_for(order_id: int, *, by: Actor = SYSTEM, now: datetime) -> Invoice | None:
    """The draft of what the order costs and was not charged yet; None when that is nothing, as a price of 0 needs none.

    Twice gives the same draft. Its buyer starts as what was filled in on choosing an invoice, or what is known of the
    organisation; it is issued on the day that the settings say, or by `invoicing.issue`. May stand inside the
    transaction of the booking.
    """
    with transaction():
        order = lock_order(order_id)
        owing.book(order.registrations, now=now)
        draft = draft_of_order(order_id)
        places = open_places(order)
        if not places:
            return draft
        issue_on = _issue_on(order, places, now=now)
        if draft:
            # Who came to wait for the money of it since cannot wait for the event.
            draft.issue_on = min(draft.issue_on or issue_on, issue_on)
            return draft
        buyer = buyer_of(order)
        draft = Invoice(
            token=new_token(),
            order=order,
            buyer=vars(buyer),
            buyer_name=buyer.addressee[:200],
            issue_on=issue_on,
            created_at=now,
        )
        db.session.add(draft)
        db.session.flush()
        note("invoice_drafted", "invoice", draft.id, by=by, now=now, event_id=order.event_id)
        return draft


def _issue_on(order: Order, places: list[tuple[Registration, int]], *, now: datetime) -> date:
    association = load_association()
    return issue_day(
        association.invoice_moment,
        days=association.invoice_days,
        booked_on=local_date(now),
        ends_on=local_date(order.event.ends_at),
        waits_for_money=any(one.state == State.AWAITING_PAYMENT for one, _ in places),
    )


def follow_event(event_id: int, *, before: datetime, after: datetime) -> None:
    """Within the transaction that moved an event, which was to end at `before`: its invoices still go after it."""
    if load_association().invoice_moment != IssueMoment.EVENT:
        return
    then, now = (
        issue_day(IssueMoment.EVENT, days=0, booked_on=day, ends_on=day) for day in map(local_date, (before, after))
    )
    if then == now:
        return
    # Orders before their invoices, as everybody locks them.
    lock_orders_at(event_id)
    waiting = sa.update(Invoice).where(
        Invoice.number.is_(None),
        Invoice.issue_on == then,
        Invoice.order_id.in_(sa.select(Order.id).where(Order.event_id == event_id)),
    )
    db.session.execute(waiting.values(issue_on=now))


def discard_draft(order_id: int, *, by: Actor = SYSTEM, now: datetime) -> None:
    """What was booked is off before there was an invoice: none comes. Without a draft nothing happens."""
    with transaction():
        lock_order(order_id)
        draft = draft_of_order(order_id)
        if draft is not None:
            note("invoice_discarded", "invoice", draft.id, by=by, now=now)
            db.session.delete(draft)


def open_places(order: Order) -> list[tuple[Registration, int]]:
    """Who is still to be charged, and how much, in cents."""
    charged = invoiced_cents(order.id)
    left = [
        (registration, owed_cents(registration) - charged.get(registration.id, 0))
        for registration in order.registrations
    ]
    return [(registration, cents) for registration, cents in left if cents > 0]


def buyer_of(order: Order) -> Buyer:
    """Whom an invoice of this order is for, as far as is known now."""
    before = [one for one in invoices_of_order(order.id) if one.kind == InvoiceKind.INVOICE]
    if before:
        return before[-1].details
    known, typed = _known_buyer(order), Buyer(**order.invoice_buyer)
    if typed.postal:
        # An address that was filled in is one whole: no number of another party may stand beside it.
        return typed
    return Buyer(**(vars(known) | {name: value for name, value in vars(typed).items() if value}))


def _known_buyer(order: Order) -> Buyer:
    booker = order.booker
    name = formatting.full_name(booker.given_name, booker.infix, booker.family_name)
    mine = next((r for r in order.registrations if r.is_bookers), order.registrations[0])
    organisation = db.session.get(Organisation, mine.organisation_id) if mine.organisation_id else None
    if organisation is None:
        typed = mine.organisation_name
        return Buyer(name=typed or name, attention=name if typed else "")
    kept = vars(invoice_details_of(organisation))
    kept["attention"] = kept["attention"] or name
    return Buyer(name=organisation.name, **kept)
