"""The list of registrations follows what somebody types, says how many there are, and goes back a step at a time."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import office
from tests.browser.conftest import OpenPage
from tests.browser.house import House

pytestmark = pytest.mark.browser
DESK = {"width": 1280, "height": 900}


def test_list_follows_the_keyboard_and_the_back_button(house: House, open_page: OpenPage):
    desk = open_page(viewport=DESK)
    office.sign_in(desk, house, "secretariaat@kindcentra.example")
    desk.goto("/beheer/aanmeldingen")
    all_of_them = desk.locator("#lijst").get_attribute("data-words")
    search, status, said = desk.locator("#zoek"), desk.locator("#staat"), desk.locator("[data-live-words]")

    search.focus()
    desk.keyboard.type("meulen", delay=30)
    expect(desk).to_have_url(re.compile(r"\?zoek=meulen$"))
    expect(said).to_have_text(re.compile(r"^\d+ aanmeldingen$"))
    expect(search).to_be_focused()
    found = said.inner_text()

    status.select_option("confirmed")
    expect(said).not_to_have_text(found)
    desk.go_back()
    expect(said).to_have_text(found)
    expect(status).to_have_value("")
    desk.go_back()
    expect(said).to_have_text(all_of_them)
    expect(search).to_have_value("")

    desk.locator("input[name=id]").nth(1).check()
    expect(desk.locator("#samen")).to_have_text(re.compile(": 1$"))
