"""What the door says of its network: gone, silent, somebody else's, bad and back again; and what asking costs."""

from itertools import count

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NewDay, OpenPage
from tests.browser.door import Day, couple, type_code, verdict

pytestmark = pytest.mark.browser

AWAY = "Geen verbinding, scannen gaat door"
THERE = "Verbonden"
# Three seconds in which nothing was asked, three without an answer, and a slow machine.
A_FEW_SECONDS = 8000
TO_THE_SERVER = ("**/api/**", "**/healthz")
SHOW = """hidden => {
    Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
    document.dispatchEvent(new Event("visibilitychange"));
}"""
KEEP_WORDS = """() => {
    window.said = [];
    const net = document.querySelector("[data-status=net]");
    new MutationObserver(() => said.push(net.textContent)).observe(net, {childList: true, subtree: true});
}"""


@pytest.fixture
def day(new_day: NewDay) -> Day:
    return new_day(2)


@pytest.fixture
def page(day: Day, open_page: OpenPage) -> Page:
    """A phone at its door. Without a service worker the test stands between page and server."""
    page = open_page(service_workers="block")
    couple(page, day.link("Ingang"))
    says(page, THERE)
    return page


def says(page: Page, words: str, within: float = A_FEW_SECONDS) -> None:
    expect(page.locator("[data-status=net]")).to_have_text(words, timeout=within)


def between(page: Page, act) -> None:
    for address in TO_THE_SERVER:
        page.route(address, act)


def test_network_that_the_phone_loses_is_said_at_once(page: Page, day: Day):
    page.context.set_offline(True)
    says(page, AWAY, within=1000)

    type_code(page, day.codes[0])
    verdict(page, "Welkom", "Bezoeker Nummer0")
    page.context.set_offline(False)

    says(page, THERE)
    expect(page.locator("[data-status=waiting]")).to_have_text("0")


def swallowed(route: Route) -> None:
    """No answer, and no word that there will be none."""


def sign_in_first(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<h1>Welkom op de wifi van het hotel</h1>")


@pytest.mark.parametrize("network", [swallowed, sign_in_first])
def test_network_that_lets_nothing_through_is_found_out(page: Page, day: Day, network):
    between(page, network)
    says(page, AWAY)
    type_code(page, day.codes[1])
    verdict(page, "Welkom", "Bezoeker Nummer1")

    page.unroute_all()

    says(page, THERE)
    expect(page.locator("[data-status=waiting]")).to_have_text("0", timeout=A_FEW_SECONDS)


def test_network_that_loses_one_in_five_does_not_change_the_word(page: Page):
    numbers = {"healthz": count(1), "roster": count(5)}
    lost: list[str] = []

    def lose(route: Route) -> None:
        kind = "healthz" if "healthz" in route.request.url else "roster"
        now = next(numbers[kind])
        if now % 5:
            return route.continue_()
        lost.append(kind)
        return route.abort() if now % 2 else swallowed(route)

    between(page, lose)
    page.evaluate(KEEP_WORDS)
    page.wait_for_timeout(40_000)

    assert len(lost) > 2
    assert lost.count("roster") > 0
    assert page.evaluate("said") == []


def test_phone_in_a_pocket_does_not_ask_and_looks_when_it_comes_out(page: Page):
    asked: list[str] = []
    page.on("request", lambda request: "/healthz" in request.url and asked.append(request.url))

    page.evaluate(SHOW, True)
    asked.clear()
    page.wait_for_timeout(7000)
    in_the_pocket = len(asked)
    page.evaluate(SHOW, False)
    page.wait_for_timeout(500)

    assert (in_the_pocket, len(asked) > 0) == (0, True)


def test_way_to_a_server_that_answers_nothing_of_the_door_is_none(page: Page):
    online = page.evaluate(
        """async () => {
            const app = document.querySelector("script[src$='door/app.js']");
            const { Server } = await import(new URL("./api.js", app.src));
            const ago = (seconds) => Date.now() - seconds * 1000;
            const lines = [[true, ago(1)], [true, ago(70)], [false, ago(1)], [undefined, 0]];
            return lines.map(([up, since]) => new Server({}, { up, since }).online);
        }"""
    )

    assert online == [True, False, False, False]
