"""What people do in the house, step by step in a real browser: publish an event, register, couple a phone."""

import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from eventapp.domain.times import AMSTERDAM
from tests.browser.house import House


@dataclass(frozen=True)
class Visitor:
    address: str
    given: str
    infix: str
    family: str


MEMBER = Visitor("jan-willem@zonnevlinder.example", "Jan-Willem", "van der", "Meulen")
OUTSIDER = Visitor("fatma@gratismail.example", "Fatma", "", "Yıldız")


def sign_in(page: Page, house: House, address: str) -> None:
    page.goto("/inloggen")
    page.get_by_label("E-mailadres").fill(address)
    page.get_by_role("button", name="Stuur").first.click()
    page.goto(house.link(house.mail(address, "Inloggen"), "/inloggen/"))
    page.get_by_role("button", name="Inloggen").click()
    expect(page).to_have_url(f"{house.url}/beheer/")


def publish_event(page: Page, *, title: str, slug: str) -> None:
    """An event of today, whatever the hour of the test, for which there is time to register: it ends tomorrow."""
    now = datetime.now(AMSTERDAM)
    begins = max(now.replace(hour=23, minute=59), now + timedelta(minutes=20))
    page.goto("/beheer/evenementen/nieuw?soort=inspiratiebijeenkomst")
    page.get_by_label("Titel").fill(title)
    page.get_by_label("Webadres").fill(slug)
    page.get_by_label("Begin").fill(begins.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Einde").fill((begins + timedelta(hours=12)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Plaats", exact=False).first.fill("Amersfoort")
    page.get_by_label("Aantal plaatsen").fill("40")
    page.get_by_label("Toegang niet-lid").select_option("prijs")
    page.get_by_label("Prijs niet-lid").fill("95")
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_role("button", name="Publiceren").click()
    expect(page.get_by_text("Gepubliceerd").first).to_be_visible()


def fill_in(page: Page, title: str, visitor: Visitor) -> None:
    """From the agenda to the registration form, filled in and sent on."""
    page.goto("/")
    page.get_by_role("link", name=title).click()
    page.get_by_role("link", name="Aanmelden").click()
    page.get_by_label("E-mailadres").fill(visitor.address)
    page.get_by_label("Voornaam of voorletters").fill(visitor.given)
    page.get_by_label("Tussenvoegsel").fill(visitor.infix)
    page.get_by_label("Achternaam").fill(visitor.family)
    page.get_by_label("Functie (").fill("Directeur")
    page.get_by_role("button", name="Verder").click()


def prove_address(page: Page, house: House, address: str) -> None:
    """Follow the link in the mail and press its button."""
    page.goto(house.link(house.mail(address, "Bevestig"), "/aanmelden/bevestigen/"))
    page.get_by_role("button", name="Ja, ik kom").click()
    expect(page.get_by_role("heading", name="U bent aangemeld")).to_be_visible()


def ticket_pdf(house: House, address: str, folder: Path) -> Path:
    """The ticket from the latest ticket mail to this address."""
    mail = house.mail(address, "Ticket")
    attachment = next(found for found in mail["attachments"] if found["name"].endswith(".pdf"))
    pdf = folder / f"{address}.pdf"
    pdf.write_bytes(house.get(attachment["url"].removeprefix(house.url)))
    return pdf


def first_page(pdf: Path, *, dpi: int) -> Path:
    """A picture of a PDF's first page, as a printer of so many dots per inch would show it."""
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", "-singlefile", pdf, pdf.with_suffix("")], check=True)
    return pdf.with_suffix(".png")


def invite_phone(page: Page, slug: str, name: str) -> str:
    """The link that couples a phone to the door of this event."""
    page.goto(f"/beheer/evenementen/{slug}/deur")
    page.get_by_label("Naam").first.fill(name)
    page.get_by_role("button", name="Maak een koppellink").click()
    return page.locator(".secret").inner_text()


def open_door(page: Page, link: str) -> None:
    """Couple the phone and let its camera look."""
    page.goto(link)
    page.get_by_role("button", name="Koppel deze telefoon").click()
    page.get_by_role("button", name="Start scannen").click()
