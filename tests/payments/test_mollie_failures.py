"""Every way in which a call can go wrong becomes the one refusal that tells the caller what to do next."""

import time
from collections.abc import Callable

import pytest

from eventapp.payments.gateway import (
    DuplicateRefund,
    GatewayBusy,
    GatewayError,
    GatewayRefused,
    GatewayUnauthorized,
    GatewayUnknownOutcome,
    IdempotencyKeyReused,
    PaymentNotFound,
    RefundTooHigh,
)
from eventapp.payments.mollie import MollieGateway
from tests.payments.conftest import new_payment
from tests.sandbox import RunningSandbox

UNKNOWN_OUTCOMES = [
    ("drop", False),
    ("http-408", False),
    ("http-429", True),
    ("http-500", False),
    ("http-502", False),
    ("http-503", True),
    ("html:200", False),
    ("html:502", False),
    ("broken-json", False),
    ("strange-json", False),
    ("bare-error", False),
]

CALLS: dict[str, Callable[[MollieGateway, str], object]] = {
    "create": lambda gateway, payment_id: gateway.create_payment(new_payment(idempotency_key="poging-2")),
    "get": lambda gateway, payment_id: gateway.fetch_payment(payment_id),
    "cancel": lambda gateway, payment_id: gateway.cancel_payment(payment_id),
    "refund": lambda gateway, payment_id: refund(gateway, payment_id, 1000),
    "list": lambda gateway, payment_id: gateway.list_refunds(payment_id),
    "methods": lambda gateway, payment_id: gateway.methods(9500),
}


@pytest.mark.parametrize(("kind", "retry_later"), UNKNOWN_OUTCOMES)
@pytest.mark.parametrize("operation", CALLS)
def test_outcome_is_unknown(
    sandbox: RunningSandbox, gateway: MollieGateway, operation: str, kind: str, retry_later: bool
) -> None:
    payment_id = paid_payment(sandbox, gateway)
    sandbox.fault(kind, operation=operation)

    with pytest.raises(GatewayUnknownOutcome) as unknown:
        CALLS[operation](gateway, payment_id)

    assert unknown.value.retry_later is retry_later


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("operation", CALLS)
def test_refused_key_is_for_the_administrator(
    sandbox: RunningSandbox, gateway: MollieGateway, operation: str, status: int
) -> None:
    payment_id = paid_payment(sandbox, gateway)
    sandbox.fault(f"http-{status}", operation=operation)

    with pytest.raises(GatewayUnauthorized):
        CALLS[operation](gateway, payment_id)


@pytest.mark.parametrize(
    ("operation", "status", "refusal"),
    [
        ("create", 400, IdempotencyKeyReused),
        ("create", 404, GatewayRefused),
        ("create", 409, GatewayBusy),
        ("create", 422, GatewayRefused),
        ("get", 400, GatewayRefused),
        ("get", 404, PaymentNotFound),
        ("get", 410, PaymentNotFound),
        ("cancel", 404, PaymentNotFound),
        ("cancel", 409, GatewayBusy),
        ("refund", 400, IdempotencyKeyReused),
        ("refund", 404, PaymentNotFound),
        ("refund", 409, DuplicateRefund),
        ("refund", 422, GatewayRefused),
        ("list", 404, PaymentNotFound),
    ],
)
def test_refusal_for_each_status(
    sandbox: RunningSandbox, gateway: MollieGateway, operation: str, status: int, refusal: type[GatewayError]
) -> None:
    payment_id = paid_payment(sandbox, gateway)
    sandbox.fault(f"http-{status}", operation=operation)

    with pytest.raises(GatewayError) as raised:
        CALLS[operation](gateway, payment_id)

    assert type(raised.value) is refusal


