"""Money that goes back goes back once, whatever the provider answers, and the office hears of what needs a person."""

from datetime import timedelta

import pytest

from eventapp.domain.actors import SYSTEM
from eventapp.domain.payments import RefundState
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import PaymentAttempt, Refund
from eventapp.services import refunding, settling
from eventapp.services.cancelling import cancel_registration
from eventapp.transaction import transaction
from tests.factories import NOW, OFFICE
from tests.shop import Shop

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def withdrawn(shop: Shop) -> PaymentAttempt:
    """Somebody paid and was withdrawn by the office with the money back: the refund is planned."""
    order_id = shop.booked()
    shop.paid(order_id)
    cancel_registration(shop.registration(order_id).id, by=OFFICE, now=NOW, back_cents=9500)
    return shop.attempts(order_id)[-1]


def plan(attempt: PaymentAttempt, cents: int) -> int:
    """Plan a refund of this many cents: how many were planned."""
    with transaction():
        planned = refunding.plan(db.session.get_one(PaymentAttempt, attempt.id), cents, reason="x", by=SYSTEM, now=NOW)
        return planned.amount_cents if planned else 0


def send(shop: Shop, *, after: timedelta = timedelta(0)) -> int:
    return refunding.send_due(shop.gateway, now=NOW + after)


def only(shop: Shop) -> Refund:
    (refund,) = shop.refunds()
    return refund


def test_refund_is_sent_and_done_when_the_provider_says_so(shop: Shop):
    attempt = withdrawn(shop)

    sent = send(shop)
    on_its_way = (only(shop).state, shop.attempts(attempt.order_id)[0].refunded_cents)
    shop.sandbox.control(f"refunds/{only(shop).provider_id}/settle", status="refunded")
    shop.settle(attempt)

    assert (sent, on_its_way) == (1, (RefundState.SENT, 9500))
    assert (only(shop).state, only(shop).done_at) == (RefundState.DONE, NOW)
    assert send(shop, after=2 * HOUR) == 0
    assert shop.refunds_at_provider() == [(attempt.provider_id, "95.00")]


@pytest.mark.parametrize("kind", ["drop", "timeout:1", "html:502", "http-500", "broken-json"])
@pytest.mark.parametrize("again_after", [6 * MINUTE, 2 * HOUR])
def test_refund_whose_answer_was_lost_is_made_once(shop: Shop, kind: str, again_after: timedelta):
    attempt = withdrawn(shop)
    shop.sandbox.fault(kind, operation="refund", after_work=True)

    refunding.send_due(shop.sandbox.gateway(timeout=(1, 0.3)), now=NOW)
    unknown = only(shop).state
    too_early = send(shop, after=MINUTE)
    send(shop, after=again_after)

    assert (unknown, too_early, only(shop).state) == (RefundState.UNKNOWN, 0, RefundState.SENT)
    assert shop.refunds_at_provider() == [(attempt.provider_id, "95.00")]


def test_refund_with_a_forgotten_key_is_looked_for_before_it_is_asked_again(shop: Shop):
    withdrawn(shop)
    shop.sandbox.fault("drop", operation="refund")
    send(shop)

    send(shop, after=2 * HOUR)

    assert (shop.sandbox.calls()["refund"], shop.sandbox.calls()["list"]) == (1, 1)
    assert only(shop).state == RefundState.SENT


def test_refund_that_was_never_made_is_made_after_looking(shop: Shop):
    attempt = withdrawn(shop)
    shop.sandbox.fault("http-503", operation="refund")
    send(shop)

    send(shop, after=2 * HOUR)

    assert shop.refunds_at_provider() == [(attempt.provider_id, "95.00")]


def test_refused_key_leaves_the_refund_for_later(shop: Shop):
    attempt = withdrawn(shop)
    shop.sandbox.fault("http-401", operation="refund")

    send(shop)
    waiting = only(shop).state
    send(shop, after=6 * MINUTE)

    assert (waiting, only(shop).state) == (RefundState.UNKNOWN, RefundState.SENT)
    assert shop.refunds_at_provider() == [(attempt.provider_id, "95.00")]


def test_duplicate_waits_more_than_an_hour(shop: Shop):
    withdrawn(shop)
    shop.sandbox.fault("http-409", operation="refund")

    send(shop)
    waiting = (only(shop).state, only(shop).next_try_at)
    within_the_hour = send(shop, after=59 * MINUTE)
    send(shop, after=65 * MINUTE)

    assert waiting == (RefundState.PLANNED, NOW + 65 * MINUTE)
    assert (within_the_hour, only(shop).state) == (0, RefundState.SENT)


def test_duplicate_that_was_this_very_refund_is_not_made_again(shop: Shop):
    attempt = shop.paid(shop.booked())
    plan(attempt, 2000)
    shop.sandbox.fault("drop", operation="refund")
    send(shop)
    shop.sandbox.fault("http-409", operation="refund")
    send(shop, after=6 * MINUTE)

    send(shop, after=3 * HOUR)

    assert shop.refunds_at_provider() == [(attempt.provider_id, "20.00")]
    assert only(shop).state == RefundState.SENT


