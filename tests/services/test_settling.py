"""Who asks the provider, when, and what is believed: webhook, reconciliation, and the end of an unpaid hold."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import NotFound
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import PaymentAttempt
from eventapp.payments.gateway import GatewayUnknownOutcome, PaymentNotFound
from eventapp.services import settling
from eventapp.services.lapsing import lapse_unpaid
from tests.factories import NOW
from tests.shop import Shop

MINUTE = timedelta(minutes=1)
FOREVER = NOW + timedelta(days=4000)


def test_unknown_attempt_is_refused(shop: Shop):
    with pytest.raises(NotFound):
        settling.settle(4711, shop.gateway, now=NOW)


def unheard(shop: Shop, order_id: int) -> PaymentAttempt:
    """The payment is made and we never heard its id."""
    shop.open_payment(order_id)
    db.session.execute(sa.update(PaymentAttempt).values(provider_id=None, status=AttemptStatus.UNKNOWN))
    db.session.commit()
    return shop.attempts(order_id)[0]


def test_webhook_brings_the_id_that_we_never_heard(shop: Shop):
    order_id = shop.booked()
    attempt = unheard(shop, order_id)
    payment_id = shop.at_provider()[0]["id"]
    shop.sandbox.mark(payment_id, "paid")

    shop.settle(attempt, provider_id=payment_id)

    assert shop.attempts(order_id)[0].provider_id == payment_id
    assert shop.state(order_id) == State.CONFIRMED


def test_webhook_with_the_id_of_somebody_elses_payment_changes_nothing(shop: Shop):
    order_id, other_id = shop.booked(), shop.booked()
    attempt = unheard(shop, order_id)
    other = shop.paid(other_id)

    shop.settle(attempt, provider_id=other.provider_id)

    assert (shop.attempts(order_id)[0].provider_id, shop.state(order_id)) == (None, State.AWAITING_PAYMENT)


def test_webhook_with_another_id_than_ours_asks_nothing(shop: Shop):
    order_id, other_id = shop.booked(), shop.booked()
    attempt, other = shop.open_payment(order_id), shop.paid(other_id)
    calls = shop.sandbox.calls()

    shop.settle(attempt, provider_id=other.provider_id)

    assert shop.sandbox.calls() == calls
    assert shop.state(order_id) == State.AWAITING_PAYMENT


def test_unknown_status_is_not_paid_and_stays_watched(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.control(f"payments/{attempt.provider_id}/amend", status="bevroren")
    shop.settle(attempt)
    unclear = shop.attempts(order_id)[0].status
    shop.sandbox.mark(attempt.provider_id, "paid", method="wero")

    settling.reconcile(shop.gateway, now=NOW + 3 * MINUTE)

    assert unclear == AttemptStatus.UNCLEAR
    assert (shop.state(order_id), shop.attempts(order_id)[0].method) == (State.CONFIRMED, "wero")


def test_older_picture_does_not_undo_paid(shop: Shop):
    order_id = shop.booked()
    attempt = shop.paid(order_id)
    shop.sandbox.control(f"payments/{attempt.provider_id}/amend", status="expired")
    shop.settle(attempt)
    shop.sandbox.control(f"payments/{attempt.provider_id}/amend", status="paid")

    shop.settle(attempt)

    assert (shop.state(order_id), shop.attempts(order_id)[0].status) == (State.CONFIRMED, AttemptStatus.PAID)
    assert (shop.mails(), shop.refunds()) == (["confirmed"], [])


def test_older_picture_does_not_revive_an_ended_attempt_beside_the_new_one(shop: Shop):
    order_id = shop.booked()
    old = shop.open_payment(order_id)
    shop.becomes(old, "expired")
    shop.start(order_id)
    shop.sandbox.control(f"payments/{old.provider_id}/amend", status="open")

    shop.settle(old)

    assert [a.status for a in shop.attempts(order_id)] == [AttemptStatus.EXPIRED, AttemptStatus.OPEN]


def test_lost_webhook_is_made_good_by_reconciling(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.mark(attempt.provider_id, "paid")

    too_early = settling.reconcile(shop.gateway, now=NOW + MINUTE)
    settled = settling.reconcile(shop.gateway, now=NOW + 3 * MINUTE)

    assert (too_early, settled, shop.state(order_id)) == (0, 1, State.CONFIRMED)


def test_reconciling_goes_on_past_a_payment_that_fails(shop: Shop):
    first, second = shop.booked(), shop.booked()
    for order_id in (first, second):
        shop.sandbox.mark(shop.open_payment(order_id).provider_id, "paid")
    shop.sandbox.fault("http-500", operation="get")

    settled = settling.reconcile(shop.gateway, now=NOW + 3 * MINUTE)

    assert (settled, shop.state(first), shop.state(second)) == (1, State.AWAITING_PAYMENT, State.CONFIRMED)


def test_attempt_that_nobody_heard_of_is_given_up_with_its_key(shop: Shop):
    order_id = shop.booked()
    unheard(shop, order_id)

    settling.reconcile(shop.gateway, now=NOW + 54 * MINUTE)
    kept = shop.attempts(order_id)[0].status
    settling.reconcile(shop.gateway, now=NOW + 56 * MINUTE)

    assert (kept, shop.attempts(order_id)[0].status) == (AttemptStatus.UNKNOWN, AttemptStatus.EXPIRED)


def test_nightly_look_finds_what_was_done_in_the_dashboard(shop: Shop):
    order_id = shop.booked()
    attempt = shop.paid(order_id)
    shop.sandbox.control(f"payments/{attempt.provider_id}/refund", amount_cents=2000)

    settling.reconcile(shop.gateway, now=NOW + timedelta(days=89), nightly=True)
    seen = shop.attempts(order_id)[0].refunded_cents
    too_old = settling.due_for_a_look(now=NOW + timedelta(days=91), nightly=True)

    assert (seen, too_old) == (2000, [])


def test_hold_stays_with_the_provider_away_and_lapses_when_it_is_back(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.mark(attempt.provider_id, "expired")
    shop.sandbox.fault("http-503", operation="get")

    away = lapse_unpaid(shop.gateway, now=FOREVER)
    registration = shop.registration(order_id)
    meanwhile = (registration.state, registration.expires_at < FOREVER, shop.taken(registration.event_id))
    back = lapse_unpaid(shop.gateway, now=FOREVER)

    assert (away, meanwhile, back) == (0, (State.AWAITING_PAYMENT, True, 1), 1)


def test_hold_stays_without_a_provider_to_ask(shop: Shop):
    order_id = shop.booked()
    shop.open_payment(order_id)

    assert lapse_unpaid(None, now=FOREVER) == 0
    assert shop.state(order_id) == State.AWAITING_PAYMENT


def test_hold_without_any_attempt_lapses_by_the_clock(shop: Shop):
    order_id = shop.booked()

    assert lapse_unpaid(None, now=NOW + timedelta(days=2)) == 1
    assert (shop.state(order_id), shop.sandbox.calls()) == (State.EXPIRED, {})


@pytest.mark.parametrize("status", ["open", "pending"])
def test_hold_stays_while_the_payment_is_under_way(shop: Shop, status: str):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.mark(attempt.provider_id, status)

    assert lapse_unpaid(shop.gateway, now=FOREVER) == 0
    assert shop.state(order_id) == State.AWAITING_PAYMENT


def test_paid_at_the_last_moment_is_confirmed_instead_of_lapsed(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.mark(attempt.provider_id, "paid")

    assert lapse_unpaid(shop.gateway, now=FOREVER) == 0
    assert (shop.state(order_id), shop.mails()) == (State.CONFIRMED, ["confirmed"])


@pytest.mark.parametrize(("kind", "error"), [("http-500", GatewayUnknownOutcome), ("http-404", PaymentNotFound)])
def test_failed_look_changes_nothing(shop: Shop, kind: str, error: type[Exception]):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.mark(attempt.provider_id, "paid")
    shop.sandbox.fault(kind, operation="get")

    with pytest.raises(error):
        shop.settle(attempt)

    assert (shop.state(order_id), shop.attempts(order_id)[0].status) == (State.AWAITING_PAYMENT, AttemptStatus.OPEN)
