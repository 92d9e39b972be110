"""The main chain in a real browser: an organiser publishes, a member and an outsider register, a volunteer scans."""

import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser import office
from tests.browser.camera import Shot, make_video
from tests.browser.conftest import OpenPage
from tests.browser.house import House
from tests.browser.office import MEMBER, OUTSIDER, Visitor

pytestmark = pytest.mark.browser
DESK = {"width": 1280, "height": 900}
TITLE = "Inspiratiebijeenkomst: samen aan de deur"
SLUG = "samen-aan-de-deur"


def register_member(page: Page, house: House, visitor: Visitor) -> None:
    office.fill_in(page, TITLE, visitor)
    expect(page.get_by_text("Gratis voor leden: u komt namens Kinderopvang Zonnevlinder")).to_be_visible()
    page.get_by_role("button", name="Aanmelden").click()
    expect(page.get_by_text(visitor.address.partition("@")[0]).first).to_be_visible()

    office.prove_address(page, house, visitor.address)


def register_outsider(page: Page, visitor: Visitor) -> None:
    office.fill_in(page, TITLE, visitor)
    page.get_by_label("Ik kom niet namens een lid").check()
    page.get_by_role("button", name="Verder").click()
    page.get_by_role("button", name="Betaal € 95").click()
    page.get_by_role("button", name="Betaald", exact=False).first.click()
    expect(page.get_by_role("heading", name="U bent aangemeld")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("link", name="Bekijk het ticket")).to_be_visible()


def ticket_shot(house: House, visitor: Visitor, folder: Path) -> Shot:
    """What the camera sees of the ticket from the mail, printed at 200 dpi."""
    return Shot(office.first_page(office.ticket_pdf(house, visitor.address, folder), dpi=200), 2)


def test_chain_from_agenda_to_attendance_list(house: House, open_page: OpenPage, tmp_path: Path):
    desk = open_page(viewport=DESK)
    office.sign_in(desk, house, "coordinator@kindcentra.example")
    office.publish_event(desk, title=TITLE, slug=SLUG)

    register_member(open_page(), house, MEMBER)
    register_outsider(open_page(), OUTSIDER)

    tickets = [ticket_shot(house, visitor, tmp_path) for visitor in (MEMBER, OUTSIDER)]
    film = make_video(tmp_path / "tickets.y4m", [tickets[0], Shot(None, 1), tickets[1], Shot(None, 1)])
    door = open_page(film=film)
    office.open_door(door, office.invite_phone(desk, SLUG, "Ingang links"))
    verdict = door.get_by_role("status").filter(has_text="Welkom")
    expect(verdict).to_contain_text("Jan-Willem van der Meulen", timeout=15_000)
    expect(verdict).to_contain_text("Fatma Yıldız", timeout=15_000)
    expect(door.locator("#verdict")).to_contain_text("Al binnen", timeout=15_000)

    answer = desk.request.get(f"{house.url}/beheer/evenementen/{SLUG}/presentielijst.pdf")
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body())).pages)
    assert text.index("Meulen, Jan-Willem van der") < text.index("Yıldız, Fatma")
    sheet = desk.request.get(f"{house.url}/beheer/evenementen/{SLUG}/presentielijst.csv").text()
    rows = [line for line in sheet.splitlines() if "Meulen" in line or "Yıldız" in line]
    assert [row.count("ja") >= 1 for row in rows] == [True, True]
