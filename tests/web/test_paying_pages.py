"""What somebody who pays sees: the page to pay on, the order, the way back from the checkout, and the bad days."""

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from eventapp.domain.invoices import TIME_TO_COMPLETE
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Order
from eventapp.services import invoicing
from eventapp.services.lapsing import lapse_unpaid
from tests.factories import NOW, make_event
from tests.invoicing import make_ready
from tests.shop import Shop, settings


@pytest.fixture
def client(shop: Shop) -> FlaskClient:
    return shop.app.test_client()


def links(order_id: int) -> tuple[str, str]:
    """The token of the order and the one that only pays."""
    db.session.rollback()
    order = db.session.get_one(Order, order_id)
    return order.token, order.pay_token


def text(page: str) -> str:
    main = BeautifulSoup(page, "html.parser").main
    assert main is not None
    return " ".join(main.get_text(" ").split())


def test_pay_page_says_what_and_how_much_and_its_button_leads_to_the_checkout(shop: Shop, client: FlaskClient):
    order_id = shop.booked(make_event(title="Themadag 2027"))
    _token, pay_token = links(order_id)

    page = text(client.get(f"/bestelling/{pay_token}/betalen").text)
    answer = client.post(f"/bestelling/{pay_token}/betaling")

    assert "Themadag 2027" in page
    assert "€ 95,00 (incl. btw)" in page.replace("\xa0", " ")
    assert (answer.status_code, answer.location) == (303, shop.attempts(order_id)[0].checkout_url)


def test_order_that_was_paid_leads_to_its_invoice_before_and_after_it_is_issued(shop: Shop, client: FlaskClient):
    make_ready()
    order_id = shop.booked()
    shop.paid(order_id)
    token, _pay_token = links(order_id)

    before = text(client.get(f"/bestelling/{token}").text)
    invoicing.issue_due(now=NOW + TIME_TO_COMPLETE)
    page = client.get(f"/bestelling/{token}").text

    assert "Factuurgegevens aanvullen . De factuur komt nog." in before
    assert "Betaald, € 95,00." in text(page).replace("\xa0", " ")
    address = BeautifulSoup(page, "html.parser").find("a", href=lambda href: href and href.startswith("/factuur/"))
    assert client.get(address["href"]).status_code == 200


def test_looking_asks_the_provider_nothing(shop: Shop, client: FlaskClient):
    order_id = shop.booked()
    token, pay_token = links(order_id)
    attempt = shop.open_payment(order_id)
    shop.sandbox.mark(attempt.provider_id, "paid")
    calls = shop.sandbox.calls()

    for address in (f"/bestelling/{token}", f"/bestelling/{token}?betaald", f"/bestelling/{pay_token}/betalen?betaald"):
        assert client.get(address).status_code == 200

    assert (shop.sandbox.calls(), shop.state(order_id)) == (calls, State.AWAITING_PAYMENT)


@pytest.mark.parametrize("kind", ["http-503", "http-429", "html:502", "drop", "http-401"])
def test_provider_away_keeps_the_place_and_invites_to_try_again(shop: Shop, client: FlaskClient, kind: str):
    order_id = shop.booked()
    token, _pay_token = links(order_id)
    shop.sandbox.fault(kind, operation="create")

    answer = client.post(f"/bestelling/{token}/betaling")
    page = client.get(answer.location).text
    again = client.post(f"/bestelling/{token}/betaling")

    assert (answer.status_code, answer.location) == (303, f"/bestelling/{token}?betaling=lukte-niet")
    assert "De betaaldienst reageert niet." in text(page)
    assert "Probeer opnieuw: betaal" in text(page)
    assert shop.sandbox.api_key not in page
    assert again.location == shop.attempts(order_id)[0].checkout_url


def test_provider_away_during_a_second_click_is_no_error_page(shop: Shop, client: FlaskClient):
    token, _pay_token = links(order_id := shop.booked())
    client.post(f"/bestelling/{token}/betaling")
    shop.sandbox.fault("http-500", operation="get")

    answer = client.post(f"/bestelling/{token}/betaling")

    assert (answer.status_code, answer.location) == (303, f"/bestelling/{token}?betaling=lukte-niet")
    assert shop.attempts(order_id)[0].status == AttemptStatus.OPEN


def test_without_a_provider_nobody_is_asked_to_pay_online(shop: Shop, make_app):
    _token, pay_token = links(shop.booked())
    client = make_app(**settings(shop.sandbox) | {"MOLLIE_API_KEY": ""}).test_client()

    page = client.get(f"/bestelling/{pay_token}/betalen").text
    answer = client.post(f"/bestelling/{pay_token}/betaling")

    assert "Online betalen kan nu niet" in text(page)
    assert answer.status_code == 503


def test_payer_who_comes_back_first_sees_it_is_being_processed_and_then_the_ticket(shop: Shop, client: FlaskClient):
    order_id = shop.booked()
    token, pay_token = links(order_id)
    client.post(f"/bestelling/{token}/betaling")

    returned = client.get(f"/bestelling/{pay_token}/betalen?betaald")
    waiting = client.get(returned.location).text
    unpaid = client.post(f"/bestelling/{token}/betaalcontrole")
    shop.sandbox.mark(shop.attempts(order_id)[0].provider_id, "paid")
    checked = client.post(f"/bestelling/{token}/betaalcontrole")
    done = client.get(checked.location).text

    assert (returned.status_code, returned.location) == (302, f"/bestelling/{token}?betaald=")
    assert "Uw betaling wordt verwerkt" in text(waiting)
    assert "niet betaald" not in text(waiting).lower()
    assert (unpaid.status_code, unpaid.location) == (303, f"/bestelling/{token}?betaald=")
    assert (checked.location, shop.state(order_id)) == (f"/bestelling/{token}", State.CONFIRMED)
    assert "Bekijk het ticket" in text(done)


