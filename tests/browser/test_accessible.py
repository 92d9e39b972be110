"""Registering without a mouse, with everything twice as large, and on the narrowest screen."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.house import House

pytestmark = pytest.mark.browser
EVENT = "/agenda/nieuwjaarsontmoeting-2027"
# Twice as large on a laptop of 1280 by 900, which is what a browser's zoom does; and the narrowest of WCAG.
TWICE = {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}
NARROW = {"viewport": {"width": 320, "height": 640}}

_OUTLINE = """element => {
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const drawn = parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none";
  return drawn && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
}"""
_COVERED = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary, label")].filter(
  (one) => {
  one.scrollIntoView({block: "center"});
  const box = one.getBoundingClientRect();
  if (!one.checkVisibility() || box.width < 2 || one.closest(".visually-hidden, .skip-link")) return false;
  const [line] = one.getClientRects(), x = line.left + line.width / 2, y = line.top + line.height / 2;
  const top = document.elementFromPoint(x, y);
  return !top || !(one.contains(top) || top.contains(one) || top.closest("label")?.control === one);
}).map((one) => one.outerHTML.slice(0, 120))"""
_SMALL = """() => [...document.querySelectorAll("button, select, input, summary, .button")].filter((one) => {
  const box = (one.closest("label.choice") ?? one).getBoundingClientRect();
  const meant = one.checkVisibility() && !one.closest(".visually-hidden") && box.width > 2;
  return meant && Math.min(box.width, box.height) < 24;
}).map((one) => one.outerHTML.slice(0, 120))"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there; at every stop it has to be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        assert page.locator(":focus").evaluate(_OUTLINE), page.locator(":focus").evaluate("one => one.outerHTML")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"Tab never came to {wanted}")


def fill_in(page: Page, address: str) -> None:
    """Everything that the form must know."""
    for label, words in (("E-mailadres", address), ("Voornaam of voorletters", "Roos"), ("Achternaam", "van 't Hoff")):
        tab_to(page, page.get_by_label(label))
        page.keyboard.type(words)


def test_registering_takes_no_mouse(house: House, open_page: OpenPage) -> None:
    page, address = open_page(), "roos.thoff@zonnevlinder.example"
    page.goto(EVENT)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Aanmelden").first)
    page.keyboard.press("Enter")

    # Sent without a word: what is wrong stands on top, has the focus, and leads to the fields.
    expect(page).to_have_url(f"{house.url}{EVENT}/aanmelden")
    tab_to(page, page.get_by_role("button", name="Verder").last)
    page.keyboard.press("Space")
    summary = page.locator("#fouten")
    expect(summary).to_be_focused()
    tab_to(page, summary.get_by_role("link", name="E-mailadres"))
    page.keyboard.press("Enter")
    field = page.get_by_label("E-mailadres")
    expect(field).to_be_focused()
    assert field.evaluate(
        "one => one.getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id)?.id)"
    ) == ["email-hulp", "email-fout"]
    page.keyboard.press("Shift+Tab")

    fill_in(page, address)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Gratis voor leden: u komt namens Kinderopvang Zonnevlinder")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Aanmelden"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("roos.thoff").first).to_be_visible()

    page.goto(house.link(house.mail(address, "Bevestig"), "/aanmelden/bevestigen/"))
    tab_to(page, page.get_by_role("button", name="Ja, ik kom"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="U bent aangemeld")).to_be_visible()


@pytest.mark.parametrize(("screen", "given"), [(TWICE, "Twee"), (NARROW, "Smal")], ids=["zoomed to 200 %", "320 px"])
def test_registering_needs_no_sideways_scrolling(
    house: House, open_page: OpenPage, screen: dict[str, object], given: str
) -> None:
    page, address = open_page(**screen), f"{given.lower()}.maal@zonnevlinder.example"
    page.goto("/")
    assert_fits(page)
    page.goto(EVENT)
    assert_fits(page)
    page.get_by_role("link", name="Aanmelden").first.click()
    page.get_by_role("button", name="Verder").last.click()
    assert_fits(page)
    page.get_by_label("E-mailadres").fill(address)
    page.get_by_label("Voornaam of voorletters").fill(given)
    page.get_by_label("Achternaam").fill("Waterschapsheuvel-Oosterhuizen van der Kindcentrumlaan")
    page.get_by_role("button", name="Verder").last.click()
    assert_fits(page)
    page.get_by_role("button", name="Aanmelden").click()
    assert_fits(page)
    page.goto(house.link(house.mail(address, "Bevestig"), "/aanmelden/bevestigen/"))
    page.get_by_role("button", name="Ja, ik kom").click()
    expect(page.get_by_role("heading", name="U bent aangemeld")).to_be_visible()
    assert_fits(page)


def assert_fits(page: Page) -> None:
    """Nothing beyond the edge, nothing that can be pressed under something else, nothing too small for a finger."""
    # A click may have begun to leave: between two pages there is no root.
    page.wait_for_function("document.readyState === 'complete'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert page.evaluate(_COVERED) == [], page.url
    assert page.evaluate(_SMALL) == [], page.url


def test_paper_is_black_on_white_for_who_reads_in_the_dark(open_page: OpenPage) -> None:
    page = open_page(color_scheme="dark")
    page.goto(EVENT)
    page.emulate_media(media="print")

    ink = page.locator("h1").evaluate("h1 => getComputedStyle(h1).color")
    paper = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert (ink, paper) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")
    for part in (".site-header nav", ".site-footer", ".ribbon", ".button"):
        expect(page.locator(part).first).to_be_hidden()
    page.emulate_media(media="screen")
