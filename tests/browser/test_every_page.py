"""All pages of the house: an example of each, their HTML, and the main ones in both themes as axe sees them."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.accessibility import markup
from tests.browser.every_page import AFTER_AN_ACT, Walk, pages
from tests.browser.house import House
from tests.browser.watching import faults

pytestmark = pytest.mark.browser
MAIN_PAGES = {
    "public": ("agenda", "event", "registration_form", "circle", "invitation", "embedded_agenda"),
    "member": ("sign_in", "mine", "order", "ticket", "programme", "waiting"),
    "organiser": (
        *("today", "events", "event", "registrations", "registration", "person", "organisation"),
        *("money", "outbox", "account", "settings", "style_guide"),
    ),
    "door": ("coupling_code",),
}


@pytest.fixture(scope="module")
def walk(office_app: Flask, house: House) -> Walk:
    walk = Walk(office_app, house)
    walk.from_everywhere()
    return walk


def test_every_page_has_an_example(office_app: Flask, walk: Walk) -> None:
    wanted = pages(office_app).keys()

    assert wanted - walk.seen.keys() - AFTER_AN_ACT.keys() == set()
    assert AFTER_AN_ACT.keys() - wanted == set()
    assert walk.broken == []


@pytest.mark.html
def test_html_is_right(walk: Walk, tmp_path: Path) -> None:
    assert markup.errors({name: seen.text for name, seen in walk.seen.items()}, tmp_path) == []


def test_main_pages_in_light_and_dark(walk: Walk, house: House, blind_browser: Browser) -> None:
    found, windows = {}, {}
    for endpoint in (f"{room}.{page}" for room, names in MAIN_PAGES.items() for page in names):
        seen = walk.seen[endpoint]
        if seen.who not in windows:
            windows[seen.who] = blind_browser.new_context(base_url=house.url, reduced_motion="reduce").new_page()
            windows[seen.who].context.add_cookies(walk.cookies(seen.who))
        page = windows[seen.who]
        page.emulate_media(color_scheme="light")
        page.goto(seen.path)
        found[endpoint] = faults(page)
        page.emulate_media(color_scheme="dark")
        found[f"{endpoint} in the dark"] = faults(page, rules=["color-contrast"])
    for page in windows.values():
        page.context.close()

    assert {where: what for where, what in found.items() if what} == {}
