"""Invoice, bank, provider and office in one order: what one of them does, the others have to follow."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.bank_refunds import BankRefundState
from eventapp.domain.concerns import Concern
from eventapp.domain.errors import ProviderSaysSo
from eventapp.domain.events import EventState
from eventapp.domain.invoices import TIME_TO_COMPLETE, InvoiceState, IssueMoment, MatchSource
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import (
    BankRefund,
    CancellationTerm,
    Event,
    Invoice,
    InvoiceMatch,
    Order,
    RefundProposal,
    Registration,
    Setting,
)
from eventapp.queries.concerns import rows as waiting
from eventapp.queries.invoices import draft_of_order, due_to_remind
from eventapp.queries.linking import Whom
from eventapp.queries.money import wrong_dues
from eventapp.services import (
    calling_off,
    cancelling,
    choosing_invoice,
    differences,
    drafting,
    following,
    invoicing,
    linking,
    matching,
)
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.invoicing import BUYER, TREASURER, get, issued, make_order, make_ready
from tests.shop import PRICE, Shop

SCHOOL = "nieuweschool.example"


@pytest.fixture(autouse=True)
def _ready(app):
    make_ready()


def on_invoice(*people: str, state: State = State.CONFIRMED, event: Event | None = None) -> tuple[int, int]:
    """An order that is paid on an invoice, and that invoice."""
    order = make_order(*people, event=event, price_cents=PRICE, state=state)
    order.on_invoice_at = NOW
    db.session.commit()
    return order.id, issued(order)


def bank(invoice_id: int, cents: int) -> None:
    matching.match(invoice_id, cents, received_on=NOW.date(), by=TREASURER, now=NOW)


def registrations(order_id: int) -> list[Registration]:
    db.session.rollback()
    return list(db.session.get_one(Order, order_id).registrations)


def back_by_bank() -> list[int]:
    waiting = sa.select(BankRefund.amount_cents).where(BankRefund.state == BankRefundState.WAITING)
    return list(db.session.scalars(waiting))


def test_place_comes_when_the_rest_of_its_invoice_is_credited():
    """Two wait for their invoice, half of it is paid, and then the other one withdraws."""
    event = make_event(prices={Category.NIET_LID: PRICE}, confirm_on_invoice=False)
    order_id, invoice_id = on_invoice("Anna", "Bram", state=State.AWAITING_PAYMENT, event=event)
    bank(invoice_id, PRICE)

    cancelling.cancel_own(registrations(order_id)[1].id, by=OFFICE, now=NOW)

    assert [one.state for one in registrations(order_id)] == [State.CONFIRMED, State.CANCELLED]
    assert (get(invoice_id).state, back_by_bank(), wrong_dues()) == (InvoiceState.PAID, [], [])


@pytest.mark.parametrize("happens", ["paid", "withdrawn", "off"])
def test_what_was_given_up_is_not_once_it_is_paid_or_credited_after_all(happens):
    order_id, invoice_id = on_invoice("Anna")
    matching.write_off(invoice_id, reason="Reageert niet", by=TREASURER, now=NOW)

    if happens == "paid":
        bank(invoice_id, PRICE - 1)
    elif happens == "withdrawn":
        cancelling.cancel_own(registrations(order_id)[0].id, by=OFFICE, now=NOW)
    else:
        calling_off.cancel_event(registrations(order_id)[0].event_id, reason="Ziek", by=OFFICE, now=NOW)

    invoice = get(invoice_id)
    left = [row.amount_cents for row in invoice.live_matches if row.source == MatchSource.WRITE_OFF]
    assert (invoice.balance.open_cents, left, back_by_bank()) == (0, [1] if happens == "paid" else [], [])


def test_fee_that_stays_is_not_given_back_of_a_place_that_was_paid_half_by_bank_and_half_online(shop: Shop):
    make_ready()
    order_id, invoice_id = on_invoice("Anna")
    event = registrations(order_id)[0].event
    event.cancellation_terms = [CancellationTerm(days_before=0, refund_percent=50)]
    db.session.commit()
    bank(invoice_id, PRICE - 4000)
    shop.paid(order_id)

    cancelling.cancel_own(registrations(order_id)[0].id, by=OFFICE, now=NOW)

    planned = sum(refund.amount_cents for refund in shop.refunds())
    assert planned + sum(back_by_bank()) == PRICE // 2
    assert registrations(order_id)[0].kept_cents == PRICE // 2


def test_draft_that_could_wait_for_the_event_cannot_for_who_waits_for_its_money():
    """One paid online; a colleague has to pay as well, by an invoice that makes the place sure."""
    db.session.merge(Setting(name="invoice_moment", value=IssueMoment.EVENT.value))
    event = make_event(prices={Category.NIET_LID: PRICE}, confirm_on_invoice=False)
    order = make_order("Anna", "Bram", event=event, price_cents=PRICE)
    order.registrations[1].state, order.registrations[1].proven_at = State.AWAITING_PAYMENT, NOW
    db.session.commit()
    early = drafting.draft_for(order.id, now=NOW)
    assert early is not None and early.issue_on is not None and early.issue_on > NOW.date()

    choosing_invoice.choose(order.id, BUYER, None, by=OFFICE, now=NOW)

    draft = draft_of_order(order.id)
    assert draft is not None and draft.issue_on == NOW.date()


def test_nobody_is_reminded_of_what_only_waits_to_be_credited():
    order_id, invoice_id = on_invoice("Anna")
    late = NOW + timedelta(days=60)
    reminded = list(due_to_remind(days=7, now=late))
    street = db.session.get_one(Setting, "street")
    db.session.delete(street)
    db.session.commit()

    cancelling.cancel_own(registrations(order_id)[0].id, by=OFFICE, now=NOW)

    assert (reminded, list(due_to_remind(days=7, now=late))) == ([invoice_id], [])
    assert following.credit_what_waits(now=NOW) == 1


def outsider_on_invoice() -> tuple[int, int]:
    person = make_person("Anna", "", "Bakker", address=f"anna@{SCHOOL}")
    event = make_event(prices={Category.NIET_LID: PRICE, Category.LID: 2500})
    registration = make_registration(
        event, person, category=Category.NIET_LID, price_cents=PRICE, organisation_name="", proven_at=NOW
    )
    registration.order.on_invoice_at = NOW
    db.session.commit()
    return registration.order_id, issued(registration.order)


def test_invoice_of_a_sure_place_follows_the_price_of_the_organisation():
    order_id, invoice_id = outsider_on_invoice()

    effect = linking.link(Whom(domain=SCHOOL), make_organisation("Nieuwe School", domains=()).id, by=OFFICE, now=NOW)

    assert (effect.cheaper, registrations(order_id)[0].price_cents) == (1, 2500)
    assert (get(invoice_id).balance.open_cents, wrong_dues()) == (2500, [])


def test_difference_of_an_invoice_that_was_paid_by_bank_is_proposed_and_goes_back_so():
    order_id, invoice_id = outsider_on_invoice()
    bank(invoice_id, PRICE)

    effect = linking.link(Whom(domain=SCHOOL), make_organisation("Nieuwe School", domains=()).id, by=OFFICE, now=NOW)
    proposed = (effect.proposed_cents, get(invoice_id).balance.open_cents)
    cents = differences.give(db.session.scalars(sa.select(RefundProposal.id)).one(), by=OFFICE, now=NOW)

    assert (proposed, cents) == ((PRICE - 2500, 0), PRICE - 2500)
    assert (registrations(order_id)[0].price_cents, back_by_bank()) == (2500, [PRICE - 2500])


def test_money_beyond_what_was_open_is_shown_until_it_goes_back(shop: Shop):
    """The bank paid half while the payer was at the checkout, and paid all of it there."""
    make_ready()
    order_id, invoice_id = on_invoice("Anna")
    attempt = shop.open_payment(order_id)
    bank(invoice_id, 4000)

    shop.becomes(attempt, "paid")
    shown = [(one.invoice.id, one.cents) for one in waiting(Concern.TOO_MUCH, now=NOW)]
    calling_off.cancel_event(registrations(order_id)[0].event_id, reason="Ziek", by=OFFICE, now=NOW)

    assert shown == [(invoice_id, 4000)]
    assert waiting(Concern.TOO_MUCH, now=NOW) == []
    assert (sum(refund.amount_cents for refund in shop.refunds()), back_by_bank()) == (PRICE, [4000])


def test_what_the_provider_brought_is_not_undone_by_hand(shop: Shop):
    make_ready()
    order_id = shop.booked()
    shop.paid(order_id)
    invoicing.issue_due(now=NOW + TIME_TO_COMPLETE)
    row = db.session.scalars(sa.select(InvoiceMatch)).one()

    with pytest.raises(ProviderSaysSo):
        matching.undo_match(row.id, reason="Vergissing", by=TREASURER, now=NOW)

    assert get(row.invoice_id).state == InvoiceState.PAID


def test_event_that_is_off_owes_nobody_and_keeps_nothing(shop: Shop):
    """One paid online, one by bank, one not yet, and one whose invoice was still to be issued."""
    make_ready()
    event = make_event(prices={Category.NIET_LID: PRICE})
    online = shop.booked(event)
    shop.paid(online)
    invoicing.issue_due(now=NOW + TIME_TO_COMPLETE)
    _, paid = on_invoice("Bram", event=event)
    bank(paid, PRICE)
    _, unpaid = on_invoice("Cas", event=event)
    drafted = make_order("Dirk", event=event, price_cents=PRICE)
    drafting.draft_for(drafted.id, now=NOW)

    calling_off.cancel_event(event.id, reason="Ziek", by=OFFICE, now=NOW)

    assert db.session.get_one(Event, event.id).state == EventState.CANCELLED
    assert [refund.amount_cents for refund in shop.refunds()] == [PRICE]
    assert (back_by_bank(), draft_of_order(drafted.id), wrong_dues()) == ([PRICE], None, [])
    assert {invoice.state for invoice in db.session.scalars(sa.select(Invoice).where(Invoice.id == unpaid))} == {
        InvoiceState.CREDITED
    }
