"""Somebody without a registration at a phone, and the paper list at a laptop, as a browser does it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from config import TestConfig
from eventapp import create_app
from eventapp.domain.actors import Role
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.links import Links
from eventapp.models import Event, PaymentAttempt, Presence, Registration
from eventapp.services.coupling import invite_device
from tests.browser.conftest import OpenPage
from tests.browser.house import House
from tests.browser.office import sign_in
from tests.factories import OFFICE, make_event, make_person, make_registration, make_staff

pytestmark = pytest.mark.browser
SECONDS = 15_000


@pytest.fixture
def event(house: House) -> Iterator[Event]:
    """An event of today in the database of the house, where outsiders pay."""
    app: Flask = create_app(TestConfig(house.database_url, PUBLIC_BASE_URL=house.url))
    with app.app_context():
        yield make_event(
            starts_at=datetime.now(UTC) - timedelta(minutes=5), prices={Category.LID: 0, Category.NIET_LID: 9500}
        )
        db.engine.dispose()


def present(event_id: int) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(Presence.id)).where(Presence.event_id == event_id))


def ask_price(page: Page, name: str) -> None:
    page.get_by_role("button", name="Inloop").click()
    dialog = page.get_by_role("dialog", name="Zonder aanmelding")
    dialog.get_by_label("Achternaam").fill(name)
    dialog.get_by_label("E-mailadres").fill(f"{name.lower()}@gratismail.example")
    dialog.get_by_role("button", name="Bekijk").click()


def test_a_phone_lets_in_who_paid_by_its_code_and_says_when_it_is_offline(house: House, open_page: OpenPage, event):
    event_id, now = event.id, datetime.now(UTC)
    token = invite_device(event_id, name="Balie", search=True, walk_ins=True, by=OFFICE, now=now)
    page = open_page()
    page.goto(Links(house.url).couple(token))
    page.get_by_role("button", name="Koppel deze telefoon").click()

    ask_price(page, "Betaler")
    expect(page.locator("#walkin-cost")).to_have_text("Niet-lid: € 95,00", timeout=SECONDS)
    page.get_by_role("button", name="Betaal met een QR-code").click()
    expect(page.get_by_role("img", name="QR-code om te betalen")).to_be_visible(timeout=SECONDS)
    shown = present(event_id)
    of_event = sa.select(Registration.order_id).where(Registration.event_id == event_id)
    checkout = db.session.scalar(sa.select(PaymentAttempt.checkout_url).where(PaymentAttempt.order_id.in_(of_event)))
    payer = open_page()
    payer.goto(checkout)
    payer.get_by_role("button").first.click()

    expect(page.locator("#verdict")).to_contain_text("Welkom", timeout=SECONDS)
    assert (shown, present(event_id)) == (0, 1)
    page.context.set_offline(True)
    ask_price(page, "Later")
    expect(page.locator("#walkin-said")).to_contain_text("Schrijf naam, e-mailadres en organisatie op de noodlijst")


def test_the_paper_list_goes_in_by_keyboard(house: House, open_page: OpenPage, event):
    for name in (("Zoë", "van 't", "Hoff"), ("Ali", "", "Yılmaz")):
        make_registration(event, make_person(*name))
    event_id, path = event.id, f"/beheer/evenementen/{event.slug}/afvinken"
    make_staff(Role.SECRETARIAAT, address="afvinken@kindcentra.example")
    page = open_page(viewport={"width": 1280, "height": 800})
    sign_in(page, house, "afvinken@kindcentra.example")
    page.goto(path)

    page.get_by_role("main").get_by_role("searchbox").fill("hof zo")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").filter(has_text="Hoff, Zoë van 't is er.")).to_be_visible()
    expect(page.get_by_label("Hoff, Zoë van 't")).to_be_checked()
    expect(page.locator("[data-ticks-count]")).to_have_text("1")
    page.reload()
    expect(page.get_by_label("Hoff, Zoë van 't")).to_be_checked()
    expect(page.get_by_label("Yılmaz, Ali")).not_to_be_checked()
    assert present(event_id) == 1
