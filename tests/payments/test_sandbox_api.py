"""The sandbox refuses what Mollie refuses: keys, bodies, double requests, unknown things."""

from typing import Any

import pytest
import requests

from tests.sandbox import RunningSandbox

GOOD = {
    "amount": {"currency": "EUR", "value": "95.00"},
    "description": "Themadag",
    "redirectUrl": "http://127.0.0.1:9/terug",
    "method": "ideal",
}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": None}, "amount"),
        ({"amount": {"currency": "EUR"}}, "amount"),
        ({"amount": {"currency": "EUR", "value": "95"}}, "amount.value"),
        ({"amount": {"currency": "EUR", "value": 95.0}}, "amount.value"),
        ({"amount": {"currency": "EUR", "value": "0.00"}}, "amount.value"),
        ({"amount": {"currency": "EUR", "value": "-1.00"}}, "amount.value"),
        ({"amount": {"currency": "XXX", "value": "1.00"}}, "amount.currency"),
        ({"description": ""}, "description"),
        ({"description": "x" * 256}, "description"),
        ({"redirectUrl": None}, "redirectUrl"),
        ({"webhookUrl": "geen adres"}, "webhookUrl"),
        ({"cancelUrl": "javascript:alert(1)"}, "cancelUrl"),
        ({"method": "wero"}, "method"),
        ({"method": ["ideal", "eps"]}, "method"),
        ({"metadata": {"reference": "x" * 1024}}, "metadata"),
        ({"locale": "nl"}, "locale"),
        ({"redirectURL": "http://127.0.0.1:9/terug"}, "redirectURL"),
    ],
)
def test_wrong_field_is_named(sandbox: RunningSandbox, changes: dict[str, Any], field: str) -> None:
    answer = call(sandbox, "POST", "/payments", json=GOOD | changes)

    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize("authorization", [None, "Bearer live_abc", "Bearer test_", "Basic test_abc"])
def test_only_a_test_key_opens_the_door(sandbox: RunningSandbox, authorization: str | None) -> None:
    answer = sandbox.request("GET", "/v2/methods", headers={"Authorization": authorization} if authorization else {})

    assert (answer.status_code, answer.json()["status"]) == (401, 401)


@pytest.mark.parametrize("path", ["/payments/tr_0123456789", "/methods/wero", "/payments/tr_0123456789/refunds", "/x"])
def test_unknown_things_are_not_found(sandbox: RunningSandbox, path: str) -> None:
    answer = call(sandbox, "GET", path)

    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_body_that_is_no_json_is_a_bad_request(sandbox: RunningSandbox) -> None:
    assert call(sandbox, "POST", "/payments", data="amount=1").status_code == 400


def test_repeated_request_is_replayed_and_says_so(sandbox: RunningSandbox) -> None:
    first = call(sandbox, "POST", "/payments", json=GOOD, key="k")

    again = call(sandbox, "POST", "/payments", json=GOOD, key="k")

    assert again.json() == first.json()
    assert (first.headers.get("Idempotent-Replayed"), again.headers.get("Idempotent-Replayed")) == (None, "true")


def test_same_key_on_another_address_is_a_bad_request(sandbox: RunningSandbox) -> None:
    payment_id = call(sandbox, "POST", "/payments", json=GOOD, key="k").json()["id"]

    assert call(sandbox, "POST", f"/payments/{payment_id}/refunds", json=GOOD, key="k").status_code == 400


def test_payments_are_listed_in_pages_newest_first(sandbox: RunningSandbox) -> None:
    made = [call(sandbox, "POST", "/payments", json=GOOD).json()["id"] for _ in range(3)]

    first = call(sandbox, "GET", "/payments?limit=2").json()
    rest = call(sandbox, "GET", f"/payments?limit=2&from={made[0]}").json()

    assert [payment["id"] for payment in first["_embedded"]["payments"]] == [made[2], made[1]]
    assert first["_links"]["next"]["href"] == f"{sandbox.url}/v2/payments?from={made[0]}&limit=2"
    assert ([payment["id"] for payment in rest["_embedded"]["payments"]], rest["_links"]["next"]) == ([made[0]], None)


