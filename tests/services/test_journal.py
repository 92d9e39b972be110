"""The journal holds all that happened, balances, and stays what it was of a period that is over."""

from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from eventapp.documents.journal_sheet import HEADS, journal_sheet
from eventapp.domain.invoices import TIME_TO_COMPLETE, Buyer
from eventapp.domain.journal import Entry, Ledger, by_account
from eventapp.domain.settlements import SettlementKind
from eventapp.domain.times import local_date
from eventapp.domain.vat import Vat
from eventapp.extensions import db
from eventapp.models import InvoiceMatch, RevenueRuleRow, SettlementLine
from eventapp.queries.association import load_association
from eventapp.queries.journal import entries
from eventapp.services import crediting, invoicing, matching, refunding
from eventapp.services.cancelling import cancel_registration
from tests.factories import NOW, OFFICE, make_event
from tests.invoicing import BUYER, TREASURER, get, issued, make_order, make_ready
from tests.shop import Shop

FEBRUARY = NOW + timedelta(days=30)
THEN = (date(2026, 12, 1), date(2027, 1, 31))


def journal(first: date = THEN[0], last: date = THEN[1]) -> list[Entry]:
    db.session.rollback()
    return entries(first, last, load_association().chart)


def booked(found: list[Entry]) -> dict[Ledger, int]:
    """Debit less credit per account; nothing where both are the same."""
    total = dict.fromkeys(Ledger, 0)
    for posting in (posting for entry in found for posting in entry.postings):
        total[posting.ledger] += posting.cents
    return {ledger: cents for ledger, cents in total.items() if cents}


def test_all_that_happens_to_money_is_in_the_journal_and_balances(shop: Shop):
    make_ready()
    event = make_event(title="Masterclass")
    db.session.add(RevenueRuleRow(event_id=event.id, starts_on=date(2020, 1, 1), vat=Vat.EXEMPT, reason="Vrij"))
    db.session.commit()
    paid, withdrawn = (shop.paid(shop.booked(event)) for _ in range(2))
    invoicing.issue_due(now=NOW + TIME_TO_COMPLETE)
    cancel_registration(shop.registration(withdrawn.order_id).id, by=OFFICE, now=NOW, back_cents=9500)
    refunding.send_due(shop.gateway, now=NOW)
    by_bank, given_up = (issued(make_order(name)) for name in ("Ans", "Bram"))
    matching.match(by_bank, 14500, received_on=date(2026, 12, 30), by=TREASURER, now=NOW)
    matching.write_off(given_up, reason="Failliet", by=TREASURER, now=NOW)
    _settle(paid.provider_id or "", 9500, on=local_date(NOW))

    found = journal()

    assert {sum(posting.cents for posting in entry.postings) for entry in found} == {0}
    assert booked(found) == {
        # The fee that stays is nothing: all went back, and is credited.
        Ledger.SALES: -(9500 + 2 * 11983),
        Ledger.VAT_HIGH: -2 * 2517,
        Ledger.WRITTEN_OFF: 14500,
        Ledger.BANK: 14500 + 9461,
        Ledger.FEES: 39,
    }
    assert len({entry.about.ref for entry in found}) == len(found)
    bank = found[0].postings[0]
    assert (found[0].about.on, bank.account, bank.debit_cents) == (date(2026, 12, 30), "1100", 14500)
    # The rule of the event names no account, so that of the settings is taken; its code says that it is exempt.
    sales = [
        (p.account, p.cost_centre, p.vat_code) for entry in found for p in entry.postings if p.ledger == Ledger.SALES
    ]
    assert set(sales) == {("8000", "", "VRIJ"), ("8000", "10", "21")}


def _settle(payment_id: str, cents: int, *, on: date) -> None:
    lines = ((SettlementKind.PAYMENT, payment_id, cents), (SettlementKind.FEE, "", -39))
    for number, (kind, ref, amount) in enumerate(lines):
        row = {"provider_id": ref, "payment_id": ref, "amount_cents": amount, "happened_on": on, "settled_on": on}
        db.session.add(
            SettlementLine(
                settlement="1.01", key=f"{number}", kind=kind, **row, job_id=1, booked_at=NOW, booked_by="Pim Penning"
            )
        )
    db.session.commit()


def test_journal_of_what_is_over_stays_whatever_is_put_right_later(shop: Shop):
    make_ready()
    first, moved = (issued(make_order(name)) for name in ("Ans", "Bram"))
    for invoice_id in (first, moved):
        matching.match(invoice_id, 14500, received_on=date(2026, 12, 30), by=TREASURER, now=NOW)
    before = journal()

    match_id = db.session.scalars(sa.select(InvoiceMatch.id).where(InvoiceMatch.invoice_id == first)).one()
    matching.undo_match(match_id, reason="Van een ander", by=TREASURER, now=FEBRUARY)
    new = crediting.new_reference(moved, replace(BUYER, order_number="2"), reason="PO", by=TREASURER, now=FEBRUARY)
    crediting.credit(first, reason="Coulance", by=TREASURER, now=FEBRUARY)
    later = journal(date(2027, 2, 1), date(2027, 2, 28))

    assert journal() == before
    assert booked(before) == {Ledger.SALES: -2 * 11983, Ledger.VAT_HIGH: -2 * 2517, Ledger.BANK: 2 * 14500}
    # Money that went along to the new invoice was booked already, and is not booked again.
    assert new.number == "VNK2027-0004"
    assert booked(later) == {Ledger.SALES: 11983, Ledger.VAT_HIGH: 2517, Ledger.BANK: -14500}
    assert get(new.id).balance.received_cents == 14500


def test_sheet_has_a_row_per_posting_and_totals_that_are_equal(app):
    make_ready(cost_centre="99")
    issued(make_order(), Buyer(name="=HYPERLINK(1)", city="Gouda", street="Weg 1", postcode="2803 PA"))
    found = journal()

    sheet = journal_sheet(found, about="Journaal", association="VNK", printed_at=NOW)

    rows = [dict(zip(HEADS, row, strict=True)) for row in sheet.rows]
    assert [(row["Grootboek"], row["Kostenplaats"], row["Btw-code"]) for row in rows] == [
        ("1300", "", ""),
        ("8000", "10", "21"),
        ("1510", "", "21"),
        ("", "", ""),
    ]
    assert (str(rows[-1]["Debet"]), str(rows[-1]["Credit"])) == ("145.00", "145.00")
    assert [(one.account, one.debit_cents, one.credit_cents) for one in by_account(found)] == [
        ("1300", 14500, 0),
        ("1510", 0, 2517),
        ("8000", 0, 11983),
    ]
