"""What money that came in does to an order: once, in whatever order things happened, and never silently lost."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import SYSTEM
from eventapp.domain.payments import AttemptStatus, Outcome
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import PaymentAttempt, Ticket
from eventapp.services import refunding, settling
from eventapp.services.calling_off import cancel_event
from eventapp.services.cancelling import cancel_registration
from eventapp.services.lapsing import lapse_unpaid
from tests.factories import NOW, OFFICE, make_event, make_registration
from tests.shop import Shop

MINUTE = timedelta(minutes=1)
FOREVER = NOW + timedelta(days=4000)


def tickets() -> int:
    return db.session.scalar(sa.select(sa.func.count(Ticket.id))) or 0


def lapsed(shop: Shop, order_id: int) -> PaymentAttempt:
    """Nobody paid in time: the payment expired and the place went back."""
    attempt = shop.open_payment(order_id)
    shop.becomes(attempt, "expired")
    assert lapse_unpaid(shop.gateway, now=FOREVER) == 1
    return shop.attempts(order_id)[-1]


def test_paid_is_confirmed_with_one_ticket_and_one_mail_however_often_we_look(shop: Shop):
    order_id = shop.booked()
    attempt = shop.paid(order_id)

    for _ in range(10):
        shop.settle(attempt)

    registration = shop.registration(order_id)
    assert (registration.state, registration.expires_at) == (State.CONFIRMED, None)
    assert (shop.attempts(order_id)[0].outcome, tickets()) == (Outcome.CONFIRMED, 1)
    assert (shop.mails(), shop.refunds()) == (["confirmed"], [])


def test_open_payment_stays_unpaid_whatever_a_webhook_pretends(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)

    shop.settle(attempt, provider_id=attempt.provider_id)

    assert shop.state(order_id) == State.AWAITING_PAYMENT
    assert (shop.attempts(order_id)[0].status, shop.mails()) == (AttemptStatus.OPEN, [])


@pytest.mark.parametrize(
    "difference",
    [{"amount_cents": 9400}, {"amount_cents": 95000}, {"currency": "USD"}, {"mode": "live"}, {"metadata": None}],
)
def test_payment_that_differs_is_flagged_and_confirms_nothing(shop: Shop, difference: dict[str, object]):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.control(f"payments/{attempt.provider_id}/amend", **difference)

    shop.becomes(attempt, "paid")
    shop.settle(attempt)
    lapsed_anyway = lapse_unpaid(shop.gateway, now=FOREVER)

    assert (shop.state(order_id), shop.attempts(order_id)[0].outcome) == (State.AWAITING_PAYMENT, Outcome.DIFFERS)
    assert (lapsed_anyway, tickets(), shop.refunds()) == (0, 0, [])
    assert shop.mails() == ["payment_differs"]


def test_late_money_is_confirmed_while_there_is_a_place(shop: Shop):
    order_id = shop.booked(make_event(capacity=1))
    attempt = lapsed(shop, order_id)

    shop.becomes(attempt, "paid")

    assert (shop.state(order_id), shop.attempts(order_id)[0].outcome) == (State.CONFIRMED, Outcome.PAID_LATE)
    assert (shop.taken(shop.registration(order_id).event_id), shop.mails()) == (1, ["payment_lapsed", "confirmed"])


def test_late_money_goes_back_when_the_place_is_gone(shop: Shop):
    event_id = (event := make_event(capacity=1)).id
    order_id = shop.booked(event)
    attempt = lapsed(shop, order_id)
    make_registration(db.session.get_one(type(event), event_id))

    for _ in range(3):
        shop.becomes(attempt, "paid")

    assert (shop.state(order_id), shop.taken(event_id)) == (State.EXPIRED, 1)
    assert shop.attempts(order_id)[0].outcome == Outcome.PAID_WITHOUT_PLACE
    assert [(r.amount_cents, r.reason) for r in shop.refunds()] == [(9500, "paid_without_place")]
    assert shop.mails() == ["payment_lapsed", "money_back", "money_back"]


def test_late_money_of_somebody_who_registered_anew_goes_back(shop: Shop):
    order_id = shop.booked()
    attempt = lapsed(shop, order_id)
    first = shop.registration(order_id)
    second_id = make_registration(first.event, first.person, state=State.AWAITING_CONFIRMATION).order_id

    shop.becomes(attempt, "paid")

    assert (shop.state(order_id), shop.state(second_id)) == (State.EXPIRED, State.AWAITING_CONFIRMATION)
    assert [r.amount_cents for r in shop.refunds()] == [9500]
    assert shop.taken(shop.registration(order_id).event_id) == 1


def test_second_payment_of_an_order_goes_back_once(shop: Shop):
    order_id = shop.booked()
    first = shop.open_payment(order_id)
    shop.becomes(first, "expired")
    second = shop.paid(order_id)

    for _ in range(3):
        shop.becomes(first, "paid")
        refunding.send_due(shop.gateway, now=NOW)

    assert [a.outcome for a in shop.attempts(order_id)] == [Outcome.PAID_TWICE, Outcome.CONFIRMED]
    assert shop.refunds_at_provider() == [(first.provider_id, "95.00")]
    assert (shop.state(order_id), second.refunded_cents, tickets()) == (State.CONFIRMED, 0, 1)
    assert shop.mails() == ["confirmed", "money_back", "money_back"]


def test_old_attempt_that_expires_after_the_new_one_was_paid_changes_nothing(shop: Shop):
    order_id = shop.booked()
    first = shop.open_payment(order_id)
    shop.becomes(first, "canceled")
    shop.paid(order_id)

    shop.becomes(first, "expired")

    assert (shop.state(order_id), shop.mails()) == (State.CONFIRMED, ["confirmed"])


def test_refunded_before_we_knew_it_was_paid_ends_with_the_right_amounts(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.mark(attempt.provider_id, "paid")
    shop.sandbox.control(f"payments/{attempt.provider_id}/refund", amount_cents=2500)

    shop.settle(attempt)

    assert (shop.state(order_id), shop.attempts(order_id)[0].refunded_cents) == (State.CONFIRMED, 2500)
    assert shop.mails() == ["money_moved", "confirmed"]


def test_cancelled_event_gives_back_what_was_paid_and_what_comes_later(shop: Shop):
    event = make_event()
    event_id, paid_id, late_id = event.id, shop.booked(event), shop.booked(event)
    shop.paid(paid_id)
    late = shop.open_payment(late_id)
    effect = cancel_event(event_id, reason="Storm", by=OFFICE, now=NOW)

    shop.sandbox.mark(late.provider_id, "paid")
    settling.reconcile(shop.gateway, now=NOW + 3 * MINUTE)
    refunding.send_due(shop.gateway, now=NOW + 3 * MINUTE)

    assert effect.refund_cents == 9500
    assert [r.reason for r in shop.refunds()] == ["event_cancelled", "paid_after_cancel"]
    assert len(shop.refunds_at_provider()) == 2
    assert (shop.state(paid_id), shop.state(late_id)) == (State.CANCELLED, State.CANCELLED)


def test_late_money_for_a_cancelled_event_takes_no_place(shop: Shop):
    event_id = (event := make_event()).id
    order_id = shop.booked(event)
    attempt = lapsed(shop, order_id)
    cancel_event(event_id, reason="Storm", by=OFFICE, now=NOW)

    shop.becomes(attempt, "paid")

    assert (shop.state(order_id), shop.taken(event_id)) == (State.EXPIRED, 0)
    assert shop.attempts(order_id)[0].outcome == Outcome.PAID_AFTER_CANCEL


def test_money_for_a_withdrawn_registration_goes_back(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    cancel_registration(shop.registration(order_id).id, by=SYSTEM, now=NOW, back_cents=9500)

    shop.becomes(attempt, "paid")

    assert shop.state(order_id) == State.CANCELLED
    assert [r.reason for r in shop.refunds()] == ["paid_after_cancel"]


def test_hold_that_ran_out_lapses_once_the_provider_says_unpaid(shop: Shop):
    order_id = shop.booked()

    lapsed(shop, order_id)

    assert (shop.state(order_id), shop.taken(shop.registration(order_id).event_id)) == (State.EXPIRED, 0)
    assert shop.mails() == ["payment_lapsed"]
