"""An issued invoice is taken back, in parts or whole, or made anew for another reference."""

import pytest
from flask import Flask

from eventapp.domain.errors import CreditTakesNoMoney, CreditTooHigh, NothingToCredit
from eventapp.domain.figures import Figure
from eventapp.domain.invoices import Buyer, InvoiceState
from eventapp.domain.registrations import State
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import CancellationTerm, Order
from eventapp.queries.money import Period, figures, wrong_dues
from eventapp.queries.on_invoice import payable
from eventapp.services import cancelling, crediting, drafting, matching, owing
from eventapp.services.invoice_snapshots import as_issued
from tests.factories import NOW
from tests.invoicing import BUYER, TREASURER, get, issued, make_attempt, make_order, make_ready

TODAY = NOW.date()


def test_credits_in_parts_take_back_exactly_what_was_charged(app: Flask) -> None:
    make_ready()
    invoice_id = issued(make_order("Anna", "Bram", price_cents=3333))
    anna, bram = (line.id for line in get(invoice_id).lines)
    registrations = {get(invoice_id).lines[1].registration_id: 1001}

    crediting.credit(invoice_id, {anna: 1111}, reason="Korting", by=TREASURER, now=NOW)
    crediting.credit_registrations(invoice_id, registrations, reason="Afgemeld", by=TREASURER, now=NOW)
    with pytest.raises(CreditTooHigh):
        crediting.credit(invoice_id, {bram: 2333}, reason="Te veel", by=TREASURER, now=NOW)
    last = crediting.credit(invoice_id, reason="De rest", by=TREASURER, now=NOW)
    with pytest.raises(NothingToCredit):
        crediting.credit(invoice_id, reason="Nog eens", by=TREASURER, now=NOW)

    found = get(invoice_id)
    assert found.state == InvoiceState.CREDITED
    assert [credit.gross_cents for credit in found.credited_by] == [-1111, -1001, -4554]
    assert sum(credit.vat_cents for credit in found.credited_by) == -found.vat_cents
    assert sum(line.net_cents for line in last.lines) == last.net_cents
    assert (as_issued(last).credits_number, last.reason) == (found.number, "De rest")
    with pytest.raises(CreditTakesNoMoney):
        matching.match(last.id, 100, received_on=TODAY, by=TREASURER, now=NOW)
    with pytest.raises(NothingToCredit):
        crediting.credit(last.id, reason="Van een credit", by=TREASURER, now=NOW)


def test_new_reference_credits_and_issues_anew_and_the_money_goes_along(app: Flask) -> None:
    make_ready()
    order = make_order()
    make_attempt(order, 14500)
    old_id = issued(order)

    buyer = Buyer(legal_name="Stichting De Brêge", order_number="PO-77", address="crediteuren@de-breg.example")
    new = crediting.new_reference(old_id, buyer, reason="Ander kenmerk", by=TREASURER, now=NOW)

    year = TODAY.year
    old = get(old_id)
    assert [old.number, old.credited_by[0].number, new.number] == [f"VNK{year}-000{n}" for n in (1, 2, 3)]
    assert (old.state, new.state, new.replaces_id) == (InvoiceState.CREDITED, InvoiceState.PAID, old_id)
    assert (as_issued(new).buyer, as_issued(new).open_cents) == (buyer, 0)
    assert as_issued(old).buyer == BUYER


@pytest.mark.parametrize("withdrawn", [False, True], ids=["comes", "withdrawn with a fee"])
def test_what_was_credited_by_hand_is_neither_asked_nor_invoiced_again(app: Flask, withdrawn: bool) -> None:
    make_ready()
    order = make_order("Anna", "Bram")
    order.on_invoice_at = NOW
    order.event.cancellation_terms = [CancellationTerm(days_before=0, refund_percent=40)]
    db.session.commit()
    order_id, invoice_id = order.id, issued(order)
    if withdrawn:
        cancelling.cancel_own(order.registrations[0].id, by=TREASURER, now=NOW)
    anna = get(invoice_id).lines[0]
    owed = 8700 if withdrawn else 14500

    crediting.credit(invoice_id, {anna.id: 4500}, reason="Coulance", by=TREASURER, now=NOW)

    db.session.rollback()
    order = db.session.get_one(Order, order_id)
    (event,) = figures(Period.ever(local_date(NOW)))
    left = owed - 4500 + 14500
    assert [owing.owed_cents(one) for one in order.registrations] == [owed - 4500, 14500]
    assert get(invoice_id).balance.open_cents == left
    assert (event.cents[Figure.OPEN], event.cents[Figure.TO_INVOICE], wrong_dues()) == (left, 0, [])
    assert (sum(cents for _, cents in payable(order)), drafting.draft_for(order_id, now=NOW)) == (
        14500 if withdrawn else left,
        None,
    )


def test_who_waited_for_an_invoice_that_is_credited_whole_has_the_place(app: Flask) -> None:
    make_ready()
    order = make_order("Anna", "Bram")
    order.on_invoice_at = NOW
    for registration in order.registrations:
        registration.state = State.AWAITING_PAYMENT
    db.session.commit()
    order_id, invoice_id = order.id, issued(order)
    anna = get(invoice_id).lines[0]

    crediting.credit(invoice_id, {anna.id: 14500}, reason="Coulance", by=TREASURER, now=NOW)

    db.session.rollback()
    states = [one.state for one in db.session.get_one(Order, order_id).registrations]
    assert states == [State.CONFIRMED, State.AWAITING_PAYMENT]
