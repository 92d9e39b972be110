"""The payer's page and the control page: what they show, what their buttons do, and that looking changes nothing."""

import pytest
from bs4 import BeautifulSoup

from eventapp.payments.mollie import MollieGateway
from tests.payments.conftest import new_payment
from tests.sandbox import RunningSandbox


def test_checkout_page_shows_what_is_paid_and_that_it_is_not_real(
    sandbox: RunningSandbox, gateway: MollieGateway
) -> None:
    payment_id = gateway.create_payment(new_payment(amount_cents=123456, description="Themadag <b>2027</b>")).id

    page = BeautifulSoup(sandbox.request("GET", f"/checkout/{payment_id}").text, "html.parser")

    assert page.select_one(".banner").get_text() == "Mollie-zandbak: er gaat geen echt geld om"
    assert page.select_one("h1").get_text() == "€\N{NO-BREAK SPACE}1.234,56"
    assert page.select_one(".what").get_text() == "Themadag <b>2027</b>"
    assert [button.get_text() for button in page.select("button")] == ["Betaald", "Mislukt", "Geannuleerd", "Verlopen"]
    assert page.select("input[type=radio]") == []


def test_payer_chooses_between_the_methods_asked_for(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    payment_id = gateway.create_payment(new_payment(methods=("ideal", "bancontact"))).id
    page = BeautifulSoup(sandbox.request("GET", f"/checkout/{payment_id}").text, "html.parser")

    sandbox.request("POST", f"/checkout/{payment_id}", data={"method": "bancontact", "outcome": "paid"})

    assert [choice["value"] for choice in page.select("input[type=radio]")] == ["ideal", "bancontact"]
    assert gateway.fetch_payment(payment_id).method == "bancontact"


@pytest.mark.parametrize(
    ("outcome", "way_back"),
    [
        ("paid", "/bestelling/terug"),
        ("failed", "/bestelling/terug"),
        ("canceled", "/bestelling/geannuleerd"),
        ("expired", "/bestelling/terug"),
    ],
)
def test_payer_goes_back_to_the_merchant(
    sandbox: RunningSandbox, gateway: MollieGateway, outcome: str, way_back: str
) -> None:
    payment_id = gateway.create_payment(new_payment()).id

    answer = sandbox.request("POST", f"/checkout/{payment_id}", data={"outcome": outcome})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"http://127.0.0.1:9{way_back}")
    assert gateway.fetch_payment(payment_id).status == outcome


def test_second_click_changes_nothing(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    payment_id = gateway.create_payment(new_payment()).id
    sandbox.request("POST", f"/checkout/{payment_id}", data={"outcome": "paid"})

    answer = sandbox.request("POST", f"/checkout/{payment_id}", data={"outcome": "failed"})

    assert answer.status_code == 303
    assert gateway.fetch_payment(payment_id).status == "paid"


def test_settled_payment_offers_only_the_way_back(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    payment_id = gateway.create_payment(new_payment()).id
    sandbox.mark(payment_id, "paid")

    page = BeautifulSoup(sandbox.request("GET", f"/checkout/{payment_id}").text, "html.parser")

    assert page.select("button") == []
    assert page.select_one("a.button")["href"] == "http://127.0.0.1:9/bestelling/terug"


def test_unknown_payment_has_no_page(sandbox: RunningSandbox) -> None:
    assert sandbox.request("GET", "/checkout/tr_0123456789").status_code == 404


def test_every_button_of_the_control_page_works(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    _fill(sandbox, gateway)
    page = BeautifulSoup(sandbox.request("GET", "/").text, "html.parser")
    targets = {
        (button.get("formaction") or form["action"], tuple((field["name"], field["value"]) for field in hidden))
        for form in page.select("form")
        for hidden in [form.select("input[type=hidden]")]
        for button in form.select("button")
    }
    typed = {"kind": "http-500", "amount": "0,01"}
    # What takes the paid payment away comes after what needs it, and what takes everything away comes last.
    order = sorted(targets, key=lambda target: (target[0].endswith("/reset"), target[0].endswith(("/mark", "/amend"))))

    answers = [sandbox.request("POST", action, data=typed | dict(fields)).status_code for action, fields in order]

    assert len(answers) > 20
    assert set(answers) == {303}


def test_impossible_button_says_why_on_a_page(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    payment_id = gateway.create_payment(new_payment()).id

    answer = sandbox.request("POST", f"/control/payments/{payment_id}/charge-back", data={"amount": "1,00"})

    page = BeautifulSoup(answer.text, "html.parser")
    assert (answer.status_code, page.select_one("h1").get_text()) == (422, "Dat kan niet")
    assert page.select_one("a.button")["href"] == "/"


def test_switches_on_the_page_are_saved_as_they_stand(sandbox: RunningSandbox) -> None:
    sandbox.request("POST", "/control/switches", data={"no-webhooks": "on", "late-webhooks": "2.5"})

    page = BeautifulSoup(sandbox.request("GET", "/").text, "html.parser")

    assert [box["name"] for box in page.select("input[type=checkbox][checked]")] == ["no-webhooks"]
    assert page.select_one("input[name=late-webhooks]")["value"] == "2.5"


def test_looking_at_a_page_changes_nothing(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    payment_id = gateway.create_payment(new_payment()).id
    before = gateway.fetch_payment(payment_id)

    for path in ("/", f"/checkout/{payment_id}", "/control/calls", "/control/webhooks", "/control/reset"):
        sandbox.request("GET", path)

    assert gateway.fetch_payment(payment_id) == before
    assert sandbox.webhooks() == []


def _fill(sandbox: RunningSandbox, gateway: MollieGateway) -> None:
    gateway.create_payment(new_payment(idempotency_key="open"))
    payment_id = gateway.create_payment(new_payment(idempotency_key="betaald")).id
    sandbox.mark(payment_id, "paid")
    sandbox.control(f"payments/{payment_id}/refund", amount_cents=1000)
    sandbox.control(f"payments/{payment_id}/charge-back", amount_cents=2000)
    sandbox.switch("no-webhooks")
    sandbox.fault("http-500", operation="create")
