"""Money that goes back by bank: from what is too much, through an IBAN, to what left; once, and always balanced."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventapp.domain.bank_refunds import BankRefundState
from eventapp.domain.cancellation import Settlement
from eventapp.domain.concerns import Concern
from eventapp.domain.errors import (
    BadIban,
    BadTransferDay,
    NothingToPayBack,
    OwnIban,
    PaidBackAlready,
    PartOfBankRefund,
    RetriedAlready,
    SecondYesNeeded,
)
from eventapp.domain.figures import Figure
from eventapp.domain.invoices import TIME_TO_COMPLETE, Buyer, InvoiceState, MatchSource
from eventapp.domain.payments import RefundState
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import (
    BankRefund,
    CancellationTerm,
    DueCredit,
    Invoice,
    InvoiceMatch,
    MoneyMovement,
    Order,
    Setting,
)
from eventapp.queries.attempts import left_cents
from eventapp.queries.concerns import rows as waiting
from eventapp.queries.money import Period, figures
from eventapp.services import (
    bank_refunds,
    calling_off,
    cancelling,
    crediting,
    following,
    forgetting,
    invoicing,
    matching,
    paying_back,
    refunding,
    refunding_by_hand,
    withdrawal,
)
from tests.factories import NOW, OFFICE, make_event
from tests.invoicing import SETTINGS, TREASURER, get, issued, make_order, make_ready
from tests.reading import all_mails, kinds
from tests.shop import Shop

PRICE = 9500
IBAN = "NL20 INGB 0001 2345 67"
TODAY = NOW.date()


def paid_by_bank(*people: str, received: int = PRICE, percent: int = 100) -> tuple[int, int]:
    """An order on an invoice that was paid by bank, at an event that gives back so much: order and invoice."""
    make_ready()
    event = make_event(prices={Category.NIET_LID: PRICE})
    event.cancellation_terms = [CancellationTerm(days_before=0, refund_percent=percent)]
    order = make_order(*people, event=event, price_cents=PRICE)
    order_id, invoice_id = order.id, issued(order)
    if received:
        matching.match(invoice_id, received, received_on=TODAY, source=MatchSource.BANK, by=TREASURER, now=NOW)
    return order_id, invoice_id


def registrations(order_id: int) -> list[int]:
    return [registration.id for registration in db.session.get_one(Order, order_id).registrations]


def withdraw(order_id: int) -> None:
    cancelling.cancel_own(registrations(order_id)[0], by=OFFICE, now=NOW)


def rows() -> list[tuple[int, BankRefundState]]:
    db.session.rollback()
    found = db.session.scalars(sa.select(BankRefund).order_by(BankRefund.id))
    return [(row.amount_cents, row.state) for row in found]


def only() -> BankRefund:
    db.session.rollback()
    return db.session.scalars(sa.select(BankRefund).execution_options(populate_existing=True)).one()


def done(**more: Any) -> None:
    values = {"by": TREASURER, "now": NOW, "confirmed_cents": only().amount_cents} | more
    paying_back.mark_done(only().id, values.pop("paid_on", TODAY), **values)


def counted(**wanted: int) -> dict[str, int]:
    """The figures of the one event that are asked for."""
    db.session.rollback()
    (one,) = figures(Period.ever(TODAY))
    return {name: one.cents[Figure(name)] for name in wanted}


@pytest.mark.usefixtures("app")
def test_who_paid_by_bank_and_withdraws_gives_an_iban_and_is_paid_once():
    order_id, invoice_id = paid_by_bank()
    withdraw(order_id)
    waiting = rows()
    asked = all_mails()[-1]

    paying_back.give_details(order_id, IBAN, "PO Veenrand", by=OFFICE, now=NOW)
    paying_back.give_details(order_id, IBAN, "PO Veenrand", by=OFFICE, now=NOW)
    done()
    with pytest.raises(PaidBackAlready):
        done()
    with pytest.raises(PaidBackAlready):
        paying_back.keep(only().id, "Gift", by=TREASURER, now=NOW, confirmed_cents=PRICE)
    bank_refunds.follow_everywhere(now=NOW)

    assert waiting == [(PRICE, BankRefundState.WAITING)]
    assert "/rekeningnummer" in asked.text
    assert rows() == [(PRICE, BankRefundState.DONE)]
    assert (only().iban, only().paid_on) == ("NL20INGB0001234567", TODAY)
    assert kinds()[-4:] == ["registration_cancelled", "bank_refund", "bank_refund", "bank_refund"]
    assert get(invoice_id).state == InvoiceState.CREDITED
    balanced = {"booked": 0, "paid": PRICE, "refunded": PRICE, "held": 0, "open": 0}
    assert counted(**balanced) == balanced


def call_off(order_id: int, _invoice_id: int) -> None:
    calling_off.cancel_event(db.session.get_one(Order, order_id).event_id, reason="Storm", by=OFFICE, now=NOW)


def credit(_order_id: int, invoice_id: int) -> None:
    crediting.credit(invoice_id, reason="Vergissing", by=TREASURER, now=NOW)


def office_withdraws(order_id: int, _invoice_id: int) -> None:
    cancelling.cancel_registration(registrations(order_id)[0], by=OFFICE, now=NOW, back_cents=0, kept_cents=2500)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("received", "happens", "back"),
    [
        (PRICE, call_off, PRICE),
        (PRICE, credit, PRICE),
        (PRICE, office_withdraws, PRICE - 2500),
        (4000, office_withdraws, 1500),
        (PRICE + 300, lambda *_: None, 300),
        (PRICE + 300, credit, PRICE + 300),
        (0, credit, 0),
    ],
)
def test_what_is_too_much_is_one_row_whatever_made_it_so(received, happens, back):
    happens(*paid_by_bank(received=received))
    found = rows()

    bank_refunds.follow_everywhere(now=NOW)

    assert found == rows() == ([(back, BankRefundState.WAITING)] if back else [])


@pytest.mark.usefixtures("app")
def test_kept_money_is_written_off_and_comes_back_only_when_that_is_undone():
    order_id, invoice_id = paid_by_bank(received=PRICE + 500)
    db.session.merge(Setting(name="refund_confirm_cents", value="400"))
    db.session.commit()
    with pytest.raises(SecondYesNeeded):
        paying_back.keep(only().id, "Gift", by=TREASURER, now=NOW)

    paying_back.keep(only().id, "Gift", by=TREASURER, now=NOW, confirmed_cents=500)
    kept = (rows(), get(invoice_id).balance.open_cents, counted(paid=0, written_off=0, held=0, open=0))
    matching.match(invoice_id, 200, received_on=TODAY, by=TREASURER, now=NOW)
    again = rows()
    paying_back.undo(db.session.scalars(sa.select(BankRefund.id)).first(), "Toch terug", by=TREASURER, now=NOW)

    figures_then = {"paid": PRICE + 500, "written_off": -500, "held": PRICE + 500, "open": 0}
    assert kept == ([(500, BankRefundState.KEPT)], 0, figures_then)
    assert again == [(500, BankRefundState.KEPT), (200, BankRefundState.WAITING)]
    assert rows() == [(500, BankRefundState.LAPSED), (700, BankRefundState.WAITING)]
    assert db.session.get_one(Order, order_id).registrations[0].state == State.CONFIRMED


@pytest.mark.usefixtures("app")
def test_transfer_that_never_left_waits_again_and_its_match_is_undone_there_only():
    order_id, invoice_id = paid_by_bank()
    withdraw(order_id)
    done()
    match = db.session.scalars(sa.select(InvoiceMatch).where(InvoiceMatch.amount_cents < 0)).one()
    with pytest.raises(PartOfBankRefund):
        matching.undo_match(match.id, reason="Fout", by=TREASURER, now=NOW)

    paying_back.undo(only().id, "Verkeerde rekening", by=TREASURER, now=NOW)

    assert rows() == [(PRICE, BankRefundState.WAITING)]
    assert get(invoice_id).state == InvoiceState.OVERPAID
    done()
    assert get(invoice_id).state == InvoiceState.CREDITED


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("days", [1, -1])
def test_transfer_on_an_impossible_day_is_refused(days):
    paid_by_bank(received=PRICE + 500)

    with pytest.raises(BadTransferDay):
        done(paid_on=TODAY + timedelta(days=days))

    assert rows() == [(500, BankRefundState.WAITING)]


@pytest.mark.usefixtures("app")
def test_row_goes_when_the_money_was_a_mistake_and_along_when_the_invoice_is_replaced():
    order_id, invoice_id = paid_by_bank(received=PRICE + 500)
    paying_back.give_details(order_id, IBAN, "PO Veenrand", by=OFFICE, now=NOW)

    new_id = crediting.new_reference(invoice_id, Buyer(name="Ander"), reason="Kenmerk", by=TREASURER, now=NOW).id
    moved = (rows(), only().invoice_id, only().iban)
    match_id = get(new_id).live_matches[0].id
    matching.undo_match(match_id, reason="Van een ander", by=TREASURER, now=NOW)

    assert moved == ([(500, BankRefundState.WAITING)], new_id, "NL20INGB0001234567")
    assert rows() == [(500, BankRefundState.LAPSED)]
    with pytest.raises(NothingToPayBack):
        paying_back.give_details(order_id, IBAN, "PO Veenrand", by=OFFICE, now=NOW)


@pytest.mark.usefixtures("app")
def test_account_that_cannot_be_or_is_ours_is_refused():
    order_id, _ = paid_by_bank(received=PRICE + 500)

    with pytest.raises(BadIban):
        paying_back.give_details(order_id, "NL91 ABNA 0417 1643 01", "X", by=OFFICE, now=NOW)
    with pytest.raises(OwnIban):
        paying_back.give_details(order_id, SETTINGS["iban"], "X", by=OFFICE, now=NOW)

    assert only().iban == ""


@pytest.mark.usefixtures("app")
def test_account_is_erased_after_its_term_and_the_amount_stays():
    order_id, _ = paid_by_bank(received=PRICE + 500)
    paying_back.give_details(order_id, IBAN, "PO Veenrand", by=OFFICE, now=NOW)
    done()

    early = forgetting.sweep(now=NOW + timedelta(days=89)).bank_details
    late = forgetting.sweep(now=NOW + timedelta(days=91)).bank_details

    assert (early, late) == (0, 1)
    assert (only().iban, only().holder, only().amount_cents) == ("", "", 500)


def failed_refund(shop: Shop) -> int:
    """Somebody withdrew and the bank sent the money back to the provider: the order."""
    make_ready()
    order_id = shop.booked(make_event(prices={Category.NIET_LID: PRICE}))
    attempt = shop.paid(order_id)
    invoicing.issue_due(now=NOW + TIME_TO_COMPLETE)
    cancelling.cancel_own(shop.registration(order_id).id, by=OFFICE, now=NOW)
    refunding.send_due(shop.gateway, now=NOW)
    shop.sandbox.control(f"refunds/{shop.refunds()[0].provider_id}/settle", status="failed")
    shop.settle(attempt)
    return order_id


def test_refund_that_failed_goes_by_bank_once_and_the_books_agree(shop: Shop):
    order_id = failed_refund(shop)
    refund_id = shop.refunds()[0].id
    before = len(waiting(Concern.REFUNDS, now=NOW))

    row_id = paying_back.instead_of(refund_id, shop.gateway, paid_on=TODAY, by=TREASURER, now=NOW)
    twice = paying_back.instead_of(refund_id, shop.gateway, paid_on=None, by=TREASURER, now=NOW)
    shop.settle(shop.attempts(order_id)[0])
    with pytest.raises(RetriedAlready):
        refunding_by_hand.retry(refund_id, shop.gateway, by=OFFICE, now=NOW)

    assert (before, len(waiting(Concern.REFUNDS, now=NOW)), twice) == (1, 0, row_id)
    assert left_cents(shop.attempts(order_id)[0]) == 0
    moved = db.session.execute(sa.select(MoneyMovement.kind, MoneyMovement.amount_cents).order_by(MoneyMovement.id))
    assert sum(cents for _, cents in moved) == 0
    assert {invoice.state for invoice in db.session.scalars(sa.select(Invoice))} == {
        InvoiceState.CREDITED,
        InvoiceState.SETTLED,
    }
    balanced = {"paid": PRICE, "refunded": PRICE, "held": 0, "open": 0}
    assert counted(**balanced) == balanced


def test_refund_by_bank_that_is_undone_waits_again_and_asks_nobody_twice(shop: Shop):
    order_id = failed_refund(shop)
    refund_id = shop.refunds()[0].id
    row_id = paying_back.instead_of(refund_id, shop.gateway, paid_on=None, by=TREASURER, now=NOW)
    asked = shop.mails().count("bank_refund")
    paying_back.mark_done(row_id, TODAY, by=TREASURER, now=NOW)

    paying_back.undo(row_id, "Teruggestuurd", by=TREASURER, now=NOW)

    assert rows() == [(PRICE, BankRefundState.WAITING)]
    assert (left_cents(shop.attempts(order_id)[0]), asked) == (0, 1)
    balanced = {"paid": PRICE, "refunded": 0, "held": PRICE}
    assert counted(**balanced) == balanced
    paying_back.keep(row_id, "Gift", by=TREASURER, now=NOW)
    assert counted(held=0, written_off=0, open=0) == {"held": PRICE, "written_off": -PRICE, "open": 0}
    assert shop.refunds()[0].state == RefundState.FAILED


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("people", "received", "percent", "settled", "by_bank", "kept"),
    [
        (("Marieke",), PRICE, 100, Settlement.BANK, PRICE, 0),
        (("Marieke",), PRICE, 40, Settlement.BANK, 3800, 5700),
        (("Marieke",), PRICE, 0, Settlement.INVOICE, 0, PRICE),
        (("Marieke",), 0, 100, Settlement.INVOICE, 0, 0),
        (("Marieke",), 6000, 40, Settlement.BANK, 300, 5700),
        (("Marieke", "Noor"), 2 * PRICE, 100, Settlement.BANK, 2 * PRICE, 0),
        (("Marieke", "Noor"), PRICE, 100, Settlement.INVOICE, PRICE, 0),
    ],
)
def test_what_is_said_beforehand_is_what_happens(people, received, percent, settled, by_bank, kept):
    order_id, invoice_id = paid_by_bank(*people, received=received, percent=percent)
    order = db.session.get_one(Order, order_id)

    said = withdrawal.preview_together(order.registrations, now=NOW)
    cancelling.cancel_own_order(order_id, by=OFFICE, now=NOW)

    assert {one.settlement for one in said.each.values()} == {settled}
    assert (said.by_bank_cents, said.kept_on_invoice_cents) == (by_bank, kept)
    assert sum(cents for cents, _ in rows()) == by_bank
    assert get(invoice_id).balance.due_cents == kept


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("way", ["own", "office", "event"])
def test_nobody_is_kept_from_withdrawing_by_settings_that_were_emptied(way):
    order_id, invoice_id = paid_by_bank()
    street = db.session.get_one(Setting, "street")
    db.session.delete(street)
    db.session.commit()

    if way == "event":
        call_off(order_id, invoice_id)
    elif way == "office":
        office_withdraws(order_id, invoice_id)
    else:
        withdraw(order_id)
    state = db.session.get_one(Order, order_id).registrations[0].state
    waits = [(one.order_id, one.missing) for one in waiting(Concern.CREDITS, now=NOW)]
    still = following.credit_what_waits(now=NOW)
    make_ready()
    left = following.credit_what_waits(now=NOW)

    assert state == State.CANCELLED
    assert (waits, still, left) == ([(order_id, "straat")], 1, 0)
    assert db.session.scalars(sa.select(DueCredit)).all() == []
    kept = 2500 if way == "office" else 0
    assert get(invoice_id).balance.due_cents == kept
    assert rows() == [(PRICE - kept, BankRefundState.WAITING)]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("agreed", "since", "back"), [(40, 0, 3800), (40, 100, PRICE), (100, 40, PRICE), (None, 40, 3800)]
)
def test_terms_of_the_booking_hold_unless_those_of_now_are_milder(agreed, since, back):
    order_id, _ = paid_by_bank(percent=since)
    registration = db.session.get_one(Order, order_id).registrations[0]
    registration.terms = None if agreed is None else [[0, agreed]]
    db.session.commit()

    withdraw(order_id)

    assert rows() == [(back, BankRefundState.WAITING)]


def test_price_given_back_by_hand_is_credited_and_nobody_is_reminded_of_it(shop: Shop):
    make_ready()
    order_id = shop.booked(make_event(prices={Category.NIET_LID: PRICE}))
    attempt = shop.paid(order_id)
    invoicing.issue_due(now=NOW + TIME_TO_COMPLETE)

    refunding_by_hand.refund(attempt.id, 2500, shop.gateway, reason="Coulance", by=OFFICE, now=NOW)
    for _ in range(2):
        refunding.send_due(shop.gateway, now=NOW)

    invoices = db.session.scalars(sa.select(Invoice).order_by(Invoice.id)).all()
    assert [(one.gross_cents, one.state) for one in invoices] == [
        (PRICE, InvoiceState.PAID),
        (-2500, InvoiceState.SETTLED),
    ]
    balanced = {"booked": 7000, "paid": PRICE, "refunded": 2500, "held": 7000, "open": 0}
    assert counted(**balanced) == balanced
