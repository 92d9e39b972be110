"""An issued invoice is taken back, in parts or whole, or made anew for another reference."""

import pytest
from flask import Flask

from eventapp.domain.errors import CreditTakesNoMoney, CreditTooHigh, NothingToCredit
from eventapp.domain.invoices import Buyer, InvoiceState
from eventapp.services import crediting, matching
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
