"""What happens to an order reaches its invoices: paid, withdrawn with or without a fee, handed over, sent back."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Role
from eventapp.domain.invoices import TIME_TO_COMPLETE, InvoiceState
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import CancellationTerm, Event, HandOver, Invoice, Order, RefundProposal, Registration
from eventapp.services import (
    calling_off,
    cancelling,
    crediting,
    differences,
    drafting,
    handing_over,
    invoice_papers,
    invoicing,
    matching,
    refunding,
    refunding_by_hand,
)
from tests.factories import NOW, OFFICE, make_event, make_organisation
from tests.invoicing import get, issued, make_order, make_ready
from tests.reading import last_mail
from tests.shop import PRICE, Shop
from tests.web.office import signed_in

# Of the price, once somebody withdraws; the provider refuses the same refund twice in an hour, so not both half.
BACK, FEE = 3800, 5700


def event_with_fee() -> Event:
    """Whoever withdraws gets two fifths of the price back."""
    event = make_event(prices={Category.NIET_LID: PRICE}, hand_over_to_anybody=True)
    event.cancellation_terms = [CancellationTerm(days_before=0, refund_percent=40)]
    db.session.commit()
    return event


def billed(order_id: int) -> list[tuple[int, InvoiceState]]:
    """The invoices of an order, drafts and credits too: the amount, and where it stands."""
    db.session.rollback()
    found = db.session.scalars(sa.select(Invoice).where(Invoice.order_id == order_id).order_by(Invoice.id))
    return [(invoice.gross_cents, invoice.state) for invoice in found]


def issue_all() -> None:
    invoicing.issue_due(now=NOW + TIME_TO_COMPLETE)


def withdraw(shop: Shop, order_id: int, **more: Any) -> None:
    cancelling.cancel_own(shop.registration(order_id).id, by=OFFICE, now=NOW, **more)


def send_back(shop: Shop) -> None:
    """The refunds that are planned reach the provider, twice looked at."""
    for _ in range(2):
        refunding.send_due(shop.gateway, now=NOW)


def test_paid_place_is_invoiced_once_as_paid_and_a_fee_that_stays_remains_invoiced(shop: Shop):
    make_ready()
    order_id = shop.booked(event_with_fee())
    attempt = shop.paid(order_id)
    drafted = billed(order_id)
    shop.settle(attempt)
    issue_all()
    paid = billed(order_id)

    withdraw(shop, order_id)
    promised = billed(order_id)
    send_back(shop)

    assert drafted == [(0, InvoiceState.DRAFT)]
    assert paid == [(PRICE, InvoiceState.PAID)]
    assert promised == [(PRICE, InvoiceState.OVERPAID), (-BACK, InvoiceState.SETTLED)]
    assert billed(order_id) == [(PRICE, InvoiceState.PAID), (-BACK, InvoiceState.SETTLED)]


def test_fee_is_all_that_is_invoiced_when_the_invoice_was_still_to_come(shop: Shop):
    make_ready()
    order_id = shop.booked(event_with_fee())
    shop.paid(order_id)
    withdraw(shop, order_id)

    send_back(shop)
    issue_all()

    assert billed(order_id) == [(FEE, InvoiceState.PAID)]


def test_office_that_gives_the_fee_back_after_all_credits_it(shop: Shop):
    make_ready()
    order_id = shop.booked(event_with_fee())
    attempt_id = shop.paid(order_id).id
    withdraw(shop, order_id)
    issue_all()

    refunding_by_hand.refund(attempt_id, FEE, shop.gateway, reason="Coulance", by=OFFICE, now=NOW)
    send_back(shop)

    assert billed(order_id) == [(FEE, InvoiceState.CREDITED), (-FEE, InvoiceState.SETTLED)]


def test_chargeback_opens_the_invoice_and_its_reversal_closes_it(shop: Shop):
    make_ready()
    order_id = shop.booked()
    attempt = shop.paid(order_id)
    issue_all()
    shop.sandbox.control(f"payments/{attempt.provider_id}/charge-back")

    shop.settle(attempt)
    shop.settle(attempt)
    charged_back = billed(order_id)
    shop.sandbox.control(f"payments/{attempt.provider_id}/reverse-chargebacks")
    shop.settle(attempt)
    shop.settle(attempt)

    assert charged_back == [(PRICE, InvoiceState.OPEN)]
    assert billed(order_id) == [(PRICE, InvoiceState.PAID)]


def test_reminder_after_a_chargeback_says_why_money_is_asked_for_an_invoice_that_was_paid(shop: Shop):
    make_ready(invoice_reminder_days="7")
    attempt = shop.paid(shop.booked())
    issue_all()
    invoice_papers.draw_due(now=NOW)
    shop.sandbox.control(f"payments/{attempt.provider_id}/charge-back")
    shop.settle(attempt)

    invoice_papers.remind_due(now=NOW + timedelta(days=8))

    text = last_mail("invoice_reminder").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "staat nog € 95,00 open. De factuur was betaald, maar die betaling is teruggedraaid." in text


def test_nobody_is_reminded_of_what_the_office_gave_back_at_the_provider_itself(shop: Shop):
    make_ready(invoice_reminder_days="7")
    attempt = shop.paid(shop.booked())
    issue_all()
    invoice_papers.draw_due(now=NOW)
    shop.sandbox.control(f"payments/{attempt.provider_id}/refund", amount_cents=1500)
    shop.settle(attempt)

    sent = invoice_papers.remind_due(now=NOW + timedelta(days=8))
    invoice = db.session.scalars(sa.select(Invoice)).one()
    page = signed_in(shop.app, Role.PENNINGMEESTER).get(f"/beheer/geld/facturen/{invoice.id}")

    assert (sent, invoice.balance.open_cents) == (0, 1500)
    assert "Bij Mollie is er geld teruggegaan, buiten dit systeem om" in page.text
    assert "Er is geen e-factuur. Daarvoor ontbreekt: het adres van de klant" in page.text
    crediting.credit(invoice.id, {invoice.lines[0].id: 1500}, reason="Korting", by=OFFICE, now=NOW)
    assert get(invoice.id).state == InvoiceState.PAID


def test_cancelled_event_credits_what_was_invoiced_and_drops_drafts(shop: Shop):
    make_ready()
    event = event_with_fee()
    event_id = event.id
    paid_id, fee_id = shop.booked(event), shop.booked(event)
    shop.paid(paid_id)
    shop.paid(fee_id)
    withdraw(shop, fee_id)
    issue_all()
    draft_id = shop.booked(db.session.get_one(Event, event_id))
    shop.paid(draft_id)

    calling_off.cancel_event(event_id, reason="Storm", by=OFFICE, now=NOW)
    send_back(shop)

    assert billed(paid_id) == [(PRICE, InvoiceState.CREDITED), (-PRICE, InvoiceState.SETTLED)]
    assert billed(fee_id) == [(FEE, InvoiceState.CREDITED), (-FEE, InvoiceState.SETTLED)]
    assert billed(draft_id) == []


def test_invoice_goes_along_with_a_place_handed_over_and_is_credited_when_the_newcomer_withdraws(shop: Shop):
    make_ready()
    order_id = shop.booked(event_with_fee())
    shop.paid(order_id)
    issue_all()
    first_id = shop.registration(order_id).id
    handing_over.offer(first_id, "noor@elders.example", "Noor", "", "Smit", by=OFFICE, now=NOW)
    token = db.session.scalars(sa.select(HandOver.token)).one()

    new_id = handing_over.accept(token, "Noor", "", "Smit", now=NOW).id
    again = drafting.draft_for(order_id, now=NOW)
    cancelling.cancel_registration(new_id, by=OFFICE, now=NOW, back_cents=PRICE)
    send_back(shop)

    assert again is None
    assert billed(order_id) == [(PRICE, InvoiceState.CREDITED), (-PRICE, InvoiceState.SETTLED)]


@pytest.mark.usefixtures("app")
def test_one_who_withdraws_from_an_unpaid_group_invoice_is_credited_and_the_other_still_owes():
    make_ready()
    order = make_order("Marieke", "Noor")
    order_id, invoice_id = order.id, issued(order)
    gone = db.session.get_one(Order, order_id).registrations[1].id

    cancelling.cancel_registration(gone, by=OFFICE, now=NOW, back_cents=0)

    assert billed(order_id) == [(29000, InvoiceState.OPEN), (-14500, InvoiceState.SETTLED)]
    assert get(invoice_id).balance.open_cents == 14500


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(("received", "state"), [(0, InvoiceState.OPEN), (PRICE, InvoiceState.OVERPAID)])
def test_who_withdraws_from_an_invoice_owes_the_fee_whether_it_was_paid_by_bank_or_not(received, state):
    make_ready()
    order = make_order(event=event_with_fee(), price_cents=PRICE)
    order_id, gone, invoice_id = order.id, order.registrations[0].id, issued(order)
    if received:
        matching.match(invoice_id, received, received_on=NOW.date(), by=OFFICE, now=NOW)

    cancelling.cancel_own(gone, by=OFFICE, now=NOW)

    assert billed(order_id) == [(PRICE, state), (-BACK, InvoiceState.SETTLED)]
    assert get(invoice_id).balance.open_cents == FEE - received


def test_difference_of_who_turned_out_to_be_a_member_is_credited(shop: Shop):
    make_ready()
    order_id = shop.booked()
    shop.paid(order_id)
    issue_all()
    organisation = make_organisation()
    proposal = RefundProposal(
        registration_id=shop.registration(order_id).id,
        organisation_id=organisation.id,
        amount_cents=PRICE,
        category=Category.LID,
        reason={},
        created_at=NOW,
    )
    db.session.add(proposal)
    db.session.commit()

    differences.give(proposal.id, by=OFFICE, now=NOW)
    send_back(shop)

    assert db.session.get_one(Registration, shop.registration(order_id).id).state == State.CONFIRMED
    assert billed(order_id) == [(PRICE, InvoiceState.CREDITED), (-PRICE, InvoiceState.SETTLED)]
