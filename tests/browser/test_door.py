"""The door in a real browser when things go wrong: a network that is gone or hangs, a phone that dies, a newer page."""

import statistics
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from eventapp.documents import qr
from eventapp.domain.actors import Scope
from eventapp.domain.admission import Action
from eventapp.domain.registrations import State
from eventapp.domain.tickets import new_code
from eventapp.extensions import db
from eventapp.models import ApiToken, Event, Presence, Registration, Scan, Ticket
from eventapp.queries.association import load_association
from eventapp.queries.door import bearer_of
from eventapp.queries.scanned import conflicts
from eventapp.services import signing_in
from eventapp.services.admitting import admit
from eventapp.services.housekeeping import save_association
from eventapp.services.scan_reports import ScanReport
from tests.browser.camera import Shot, launch_flags, make_video
from tests.browser.conftest import PHONE, NewDay, OpenPage
from tests.browser.door import Day, couple, look_now, type_code, verdict, waits
from tests.browser.house import until
from tests.factories import OFFICE, make_token

pytestmark = pytest.mark.browser
CHROMIUM = "/usr/bin/chromium"
FAST_ENOUGH_MS = 100


@pytest.fixture
def day(new_day: NewDay) -> Day:
    return new_day(6)


def milliseconds(page: Page, code: str) -> float:
    """From the code to the verdict on the screen, as the page itself measures it."""
    return page.evaluate(
        """code => new Promise(resolve => {
            const begin = performance.now();
            const done = () => resolve(performance.now() - begin);
            new MutationObserver(done).observe(document.getElementById("verdict"), {childList: true});
            document.getElementById("code").value = code;
            document.getElementById("typed").requestSubmit();
        })""",
        code,
    )


def test_door_goes_on_without_network_and_loses_nothing(new_day, playwright: Playwright, tmp_path: Path, capsys):
    day = new_day(14)
    # The film begins anew when it ends: on a slow machine a short one would show its ticket twice.
    film = make_video(tmp_path / "ticket.y4m", [Shot(qr.svg(day.codes[0]), 3), Shot(None, 30)])

    def phone() -> BrowserContext:
        """The same phone each time, switched on anew."""
        return playwright.chromium.launch_persistent_context(
            tmp_path / "phone",
            executable_path=CHROMIUM,
            args=launch_flags(film),
            base_url=day.house.url,
            viewport=PHONE,
            locale="nl-NL",
        )

    context = phone()
    strangers: list[str] = []
    context.on("request", lambda request: request.url.startswith(day.house.url) or strangers.append(request.url))
    page = context.new_page()
    couple(page, day.link("Ingang"), kept=True)
    page.get_by_role("button", name="Start scannen").click()
    verdict(page, "Welkom", "Bezoeker Nummer0")
    waits(page, 0)

    context.set_offline(True)
    type_code(page, day.codes[1])
    verdict(page, "Welkom", "Bezoeker Nummer1")
    type_code(page, day.codes[1].lower())
    verdict(page, "Al binnen", "Ingang")
    type_code(page, new_code())
    verdict(page, "Niet op de lijst", "Stuur door naar de balie")
    took = [milliseconds(page, code) for code in day.codes[4:14]]
    with capsys.disabled():
        print(f"\nverdict without network: median {statistics.median(took):.0f} ms, slowest {max(took):.0f} ms")
    waits(page, 13)
    context.close()

    context = phone()
    context.set_offline(True)
    page = context.new_page()
    page.goto("/deur")
    waits(page, 13)
    type_code(page, day.codes[2])
    verdict(page, "Welkom", "Bezoeker Nummer2")
    type_code(page, day.codes[0])
    verdict(page, "Al binnen", "Bezoeker Nummer0")
    page.get_by_role("button", name="Meer").click()
    page.get_by_role("button", name="Maak ongedaan").first.click()
    page.get_by_role("button", name="Ja, maak ongedaan").click()
    verdict(page, "Ongedaan gemaakt")

    context.set_offline(False)
    waits(page, 0)
    context.close()
    assert [url for url in strangers if not url.startswith("blob:")] == []
    assert statistics.median(took) < FAST_ENOUGH_MS
    assert day.inside() == 12
    assert day.scans(Scan.action == "undo") == 1
    assert day.scans(Scan.result == "unknown") == 1


