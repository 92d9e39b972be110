"""Payments when everything happens in the same moment: one live payment, one ticket, one refund, no error."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import NothingToPay, PaymentUnavailable, RetriedAlready
from eventapp.domain.payments import AttemptStatus, Outcome, RefundState
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import PaymentAttempt, Ticket
from eventapp.services import refunding, refunding_by_hand, settling
from eventapp.services.calling_off import cancel_event
from eventapp.services.cancelling import cancel_registration
from eventapp.services.lapsing import lapse_unpaid
from eventapp.services.locks import lock_order
from eventapp.transaction import transaction
from tests.factories import NOW, OFFICE, make_event
from tests.shop import Shop

pytestmark = pytest.mark.race
AT_ONCE = 5
FOREVER = NOW + timedelta(days=4000)

Job = Callable[[], object]


def at_once(shop: Shop, jobs: Sequence[Job]) -> list[object]:
    """What each job answered, all begun in the same moment, each with a session of its own."""
    db.session.rollback()
    barrier = Barrier(len(jobs))

    def run(job: Job) -> object:
        with shop.app.app_context():
            barrier.wait()
            return job()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


def aside(shop: Shop, threads: ThreadPoolExecutor, job: Job) -> Future[object]:
    """Begin a job in another thread and go on."""
    db.session.rollback()

    def run() -> object:
        with shop.app.app_context():
            return job()

    return threads.submit(run)


def tickets() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(Ticket.id))) or 0


def test_webhooks_in_the_same_moment_confirm_once(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.mark(attempt.provider_id or "", "paid")
    address, form = f"/webhooks/mollie/{attempt.token}", {"id": attempt.provider_id}

    answers = at_once(shop, [lambda: shop.app.test_client().post(address, data=form).status_code] * AT_ONCE)

    assert answers == [200] * AT_ONCE
    assert (shop.state(order_id), tickets(), shop.mails()) == (State.CONFIRMED, 1, ["confirmed"])
    assert shop.refunds() == []


def test_clicks_in_the_same_moment_lead_to_one_checkout(shop: Shop):
    order_id = shop.booked()
    address = f"/bestelling/{shop.registration(order_id).order.pay_token}/betaling"

    locations = at_once(shop, [lambda: shop.app.test_client().post(address).location] * AT_ONCE)

    (attempt,) = shop.attempts(order_id)
    assert set(locations) == {attempt.checkout_url}
    assert (len(shop.at_provider()), attempt.status) == (1, AttemptStatus.OPEN)


def payment_once_made(shop: Shop) -> str:
    """The id of the one payment, as soon as the provider has it."""
    end = time.monotonic() + 5
    while not (payments := shop.at_provider()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return str(payments[0]["id"])


@pytest.mark.parametrize(("silence", "patience", "refusal"), [(1.5, 5.0, NothingToPay), (1.5, 1.0, PaymentUnavailable)])
def test_paid_webhook_overtakes_the_answer_to_our_own_call(
    shop: Shop, silence: float, patience: float, refusal: type[Exception]
):
    order_id = shop.booked()
    shop.sandbox.fault(f"timeout:{silence}", operation="create")
    gateway = shop.sandbox.gateway(timeout=(2, patience))

    with ThreadPoolExecutor(1) as threads:
        click = aside(shop, threads, lambda: shop.start(order_id, gateway=gateway))
        payment_id = payment_once_made(shop)
        shop.sandbox.mark(payment_id, "paid")
        (attempt,) = shop.attempts(order_id)
        shop.settle(attempt, provider_id=payment_id)
        before_our_answer = (click.done(), shop.state(order_id))
        with pytest.raises(refusal):
            click.result(timeout=10)
    kept = shop.attempts(order_id)[0].status
    shop.settle(shop.attempts(order_id)[0])

    (after,) = shop.attempts(order_id)
    assert (before_our_answer, kept) == ((False, State.CONFIRMED), AttemptStatus.PAID)
    assert (after.status, after.outcome, after.provider_id) == (AttemptStatus.PAID, Outcome.CONFIRMED, payment_id)
    assert (shop.mails(), shop.refunds(), tickets()) == (["confirmed"], [], 1)


def test_slow_provider_keeps_nobody_else_waiting(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.mark(attempt.provider_id or "", "paid")
    attempt_id = attempt.id
    shop.sandbox.fault("slow:1.5", operation="get")

    with ThreadPoolExecutor(1) as threads:
        slow = aside(shop, threads, lambda: settling.settle(attempt_id, shop.gateway, now=NOW))
        time.sleep(0.3)
        with transaction():
            lock_order(order_id)
        locked_meanwhile = not slow.done()
        slow.result(timeout=10)

    assert (locked_meanwhile, shop.state(order_id)) == (True, State.CONFIRMED)


def test_hold_does_not_lapse_under_somebody_who_is_on_the_way_to_the_checkout(shop: Shop):
    order_id = shop.booked()
    shop.sandbox.fault("slow:1", operation="create")

    with ThreadPoolExecutor(1) as threads:
        click = aside(shop, threads, lambda: shop.start(order_id))
        while not shop.attempts(order_id):
            time.sleep(0.02)
        lapsed = lapse_unpaid(shop.gateway, now=FOREVER)
        click.result(timeout=10)

    assert (lapsed, shop.state(order_id)) == (0, State.AWAITING_PAYMENT)
    assert shop.taken(shop.registration(order_id).event_id) == 1


def test_two_late_payments_for_one_place_are_one_ticket_and_one_refund(shop: Shop):
    event_id = (event := make_event(capacity=2)).id
    orders = [shop.booked(event), shop.booked(event)]
    attempts = [shop.open_payment(order_id) for order_id in orders]
    for attempt in attempts:
        shop.becomes(attempt, "expired")
    lapse_unpaid(shop.gateway, now=FOREVER)
    shop.booked(db.session.get_one(type(event), event_id))
    ids = [shop.attempts(order_id)[0].id for order_id in orders]
    for attempt in (a for order_id in orders for a in shop.attempts(order_id)):
        shop.sandbox.mark(attempt.provider_id or "", "paid")

    at_once(shop, [lambda i=i: settling.settle(i, shop.gateway, now=NOW) for i in ids for _ in range(2)])

    outcomes = Counter(attempt.outcome for order_id in orders for attempt in shop.attempts(order_id))
    assert outcomes == {Outcome.PAID_LATE: 1, Outcome.PAID_WITHOUT_PLACE: 1}
    assert (shop.taken(event_id), tickets(), [r.amount_cents for r in shop.refunds()]) == (2, 1, [9500])


def test_workers_in_the_same_moment_send_a_refund_once(shop: Shop):
    order_id = shop.booked()
    attempt = shop.paid(order_id)
    cancel_registration(shop.registration(order_id).id, by=OFFICE, now=NOW, back_cents=9500)
    payment_id = attempt.provider_id

    calls = at_once(shop, [lambda: refunding.send_due(shop.gateway, now=NOW)] * AT_ONCE)

    assert sum(int(str(made)) for made in calls) == 1
    assert shop.refunds_at_provider() == [(payment_id, "95.00")]


def test_event_cancelled_while_the_money_comes_in_keeps_no_money_and_no_ticket(shop: Shop):
    event_id = (event := make_event()).id
    orders = [shop.booked(event) for _ in range(AT_ONCE)]
    ids = []
    for order_id in orders:
        attempt = shop.open_payment(order_id)
        shop.sandbox.mark(attempt.provider_id or "", "paid")
        ids.append(attempt.id)
    settles: list[Job] = [lambda i=i: settling.settle(i, shop.gateway, now=NOW) for i in ids]

    at_once(shop, [*settles, lambda: cancel_event(event_id, reason="Storm", by=OFFICE, now=NOW)])

    assert {shop.state(order_id) for order_id in orders} == {State.CANCELLED}
    assert sorted(refund.attempt_id for refund in shop.refunds()) == ids
    assert shop.taken(event_id) == 0
    valid = sa.select(sa.func.count(Ticket.id)).where(Ticket.state == "valid")
    assert db.session.scalar(valid) == 0


def test_key_refused_to_many_at_once_is_told_once(shop: Shop):
    orders = [shop.booked() for _ in range(AT_ONCE)]
    shop.sandbox.fault("http-401", operation="create", times=AT_ONCE)

    def click(order_id: int) -> str:
        try:
            return shop.start(order_id)
        except PaymentUnavailable:
            return "later"

    answers = at_once(shop, [lambda o=o: click(o) for o in orders])

    assert answers == ["later"] * AT_ONCE
    assert shop.mails() == ["payment_key"]
    unknown = sa.select(sa.func.count(PaymentAttempt.id)).where(PaymentAttempt.status == AttemptStatus.UNKNOWN)
    assert db.session.scalar(unknown) == AT_ONCE


def test_failed_refund_is_done_over_by_one_of_many_clicks(shop: Shop):
    attempt = shop.paid(shop.booked())
    refunding_by_hand.refund(attempt.id, 2500, shop.gateway, reason="x", by=OFFICE, now=NOW)
    shop.sandbox.fault("http-422", operation="refund")
    refunding.send_due(shop.gateway, now=NOW)
    failed_id, payment_id = shop.refunds()[0].id, attempt.provider_id

    def click() -> str:
        try:
            refunding_by_hand.retry(failed_id, shop.gateway, by=OFFICE, now=NOW)
        except RetriedAlready:
            return "no"
        refunding.send_due(shop.gateway, now=NOW)
        return "yes"

    answers = at_once(shop, [click] * AT_ONCE)

    assert Counter(answers) == {"yes": 1, "no": AT_ONCE - 1}
    assert [refund.state for refund in shop.refunds()] == [RefundState.FAILED, RefundState.SENT]
    assert shop.refunds_at_provider() == [(payment_id, "25.00")]


def test_money_in_the_very_second_of_expiring_is_a_place_or_goes_back(shop: Shop):
    orders = [shop.booked(make_event(capacity=1)) for _ in range(AT_ONCE)]
    ids = []
    for order_id in orders:
        attempt = shop.open_payment(order_id)
        shop.becomes(attempt, "expired")
        shop.sandbox.mark(attempt.provider_id or "", "paid")
        ids.append(attempt.id)
    settles: list[Job] = [lambda i=i: settling.settle(i, shop.gateway, now=NOW) for i in ids]

    at_once(shop, [*settles, *[lambda: lapse_unpaid(shop.gateway, now=FOREVER)] * 2])

    outcomes = [shop.attempts(order_id)[0].outcome for order_id in orders]
    assert set(outcomes) <= {Outcome.CONFIRMED, Outcome.PAID_LATE}
    assert ([shop.state(order_id) for order_id in orders], tickets()) == ([State.CONFIRMED] * AT_ONCE, AT_ONCE)
    assert shop.refunds() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_provider_silent_for_ten_seconds_keeps_no_webhook_waiting_for_fifteen(shop: Shop):
    slow, other = shop.open_payment(shop.booked()), shop.open_payment(shop.booked())
    for attempt in (slow, other):
        shop.sandbox.mark(attempt.provider_id or "", "paid")
    shop.sandbox.fault("timeout:10", operation="get")

    def call(token: str, payment_id: str | None) -> tuple[int, float]:
        began = time.monotonic()
        answer = shop.app.test_client().post(f"/webhooks/mollie/{token}", data={"id": payment_id})
        return answer.status_code, time.monotonic() - began

    arguments = [(attempt.token, attempt.provider_id) for attempt in (slow, other)]
    with ThreadPoolExecutor(1) as threads:
        waiting = aside(shop, threads, lambda: call(*arguments[0]))
        time.sleep(0.5)
        status, seconds = call(*arguments[1])
        slow_status, slow_seconds = waiting.result(timeout=20)  # type: ignore[misc]

    assert (status, slow_status) == (200, 503)
    assert seconds < 3
    assert slow_seconds < 12
