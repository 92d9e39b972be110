"""The agenda in a page of another site: as high as it is, without a cookie, and registering opens the whole window."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.house import House

pytestmark = pytest.mark.browser
SITE = """<!doctype html><html lang="nl"><title>Website</title><h1>Website van een vereniging</h1>
<div class="agenda-embed" data-aantal="2"><a href="{house}/?soort=kenniskring">Onze kringen</a></div>
<div class="agenda-embed"><a href="{house}/agenda/{slug}">Webinar</a></div>
<div class="agenda-embed"><a href="https://elders.example/">Een andere site</a></div>
<script src="{house}/embed/agenda.js" async></script>
<script src="{house}/embed/agenda.js" async></script>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def site(house: House, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Start a web site with a page that shows the agenda; answers its origin."""
    with sqlite3.connect(house.database_url.removeprefix("sqlite:///")) as database:
        (slug,) = database.execute("SELECT slug FROM events WHERE kind = 'webinar'").fetchone()
    (tmp_path / "index.html").write_text(SITE.format(house=house.url, slug=slug))
    (tmp_path / "favicon.ico").touch()
    servers = []

    def start() -> str:
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def allow(house: House, origin: str) -> None:
    """As the office does under Instellingen."""
    with sqlite3.connect(house.database_url.removeprefix("sqlite:///"), timeout=15) as database:
        database.execute("INSERT OR REPLACE INTO settings (name, value) VALUES ('embed_sites', ?)", (origin,))
    database.close()


def fits(page: Page, number: int) -> bool:
    """Whether the frame is exactly as high as what is in it."""
    frame = page.locator("iframe").nth(number)
    inside = frame.element_handle().content_frame().evaluate("document.body.getBoundingClientRect().height")
    return abs(frame.bounding_box()["height"] - inside) <= 1


def test_the_agenda_stands_in_a_page_of_another_site(house: House, open_page: OpenPage, site: Callable[[], str]):
    allowed, other = site(), site()
    allow(house, allowed)
    page = open_page()

    page.goto(allowed)
    first, second = (page.frame_locator("iframe").nth(number) for number in (0, 1))
    expect(first.locator(".event-row")).to_have_count(2)
    expect(second.get_by_role("heading", level=1)).to_contain_text("Webinar")
    assert page.locator("iframe").count() == 2
    expect(page.get_by_role("link", name="Een andere site")).to_be_visible()
    page.wait_for_function("[...document.querySelectorAll('iframe')].every(f => f.style.height !== '600px')")
    assert [fits(page, 0), fits(page, 1)] == [True, True]
    page.set_viewport_size({"width": 900, "height": 700})
    page.wait_for_timeout(300)
    assert [fits(page, 0), fits(page, 1)] == [True, True]
    assert page.context.cookies() == []

    second.get_by_role("link", name="Aanmelden").click()
    page.wait_for_url(f"{house.url}/agenda/*/aanmelden")

    page.goto(other)
    page.wait_for_timeout(500)
    assert {frame.url for frame in page.frames[1:]} <= {"chrome-error://chromewebdata/", "", "about:blank"}
