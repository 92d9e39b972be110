"""The key, and what Mollie writes, stay out of everything that is shown or kept."""

import logging
import traceback

import pytest

from eventapp.payments.gateway import GatewayError
from eventapp.payments.mollie import MollieGateway
from eventapp.payments.settings import UnsafeSetting, check_settings, redact
from tests.payments.conftest import new_payment
from tests.payments.test_mollie_failures import UNKNOWN_OUTCOMES
from tests.sandbox import RunningSandbox

FAULTS = [kind for kind, _ in UNKNOWN_OUTCOMES] + ["http-400", "http-401", "http-409", "http-422", "timeout:1"]


@pytest.mark.parametrize("kind", FAULTS)
def test_key_is_in_no_exception_and_no_log_record(
    sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    caplog.set_level(logging.DEBUG)
    sandbox.fault(kind, operation="create")

    with pytest.raises(GatewayError) as raised:
        sandbox.gateway(timeout=(1, 0.3)).create_payment(new_payment())

    told = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
    logged = "".join(record.getMessage() + str(record.exc_text) for record in caplog.records)
    assert sandbox.api_key not in told
    assert sandbox.api_key not in logged
    assert "create payment failed" in logged


def test_page_of_a_proxy_is_logged_by_its_status_only(
    sandbox: RunningSandbox, gateway: MollieGateway, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.fault("html:502", operation="create")

    with pytest.raises(GatewayError) as raised:
        gateway.create_payment(new_payment())

    warnings = [record.getMessage() for record in caplog.records if record.name == "eventapp.payments.mollie"]
    assert str(raised.value) == "create payment: no usable answer (ResponseHandlingError)"
    assert warnings == [
        "Mollie: create payment failed: ResponseHandlingError, status None, field None: "
        "'Unable to decode Mollie API response (status code: 502)'"
    ]


@pytest.mark.parametrize("kind", ["broken-json", "strange-json", "drop"])
def test_bank_details_of_the_payer_are_not_logged(
    sandbox: RunningSandbox, gateway: MollieGateway, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    caplog.set_level(logging.DEBUG)
    payment_id = gateway.create_payment(new_payment()).id
    sandbox.mark(payment_id, "paid")
    sandbox.fault(kind, operation="get")

    with pytest.raises(GatewayError):
        gateway.fetch_payment(payment_id)

    logged = "".join(record.getMessage() for record in caplog.records)
    assert "fetch payment failed" in logged
    assert "NL91ABNA0417164300" not in logged
    assert "T. Test" not in logged


def test_gateway_does_not_show_its_key() -> None:
    assert "geheim" not in repr(MollieGateway("live_geheim"))


@pytest.mark.parametrize("key", ["geheim", "live-geheim", "test_ geheim", "test_geheim\nX: y", "xlive_geheim", "test_"])
def test_odd_key_is_refused_without_being_quoted(key: str) -> None:
    with pytest.raises(UnsafeSetting) as refused:
        check_settings(key, "")

    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:8001",
        "http://localhost:8001/",
        "https://mollie.example",
        "https://api.mollie.com.example",
        "https://api.mollie.com@elders.example",
        "http://api.mollie.com",
        "https://api.mollie.com/v2",
    ],
)
def test_live_key_goes_to_mollie_only(endpoint: str) -> None:
    with pytest.raises(UnsafeSetting):
        check_settings("live_geheim", endpoint)


@pytest.mark.parametrize("endpoint", ["", "https://api.mollie.com", "https://api.mollie.com/", " "])
def test_live_key_for_mollie_is_fine(endpoint: str) -> None:
    check_settings("live_geheim", endpoint)


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:8001", "http://[::1]:8001", "http://localhost:8001/", "https://proef.example"]
)
def test_test_key_may_go_to_a_stand_in(endpoint: str) -> None:
    check_settings("test_geheim", endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://proef.example",
        "http://127.0.0.1.example",
        "http://192.168.1.5:8001",
        "http://iemand:wacht@127.0.0.1:8001",
        "http://127.0.0.1:8001/v2",
        "http://127.0.0.1:99999",
        "ftp://127.0.0.1",
        "127.0.0.1:8001",
        "http://",
    ],
)
def test_unsafe_or_unusable_endpoint_is_refused(endpoint: str) -> None:
    with pytest.raises(UnsafeSetting):
        check_settings("test_geheim", endpoint)


def test_keys_are_redacted_wherever_they_stand() -> None:
    assert redact("Bearer live_Ab1, 'test_xyz' en latest_news") == "Bearer live_***, 'test_***' en latest_news"