def test_queued_refund_that_fails_days_later_is_told_and_the_money_counts_again(shop: Shop):
    shop.sandbox.switch("refunds-queued")
    attempt = withdrawn(shop)
    send(shop)
    shop.settle(attempt)
    queued = (only(shop).state, shop.attempts(attempt.order_id)[0].refunded_cents)
    shop.sandbox.control(f"refunds/{only(shop).provider_id}/settle", status="failed")

    settling.reconcile(shop.gateway, now=NOW + timedelta(days=3))
    settling.reconcile(shop.gateway, now=NOW + timedelta(days=3), nightly=True)

    assert (queued, only(shop).state) == ((RefundState.SENT, 9500), RefundState.FAILED)
    assert shop.attempts(attempt.order_id)[0].refunded_cents == 0
    assert shop.mails().count("refund_failed") == 1
    assert plan(attempt, 9500) == 9500


def test_refund_on_its_way_is_asked_about_now_and_then(shop: Shop):
    attempt = withdrawn(shop)
    send(shop)
    shop.settle(attempt)

    assert settling.due_for_a_look(now=NOW + 29 * MINUTE) == []
    assert settling.due_for_a_look(now=NOW + 31 * MINUTE) == [attempt.id]


def test_too_high_refund_is_lowered_to_what_is_left(shop: Shop):
    attempt = withdrawn(shop)
    shop.sandbox.control(f"payments/{attempt.provider_id}/refund", amount_cents=2500)

    send(shop)
    lowered = (only(shop).state, only(shop).amount_cents)
    send(shop)

    assert lowered == (RefundState.PLANNED, 7000)
    assert sorted(amount for _, amount in shop.refunds_at_provider()) == ["25.00", "70.00"]
    assert (only(shop).state, shop.attempts(attempt.order_id)[0].refunded_cents) == (RefundState.SENT, 9500)


def test_refund_of_what_went_back_already_fails_and_is_told(shop: Shop):
    attempt = withdrawn(shop)
    for cents in (5000, 4500):
        shop.sandbox.control(f"payments/{attempt.provider_id}/refund", amount_cents=cents)

    send(shop)
    again = send(shop, after=2 * HOUR)

    assert (only(shop).state, again) == (RefundState.FAILED, 0)
    assert [amount for _, amount in shop.refunds_at_provider()] == ["45.00", "50.00"]
    assert shop.mails()[-2:] == ["money_moved", "refund_failed"]


def test_refused_refund_fails_once_and_is_told(shop: Shop):
    withdrawn(shop)
    shop.sandbox.fault("http-422", operation="refund")

    send(shop)

    assert (only(shop).state, send(shop, after=2 * HOUR)) == (RefundState.FAILED, 0)
    assert shop.mails().count("refund_failed") == 1


def test_never_more_is_planned_than_is_left(shop: Shop):
    attempt = shop.paid(shop.booked())
    shop.sandbox.control(f"payments/{attempt.provider_id}/refund", amount_cents=3000)
    shop.settle(attempt)

    planned = [plan(attempt, 4000), plan(attempt, 4000), plan(attempt, 4000)]

    assert planned == [4000, 2500, 0]


def test_what_is_left_counts_ours_and_the_dashboards_apart(shop: Shop):
    attempt = shop.paid(shop.booked())
    shop.sandbox.control(f"payments/{attempt.provider_id}/refund", amount_cents=3000)
    shop.settle(attempt)
    plan(attempt, 2000)
    send(shop)

    before_the_webhook = refunding.left_cents(shop.attempts(attempt.order_id)[0])
    shop.settle(attempt)

    assert before_the_webhook == refunding.left_cents(shop.attempts(attempt.order_id)[0]) == 4500


def test_dashboard_refund_is_told_once_and_leaves_the_registration(shop: Shop):
    attempt = shop.paid(shop.booked())
    shop.sandbox.control(f"payments/{attempt.provider_id}/refund", amount_cents=2500)

    for _ in range(3):
        shop.settle(attempt)

    assert (shop.attempts(attempt.order_id)[0].refunded_cents, shop.refunds()) == (2500, [])
    assert (shop.state(attempt.order_id), shop.mails()) == (State.CONFIRMED, ["confirmed", "money_moved"])


def test_chargeback_is_told_and_its_reversal_counts_again(shop: Shop):
    attempt = shop.paid(shop.booked())
    shop.sandbox.control(f"payments/{attempt.provider_id}/charge-back")
    shop.settle(attempt)
    taken_back = shop.attempts(attempt.order_id)[0].charged_back_cents
    shop.sandbox.control(f"payments/{attempt.provider_id}/reverse-chargebacks")

    settling.reconcile(shop.gateway, now=NOW + timedelta(days=2), nightly=True)

    assert (taken_back, shop.attempts(attempt.order_id)[0].charged_back_cents) == (9500, 0)
    assert (shop.state(attempt.order_id), shop.mails()) == (State.CONFIRMED, ["confirmed", "money_moved"])


def test_own_refund_is_no_surprise(shop: Shop):
    attempt = withdrawn(shop)
    send(shop)

    shop.settle(attempt)
    shop.settle(attempt)

    assert "money_moved" not in shop.mails()