def test_check_with_the_provider_away_keeps_waiting(shop: Shop, client: FlaskClient):
    order_id = shop.booked()
    token, _pay_token = links(order_id)
    shop.open_payment(order_id)
    shop.sandbox.fault("http-500", operation="get")

    answer = client.post(f"/bestelling/{token}/betaalcontrole")

    assert (answer.status_code, answer.location) == (303, f"/bestelling/{token}?betaald=")


def test_colleague_with_the_pay_page_never_learns_a_link_with_more_rights(shop: Shop, client: FlaskClient):
    order_id = shop.booked()
    token, pay_token = links(order_id)
    address = f"/bestelling/{pay_token}/betalen"
    shop.sandbox.fault("http-503", operation="create")

    answers = [client.get(address), client.post(f"/bestelling/{pay_token}/betaling")]
    answers.append(client.get(answers[-1].location))
    answers.append(client.post(f"/bestelling/{pay_token}/betaling"))
    answers.append(client.get(f"{address}?betaald"))
    answers.append(client.post(f"/bestelling/{pay_token}/betaalcontrole"))
    shop.sandbox.mark(shop.attempts(order_id)[0].provider_id, "paid")
    answers.append(client.post(f"/bestelling/{pay_token}/betaalcontrole"))
    answers.append(client.get(answers[-1].location))

    ticket = shop.registration(order_id).ticket
    seen = "".join(f"{answer.headers}{answer.text}" for answer in answers) + str(shop.at_provider())
    assert [secret for secret in (token, ticket.token, ticket.code) if secret in seen] == []
    assert "De betaaldienst reageert niet" in text(answers[2].text)
    assert "Uw betaling wordt verwerkt" in text(answers[4].text)
    assert "Er is betaald" in text(answers[-1].text)


@pytest.mark.parametrize("action", ["", "/afmelding/1", "/bericht/1"])
def test_pay_link_opens_nothing_but_the_pay_page(shop: Shop, client: FlaskClient, action: str):
    order_id = shop.booked()
    _token, pay_token = links(order_id)
    address = f"/bestelling/{pay_token}{action.replace('1', str(shop.registration(order_id).id))}"

    statuses = {client.get(address).status_code, client.post(address).status_code}

    assert statuses <= {404, 405}
    assert (shop.state(order_id), shop.mails()) == (State.AWAITING_PAYMENT, [])


@pytest.mark.parametrize("ending", ["canceled", "failed"])
def test_payer_who_broke_off_can_try_again_and_chooses_how(shop: Shop, make_app, ending: str):
    methods = ("ideal", "bancontact", "creditcard")
    client = make_app(**settings(shop.sandbox) | {"MOLLIE_METHODS": methods}).test_client()
    order_id = shop.booked()
    token, pay_token = links(order_id)
    client.post(f"/bestelling/{token}/betaling")
    first = shop.attempts(order_id)[0]
    shop.becomes(first, ending)

    back = client.get(f"/bestelling/{pay_token}/betalen?afgebroken")
    page = client.get(back.location).text
    again = client.post(f"/bestelling/{token}/betaling")

    assert back.location == f"/bestelling/{token}"
    assert "De vorige betaling is niet gelukt of afgebroken." in text(page)
    assert again.location == shop.attempts(order_id)[1].checkout_url != first.checkout_url
    assert shop.at_provider()[0]["method"] is None
    assert shop.taken(shop.registration(order_id).event_id) == 1


def test_colleague_who_broke_off_is_told_on_the_pay_page(shop: Shop, client: FlaskClient):
    _token, pay_token = links(shop.booked())

    page = client.get(f"/bestelling/{pay_token}/betalen?afgebroken").text

    assert "De betaling is niet gelukt of afgebroken" in text(page)


def test_back_button_after_paying_leads_to_the_ticket_and_not_to_a_second_payment(shop: Shop, client: FlaskClient):
    order_id = shop.booked()
    token, _pay_token = links(order_id)
    client.post(f"/bestelling/{token}/betaling")
    shop.sandbox.mark(shop.attempts(order_id)[0].provider_id, "paid")

    answer = client.post(f"/bestelling/{token}/betaling")
    page = client.get(answer.location).text

    assert answer.status_code == 303
    assert "Bekijk het ticket" in text(page)
    assert len(shop.at_provider()) == 1


def test_lapsed_order_cannot_be_paid_any_more(shop: Shop, client: FlaskClient):
    order_id = shop.booked()
    _token, pay_token = links(order_id)
    lapse_unpaid(shop.gateway, now=NOW.replace(year=2028))

    page = client.get(f"/bestelling/{pay_token}/betalen").text
    answer = client.post(f"/bestelling/{pay_token}/betaling")

    assert shop.state(order_id) == State.EXPIRED
    assert "Er is niets te betalen" in text(page)
    assert (answer.location, shop.sandbox.calls()) == (f"/bestelling/{pay_token}/betalen?betaald=", {})


def test_unknown_links_are_calm_pages(shop: Shop, client: FlaskClient):
    addresses = ["/bestelling/x/betalen", "/bestelling/x"]

    assert [client.get(address).status_code for address in addresses] == [404, 404]
    assert client.post("/bestelling/x/betaling").status_code == 404
    assert client.post("/bestelling/x/betaalcontrole").status_code == 404


def test_paying_needs_the_token_of_the_form(shop: Shop, make_app):
    _token, pay_token = links(order_id := shop.booked())
    client = make_app(**settings(shop.sandbox) | {"WTF_CSRF_ENABLED": True}).test_client()

    answer = client.post(f"/bestelling/{pay_token}/betaling")

    assert (answer.status_code, shop.attempts(order_id)) == (400, [])
