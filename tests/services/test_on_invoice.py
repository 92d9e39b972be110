"""Op factuur: chosen in the form or after all, sure at once or once it is paid, and money that comes another way."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.concerns import Concern
from eventapp.domain.errors import InvoiceNotPossible, NothingToPay
from eventapp.domain.invoices import TIME_TO_COMPLETE, InvoiceState
from eventapp.domain.payments import AttemptStatus, Outcome
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, Invoice, Order, OutboxMail
from eventapp.queries.concerns import rows as waiting
from eventapp.queries.on_invoice import payable
from eventapp.services import cancelling, choosing_invoice, confirming, invoice_papers, invoicing, matching, reviewing
from eventapp.services.lapsing import lapse_unconfirmed, lapse_unpaid
from eventapp.services.registering import Basis, Colleague
from eventapp.services.registering_together import Booking, register_together
from tests.booking import book
from tests.factories import NOW, OFFICE, make_event, make_organisation
from tests.invoicing import BUYER, TREASURER, make_ready
from tests.reading import last_mail, only_registration, registrations, token_in
from tests.shop import PRICE, Shop

LATER = NOW + timedelta(days=30)
PRICES = {Category.NIET_LID: PRICE}


def paid_event(*, at_once: bool = True, **more: object) -> Event:
    """Outsiders pay; on an invoice the place is sure at once, or once that is paid."""
    return make_event(prices=PRICES, confirm_on_invoice=at_once, **more)


def prove() -> None:
    confirming.prove(token_in(last_mail("confirm_address")), now=NOW)


def chosen_after_all(shop: Shop, *, at_once: bool = True) -> int:
    """Somebody proven waits for payment and chooses an invoice: the order's id."""
    order_id = shop.booked(paid_event(at_once=at_once), proven_at=NOW)
    choose(shop, order_id)
    return order_id


def choose(shop: Shop, order_id: int) -> None:
    choosing_invoice.choose(order_id, BUYER, shop.gateway, by=OFFICE, now=NOW)


def the_invoice() -> Invoice:
    """The one invoice there is, issued if its day has come."""
    invoicing.issue_due(now=NOW + TIME_TO_COMPLETE)
    db.session.rollback()
    return db.session.scalars(sa.select(Invoice).where(Invoice.credits_id.is_(None))).one()


def pay_by_bank(cents: int) -> int:
    invoice_id = the_invoice().id
    matching.match(invoice_id, cents, received_on=NOW.date(), by=TREASURER, now=NOW)
    return invoice_id


def left(order_id: int) -> list[int]:
    """What can be paid online of an order, per person."""
    db.session.rollback()
    return [cents for _, cents in payable(db.session.get_one(Order, order_id))]


def test_chosen_in_the_form_is_sure_once_the_address_is_proven_and_then_invoiced(app):
    make_ready()
    receipt = book(paid_event(), invoice=BUYER)
    before = [registration.state for registration in registrations()]
    prove()

    lapse_unpaid(None, now=LATER)
    invoice = the_invoice()

    assert (receipt.state, before) == (State.AWAITING_CONFIRMATION, [State.AWAITING_CONFIRMATION])
    assert (only_registration().state, only_registration().ticket is not None) == (State.CONFIRMED, True)
    assert (invoice.gross_cents, invoice.state, invoice.details) == (PRICE, InvoiceState.OPEN, BUYER)
    assert last_mail("on_invoice").text.startswith("Uw plaats bij Inspiratiebijeenkomst is zeker; de factuur volgt.")


def test_nobody_is_put_on_an_invoice_who_does_not_prove_the_address(app):
    make_ready()
    book(paid_event(), invoice=BUYER)

    lapse_unconfirmed(now=LATER)

    assert only_registration().state == State.EXPIRED
    assert db.session.scalar(sa.select(sa.func.count(Invoice.id))) == 0