def test_two_doors_without_network_and_one_ticket_in_either_order(day: Day, open_page: OpenPage):
    doors = [open_page(service_workers="block") for _ in range(2)]
    for number, page in enumerate(doors):
        couple(page, day.link(f"Deur {number}"))

    for first, code in enumerate(day.codes[:2]):
        for page in doors:
            page.context.set_offline(True)
        for page in doors:
            type_code(page, code)
            verdict(page, "Welkom", f"Bezoeker Nummer{first}")
            # A welcome that is still on the screen would be corrected there, and nobody be let in twice.
            type_code(page, new_code())
            verdict(page, "Niet op de lijst")
        for number in (first, 1 - first):
            doors[number].context.set_offline(False)
            waits(doors[number], 0)

    for page in doors:
        look_now(page)
        for number in (0, 1):
            notice = page.get_by_role("alert").get_by_text(f"Bezoeker Nummer{number} is twee keer binnengelaten")
            expect(notice).to_contain_text("Deur 0", timeout=25_000)
            expect(notice).to_contain_text("Deur 1")
    assert (day.inside(), day.scans(Scan.conflict)) == (2, 2)
    assert [len(one.sightings) for one in conflicts(day.event_id)] == [2, 2]
    admitted = db.session.scalars(sa.select(Presence.device_id).where(Presence.event_id == day.event_id)).all()
    assert [db.session.get(ApiToken, device).name for device in admitted] == ["Deur 0", "Deur 0"]


