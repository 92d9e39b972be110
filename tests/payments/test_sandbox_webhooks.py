"""The sandbox calls the merchant the way Mollie does: only an id, until it hears 200, and as the switches say."""

import pytest

from eventapp.payments.mollie import MollieGateway
from tests.payments.conftest import Merchant, new_payment
from tests.sandbox import RunningSandbox


@pytest.fixture
def payment_id(gateway: MollieGateway, merchant: Merchant) -> str:
    return gateway.create_payment(new_payment(webhook_url=f"{merchant.url}/webhooks/mollie/geheim")).id


def test_webhook_brings_only_the_id(sandbox: RunningSandbox, merchant: Merchant, payment_id: str) -> None:
    sandbox.mark(payment_id, "paid")
    sandbox.until(lambda log: log[0]["state"] == "delivered")

    received = merchant.received[0]

    assert (received.method, received.path) == ("POST", "/webhooks/mollie/geheim")
    assert received.body == f"id={payment_id}".encode()
    assert received.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in received.headers


@pytest.mark.parametrize("status", ["paid", "failed", "canceled", "expired"])
def test_final_status_is_told(sandbox: RunningSandbox, payment_id: str, status: str) -> None:
    sandbox.mark(payment_id, status)

    log = sandbox.settled_webhooks()

    assert [(call["payment_id"], call["answers"]) for call in log] == [(payment_id, [200])]


@pytest.mark.parametrize("status", ["open", "pending"])
def test_open_and_pending_are_not_told(sandbox: RunningSandbox, payment_id: str, status: str) -> None:
    sandbox.mark(payment_id, status)

    assert sandbox.webhooks() == []


def test_expiry_is_told_without_anybody_looking(sandbox: RunningSandbox, merchant: Merchant, payment_id: str) -> None:
    sandbox.control(f"payments/{payment_id}/amend", expires_at="2020-01-01T00:00:00+00:00")

    log = sandbox.until(lambda log: log != [] and log[0]["state"] == "delivered")

    assert [call["payment_id"] for call in log] == [payment_id]


def test_webhook_is_repeated_until_it_is_answered_with_200(
    sandbox: RunningSandbox, merchant: Merchant, payment_id: str
) -> None:
    sandbox.switch("webhook-delays", [0, 0.05, 0.05, 0.05])
    merchant.statuses = [503, 302, 200]

    sandbox.mark(payment_id, "paid")

    assert [call["answers"] for call in sandbox.settled_webhooks()] == [[503, 302, 200]]
    assert [received.method for received in merchant.received] == ["POST", "POST", "POST"]


def test_webhook_is_given_up_in_the_end(sandbox: RunningSandbox, merchant: Merchant, payment_id: str) -> None:
    sandbox.switch("webhook-delays", [0, 0.05])
    merchant.statuses = [500, 500, 500]

    sandbox.mark(payment_id, "paid")

    assert [(call["state"], call["answers"]) for call in sandbox.settled_webhooks()] == [("given up", [500, 500])]


def test_switched_off_webhooks_are_lost(sandbox: RunningSandbox, payment_id: str) -> None:
    sandbox.switch("no-webhooks")

    sandbox.mark(payment_id, "paid")

    assert sandbox.webhooks() == []


def test_webhooks_can_come_twice(sandbox: RunningSandbox, payment_id: str) -> None:
    sandbox.switch("double-webhooks")

    sandbox.mark(payment_id, "paid")

    assert [call["answers"] for call in sandbox.settled_webhooks()] == [[200], [200]]


def test_webhooks_can_come_late(sandbox: RunningSandbox, merchant: Merchant, payment_id: str) -> None:
    sandbox.switch("late-webhooks", 0.6)

    sandbox.mark(payment_id, "paid")

    assert sandbox.webhooks()[0]["state"] == "waiting"
    assert sandbox.settled_webhooks()[0]["answers"] == [200]


def test_webhook_can_be_sent_again(sandbox: RunningSandbox, payment_id: str) -> None:
    sandbox.mark(payment_id, "paid")

    sandbox.control(f"payments/{payment_id}/webhook")

    assert [call["answers"] for call in sandbox.settled_webhooks()] == [[200], [200]]


def test_each_step_of_money_going_back_is_told_but_its_reversal_is_not(
    sandbox: RunningSandbox, payment_id: str
) -> None:
    sandbox.mark(payment_id, "paid")
    refund_id = sandbox.control(f"payments/{payment_id}/refund", amount_cents=1000)["id"]
    sandbox.control(f"refunds/{refund_id}/settle", status="refunded")
    sandbox.control(f"payments/{payment_id}/charge-back")

    sandbox.control(f"payments/{payment_id}/reverse-chargebacks")

    assert len(sandbox.settled_webhooks()) == 4
