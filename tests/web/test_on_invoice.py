"""Op factuur in the browser: the choice in the form, on an offer, after a failed payment, and where it is not there."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventapp.domain.actors import Role
from eventapp.domain.invoices import TIME_TO_COMPLETE
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, Order, OrganisationInvoicing
from eventapp.services import cancelling, invoicing
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_registration
from tests.invoicing import make_ready
from tests.reading import last_mail, only_registration, registrations, token_in
from tests.shop import Shop
from tests.web.office import signed_in
from tests.web.test_organiser_events import save, section_of
from tests.web.test_programme import sent_by
from tests.web.test_registering_together import MARIEKE, text_of

PRICES = {Category.NIET_LID: 9500}
FATMA = {**MARIEKE, "email": "fatma@elders.example"}
BUYER = {
    "factuur-legal_name": "Stichting PO Veenrand",
    "factuur-street": "Veenweg",
    "factuur-house_number": "12",
    "factuur-postcode": "2803 PA",
    "factuur-city": "Gouda",
    "factuur-country": "NL",
    "factuur-address": "crediteuren@po-veenrand.example",
    "factuur-order_number": "PO-4500123",
}
CHOICE = "Op factuur (organisaties)"


@pytest.fixture
def client(make_app) -> FlaskClient:
    """Of a house without a provider to pay online."""
    app = make_app(WTF_CSRF_ENABLED=False, MOLLIE_API_KEY="")
    with app.app_context():
        yield app.test_client()


def press(client: FlaskClient, page: TestResponse, url: str, step: str, **fields: str) -> TestResponse:
    return client.post(url, data={**sent_by(page), **fields, "step": step})


def proven(client: FlaskClient) -> TestResponse:
    return client.post(f"/aanmelden/bevestigen/{token_in(last_mail('confirm_address'))}", follow_redirects=True)


def order_page(order_id: int) -> str:
    db.session.rollback()
    return f"/bestelling/{db.session.get_one(Order, order_id).token}"


def test_without_a_provider_the_form_leads_by_the_invoice_to_a_ticket(client: FlaskClient):
    make_ready()
    event = make_event(prices=PRICES)
    url = f"/agenda/{event.slug}/aanmelden"

    review = client.post(url, data=FATMA)
    asked = press(client, review, url, "factuur")
    refused = press(client, asked, url, "factuur", **BUYER | {"factuur-postcode": "12", "factuur-city": ""})
    nobody = registrations()
    sent = press(client, refused, url, "factuur", **BUYER)
    proof = client.get(f"/aanmelden/bevestigen/{token_in(last_mail('confirm_address'))}")
    done = proven(client)

    assert CHOICE in text_of(review)
    assert "Betaal €" not in text_of(review)
    assert (asked.status_code, refused.status_code, nobody) == (200, 422, [])
    assert "Postcode: Een postcode is vier cijfers en twee letters" in text_of(refused)
    assert "Plaats: Vul de plaats in." in text_of(refused)
    assert (sent.status_code, only_registration().order.invoice_buyer["city"]) == (303, "Gouda")
    assert "op factuur. De plaats is zeker zodra u bevestigt." in text_of(proof)
    assert "U bent aangemeld" in text_of(done)
    assert "U koos voor een factuur; er staat nog € 95,00 (incl. btw) open." in text_of(done)
    assert "Nu online betalen" not in text_of(done)


def test_form_offers_both_and_neither_for_what_is_free_or_without_the_settings(shop: Shop):
    client = shop.app.test_client()
    paid, free = make_event(prices=PRICES), make_event(prices={Category.NIET_LID: 0})
    without = client.post(f"/agenda/{paid.slug}/aanmelden", data=FATMA)
    make_ready()

    both = client.post(f"/agenda/{paid.slug}/aanmelden", data=FATMA)
    gratis = client.post(f"/agenda/{free.slug}/aanmelden", data=FATMA)

    assert [CHOICE in text_of(page) for page in (without, both, gratis)] == [False, True, False]
    assert ["Betaal € 95" in text_of(page) for page in (without, both, gratis)] == [True, True, False]


def test_what_we_know_of_an_organisation_need_not_be_typed_and_is_not_shown_to_a_stranger(client: FlaskClient):
    make_ready()
    organisation = make_organisation()
    organisation.invoicing = OrganisationInvoicing(
        legal_name="Stichting Zonnevlinder", street="Geheimpad", house_number="1", postcode="1234 AB", city="Goes"
    )
    event = make_event(prices={Category.LID: 4500})
    url = f"/agenda/{event.slug}/aanmelden"

    asked = press(client, client.post(url, data=MARIEKE), url, "factuur")
    press(client, asked, url, "factuur", **{"factuur-country": "NL", "factuur-order_number": "PO-1"})
    proven(client)
    invoicing.issue_due(now=NOW + TIME_TO_COMPLETE)

    page = client.get(order_page(only_registration().order_id)).text
    assert "Geheimpad" not in asked.text
    assert "laat naam en adres gerust leeg" in text_of(asked)
    invoice_page = page.split("/factuur/")[1].split('"')[0]
    assert "Stichting Zonnevlinder" in client.get(f"/factuur/{invoice_page}").text


def test_after_a_failed_payment_there_is_again_otherwise_and_an_invoice(shop: Shop):
    make_ready()
    client = shop.app.test_client()
    order_id = shop.booked(make_event(prices=PRICES, confirm_on_invoice=False), proven_at=NOW)
    shop.becomes(shop.open_payment(order_id), "failed")
    page = order_page(order_id)
    failed = text_of(client.get(page))

    chosen = client.post(f"{page}/factuur", data=BUYER, follow_redirects=True)
    online = client.post(f"{page}/betaling")

    assert "U kunt het opnieuw proberen, ook op een andere manier, of toch op factuur." in failed
    assert CHOICE in failed
    assert "Uw plaats wordt vastgehouden tot de factuur is betaald" in text_of(chosen)
    assert "Nu online betalen: € 95" in text_of(chosen)
    assert (online.location, shop.state(order_id)) == (
        shop.attempts(order_id)[-1].checkout_url,
        State.AWAITING_PAYMENT,
    )


def test_page_to_pay_on_chooses_an_invoice_and_tells_nothing_of_the_organisation(shop: Shop):
    make_ready()
    client = shop.app.test_client()
    event = make_event(prices=PRICES)
    order_id = shop.booked(event, organisation_name="Gemeente Geheim", proven_at=NOW)
    db.session.rollback()
    pay_token = db.session.get_one(Order, order_id).pay_token

    page = client.get(f"/bestelling/{pay_token}/betalen")
    form = client.get(f"/bestelling/{pay_token}/factuur")
    chosen = client.post(f"/bestelling/{pay_token}/factuur", data=BUYER, follow_redirects=True)

    assert CHOICE in text_of(page)
    assert "Gemeente Geheim" not in form.text
    assert chosen.request.path == f"/bestelling/{pay_token}/betalen"
    assert "Hiervoor is een factuur gekozen." in text_of(chosen)
    assert shop.state(order_id) == State.CONFIRMED


def test_offer_of_the_waiting_list_can_be_taken_on_an_invoice(client: FlaskClient):
    make_ready()
    event = make_event(capacity=1, prices=PRICES)
    holder = make_registration(event)
    url = f"/agenda/{event.slug}/aanmelden"
    press(client, client.post(url, data=FATMA), url, "versturen")
    waiting = proven(client).request.path
    cancelling.cancel_registration(holder.id, by=OFFICE, now=NOW, back_cents=0)

    offer = client.get(waiting)
    asked = client.post(f"{waiting}/toezegging", data={"wijze": "factuur"}, follow_redirects=True)
    client.post(asked.request.path, data=BUYER)

    assert "Neem de plaats, op factuur (organisaties)" in text_of(offer)
    assert "Neem de plaats en betaal" not in text_of(offer)
    assert registrations()[-1].state == State.CONFIRMED


def test_organiser_says_whether_and_when_a_place_on_an_invoice_is_sure(make_app):
    app = make_app()
    with app.app_context():
        slug = make_event(state="draft", prices=PRICES).slug
    office = signed_in(app, Role.COORDINATOR)

    save(office, slug, "aanmelden", confirm_on_invoice="betaald")
    paid_first = settings_of(app, slug)
    without = section_of(office, slug, "aanmelden")
    del without["invoice_allowed"]
    office.post(f"/beheer/evenementen/{slug}/bewerken/aanmelden", data=without)

    assert paid_first == (True, False)
    assert settings_of(app, slug) == (False, False)


def settings_of(app, slug: str) -> tuple[bool, bool]:
    with app.app_context():
        event = db.session.query(Event).filter_by(slug=slug).one()
        return event.invoice_allowed, event.confirm_on_invoice
