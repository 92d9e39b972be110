"""Calls from the provider: what a stranger can do with them (nothing), and that what they tell is never lost."""

import logging
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import WSGIRequestHandler, make_server

from eventapp.domain.payments import AttemptStatus
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import PaymentAttempt
from tests.sandbox import RunningSandbox
from tests.shop import Shop, settings

EMPTY = ("", 200)


@pytest.fixture
def client(shop: Shop) -> FlaskClient:
    return shop.app.test_client()


def call(client: FlaskClient, token: str, payment_id: str | None) -> tuple[str, int]:
    answer = client.post(f"/webhooks/mollie/{token}", data={"id": payment_id} if payment_id is not None else {})
    return answer.text, answer.status_code


def test_paid_is_confirmed_by_the_webhook_alone(shop: Shop, client: FlaskClient):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.mark(attempt.provider_id, "paid")

    answers = {call(client, attempt.token, attempt.provider_id) for _ in range(5)}

    assert answers == {EMPTY}
    assert (shop.state(order_id), shop.mails()) == (State.CONFIRMED, ["confirmed"])


def test_forged_call_for_an_open_payment_pays_nothing(shop: Shop, client: FlaskClient):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)

    forged = {"id": attempt.provider_id, "status": "paid", "paidAt": "2027-01-11T09:00:00+00:00"}
    answer = client.post(f"/webhooks/mollie/{attempt.token}", data=forged)

    assert (answer.text, answer.status_code) == EMPTY
    assert (shop.state(order_id), shop.attempts(order_id)[0].status) == (State.AWAITING_PAYMENT, AttemptStatus.OPEN)


@pytest.mark.parametrize(
    "payment_id", [None, "", "tr_x/../methods", "../methods", "tr_", "re_abc", "tr_" + "a" * 65, "tr_a\n", "tr_é"]
)
def test_id_that_is_none_asks_nothing(shop: Shop, client: FlaskClient, payment_id: str | None):
    attempt = shop.open_payment(shop.booked())
    calls = shop.sandbox.calls()

    answer = call(client, attempt.token, payment_id)

    assert answer == EMPTY
    assert shop.sandbox.calls() == calls


def test_unknown_token_looks_like_a_known_one_and_asks_nothing(shop: Shop, client: FlaskClient):
    attempt = shop.open_payment(shop.booked())
    shop.sandbox.mark(attempt.provider_id, "paid")
    calls = shop.sandbox.calls()

    unknown = client.post("/webhooks/mollie/onbekend", data={"id": attempt.provider_id})
    asked_nothing = shop.sandbox.calls() == calls
    known = client.post(f"/webhooks/mollie/{attempt.token}", data={"id": attempt.provider_id})

    assert asked_nothing
    assert (unknown.text, unknown.status_code) == (known.text, known.status_code) == EMPTY
    assert sorted(unknown.headers.keys()) == sorted(known.headers.keys())


def test_only_small_forms_are_taken(shop: Shop, client: FlaskClient):
    attempt = shop.open_payment(shop.booked())
    calls = shop.sandbox.calls()
    address = f"/webhooks/mollie/{attempt.token}"

    statuses = [
        client.get(address, query_string={"id": attempt.provider_id}).status_code,
        client.put(address, data={"id": attempt.provider_id}).status_code,
        client.post(address, data={"id": attempt.provider_id, "ballast": "x" * 1_000_000}).status_code,
        client.post(address, json={"id": attempt.provider_id}).status_code,
        client.post(f"{address}?id={attempt.provider_id}").status_code,
    ]

    assert statuses == [405, 405, 413, 200, 200]
    assert shop.sandbox.calls() == calls


@pytest.mark.parametrize("kind", ["http-429", "http-500", "http-503", "http-401", "html:200", "drop"])
def test_provider_that_does_not_answer_us_is_asked_to_call_again(shop: Shop, client: FlaskClient, kind: str):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.mark(attempt.provider_id, "paid")
    shop.sandbox.fault(kind, operation="get")

    first = call(client, attempt.token, attempt.provider_id)
    still = shop.state(order_id)
    second = call(client, attempt.token, attempt.provider_id)

    assert (first, second) == (("", 503), EMPTY)
    assert (still, shop.state(order_id)) == (State.AWAITING_PAYMENT, State.CONFIRMED)


def test_payment_that_the_provider_does_not_know_is_not_repeated(shop: Shop, client: FlaskClient):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.fault("http-404", operation="get")

    assert call(client, attempt.token, attempt.provider_id) == EMPTY
    assert shop.state(order_id) == State.AWAITING_PAYMENT


def test_call_that_overtakes_our_own_answer_brings_the_id(shop: Shop, client: FlaskClient):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    payment_id, token = attempt.provider_id, attempt.token
    db.session.get_one(PaymentAttempt, attempt.id).provider_id = None
    db.session.commit()
    shop.sandbox.mark(payment_id, "paid")

    answer = call(client, token, payment_id)

    assert (answer, shop.state(order_id)) == (EMPTY, State.CONFIRMED)


def test_key_and_payer_are_in_no_log(shop: Shop, client: FlaskClient, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG, logger="eventapp")
    attempt = shop.open_payment(shop.booked())
    shop.sandbox.mark(attempt.provider_id, "paid")
    shop.sandbox.fault("html:500", operation="get")

    call(client, attempt.token, attempt.provider_id)
    call(client, attempt.token, attempt.provider_id)

    assert "webhook of attempt" in caplog.text
    assert [word for word in (shop.sandbox.api_key, "NL91ABNA", attempt.token) if word in caplog.text] == []


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """No line per call."""


@pytest.fixture
def live_shop(shop_sandbox: RunningSandbox, make_app: Callable[..., Flask]) -> Iterator[Shop]:
    """A shop that the sandbox can call, over HTTP."""
    apps: list[Flask] = []
    server = make_server("127.0.0.1", 0, lambda e, s: apps[0](e, s), threaded=True, request_handler=_QuietHandler)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    shop_sandbox.control("reset")
    apps.append(make_app(**settings(shop_sandbox, f"http://127.0.0.1:{server.server_port}")))
    with apps[0].app_context():
        yield Shop(apps[0], shop_sandbox)
    shop_sandbox.control("reset")
    server.shutdown()
    thread.join()
    server.server_close()


def test_payer_who_pays_and_closes_the_browser_is_confirmed(live_shop: Shop):
    live_shop.sandbox.switch("double-webhooks")
    order_id = live_shop.booked()
    attempt = live_shop.open_payment(order_id)

    live_shop.sandbox.request("POST", f"/checkout/{attempt.provider_id}", data={"outcome": "paid"})
    delivered = live_shop.sandbox.settled_webhooks()

    assert [call["answers"] for call in delivered] == [[200], [200]]
    assert (live_shop.state(order_id), live_shop.mails()) == (State.CONFIRMED, ["confirmed"])


def test_webhook_that_failed_is_repeated_until_it_is_heard(live_shop: Shop):
    live_shop.sandbox.switch("webhook-delays", [0, 0.1, 0.1])
    order_id = live_shop.booked()
    attempt = live_shop.open_payment(order_id)
    live_shop.sandbox.fault("http-500", operation="get", times=2)

    live_shop.sandbox.mark(attempt.provider_id, "paid")
    delivered = live_shop.sandbox.settled_webhooks()

    assert [call["answers"] for call in delivered] == [[503, 503, 200]]
    assert live_shop.state(order_id) == State.CONFIRMED
