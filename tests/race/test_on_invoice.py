"""Two tabs at once: one chooses an invoice and the other pays, while the hold runs out and the bank pays as well."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import NothingToPay
from eventapp.domain.invoices import TIME_TO_COMPLETE
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Invoice, Ticket
from eventapp.services import choosing_invoice, invoicing, matching
from eventapp.services.lapsing import lapse_unpaid
from tests.factories import NOW, OFFICE, make_event
from tests.invoicing import BUYER, TREASURER, get, make_ready
from tests.race.test_invoices import at_once
from tests.shop import PRICE, Shop

pytestmark = pytest.mark.race


def count(of: sa.ColumnElement[int]) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(of))) or 0


def tabs(shop: Shop, order_id: int) -> list[str]:
    """Four that choose the invoice, two that go to the checkout and two looks at what ran out, all together."""

    def choose() -> None:
        choosing_invoice.choose(order_id, BUYER, shop.gateway, by=OFFICE, now=NOW)

    def pay() -> None:
        shop.start(order_id)

    def lapse() -> None:
        lapse_unpaid(shop.gateway, now=NOW + timedelta(days=2))

    return at_once(shop.app, [choose, pay, lapse, choose, choose, pay, lapse, choose], threads=8)


def test_tabs_that_choose_both_end_in_one_place_with_one_invoice_or_lapsed(shop: Shop) -> None:
    make_ready()
    event = make_event(prices={Category.NIET_LID: PRICE}, confirm_on_invoice=False)
    order_id = shop.booked(event, proven_at=NOW)
    db.session.rollback()

    answers = tabs(shop, order_id)

    # Either the hold ran out first and there is nothing to choose any more, or it is on an invoice for good.
    lapsed = shop.state(order_id) == State.EXPIRED
    assert set(answers) <= {"", NothingToPay.code, "payment_unavailable"}
    assert (shop.state(order_id), count(Invoice.id)) == ((State.EXPIRED, 0) if lapsed else (State.AWAITING_PAYMENT, 1))
    alive = [attempt for attempt in shop.attempts(order_id) if attempt.status == AttemptStatus.OPEN]
    assert len(alive) <= 1
    if alive:
        shop.becomes(alive[0], "paid")
        assert (shop.state(order_id), count(Ticket.id), shop.refunds()) == (State.CONFIRMED, 1, [])


def test_bank_and_provider_in_the_same_moment_confirm_once_and_keep_all_that_came(shop: Shop) -> None:
    make_ready()
    event = make_event(prices={Category.NIET_LID: PRICE}, confirm_on_invoice=False)
    order_id = shop.booked(event, proven_at=NOW)
    choosing_invoice.choose(order_id, BUYER, shop.gateway, by=OFFICE, now=NOW)
    attempt = shop.open_payment(order_id)
    shop.sandbox.mark(attempt.provider_id or "", "paid")
    invoicing.issue_due(now=NOW + TIME_TO_COMPLETE)
    invoice_id = db.session.scalars(sa.select(Invoice.id)).one()
    db.session.rollback()

    def by_bank() -> None:
        matching.match(invoice_id, PRICE, received_on=NOW.date(), by=TREASURER, now=NOW)

    def online() -> None:
        shop.settle(shop.attempts(order_id)[0])

    answers = at_once(shop.app, [by_bank, online, online, online], threads=4)

    assert (answers, shop.state(order_id), count(Ticket.id)) == ([""] * 4, State.CONFIRMED, 1)
    # Both stand on it, or what came second waits for the office.
    assert (get(invoice_id).balance.open_cents, shop.attempts(order_id)[0].outcome) in (
        (-PRICE, "confirmed"),
        (0, "paid_besides_invoice"),
    )