@pytest.mark.parametrize("operation", ["create", "get", "refund"])
def test_silence_is_cut_short(sandbox: RunningSandbox, gateway: MollieGateway, operation: str) -> None:
    payment_id = paid_payment(sandbox, gateway)
    sandbox.fault("timeout:3", operation=operation)
    began = time.monotonic()

    with pytest.raises(GatewayUnknownOutcome):
        CALLS[operation](sandbox.gateway(timeout=(1, 0.3)), payment_id)

    assert time.monotonic() - began < 2


def test_slow_answer_within_the_limit_is_an_answer(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    sandbox.fault("slow:0.3", operation="create")

    assert gateway.create_payment(new_payment()).status == "open"


def test_asked_to_wait_means_told_at_once_and_not_waited(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    sandbox.fault("http-429", operation="get", times=0)
    began = time.monotonic()

    with pytest.raises(GatewayUnknownOutcome):
        gateway.fetch_payment("tr_0123456789")

    assert time.monotonic() - began < 2
    assert sandbox.calls() == {"get": 1}


def test_nobody_listening_is_an_unknown_outcome() -> None:
    gateway = MollieGateway("test_abc", "http://127.0.0.1:9", timeout=(1, 1))

    with pytest.raises(GatewayUnknownOutcome):
        gateway.create_payment(new_payment())


def test_key_used_for_another_payment(gateway: MollieGateway) -> None:
    gateway.create_payment(new_payment(idempotency_key="een"))

    with pytest.raises(IdempotencyKeyReused):
        gateway.create_payment(new_payment(idempotency_key="een", amount_cents=1))


def test_first_call_with_the_key_still_under_way(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    sandbox.fault("http-409", operation="create")

    with pytest.raises(GatewayBusy):
        gateway.create_payment(new_payment())

    assert gateway.create_payment(new_payment()).status == "open"


def test_refund_of_which_the_answer_was_lost_is_made_once(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    payment_id = paid_payment(sandbox, gateway)
    sandbox.fault("drop", operation="refund")
    with pytest.raises(GatewayUnknownOutcome):
        refund(gateway, payment_id, 1000)

    refund(gateway, payment_id, 1000)

    assert [made.amount_cents for made in gateway.list_refunds(payment_id)] == [1000]


def test_refund_made_although_an_error_was_answered_is_made_once(
    sandbox: RunningSandbox, gateway: MollieGateway
) -> None:
    payment_id = paid_payment(sandbox, gateway)
    sandbox.fault("http-500", operation="refund", after_work=True)
    with pytest.raises(GatewayUnknownOutcome):
        refund(gateway, payment_id, 1000)

    refund(gateway, payment_id, 1000)

    assert [made.reference for made in gateway.list_refunds(payment_id)] == ["terug-1"]


def test_equal_refund_within_the_hour_is_a_duplicate(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    payment_id = paid_payment(sandbox, gateway)
    refund(gateway, payment_id, 1000)

    with pytest.raises(DuplicateRefund):
        refund(gateway, payment_id, 1000, key="terug-2")


def test_refund_above_what_remains_is_too_high(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    payment_id = paid_payment(sandbox, gateway)
    refund(gateway, payment_id, 9000)

    with pytest.raises(RefundTooHigh) as refused:
        refund(gateway, payment_id, 501, key="terug-2")

    assert (refused.value.status, refused.value.field) == (422, "amount.value")


def test_refund_of_an_unpaid_payment_is_refused_without_being_too_high(gateway: MollieGateway) -> None:
    payment_id = gateway.create_payment(new_payment()).id

    with pytest.raises(GatewayRefused) as refused:
        refund(gateway, payment_id, 1000)

    assert type(refused.value) is GatewayRefused


def refund(gateway: MollieGateway, payment_id: str, cents: int, *, key: str = "terug-1") -> object:
    return gateway.create_refund(
        payment_id, amount_cents=cents, description="Terugbetaling", reference=key, idempotency_key=key
    )


def paid_payment(sandbox: RunningSandbox, gateway: MollieGateway) -> str:
    payment_id = gateway.create_payment(new_payment()).id
    sandbox.mark(payment_id, "paid")
    return payment_id