def test_server_that_hangs_and_answers_that_get_lost(day: Day, open_page: OpenPage):
    page = open_page(service_workers="block")
    couple(page, day.link("Ingang"))

    # Without a service worker the test stands between page and server.
    page.route("**/api/v1/checkin/**", lambda route: None)
    type_code(page, day.codes[0])
    verdict(page, "Welkom", "Bezoeker Nummer0")
    waits(page, 1)
    page.unroute("**/api/v1/checkin/**")
    lost: list[int] = []

    def lose(route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/api/v1/checkin/batch", lose)
    type_code(page, day.codes[1])
    verdict(page, "Welkom", "Bezoeker Nummer1")
    until(lambda: 200 in lost or page.wait_for_timeout(100))
    page.unroute_all(behavior="wait")
    look_now(page)
    waits(page, 0)

    assert (day.inside(), day.scans()) == (2, 2)


def test_server_knows_better_than_the_list_of_a_moment_ago(day: Day, open_page: OpenPage):
    unpaid = sa.update(Registration).where(Registration.event_id == day.event_id)
    db.session.execute(unpaid.values(state=State.AWAITING_PAYMENT))
    db.session.execute(
        sa.update(Registration).where(Registration.id == _registration_of(day.codes[0])).values(state=State.CONFIRMED)
    )
    db.session.commit()
    page = open_page(service_workers="block")
    couple(page, day.link("Ingang"))
    page.route("**/api/v1/checkin/roster*", lambda route: route.abort())
    db.session.execute(unpaid.values(state=State.CONFIRMED))
    db.session.commit()
    other_door = bearer_of(make_token(Scope.CHECKIN, event=db.session.get(Event, day.event_id))[1])
    report = ScanReport(str(uuid4()), day.event_id, Action.IN, datetime.now(UTC), code=day.codes[0])
    admit(report, by=other_door, now=datetime.now(UTC))

    type_code(page, day.codes[0])
    verdict(page, "Al binnen", "Bezoeker Nummer0")
    waits(page, 0)
    type_code(page, day.codes[1])
    verdict(page, "Welkom", "Bezoeker Nummer1")
    page.route("**/api/v1/checkin", lambda route: route.abort())
    type_code(page, day.codes[2])
    verdict(page, "Niet betaald", "Bezoeker Nummer2")
    waits(page, 0)

    assert day.inside() == 2
    assert day.scans(Scan.conflict) == day.scans(Scan.action == Action.UNDO) == 1
    assert conflicts(day.event_id) == []
    expect(page.locator("[data-status=door]")).to_have_text("1")


def _registration_of(code: str) -> int:
    return db.session.scalars(sa.select(Ticket.registration_id).where(Ticket.code == code)).one()


def close_off(day: Day) -> None:
    db.session.execute(
        sa.update(ApiToken).values(revoked_at=datetime.now(UTC)).where(ApiToken.event_id == day.event_id)
    )
    db.session.commit()


def saved(page: Page, path: Path) -> Path:
    """The file that this page offers of what it could not send."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Bewaar de scans").click()
    download.value.save_as(path)
    return path


def rows_on(page: Page) -> int:
    """How many rows of whichever list this phone still has."""
    count: int = page.evaluate(
        """() => new Promise(resolve => {
            const request = indexedDB.open("deur");
            request.onsuccess = () => {
                const rows = request.result.transaction("rows").objectStore("rows").count();
                rows.onsuccess = () => resolve(rows.result);
            };
        })"""
    )
    return count


def test_phone_that_was_closed_off_hands_its_scans_to_the_office(
    day: Day, new_day: NewDay, open_page: OpenPage, tmp_path: Path
):
    page = open_page(accept_downloads=True, service_workers="block")
    couple(page, day.link("Ingang", names=True))
    page.context.set_offline(True)
    type_code(page, day.codes[3])
    verdict(page, "Welkom", "Bezoeker Nummer3")
    page.get_by_role("button", name="Naam zoeken").click()
    page.get_by_label("Naam", exact=True).fill("nummmer5")
    expect(page.locator(".door-found__name")).to_have_text("Bezoeker Nummer5")
    close_off(day)

    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Deze telefoon is losgekoppeld")).to_be_visible(timeout=15_000)
    left = rows_on(page)
    page.reload()
    expect(page.get_by_role("heading", name="Deze telefoon is nog niet gekoppeld")).to_be_visible()
    file = saved(page, tmp_path / "first.json")

    # The next day it is a door again, scans without network, and is closed off before it was seen again.
    second, third = new_day(1, "Tweede dag"), new_day(1, "Derde dag")
    couple(page, second.link("Zaal"))
    page.context.set_offline(True)
    type_code(page, second.codes[0])
    verdict(page, "Welkom", "Bezoeker Nummer0")
    waits(page, 1)
    page.goto("about:blank")
    close_off(second)
    page.context.set_offline(False)
    couple(page, third.link("Kas"))
    told = page.get_by_role("alert").locator(".door-notices__one")
    expect(told.filter(has_text="Dag aan de deur")).to_contain_text("Niet verstuurd: 1 scan van")
    expect(told.filter(has_text="Tweede dag")).to_contain_text("Niet verstuurd: 1 scan van", timeout=25_000)
    waits(page, 0)
    told.filter(has_text="Dag aan de deur").get_by_role("link").click()
    expect(told).to_have_count(1)
    other_file = saved(page, tmp_path / "second.json")
    expect(told).to_have_count(0)

    desk = open_page(viewport={"width": 1280, "height": 900})
    desk.goto(f"/inloggen/{signing_in.make_link('coordinator@kindcentra.example', now=datetime.now(UTC))}")
    desk.get_by_role("button", name="Inloggen").click()
    for of, path in ((day, file), (second, other_file)):
        desk.goto(f"/beheer/evenementen/{of.slug}/deur")
        desk.get_by_label("Bestand van de telefoon").set_input_files(path)
        desk.get_by_role("button", name="Lees in").click()
        expect(desk.get_by_text("Ingelezen: 1 scan")).to_be_visible()

    assert "Nummer" not in file.read_text()
    assert (left, day.inside(), second.inside(), third.inside()) == (0, 1, 1, 0)


def test_newer_page_keeps_the_coupling_and_sends_what_an_older_one_scanned(day: Day, open_page: OpenPage):
    page = open_page()
    couple(page, day.link("Ingang"), kept=True)
    old = page.locator("#status").get_attribute("data-release")
    page.context.set_offline(True)
    type_code(page, day.codes[0])
    verdict(page, "Welkom", "Bezoeker Nummer0")
    waits(page, 1)
    page.close()
    # Whatever the page says belongs to its release, such as the name in its title.
    name = load_association().short_name
    save_association({"short_name": "Nieuwe naam"}, by=OFFICE, now=datetime.now(UTC))

    page = page.context.new_page()
    page.route("**/api/v1/checkin/batch", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto("/deur")
    page.get_by_role("button", name="Meer").click()
    expect(page.get_by_role("button", name="Nu bijwerken")).to_be_visible(timeout=25_000)
    # It is here, and does not come before the scan is sent: it would have done so after three seconds.
    page.wait_for_timeout(4000)
    waits(page, 1)
    expect(page.locator("#status")).to_have_attribute("data-release", old)
    page.unroute_all(behavior="wait")
    look_now(page)
    expect(page.locator("#status")).not_to_have_attribute("data-release", old, timeout=25_000)
    waits(page, 0)
    type_code(page, day.codes[1])
    verdict(page, "Welkom", "Bezoeker Nummer1")
    waits(page, 0)

    save_association({"short_name": name}, by=OFFICE, now=datetime.now(UTC))
    assert (day.inside(), day.scans()) == (2, 2)
