"""What one phone at the door does in a real browser: its rehearsal, other ways in than the camera, places to stand."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import ApiToken, Choice, Event, Person, Presence, Registration
from eventapp.services.coupling import invite_device
from eventapp.services.coupling_codes import code_for
from tests.browser.conftest import NewDay, OpenPage
from tests.browser.door import couple, look_now, type_code, verdict, waits
from tests.factories import OFFICE, make_breakout, make_organisation, make_round

pytestmark = pytest.mark.browser

CONTROLS = {"button", "textbox", "searchbox", "combobox", "radio", "link", "dialog", "Video"}


def nameless(page: Page) -> list[str]:
    """The roles of controls on the screen that a screen reader could not name."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    shown = [node for node in nodes if not node["ignored"] and node["role"]["value"] in CONTROLS]
    assert shown
    return [node["role"]["value"] for node in shown if not node.get("name", {}).get("value", "").strip()]


def as_a_scanner(page: Page, code: str) -> None:
    """Keys as quick as a scanner that behaves like a keyboard hits them, and Enter."""
    page.evaluate(
        """keys => {
            document.activeElement.blur();
            for (const code of keys) dispatchEvent(new KeyboardEvent("keydown", {code, cancelable: true}));
        }""",
        [*(f"{'Digit' if sign.isdigit() else 'Key'}{sign}" for sign in code), "Enter"],
    )


def full(page: Page, *, full: bool) -> None:
    """Let this phone refuse to keep another scan, as when it has no room left."""
    page.evaluate(
        """full => {
            window.put ??= IDBObjectStore.prototype.put;
            IDBObjectStore.prototype.put = function (...said) {
                if (full && this.name === "scans") throw new DOMException("full", "QuotaExceededError");
                return window.put.apply(this, said);
            };
        }""",
        full,
    )


def come_instead(page: Page, given: str, address: str) -> None:
    page.get_by_label("Voornaam").fill(given)
    page.get_by_label("Achternaam").fill("de Vries")
    page.get_by_label("E-mailadres").fill(address)
    page.get_by_role("button", name="Wissel en laat binnen").click()


def test_phone_without_camera_is_coupled_by_a_code_and_proves_what_it_can(new_day: NewDay, open_page: OpenPage):
    day = new_day(6)
    token = invite_device(day.event_id, name="Zij-ingang", search=False, by=OFFICE, now=datetime.now(UTC))
    page = open_page()
    page.goto("/deur")
    found = nameless(page)
    page.get_by_label("Koppelcode").fill(code_for(token, now=datetime.now(UTC)).code.lower())
    page.get_by_role("button", name="Verder").click()
    page.get_by_role("button", name="Koppel deze telefoon").click()
    expect(page.locator("[data-status=offline]")).to_have_text("Werkt ook zonder internet.", timeout=20_000)
    found += nameless(page)

    page.get_by_role("button", name="Generale repetitie").click()
    expect(page.get_by_text("Hoorde u de toon?")).to_be_visible(timeout=20_000)
    found += nameless(page)
    page.get_by_role("button", name="Nee, niets gehoord").click()
    tried = page.locator("[data-step][data-state=good] strong").all_inner_texts()
    expect(page.locator("#rehearsal-verdict")).to_have_text(
        "Deze telefoon kan niet scannen, wel codes typen. U hoort geen toon: kijk bij elk ticket naar het scherm."
    )
    page.get_by_role("button", name="Terug naar de deur").click()
    page.get_by_role("button", name="Start scannen").click()
    expect(page.get_by_role("heading", name="De camera mag niet")).to_be_visible()
    found += nameless(page)

    as_a_scanner(page, day.codes[0])
    verdict(page, "Welkom", "Bezoeker Nummer0")
    full(page, full=True)
    type_code(page, day.codes[1])
    verdict(page, "Niet bewaard", "Schrijf de naam op")
    full(page, full=False)
    type_code(page, day.codes[1])
    verdict(page, "Welkom", "Bezoeker Nummer1")
    found += nameless(page)
    page.get_by_role("button", name="Meer").click()
    found += nameless(page)

    assert tried == ["Bewaren", "Lijst", "Zonder internet", "QR-code lezen"]
    assert found == []
    waits(page, 0)
    db.session.rollback()
    device = db.session.scalars(sa.select(ApiToken).where(ApiToken.event_id == day.event_id)).one()
    assert (device.rehearsal_failed, device.rehearsed_at is not None) == ("camera sound", True)
    assert day.inside() == 2


