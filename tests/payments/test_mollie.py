"""The real client against the sandbox over HTTP: what comes back when all goes well, and what is never sent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eventapp.payments import mollie
from eventapp.payments.gateway import GatewayRefused, GatewayUnknownOutcome, PaymentMethod, PaymentNotFound
from eventapp.payments.mollie import MollieGateway
from tests.payments.conftest import Merchant, new_payment
from tests.sandbox import RunningSandbox


def test_created_payment_is_open_with_our_amount_and_reference(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    picture = gateway.create_payment(new_payment(amount_cents=9505))

    assert (picture.status, picture.mode, picture.amount_cents, picture.currency) == ("open", "test", 9505, "EUR")
    assert (picture.reference, picture.method, picture.refunds) == ("poging-17", "ideal", ())
    assert (picture.refunded_cents, picture.charged_back_cents, picture.paid_at) == (0, 0, None)
    assert picture.checkout_url == f"{sandbox.url}/checkout/{picture.id}"


def test_ideal_payment_expires_after_a_quarter_of_an_hour(gateway: MollieGateway) -> None:
    before = datetime.now(UTC).replace(microsecond=0)

    expires_at = gateway.create_payment(new_payment(methods=("ideal",))).expires_at

    assert expires_at is not None
    assert timedelta() <= expires_at - before - timedelta(minutes=15) < timedelta(seconds=10)


def test_several_methods_leave_the_choice_to_the_payer(gateway: MollieGateway) -> None:
    picture = gateway.create_payment(new_payment(methods=("ideal", "bancontact")))

    assert picture.method is None


def test_same_key_and_content_is_the_same_payment(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    first = gateway.create_payment(new_payment())

    again = gateway.create_payment(new_payment())

    assert again == first
    assert sandbox.calls() == {"create": 2}


def test_payment_of_which_the_answer_was_lost_is_found_with_its_key(
    sandbox: RunningSandbox, gateway: MollieGateway
) -> None:
    sandbox.fault("drop", operation="create")
    with pytest.raises(GatewayUnknownOutcome):
        gateway.create_payment(new_payment())

    gateway.create_payment(new_payment())

    listed = sandbox.request("GET", "/v2/payments", headers={"Authorization": f"Bearer {sandbox.api_key}"}).json()
    assert listed["count"] == 1


def test_long_description_is_cut(gateway: MollieGateway) -> None:
    picture = gateway.create_payment(new_payment(description="é" * 300))

    assert picture.status == "open"


def test_paid_payment_says_when_and_has_no_checkout(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    payment_id = gateway.create_payment(new_payment()).id
    sandbox.mark(payment_id, "paid")

    picture = gateway.fetch_payment(payment_id)

    assert (picture.status, picture.checkout_url, picture.expires_at) == ("paid", None, None)
    assert picture.paid_at is not None
    assert picture.paid_at.tzinfo is UTC


def test_status_and_method_that_mollie_has_yet_to_invent_pass_through(
    sandbox: RunningSandbox, gateway: MollieGateway
) -> None:
    payment_id = gateway.create_payment(new_payment()).id
    sandbox.control(f"payments/{payment_id}/amend", status="teleported", method="wero")

    picture = gateway.fetch_payment(payment_id)

    assert (picture.status, picture.method) == ("teleported", "wero")


def test_differing_amount_currency_mode_and_metadata_are_shown_as_they_are(
    sandbox: RunningSandbox, gateway: MollieGateway
) -> None:
    payment_id = gateway.create_payment(new_payment()).id
    sandbox.control(f"payments/{payment_id}/amend", amount_cents=1, currency="USD", mode="live", metadata="vreemd")

    picture = gateway.fetch_payment(payment_id)

    assert (picture.amount_cents, picture.currency, picture.mode, picture.reference) == (1, "USD", "live", "")


def test_fetched_payment_carries_its_refunds_and_amounts(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    payment_id = _paid(sandbox, gateway)
    ours = gateway.create_refund(
        payment_id, amount_cents=2500, description="Terug", reference="terug-1", idempotency_key="terug-1"
    )
    theirs = sandbox.control(f"payments/{payment_id}/refund", amount_cents=1000)["id"]

    picture = gateway.fetch_payment(payment_id)

    assert picture.refunded_cents == 3500
    assert [(refund.id, refund.status, refund.amount_cents, refund.reference) for refund in picture.refunds] == [
        (theirs, "processing", 1000, ""),
        (ours.id, "pending", 2500, "terug-1"),
    ]


def test_failed_refund_no_longer_counts(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    payment_id = _paid(sandbox, gateway)
    refund_id = sandbox.control(f"payments/{payment_id}/refund", amount_cents=1000)["id"]
    sandbox.control(f"refunds/{refund_id}/settle", status="failed")

    picture = gateway.fetch_payment(payment_id)

    assert (picture.refunded_cents, picture.refunds[0].status) == (0, "failed")


def test_refund_waits_in_the_queue_when_the_balance_is_low(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    payment_id = _paid(sandbox, gateway)
    sandbox.switch("refunds-queued")

    refund = gateway.create_refund(
        payment_id, amount_cents=9500, description="Terug", reference="terug-1", idempotency_key="terug-1"
    )

    assert refund.status == "queued"


def test_chargeback_counts_until_it_is_reversed(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    payment_id = _paid(sandbox, gateway)
    sandbox.control(f"payments/{payment_id}/charge-back", amount_cents=4000)
    taken = gateway.fetch_payment(payment_id)
    sandbox.control(f"payments/{payment_id}/reverse-chargebacks")

    returned = gateway.fetch_payment(payment_id)

    assert (taken.status, taken.charged_back_cents) == ("paid", 4000)
    assert (returned.status, returned.charged_back_cents) == ("paid", 0)


@pytest.mark.parametrize("own_sum_drops", [True, False])
def test_reversed_chargeback_is_left_out_whatever_mollies_own_sum_says(own_sum_drops: bool) -> None:
    amount = {"currency": "EUR", "value": "95.00"}
    answer = {
        "id": "tr_abc",
        "status": "paid",
        "mode": "test",
        "amount": amount,
        "_links": {},
        "_embedded": {"chargebacks": [{"amount": amount, "reversedAt": "2027-01-01T00:00:00+00:00"}]},
    }

    picture = mollie.payment_picture(answer if own_sum_drops else answer | {"amountChargedBack": amount})

    assert picture.charged_back_cents == 0


def test_every_page_of_refunds_is_listed(
    sandbox: RunningSandbox, gateway: MollieGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mollie, "PAGE", 3)
    payment_id = _paid(sandbox, gateway)
    made = {sandbox.control(f"payments/{payment_id}/refund", amount_cents=cents)["id"] for cents in range(1, 5)}

    refunds = gateway.list_refunds(payment_id)

    assert {refund.id for refund in refunds} == made
    assert sandbox.calls()["list"] == 2


def test_no_refunds_is_an_empty_list(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    assert gateway.list_refunds(_paid(sandbox, gateway)) == []


def test_bank_transfer_can_be_cancelled(gateway: MollieGateway) -> None:
    payment_id = gateway.create_payment(new_payment(methods=("banktransfer",))).id

    picture = gateway.cancel_payment(payment_id)

    assert (picture.status, picture.checkout_url) == ("canceled", None)


def test_payment_that_cannot_be_cancelled_is_shown_as_it_stands(
    sandbox: RunningSandbox, gateway: MollieGateway
) -> None:
    payment_id = gateway.create_payment(new_payment(methods=("ideal",))).id

    picture = gateway.cancel_payment(payment_id)

    assert picture.status == "open"
    assert sandbox.calls() == {"create": 1, "cancel": 1, "get": 1}


def test_cancel_that_happened_although_refused_is_seen(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    payment_id = gateway.create_payment(new_payment(methods=("banktransfer",))).id
    sandbox.fault("http-422", operation="cancel", after_work=True)

    picture = gateway.cancel_payment(payment_id)

    assert picture.status == "canceled"


def test_methods_are_those_that_allow_the_amount(gateway: MollieGateway) -> None:
    methods = gateway.methods(1_500_000)

    assert methods == [
        PaymentMethod("ideal", "iDEAL | Wero"),
        PaymentMethod("bancontact", "Bancontact"),
        PaymentMethod("banktransfer", "Overboeking"),
    ]


def test_mode_follows_the_key() -> None:
    assert MollieGateway("test_abc").mode == "test"
    assert MollieGateway("live_abc").mode == "live"


def test_payment_of_nothing_is_not_asked_for() -> None:
    with pytest.raises(ValueError, match="nothing"):
        new_payment(amount_cents=0)


def test_payment_without_methods_is_not_asked_for() -> None:
    with pytest.raises(ValueError, match="methods"):
        new_payment(methods=())


@pytest.mark.parametrize(
    "payment_id",
    ["", "tr_", "re_abc", "tr_x/../../methods", "tr_abc?embed=x", "tr_abc\n", "tr_é", "tr_" + "a" * 65, " tr_abc"],
)
def test_id_of_the_wrong_form_never_leaves_the_house(
    sandbox: RunningSandbox, gateway: MollieGateway, payment_id: str
) -> None:
    with pytest.raises(PaymentNotFound):
        gateway.fetch_payment(payment_id)
    with pytest.raises(PaymentNotFound):
        gateway.cancel_payment(payment_id)
    with pytest.raises(PaymentNotFound):
        gateway.list_refunds(payment_id)
    with pytest.raises(PaymentNotFound):
        gateway.create_refund(payment_id, amount_cents=1, description="", reference="", idempotency_key="k")

    assert sandbox.calls() == {}


def test_unknown_payment_is_not_found(gateway: MollieGateway) -> None:
    with pytest.raises(PaymentNotFound):
        gateway.fetch_payment("tr_0123456789")


def test_refused_field_is_named(gateway: MollieGateway) -> None:
    with pytest.raises(GatewayRefused) as refused:
        gateway.create_payment(replace(new_payment(), redirect_url="geen adres"))

    assert (refused.value.status, refused.value.field) == (422, "redirectUrl")


def test_proxy_of_the_environment_is_not_used_on_this_machine(
    gateway: MollieGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)

    assert gateway.methods(9500) != []


def test_netrc_does_not_replace_the_key(
    gateway: MollieGateway, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login iemand password anders\n")
    monkeypatch.setenv("NETRC", str(netrc))

    assert gateway.methods(9500) != []


def test_key_does_not_follow_a_redirect(merchant: Merchant) -> None:
    merchant.statuses, merchant.location = [307], f"{merchant.url}/elders"

    with pytest.raises(GatewayUnknownOutcome):
        MollieGateway("test_abc", merchant.url).create_payment(new_payment())

    assert [received.path for received in merchant.received] == ["/v2/payments"]


def _paid(sandbox: RunningSandbox, gateway: MollieGateway) -> str:
    payment_id = gateway.create_payment(new_payment()).id
    sandbox.mark(payment_id, "paid")
    return payment_id
