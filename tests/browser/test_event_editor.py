"""The editor of an event: its example follows what is typed, and what was typed elsewhere outlives saving a section."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import office
from tests.browser.conftest import NewDay, OpenPage
from tests.browser.house import House

pytestmark = pytest.mark.browser
DESK = {"width": 1400, "height": 900}


def save(page: Page, section: str) -> None:
    page.locator(f"#{section}").get_by_role("button", name="Bewaren").click()
    expect(page.locator(f"#{section}").get_by_role("status")).to_contain_text("Bewaard")


def test_typing_shows_in_the_example_and_nothing_typed_is_lost(house: House, open_page: OpenPage, new_day: NewDay):
    day = new_day(1, title="Dag om te bewerken")
    desk = open_page(viewport=DESK)
    office.sign_in(desk, house, "beheerder@kindcentra.example")
    desk.goto(f"/beheer/evenementen/{day.slug}/bewerken")

    desk.get_by_label("Samenvatting in één zin").fill("Dit is nog niet bewaard")
    desk.get_by_label("Titel").fill("Dag met een andere naam")
    example = desk.frame_locator("iframe")
    expect(example.get_by_role("heading", level=1)).to_have_text("Dag met een andere naam")
    expect(example.get_by_text("Dit is nog niet bewaard")).to_be_visible()
    expect(desk.get_by_text("Nog niet bewaard").first).to_be_visible()
    save(desk, "wat")

    expect(desk.get_by_label("Samenvatting in één zin")).to_have_value("Dit is nog niet bewaard")
    expect(example.get_by_role("heading", level=1)).to_have_text("Dag met een andere naam")
    expect(example.get_by_text("Dit is nog niet bewaard")).to_be_visible()
    save(desk, "tekst")
    desk.locator("#city").fill("Assen")
    save(desk, "waar")
    desk.get_by_role("link", name="Wijzigingen doorvoeren").click()
    expect(desk.get_by_text("1 mens krijgt bericht").first).to_be_visible()
    desk.get_by_role("button", name="Wijzigingen doorvoeren").click()

    expect(desk.get_by_role("heading", level=1)).to_have_text("Dag met een andere naam")
    expect(desk.get_by_text("Er staan wijzigingen klaar")).to_have_count(0)
