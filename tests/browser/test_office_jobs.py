"""Do the ten commonest jobs of the office cost the clicks and fields that docs/kantoorwerk.md says?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Route, StorageState, expect

from eventapp.domain.events import EventKind
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import Invoice, WaitingEntry
from eventapp.queries.invoices import invoice_by_id
from eventapp.services import signing_in
from tests.browser.conftest import OpenPage
from tests.browser.house import House
from tests.factories import make_event, make_organisation, make_person, make_registration

pytestmark = pytest.mark.browser
PAGE = Path(__file__).resolve().parents[2] / "docs" / "kantoorwerk.md"
DESK = {"width": 1280, "height": 900}
STAFF = "secretariaat@kindcentra.example"
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
COMING, FULL, LAST_YEAR = "Studiemiddag over buitenspelen", "Werkbezoek dat vol is", "Themadag van een jaar geleden"
UNKNOWN, MEMBER = "klikgraagkantoor.example", "Kinderopvang Klikgraag"


class Desk:
    """Whoever works at a desk: each click and each field counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = self.fields = 0

    def click(self, found: Locator) -> None:
        found.click()
        self.clicks += 1

    def press(self, name: str, *, within: Page | Locator | None = None) -> None:
        self.click((within or self._main).get_by_role("button", name=name).first)

    def follow(self, name: str, *, within: Page | Locator | None = None) -> None:
        self.click((within or self._main).get_by_role("link", name=name).first)

    def fill(self, field: Locator, text: str) -> None:
        field.fill(text)
        self.fields += 1

    def go_to(self, place: str) -> None:
        self.follow(place, within=self.page.get_by_role("navigation", name="Beheer"))

    def open_event(self, title: str) -> None:
        self.go_to("Evenementen")
        self.follow(title)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def search(self, text: str) -> None:
        everywhere = self.page.get_by_role("search", name="In alles")
        self.fill(everywhere.get_by_role("searchbox"), text)
        self.press("Zoek", within=everywhere)

    def reads(self, words: str) -> None:
        expect(self._main.get_by_text(words).first).to_be_visible()

    @property
    def _main(self) -> Locator:
        return self.page.get_by_role("main")


def publish_from_template(desk: Desk) -> None:
    desk.follow("Nieuwe bijeenkomst")
    desk.fill(desk.page.get_by_label("Op welke dag"), f"{NOW + timedelta(days=50):%Y-%m-%d}")
    desk.click(desk.page.get_by_role("radio", name="Inspiratiebijeenkomst"))
    desk.press("Verder")
    desk.fill(desk.page.get_by_label("Titel"), "Inspiratie in zo weinig klikken")
    desk.fill(desk.page.locator("#city"), "Amersfoort")
    desk.press("Bewaren")
    desk.press("Publiceren")
    desk.reads("Gepubliceerd")


def copy_last_year(desk: Desk) -> None:
    desk.open_event(LAST_YEAR)
    desk.follow("Kopiëren naar een nieuwe datum")
    desk.fill(desk.page.get_by_label("Op welke dag"), f"{NOW + timedelta(days=60):%Y-%m-%d}")
    desk.fill(desk.page.get_by_label("Titel"), "Themadag van dit jaar")
    desk.press("Maak het concept")
    desk.reads("De kopie is bewaard als concept")


def change_the_room(desk: Desk) -> None:
    desk.open_event(COMING)
    desk.follow("Bewerken")
    where = desk.page.locator("#waar")
    desk.fill(where.locator("#venue"), "De Grote Zaal")
    desk.press("Bewaren", within=where)
    desk.follow("Wijzigingen doorvoeren")
    desk.press("Wijzigingen doorvoeren")
    desk.reads("De Grote Zaal, Utrecht")


def cancel_by_name(desk: Desk) -> None:
    desk.search("zegaf")
    desk.follow("Zoë Zegaf", within=desk.page.get_by_role("region", name="Mensen"))
    desk.follow(COMING, within=desk.page.get_by_role("region", name="Aanmeldingen", exact=True))
    desk.follow("Aanmelding annuleren")
    desk.press("Aanmelding annuleren")
    desk.reads("De aanmelding is geannuleerd")


def add_who_phoned(desk: Desk) -> None:
    desk.open_event(COMING)
    desk.follow("Iemand toevoegen")
    desk.fill(desk.page.get_by_label("E-mailadres"), "bella@klikgraag.example")
    desk.fill(desk.page.get_by_label("Voornaam of voorletters"), "Bella")
    desk.fill(desk.page.get_by_label("Achternaam"), "Belt")
    desk.press("Toevoegen")
    desk.reads("De aanmelding staat erin")


def mark_as_paid(desk: Desk) -> None:
    number, cents = an_open_invoice()
    desk.search(number)
    desk.follow(number)
    desk.fill(desk.page.locator("#amount"), f"{cents // 100},{cents % 100:02}")
    desk.press("Zet bij de factuur")
    desk.reads("Het bedrag staat bij de factuur")


def mail_everybody(desk: Desk) -> None:
    desk.open_event(COMING)
    desk.follow("Aanmeldingen")
    desk.follow("Bericht sturen")
    desk.fill(desk.page.locator("#text"), "Beste {voornaam},\n\nNeem een regenjas mee.")
    desk.press("Bewaren en bekijken")
    desk.press("Nu versturen aan")
    expect(desk.page.get_by_role("button", name="Nu versturen aan")).to_have_count(0)


