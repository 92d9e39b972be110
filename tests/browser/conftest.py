"""A real Chromium and the whole house for it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, sync_playwright

from config import TestConfig
from eventapp import create_app
from eventapp.extensions import db
from tests.browser.camera import launch_flags
from tests.browser.door import Day
from tests.browser.house import KEPT_DEMO, House, running_house
from tests.browser.watching import Watch
from tests.factories import make_event, make_person, make_registration
from tests.once import made_once

PHONE = {"width": 360, "height": 740}
OpenPage = Callable[..., Page]
NewDay = Callable[..., Day]


@pytest.fixture(scope="package")
def house(of_all_workers: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Its data serve other tests of the demo too; not the other way round, as its mails lead to its own port."""
    with running_house(tmp_path_factory.mktemp("house")) as house:
        made_once(of_all_workers / KEPT_DEMO, house.copy_data)
        yield house


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def blind_browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser whose camera nobody may use; starting one takes longer than most pages."""
    browser = _launch(playwright, None)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def office_app(house: House) -> Iterator[Flask]:
    """The same database as the house has, for what would take long by hand."""
    app = create_app(TestConfig(house.database_url, PUBLIC_BASE_URL=house.url))
    with app.app_context():
        yield app
        db.engine.dispose()


@pytest.fixture
def new_day(office_app: Flask, house: House) -> NewDay:
    """Make a day with so many people."""

    def make(people: int, title: str = "Dag aan de deur") -> Day:
        now = datetime.now(UTC)
        event = make_event(title=title, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=30))
        made = [make_registration(event, make_person("Bezoeker", "", f"Nummer{number}")) for number in range(people)]
        return Day(house, event.id, event.slug, title, [registration.ticket.code for registration in made])

    return make


@pytest.fixture(scope="package")
def watch(house: House) -> Watch:
    return Watch(house.url)


@pytest.fixture
def open_page(
    playwright: Playwright, blind_browser: Browser, house: House, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenPage]:
    """Open a page as on a device of its own, by default a small phone; `film` is what its camera sees.

    A test fails when a page asked anybody but our own house and its sandbox for something, and when axe finds fault
    with a page as it was before a click or at the end.
    """
    monkeypatch.setattr(Locator, "click", watch.before(Locator.click))
    pages: list[Page] = []
    opened: list[Browser | BrowserContext] = []
    strangers: list[str] = []

    def open_one(*, film: Path | None = None, **settings: object) -> Page:
        browser = _launch(playwright, film) if film else blind_browser
        usual = {"base_url": house.url, "locale": "nl-NL", "viewport": PHONE, "reduced_motion": "reduce"}
        context = browser.new_context(**{**usual, **settings})
        opened.append(browser if film else context)
        page = context.new_page()
        pages.append(page)
        page.on("request", lambda request: request.url.startswith(_OURS) or strangers.append(request.url))
        return page

    yield open_one
    # The latest first: that is where the camera looks, which takes its share for as long as it does.
    for page, one in zip(reversed(pages), reversed(opened), strict=True):
        watch.look(page)
        one.close()
    assert strangers == []
    faulty, watch.found = watch.found, []
    assert faulty == []


def _launch(playwright: Playwright, film: Path | None) -> Browser:
    chromium = shutil.which("chromium") or "/usr/bin/chromium"
    return playwright.chromium.launch(executable_path=chromium, args=launch_flags(film))


_OURS = ("http://127.0.0.1:", "data:", "blob:")
