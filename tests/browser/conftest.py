"""A real Chromium and the whole house for it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, sync_playwright

from tests.browser.camera import launch_flags
from tests.browser.house import House, running_house

PHONE = {"width": 360, "height": 740}
OpenPage = Callable[..., Page]


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture
def open_page(playwright: Playwright, house: House) -> Iterator[OpenPage]:
    """Open a page in a browser of its own, by default the size of a small phone; `film` is what its camera sees.

    A test fails when a page asked anybody but our own house and its sandbox for something.
    """
    browsers, strangers = [], []

    def open_one(*, film: Path | None = None, **context: object) -> Page:
        chromium = shutil.which("chromium") or "/usr/bin/chromium"
        browsers.append(playwright.chromium.launch(executable_path=chromium, args=launch_flags(film)))
        page = browsers[-1].new_context(base_url=house.url, locale="nl-NL", **{"viewport": PHONE, **context}).new_page()
        page.on("request", lambda request: request.url.startswith(_OURS) or strangers.append(request.url))
        return page

    yield open_one
    for browser in browsers:
        browser.close()
    assert strangers == []


_OURS = ("http://127.0.0.1:", "data:", "blob:")
