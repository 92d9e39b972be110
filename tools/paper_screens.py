"""Takes the pictures of what people get in their hands or their mailbox: badges, signs, an invoice, the main mails."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from pypdf import PdfReader, PdfWriter

from eventapp import wording
from eventapp.documents.badge_pdf import NO_PHOTO
from tests.browser.house import House, until
from tools.studio import BIG_EVENT, PHONE, Studio, keep, keep_paper

# How the subject of each mail of the demo begins, and what its picture is called.
MAILS = {
    "Bevestig de aanmelding van": "mail-bevestigen",
    "Ticket voor": "mail-ticket",
    "Nog te betalen voor": "mail-betalen",
    "Uitnodiging voor": "mail-uitnodiging",
    "Uw programma is gewijzigd": "mail-wijziging",
    "Factuur": "mail-factuur",
    "Herinnering": "mail-herinnering",
}


def shoot_paper(studio: Studio, desk: Page) -> None:
    """Badges of the themadag and the page they are made on, the signs of its rooms, and an invoice."""
    desk.goto(f"/beheer/evenementen/{BIG_EVENT}/badges")
    keep(desk, "beheer-badges")
    keep_paper("badges", _liveliest(_fetched(studio, desk, _print(desk), "badges.pdf")))
    signs = _fetched(studio, desk, f"/beheer/evenementen/{BIG_EVENT}/borden.pdf", "signs.pdf")
    keep_paper("zaalbord", _page(signs, 1))
    mail = _mail(studio.house, "Factuur")
    (invoice,) = (found["url"] for found in mail["attachments"] if found["type"] == "application/pdf")
    keep_paper("factuur", _fetched(studio, desk, invoice, "invoice.pdf"))


def _print(desk: Page) -> str:
    """Press the button; a browser without a screen downloads what it opens, so the address is asked for apart."""
    form = desk.locator("form", has=desk.get_by_role("button", name="Maak de pdf"))
    fields = form.evaluate("form => Object.fromEntries(new FormData(form))")
    answer = desk.request.post(desk.url, form={**fields, "selection": "all", "stap": "afdrukken"}, max_redirects=0)
    return answer.headers["location"]


def _fetched(studio: Studio, desk: Page, address: str, name: str) -> Path:
    path = studio.scratch / name
    path.write_bytes(desk.request.get(address).body())
    return path


def _liveliest(pdf: Path) -> Path:
    """The sheet with the most different categories on it."""
    pages = [page.extract_text() for page in PdfReader(pdf).pages]
    kinds = [sum(word in text for word in (*wording.CATEGORIES.values(), NO_PHOTO)) for text in pages]
    return _page(pdf, kinds.index(max(kinds)))


def _page(pdf: Path, number: int) -> Path:
    """One page of a PDF as a file of its own."""
    writer = PdfWriter()
    writer.add_page(PdfReader(pdf).pages[number])
    alone = pdf.with_name(f"{pdf.stem}-{number}.pdf")
    writer.write(alone)
    return alone


def shoot_mails(studio: Studio) -> None:
    """The main mails as a phone of 360 points shows them."""
    for subject, name in MAILS.items():
        phone = studio.page(PHONE)
        phone.goto(f"/postvak/{_mail(studio.house, subject)['id']}/html")
        keep(phone, name, whole=True)


def _mail(house: House, subject: str) -> dict[str, Any]:
    """The first mail of the demo with such a subject; waits for the worker that sends it."""

    def look() -> dict[str, Any] | None:
        mails = json.loads(house.get("/postvak.json"))
        return next((mail for mail in reversed(mails) if mail["subject"].startswith(subject)), None)

    return until(look)
