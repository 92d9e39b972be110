"""A day at the door for browser tests: an event that goes on now, phones coupled to it, and what they show."""

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from eventapp.extensions import db
from eventapp.links import Links
from eventapp.models import Presence, Scan
from eventapp.services.coupling import invite_device
from tests.browser.house import House
from tests.factories import OFFICE


@dataclass(frozen=True)
class Day:
    """An event that goes on now, with the codes of people whose names are numbers."""

    house: House
    event_id: int
    slug: str
    title: str
    codes: list[str]

    def link(self, name: str, *, names: bool = False) -> str:
        token = invite_device(self.event_id, name=name, search=names, names=names, by=OFFICE, now=datetime.now(UTC))
        return Links(self.house.url).couple(token)

    def inside(self) -> int:
        return self._count(Presence, Presence.event_id == self.event_id, Presence.inside_since.is_not(None))

    def scans(self, *conditions: object) -> int:
        return self._count(Scan, Scan.event_id == self.event_id, *conditions)

    def _count(self, model: object, *conditions: object) -> int:
        db.session.rollback()
        return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions))


def couple(page: Page, link: str, *, kept: bool = False) -> None:
    """Until the list is in; with `kept` until the page itself is on the phone too, which takes longer."""
    page.goto(link)
    page.get_by_role("button", name="Koppel deze telefoon").click()
    if kept:
        expect(page.locator("[data-status=offline]")).to_have_text("Werkt ook zonder internet.", timeout=20_000)
    else:
        expect(page.locator("[data-status=age]")).to_have_text("nu", timeout=10_000)


def type_code(page: Page, code: str) -> None:
    if not page.get_by_label("De 20 tekens").is_visible():
        page.get_by_role("button", name="Code typen").click()
    page.get_by_label("De 20 tekens").fill(code)
    page.get_by_role("button", name="Controleer").click()


def verdict(page: Page, word: str, name: str = "") -> None:
    expect(page.locator("#verdict")).to_contain_text(word, timeout=10_000)
    expect(page.locator("#verdict")).to_contain_text(name)


def waits(page: Page, count: int) -> None:
    expect(page.locator("[data-status=waiting]")).to_have_text(str(count), timeout=25_000)


def look_now(page: Page) -> None:
    """As when a phone wakes up or the network returns: no need to wait for the next turn."""
    page.evaluate("dispatchEvent(new Event('online'))")