def test_place_that_waits_for_its_invoice_comes_with_the_whole_payment_and_stays_when_that_is_undone(app):
    make_ready()
    book(paid_event(at_once=False), invoice=BUYER)
    prove()
    lapse_unpaid(None, now=LATER)

    invoice_id = pay_by_bank(PRICE - 1)
    half = only_registration().state
    matching.match(invoice_id, 1, received_on=NOW.date(), by=TREASURER, now=NOW)
    paid = only_registration().state
    first = db.session.get_one(Invoice, invoice_id).matches[0].id
    before = waiting(Concern.UNPAID_AFTER_ALL, now=NOW)
    matching.undo_match(first, reason="Andere afzender", by=TREASURER, now=NOW)

    assert (half, paid) == (State.AWAITING_PAYMENT, State.CONFIRMED)
    assert (only_registration().state, before) == (State.CONFIRMED, [])
    assert [row.id for row in waiting(Concern.UNPAID_AFTER_ALL, now=NOW)] == [invoice_id]


def test_giving_up_an_invoice_of_which_nothing_came_in_gives_no_place(app):
    make_ready()
    book(paid_event(at_once=False), invoice=BUYER)
    prove()

    matching.write_off(the_invoice().id, reason="Failliet", by=TREASURER, now=NOW)

    assert only_registration().state == State.AWAITING_PAYMENT


def test_group_goes_on_one_invoice_and_who_withdrew_is_not_paid_for(app):
    make_ready()
    event = paid_event(at_once=False)
    bram = Colleague("Bram", "", "Bakker", "bram@elders.example")
    booking = Booking(event.id, "marieke@elders.example", "Marieke", "", "Meulen", colleagues=(bram,), invoice=BUYER)
    register_together(booking, by=OFFICE, now=NOW)
    confirming.prove(token_in(last_mail("confirm_group")), now=NOW)
    order_id = registrations()[0].order_id
    together = (the_invoice().gross_cents, left(order_id))

    cancelling.cancel_own(registrations()[1].id, by=OFFICE, now=NOW)
    alone = left(order_id)
    pay_by_bank(PRICE)

    assert (together, alone) == ((2 * PRICE, [PRICE, PRICE]), [PRICE])
    assert [one.state for one in registrations()] == [State.CONFIRMED, State.CANCELLED]
    assert (the_invoice().state, left(order_id)) == (InvoiceState.PAID, [])


def test_withdrawing_closes_the_unpaid_invoice_and_nobody_is_reminded(app):
    make_ready(invoice_reminder_days="7")
    book(paid_event(), invoice=BUYER)
    prove()
    the_invoice()

    cancelling.cancel_own(only_registration().id, by=OFFICE, now=NOW)
    invoice_papers.draw_due(now=NOW)
    invoice_papers.remind_due(now=NOW + timedelta(days=60))

    assert the_invoice().state == InvoiceState.CREDITED
    assert db.session.scalar(sa.select(sa.func.count()).where(OutboxMail.kind == "invoice_reminder")) == 0


def test_without_the_settings_an_invoice_is_refused_and_the_office_hears_what_lacks(app):
    make_ready(iban="")
    event = paid_event()

    with pytest.raises(InvoiceNotPossible):
        book(event, invoice=BUYER)
    unready = waiting(Concern.UNREADY, now=NOW)
    db.session.rollback()

    assert [(row.event.id, row.missing) for row in unready] == [(event.id, "IBAN")]
    assert registrations() == []


def test_event_that_does_not_allow_it_refuses(app):
    make_ready()

    with pytest.raises(InvoiceNotPossible):
        book(paid_event(invoice_allowed=False), invoice=BUYER)

    assert (waiting(Concern.UNREADY, now=NOW), registrations()) == ([], [])


def test_who_claimed_a_membership_in_vain_is_charged_on_the_invoice_and_may_still_withdraw_free(app):
    make_ready()
    make_organisation()
    event = make_event(prices=PRICES | {Category.LID: 0}, confirm_on_invoice=True)
    book(event, basis=Basis.CLAIM, organisation_name="Zonnevlinder")
    found = only_registration()
    found.order.on_invoice_at, found.order.invoice_buyer = NOW, vars(BUYER)
    db.session.commit()
    prove()

    reviewing.refuse(found.id, by=OFFICE, now=NOW)
    waiting = (only_registration().state, the_invoice().gross_cents)
    cancelling.cancel_own(found.id, by=OFFICE, now=NOW)

    assert waiting == (State.AWAITING_PAYMENT, PRICE)
    assert "komt op de factuur" in last_mail("claim_refused").text
    assert the_invoice().state == InvoiceState.CREDITED