def test_colleague_comes_instead_with_and_without_network(new_day: NewDay, open_page: OpenPage):
    day = new_day(4)
    organisation = make_organisation("Wisselstroom", domains=(f"wissel{day.event_id}.example",))
    own = sa.update(Registration).where(Registration.event_id == day.event_id)
    db.session.execute(own.values(organisation_id=organisation.id))
    db.session.commit()
    page = open_page(service_workers="block")
    couple(page, day.link("Balie", names=True))
    colleague = f"bram@wissel{day.event_id}.example"

    type_code(page, day.codes[0])
    verdict(page, "Welkom", "Bezoeker Nummer0")
    page.get_by_role("button", name="Iemand anders komt").click()
    assert nameless(page) == []
    come_instead(page, "Bram", colleague)
    verdict(page, "Welkom", "Bram de Vries")
    waits(page, 0)
    page.context.set_offline(True)
    type_code(page, day.codes[1])
    verdict(page, "Welkom", "Bezoeker Nummer1")
    page.get_by_role("button", name="Iemand anders komt").click()
    come_instead(page, "Vreemde", "vreemde@elders.example")
    verdict(page, "Niet gewisseld", "Zoek op naam")
    page.get_by_role("button", name="Naam zoeken").click()
    page.get_by_label("Naam", exact=True).fill("nummer2")
    page.get_by_role("button", name="Bezoeker Nummer2").click()
    assert nameless(page) == []
    page.get_by_role("button", name="Iemand anders komt in plaats van Bezoeker Nummer2").click()
    come_instead(page, "Emma", f"emma@wissel{day.event_id}.example")
    verdict(page, "Welkom", "Emma de Vries")
    type_code(page, day.codes[2])
    verdict(page, "Vervangen")
    expect(page.locator("[data-status=inside]")).to_have_text("2")
    page.context.set_offline(False)
    look_now(page)
    waits(page, 0)

    db.session.rollback()
    inside = (
        sa.select(Person.given_name)
        .join(Registration, Registration.person_id == Person.id)
        .join(Presence, Presence.registration_id == Registration.id)
        .where(Presence.event_id == day.event_id, Presence.inside_since.is_not(None))
    )
    assert set(db.session.scalars(inside)) == {"Bram", "Emma"}
    coming = sa.select(sa.func.count()).where(
        Registration.event_id == day.event_id, Registration.state == State.CONFIRMED
    )
    assert db.session.scalar(coming) == 4


