"""Takes the pictures that README.md and docs/ show: starts the demo, walks through it as people do, keeps small PNGs.

`make screens`, or `python -m tools.screens` from the top of the checkout; with `paper` behind it only those of paper
and mails, with `every` only those of every page. Pages tell today's date, so the pictures differ from run to run; take
them when pages have changed, not with every commit.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import office
from tests.browser.camera import Shot, launch_flags, make_video
from tests.browser.house import ROOT, running_house
from tools import paper_screens as papers
from tools.every_screen import shoot_every_page
from tools.studio import BIG_EVENT, DESK, PHONE, SCREENS, Studio, chromium, keep, keep_paper

COORDINATOR = "coordinator@kindcentra.example"
BIG_TITLE = "Themadag 2027: Van samen naar één"
DOOR_EVENT = "inspiratiebijeenkomst-spelend-leren"
DOOR_TITLE = "Inspiratiebijeenkomst: spelend leren van 0 tot 13"
COLLEAGUE = office.Visitor("emma@zonnevlinder.example", "Emma", "de", "Groot")


def main(only: str) -> None:
    """Take every picture anew in place of the old ones; or those of paper and mails, or of every page, alone."""
    with tempfile.TemporaryDirectory() as folder, running_house(Path(folder)) as house, sync_playwright() as playwright:
        if not only:
            shutil.rmtree(SCREENS, ignore_errors=True)
        SCREENS.mkdir(parents=True, exist_ok=True)
        browser = playwright.chromium.launch(executable_path=chromium(), args=launch_flags(None))
        studio = Studio(house, playwright, browser, Path(folder))
        if only != "paper":
            # Before anything else happens in the house: its pages look as a demo does.
            shoot_every_page(studio)
        if only != "every":
            shoot_story(studio, only_paper=only == "paper")
        browser.close()
    pictures = [path for path in SCREENS.rglob("*") if path.is_file()]
    total = sum(picture.stat().st_size for picture in pictures)
    print(f"screens: {len(pictures)} pictures, {total / 1e6:.1f} MB in {SCREENS.relative_to(ROOT)}")


def shoot_story(studio: Studio, *, only_paper: bool) -> None:
    """What README.md and docs/ tell, from the agenda to the door, and what comes out of the printer and the mailbox."""
    if only_paper:
        desk = studio.page(DESK)
        office.sign_in(desk, studio.house, COORDINATOR)
    else:
        desk = shoot_pages(studio)
    papers.shoot_paper(studio, desk)
    papers.shoot_mails(studio)


def shoot_pages(studio: Studio) -> Page:
    """Everything that is looked at in a browser; answers the window in which somebody of the office is signed in."""
    shoot_agenda(studio)
    shoot_registering(studio)
    shoot_ticket(studio)
    desk = shoot_office(studio)
    shoot_list(studio, desk)
    shoot_year(studio, desk)
    shoot_door(studio, desk)
    shoot_mailbox(studio)
    return desk


def shoot_agenda(studio: Studio) -> None:
    """What everybody sees first."""
    desk = studio.page(DESK)
    desk.goto("/")
    keep(desk, "agenda")
    desk.goto(f"/agenda/{BIG_EVENT}")
    keep(desk, "bijeenkomst")
    for name, scheme in (("agenda-telefoon", "light"), ("agenda-donker", "dark")):
        phone = studio.page(PHONE, color_scheme=scheme)
        phone.goto("/")
        keep(phone, name, level=2)


def shoot_registering(studio: Studio) -> None:
    """A member's employee registers: mistakes first, then the review, the mail's link, and what was booked."""
    phone = studio.page(PHONE)
    phone.goto(f"/agenda/{BIG_EVENT}/aanmelden")
    phone.get_by_label("E-mailadres").fill("jan-willem.zonnevlinder")
    phone.get_by_label("Voornaam of voorletters").fill(office.MEMBER.given)
    phone.get_by_role("button", name="Verder").click()
    keep(phone, "aanmelden-fouten", level=1)
    office.fill_in(phone, BIG_TITLE, office.MEMBER)
    choose_breakouts(phone)
    keep(phone, "aanmelden-controleren", whole=True)
    phone.get_by_role("button", name="Aanmelden").click()
    office.prove_address(phone, studio.house, office.MEMBER.address)
    keep(phone, "aanmelding", whole=True)

    empty = studio.page(PHONE)
    empty.goto(f"/agenda/{BIG_EVENT}/aanmelden")
    keep(empty, "aanmelden", whole=True)


def choose_breakouts(phone: Page) -> None:
    """The form came back because a choice per round was missing; these have places in the demo."""
    for words in ("Doorgaande lijn 0-7", "Ouders als bondgenoot", "Samen spelen, samen leren", "Met de trein"):
        phone.locator("label", has_text=words).first.click()
    phone.get_by_role("button", name="Verder").last.click()


def shoot_ticket(studio: Studio) -> None:
    """The ticket of that member, on a phone and on paper."""
    mail = studio.house.mail(office.MEMBER.address, "Ticket")
    phone = studio.page(PHONE)
    phone.goto(studio.house.link(mail, "/ticket/"))
    keep(phone, "ticket", level=1)
    keep_paper("ticket-pdf", office.ticket_pdf(studio.house, office.MEMBER.address, studio.scratch))


def shoot_office(studio: Studio) -> Page:
    """The back office; answers the window in which somebody is signed in."""
    desk = studio.page(DESK)
    office.sign_in(desk, studio.house, COORDINATOR)
    keep(desk, "beheer-vandaag")
    desk.goto(f"/beheer/evenementen/{BIG_EVENT}")
    keep(desk, "beheer-bijeenkomst")
    desk.goto(f"/beheer/evenementen/{BIG_EVENT}/bewerken")
    keep(desk, "beheer-bewerken")
    desk.goto(f"/beheer/evenementen/{BIG_EVENT}/aanmeldingen")
    keep(desk, "beheer-aanmeldingen")
    desk.get_by_role("searchbox").last.fill(office.MEMBER.address)
    desk.get_by_role("button", name="Zoek").last.click()
    desk.get_by_role("link", name=office.MEMBER.given).first.click()
    keep(desk, "beheer-persoon")
    return desk


def shoot_list(studio: Studio, desk: Page) -> None:
    """The first page of the attendance list, as it comes out of the printer."""
    answer = desk.request.get(f"{studio.house.url}/beheer/evenementen/{BIG_EVENT}/presentielijst.pdf")
    paper = studio.scratch / "list.pdf"
    paper.write_bytes(answer.body())
    keep_paper("presentielijst", paper)


def shoot_year(studio: Studio, desk: Page) -> None:
    """What goes on all year: a circle, who came to its meetings, the account for the board, and the log."""
    phone = studio.page(PHONE)
    phone.goto("/kringen/kenniskring-hr")
    keep(phone, "kring", level=1)
    for name, address in (
        ("kring-presentie", "/beheer/kringen/kenniskring-financien/presentie.html"),
        ("verantwoording", "/beheer/verantwoording"),
        ("beheer-logboek", "/beheer/logboek"),
    ):
        desk.goto(address)
        keep(desk, name)


def shoot_door(studio: Studio, desk: Page) -> None:
    """A phone at the door of an event of today: a ticket, one of another event, and the first once more."""
    office.publish_event(desk, title=DOOR_TITLE, slug=DOOR_EVENT)
    visitor = studio.page(PHONE)
    office.fill_in(visitor, DOOR_TITLE, COLLEAGUE)
    visitor.get_by_role("button", name="Aanmelden").click()
    office.prove_address(visitor, studio.house, COLLEAGUE.address)
    ticket = office.first_page(office.ticket_pdf(studio.house, COLLEAGUE.address, studio.scratch), dpi=200)
    other = office.first_page(studio.scratch / f"{office.MEMBER.address}.pdf", dpi=200)
    shots = [Shot(close_up(ticket), 3), Shot(None, 1), Shot(close_up(other), 3), Shot(None, 1)]
    film = make_video(studio.scratch / "tickets.y4m", shots)

    camera = studio.camera_browser(film)
    door = studio.page(PHONE, camera)
    door.goto(office.invite_phone(desk, DOOR_EVENT, "Ingang links"))
    keep(door, "deur-koppelen")
    door.get_by_role("button", name="Koppel deze telefoon").click()
    expect(door.get_by_text("Werkt ook zonder internet.")).to_be_visible(timeout=20_000)
    expect(door.get_by_text("Verbonden", exact=True)).to_be_visible()
    keep(door, "deur-klaar")
    door.get_by_role("button", name="Generale repetitie").click()
    door.get_by_role("button", name="Ja, gehoord").click(timeout=20_000)
    keep(door, "deur-repetitie")
    door.get_by_role("button", name="Terug naar de deur").click()
    door.get_by_role("button", name="Start scannen").click()
    for word in ("Welkom", "Ander evenement", "Al binnen"):
        expect(door.locator("#verdict")).to_contain_text(word, timeout=20_000)
        keep(door, f"deur-{word.lower().replace(' ', '-')}")
    shoot_swap(door)
    camera.close()

    office.invite_phone(desk, DOOR_EVENT, "Telefoon van Dora")
    desk.goto(f"/beheer/evenementen/{DOOR_EVENT}/deur")
    keep(desk, "beheer-deur")


def shoot_swap(door: Page) -> None:
    """The same ticket once more, with a colleague behind it."""
    door.get_by_role("button", name="Meer").click()
    door.get_by_role("button", name="Maak ongedaan").first.click()
    door.get_by_role("button", name="Ja, maak ongedaan").click()
    door.get_by_role("button", name="Iemand anders komt").click(timeout=20_000)
    for label, words in (("Voornaam", "Bram"), ("Achternaam", "Bakker"), ("E-mailadres", "bram@zonnevlinder.example")):
        door.get_by_label(label).fill(words)
    keep(door, "deur-wissel")
    door.get_by_role("button", name="Wissel en laat binnen").click()
    expect(door.locator("#verdict")).to_contain_text("In plaats van")
    keep(door, "deur-gewisseld")


def close_up(ticket: Path) -> Image.Image:
    """The part of a printed ticket that one holds before a camera: the square with the QR code."""
    with Image.open(ticket) as page:
        width = page.width
        return page.crop((width // 2, width // 10, width, width * 6 // 10))


def shoot_mailbox(studio: Studio) -> None:
    """Every mail of the demo, and one as people get it."""
    desk = studio.page(DESK)
    desk.goto("/postvak")
    keep(desk, "postvak")
    desk.get_by_role("link", name=f"Ticket voor {office.MEMBER.given}").first.click()
    desk.wait_for_load_state("networkidle")
    keep(desk, "postvak-mail", level=1)


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "")