def print_the_list(desk: Desk) -> None:
    desk.open_event(COMING)
    desk.page.route("**/presentielijst.pdf", kept_aside)
    with desk.page.expect_download() as paper:
        desk.follow("Presentielijst om te printen")
    assert Path(paper.value.path()).read_bytes().startswith(b"%PDF-")


def kept_aside(route: Route) -> None:
    """A file instead of a page of the browser's own viewer, which is none of ours."""
    answer = route.fetch()
    route.fulfill(response=answer, headers=answer.headers | {"content-disposition": "attachment"})


def link_to_organisation(desk: Desk) -> None:
    desk.go_to("Koppelen")
    desk.follow("Kies de organisatie", within=desk.page.get_by_role("region", name=f"@{UNKNOWN}"))
    desk.press(f"Heel @{UNKNOWN} hoort bij {MEMBER}")
    desk.reads("Gekoppeld.")


def move_up_in_line(desk: Desk) -> None:
    desk.open_event(FULL)
    desk.follow("Wachtlijst")
    desk.follow("Andere plaats voor Wim Tweede")
    desk.fill(desk.page.get_by_label("Nieuwe plaats in de rij"), "1")
    desk.fill(desk.page.get_by_label("Reden"), "Was al eerder uitgenodigd")
    desk.press("Verplaatsen")
    desk.reads("De wachtlijst is gewijzigd")


JOBS: dict[str, Callable[[Desk], None]] = {
    "Een inspiratiebijeenkomst maken en publiceren": publish_from_template,
    "Een themadag van vorig jaar kopiëren": copy_last_year,
    "De zaal wijzigen van wat in de agenda staat": change_the_room,
    "Iemand vinden en annuleren": cancel_by_name,
    "Iemand die belt toevoegen": add_who_phoned,
    "Een factuur op betaald zetten": mark_as_paid,
    "Iedereen van één bijeenkomst mailen": mail_everybody,
    "De presentielijst printen": print_the_list,
    "Wie niet herkend is koppelen": link_to_organisation,
    "Iemand vooraan op de wachtlijst zetten": move_up_in_line,
}


@dataclass(frozen=True)
class Row:
    """What the table says a job costs; a step on the way is a click."""

    steps: int
    clicks: int
    fields: int


def table() -> dict[str, Row]:
    lines = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    return {
        job: Row(len(way.split(" › ")), int(clicks), 0 if typed == "niets" else len(typed.split(", ")))
        for job, way, clicks, typed in lines[2:]
    }


def an_open_invoice() -> tuple[str, int]:
    """The number of an invoice of the demo and what is still to be paid on it."""
    ids = db.session.scalars(sa.select(Invoice.id).where(Invoice.number.is_not(None)).order_by(Invoice.id)).all()
    found = [one for one in map(invoice_by_id, ids) if one and one.kind == "invoice" and one.balance.open_cents > 0]
    number, cents = found[0].number or "", found[0].balance.open_cents
    db.session.rollback()
    return number, cents


@pytest.fixture(scope="module")
def seeded(office_app: Flask) -> None:
    """What the jobs are about."""
    make_organisation(MEMBER, domains=("klikgraag.example",))
    make_event(title=LAST_YEAR, kind=EventKind.THEMADAG, starts_at=NOW - timedelta(days=360))
    coming = make_event(title=COMING, starts_at=NOW + timedelta(days=20))
    for given, family in (("Ahmed", "Aanwezig"), ("Zoë", "Zegaf")):
        make_registration(coming, make_person(given, "", family))
    stranger = make_person("Noor", "", "Nieuw", address=f"noor@{UNKNOWN}")
    make_registration(coming, stranger, category=Category.NIET_LID, organisation_name=MEMBER)
    full = make_event(title=FULL, capacity=1, kind=EventKind.WERKBEZOEK, starts_at=NOW + timedelta(days=21))
    make_registration(full)
    for hours, name in ((2, "Eerste"), (1, "Tweede")):
        waits = make_registration(full, make_person("Wim", "", name), state=State.WAITLISTED)
        at, place = NOW - timedelta(hours=hours), full.capacities[0]
        db.session.add(WaitingEntry(registration=waits, capacity=place, token=new_token(), joined_at=at))
        place.waiting += 1
    db.session.commit()


@pytest.fixture(scope="module")
def signed_in(office_app: Flask, house: House, blind_browser: Browser) -> StorageState:
    """The cookies of somebody who signed in once."""
    link = f"{house.url}/inloggen/{signing_in.make_link(STAFF, now=datetime.now(UTC))}"
    context = blind_browser.new_context()
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Inloggen").click()
    expect(page).to_have_url(f"{house.url}/beheer/")
    cookies = context.storage_state()
    context.close()
    return cookies


def test_the_table_has_each_job_and_a_step_per_click():
    assert list(table()) == list(JOBS)
    assert {job: row.steps for job, row in table().items()} == {job: row.clicks for job, row in table().items()}


@pytest.mark.parametrize("job", JOBS, ids=lambda job: JOBS[job].__name__)
def test_a_job_costs_what_the_table_says(job: str, seeded: None, signed_in: StorageState, open_page: OpenPage):
    desk = Desk(open_page(viewport=DESK, storage_state=signed_in))
    desk.page.goto("/beheer/")

    JOBS[job](desk)

    assert (desk.clicks, desk.fields) == (table()[job].clicks, table()[job].fields)