def test_phone_stands_at_a_breakout_and_at_another_event(new_day: NewDay, open_page: OpenPage):
    day, other = new_day(2), new_day(1, "Andere dag")
    two = make_round(db.session.get_one(Event, day.event_id), "Ronde 2", hours=-1)
    here = make_breakout(two, title="Rekenen", room="zaal 1")
    there = make_breakout(two, title="Taal", room="zaal 3")
    chosen = dict(zip(day.codes, (here, there), strict=True))
    for registration in db.session.scalars(sa.select(Registration).where(Registration.event_id == day.event_id)):
        to = {"round_id": two.id, "breakout_id": chosen[registration.ticket.code].id, "chosen_at": two.starts_at}
        db.session.add(Choice(registration_id=registration.id, **to))
    db.session.commit()
    page = open_page(service_workers="block")
    couple(page, day.link("Zaal 1"))
    page.context.set_offline(True)

    page.get_by_role("button", name="Meer").click()
    page.get_by_label("Ik sta bij").select_option("Ronde 2: Rekenen")
    page.get_by_role("button", name="Terug naar de deur").click()
    type_code(page, day.codes[1])
    verdict(page, "Andere deelsessie", "Staat in zaal 3, Ronde 2.")
    verdict(page, "Stuur door naar de balie")
    type_code(page, day.codes[0])
    verdict(page, "Welkom", "Bezoeker Nummer0")
    page.get_by_role("button", name="Meer").click()
    page.get_by_label("naar buiten").check()
    page.get_by_role("button", name="Terug naar de deur").click()
    type_code(page, day.codes[0])
    verdict(page, "Naar buiten", "Bezoeker Nummer0")
    page.context.set_offline(False)
    waits(page, 0)

    couple(page, other.link("Ingang"))
    type_code(page, other.codes[0])
    verdict(page, "Welkom")
    page.get_by_role("button", name="Meer").click()
    page.get_by_label("Ik sta bij").select_option("Andere bijeenkomst: Dag aan de deur")
    expect(page.locator("[data-text=device]")).to_have_text("Zaal 1 · Rekenen")
    look_now(page)
    waits(page, 0)

    assert (other.inside(), day.scans()) == (1, 3)


MODULES = "new URL('./', document.querySelector('script[src$=\"door/app.js\"]').src).href"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 7{}) AppleWebKit/537.36 (KHTML, like Gecko) {}Chrome/126.0 Safari/537.36"
)


def test_page_knows_the_browsers_of_apps_and_the_hour(open_page: OpenPage):
    page = open_page(user_agent=IPHONE + "Mobile/21F90 Instagram 335.0.7", service_workers="block")
    page.goto("/deur")
    expect(page.get_by_text("U kijkt nu in het venster van Instagram")).to_be_visible()
    expect(page.get_by_text("Openen in Safari")).to_be_visible()

    apps = page.evaluate(
        f"async agents => {{ const {{ inApp }} = await import({MODULES} + 'browser.js'); return agents.map(inApp); }}",
        [
            IPHONE + "Version/17.5 Mobile/15E148 Safari/604.1",
            ANDROID.format("", ""),
            IPHONE + "Mobile/15E148 [FBAN/FBIOS;FBAV/470.0]",
            IPHONE + "Mobile/15E148 [LinkedInApp]/9.29",
            ANDROID.format("; wv", "Version/4.0 ") + " TeamsMobile-Android/1416",
            ANDROID.format("; wv", "Version/4.0 ") + " Outlook-Android/2.0",
            ANDROID.format("; wv", "Version/4.0 "),
            IPHONE + "Mobile/15E148",
        ],
    )
    places = page.evaluate(
        f"""async () => {{
            const {{ rightEvent, rightSession }} = await import({MODULES} + 'places.js');
            const at = (hour, minute = 0) => Date.UTC(2027, 0, 11, hour, minute);
            const iso = hour => new Date(at(hour)).toISOString();
            const day = {{ event: "dag", starts: iso(9), ends: iso(12) }};
            const evening = {{ event: "avond", starts: iso(18), ends: iso(21) }};
            const session = (slug, room, from, to) => ({{ slug, room, starts_at: iso(from), ends_at: iso(to) }});
            const [a, b] = [session("a", "zaal 1", 9, 10), session("b", "zaal 3", 9, 10)];
            const sessions = [a, b, session("c", "zaal 1", 10, 11)];
            return [
                ...[8, 13, 17].map(hour => rightEvent(day, [evening], at(hour)).event),
                ...[["a", 9], ["a", 9, 45], ["a", 10, 5], ["b", 10, 5], ["", 10], ["c", 12]]
                    .map(([slug, ...when]) => rightSession(sessions, slug, at(...when))),
            ];
        }}"""
    )

    assert apps == ["", "", "Facebook", "LinkedIn", "Teams", "Outlook", "deze app", "deze app"]
    assert places == ["dag", "dag", "avond", "a", "c", "c", "b", "", "c"]