def test_open_payment_is_cancelled_when_an_invoice_is_chosen_and_twice_changes_nothing(shop: Shop):
    make_ready()
    order_id = shop.booked(paid_event(), proven_at=NOW)
    shop.open_payment(order_id)
    shop.sandbox.switch("cancelable")
    choose(shop, order_id)

    choose(shop, order_id)

    assert shop.attempts(order_id)[0].status == AttemptStatus.CANCELED
    assert (shop.state(order_id), shop.mails()) == (State.CONFIRMED, ["confirmed", "on_invoice"])
    assert the_invoice().gross_cents == PRICE


def test_payment_that_goes_through_all_the_same_pays_the_invoice(shop: Shop):
    make_ready()
    order_id = shop.booked(paid_event(), proven_at=NOW)
    attempt = shop.open_payment(order_id)
    choose(shop, order_id)
    the_invoice()

    shop.becomes(attempt, "paid")

    assert (shop.attempts(order_id)[0].outcome, shop.refunds()) == (Outcome.CONFIRMED, [])
    assert (the_invoice().state, left(order_id)) == (InvoiceState.PAID, [])


def test_payment_of_who_still_had_to_prove_the_address_buys_the_place(shop: Shop):
    make_ready()
    order_id = shop.booked(paid_event())
    attempt = shop.open_payment(order_id)
    choose(shop, order_id)
    asked = (shop.state(order_id), shop.mails())

    shop.becomes(attempt, "paid")

    assert asked == (State.AWAITING_CONFIRMATION, ["confirm_address"])
    assert (shop.state(order_id), shop.refunds()) == (State.CONFIRMED, [])
    assert the_invoice().state == InvoiceState.PAID


def test_paid_before_an_invoice_was_chosen_is_seen_first(shop: Shop):
    make_ready()
    order_id = shop.booked(paid_event(), proven_at=NOW)
    attempt = shop.open_payment(order_id)
    shop.sandbox.mark(attempt.provider_id or "", "paid")

    with pytest.raises(NothingToPay):
        choose(shop, order_id)

    assert (shop.state(order_id), the_invoice().state) == (State.CONFIRMED, InvoiceState.PAID)


@pytest.mark.parametrize("at_once", [True, False])
def test_invoice_can_still_be_paid_online_for_what_is_open_of_it(shop: Shop, at_once: bool):
    make_ready()
    order_id = chosen_after_all(shop, at_once=at_once)
    pay_by_bank(PRICE - 2500)

    attempt = shop.paid(order_id)

    assert (attempt.amount_cents, attempt.outcome) == (2500, Outcome.CONFIRMED)
    assert (shop.state(order_id), the_invoice().state) == (State.CONFIRMED, InvoiceState.PAID)
    with pytest.raises(NothingToPay):
        shop.start(order_id)


def test_money_besides_a_paid_invoice_waits_for_the_office_and_pays_once_the_mistake_is_undone(shop: Shop):
    make_ready()
    order_id = chosen_after_all(shop)
    attempt = shop.open_payment(order_id)
    invoice_id = pay_by_bank(PRICE)
    shop.becomes(attempt, "paid")
    besides = shop.attempts(order_id)[0].outcome
    shown = [row.outcome for row in waiting(Concern.OUTCOMES, now=NOW)]
    planned, told = shop.refunds(), shop.mails()[-1]

    mistake = db.session.get_one(Invoice, invoice_id).matches[0].id
    matching.undo_match(mistake, reason="Was van een ander", by=TREASURER, now=NOW)

    assert (besides, shown) == (Outcome.PAID_BESIDES_INVOICE, [Outcome.PAID_BESIDES_INVOICE])
    assert (planned, told) == ([], "paid_besides_invoice")
    assert (shop.attempts(order_id)[0].outcome, the_invoice().state) == (Outcome.CONFIRMED, InvoiceState.PAID)


def test_place_on_an_invoice_does_not_lapse_while_one_that_is_not_does(shop: Shop):
    make_ready()
    chosen = chosen_after_all(shop, at_once=False)
    other = shop.booked(paid_event())

    ended = lapse_unpaid(shop.gateway, now=LATER)

    assert (ended, shop.state(chosen), shop.state(other)) == (1, State.AWAITING_PAYMENT, State.EXPIRED)