def test_payment_can_be_updated(sandbox: RunningSandbox) -> None:
    payment_id = call(sandbox, "POST", "/payments", json=GOOD).json()["id"]

    answer = call(sandbox, "PATCH", f"/payments/{payment_id}", json={"description": "Anders", "metadata": {"a": 1}})

    assert (answer.json()["description"], answer.json()["metadata"]) == ("Anders", {"a": 1})


def test_pending_refund_can_be_withdrawn_and_a_sent_one_not(sandbox: RunningSandbox) -> None:
    payment_id = call(sandbox, "POST", "/payments", json=GOOD).json()["id"]
    sandbox.mark(payment_id, "paid")
    refunds = f"/payments/{payment_id}/refunds"
    first, second = (
        call(sandbox, "POST", refunds, json={"amount": {"currency": "EUR", "value": value}}).json()["id"]
        for value in ("1.00", "2.00")
    )
    sandbox.control(f"refunds/{second}/settle", status="processing")

    statuses = [call(sandbox, "DELETE", f"{refunds}/{refund_id}").status_code for refund_id in (first, second)]

    assert statuses == [204, 422]
    assert call(sandbox, "GET", f"{refunds}/{first}").json()["status"] == "canceled"
    assert call(sandbox, "GET", "/refunds").json()["count"] == 2


def test_what_remains_is_less_refunds_and_chargebacks(sandbox: RunningSandbox) -> None:
    payment_id = call(sandbox, "POST", "/payments", json=GOOD).json()["id"]
    sandbox.mark(payment_id, "paid")
    sandbox.control(f"payments/{payment_id}/refund", amount_cents=1000)
    sandbox.control(f"payments/{payment_id}/charge-back", amount_cents=2550)

    payment = call(sandbox, "GET", f"/payments/{payment_id}").json()

    assert payment["amountRefunded"] == {"currency": "EUR", "value": "10.00"}
    assert payment["amountChargedBack"] == {"currency": "EUR", "value": "25.50"}
    assert payment["amountRemaining"] == {"currency": "EUR", "value": "59.50"}
    assert call(sandbox, "GET", "/chargebacks").json()["count"] == 1


def test_payment_expires_by_the_clock(sandbox: RunningSandbox) -> None:
    payment_id = call(sandbox, "POST", "/payments", json=GOOD).json()["id"]
    sandbox.control(f"payments/{payment_id}/amend", expires_at="2020-01-01T00:00:00+00:00")

    assert call(sandbox, "GET", f"/payments/{payment_id}").json()["status"] == "expired"


def test_money_can_arrive_after_expiry(sandbox: RunningSandbox) -> None:
    payment_id = call(sandbox, "POST", "/payments", json=GOOD).json()["id"]
    sandbox.mark(payment_id, "expired")

    sandbox.mark(payment_id, "paid", method="wero")

    payment = call(sandbox, "GET", f"/payments/{payment_id}").json()
    assert (payment["status"], payment["method"]) == ("paid", "wero")


def test_all_methods_are_more_than_the_enabled_ones(sandbox: RunningSandbox) -> None:
    enabled, every = (call(sandbox, "GET", path).json()["count"] for path in ("/methods", "/methods/all"))

    assert 0 < enabled < every
    assert call(sandbox, "GET", "/methods/ideal").json()["description"] == "iDEAL | Wero"


def test_unknown_fault_is_refused_with_the_ones_there_are(sandbox: RunningSandbox) -> None:
    answer = sandbox.request("POST", "/control/faults", json={"kind": "earthquake"})

    assert answer.status_code == 400
    assert "broken-json" in answer.json()["error"]


def call(sandbox: RunningSandbox, method: str, path: str, *, key: str = "", **options: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {sandbox.api_key}"} | ({"Idempotency-Key": key} if key else {})
    return sandbox.request(method, f"/v2{path}", headers=headers, **options)
