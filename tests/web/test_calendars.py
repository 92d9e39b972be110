"""Subscriptions: the agenda for programs, one's own registrations behind a link of one's own, and the way in online."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from werkzeug.test import TestResponse

from config import TestConfig
from eventapp.domain.actors import VISITOR
from eventapp.domain.events import EventForm, EventKind, EventState, Field
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import (
    AuditEntry,
    CalendarFeed,
    Event,
    EventField,
    Person,
    PersonAddress,
    Presence,
    Registration,
    Scan,
)
from eventapp.services import calendar_links, cancelling, choosing, forgetting, programming
from eventapp.services.programming import BreakoutDetails
from tests.factories import OFFICE, make_breakout, make_event, make_person, make_registration, make_round
from tests.web.office import csrf_token, made, rows, words
from tests.web.test_mine import MINE, browser

NOW = TestConfig.NOW
MEETING = "https://meet.example/geheim"


def at(app: Flask, moment: datetime) -> None:
    app.config["CLOCK"] = lambda: moment


def said(answer: TestResponse) -> dict[str, str]:
    """What each entry of a calendar stands at, by its title."""
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    events: Any = Calendar.from_ical(answer.data).walk("VEVENT")
    return {str(event["SUMMARY"]): str(event["STATUS"]) for event in events}


def again(client: FlaskClient, path: str, answer: TestResponse) -> int:
    return client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code


def mine(title: str, **more: object) -> Registration:
    known = db.session.scalar(sa.select(Person).join(PersonAddress).where(PersonAddress.address == MINE))
    return make_registration(make_event(title=title), known or make_person(address=MINE, proven=True), **more)


def link_of(app: Flask) -> str:
    """The path of the subscription, made."""
    calendar_links.make(MINE, by=VISITOR, now=NOW)
    return "/mijn/agenda/" + rows(app, sa.select(CalendarFeed.token))[0][0] + ".ics"


def test_what_is_called_off_stays_in_the_agenda_for_thirty_days(make_app):
    app = make_app()
    made(app, lambda: make_event(title="Gaat door").id)
    off = {"state": EventState.CANCELLED, "cancelled_at": NOW}
    made(app, lambda: make_event(title="Gaat uit", **off).id)
    client, last_day = app.test_client(), NOW + timedelta(days=60)
    first = client.get("/agenda.ics")

    at(app, last_day)
    stays = said(client.get("/agenda.ics"))
    at(app, last_day + timedelta(days=1))
    gone = client.get("/agenda.ics")

    assert b"TRANSP:OPAQUE" not in first.data
    assert said(first) == stays == {"Gaat door": "CONFIRMED", "Gaat niet door: Gaat uit": "CANCELLED"}
    assert said(gone) == {"Gaat door": "CONFIRMED"}
    assert gone.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("path", ["/agenda.ics", "/agenda.atom", "/agenda.json"])
def test_every_feed_has_the_filters_and_a_validator_that_follows(make_app, path):
    app = make_app()
    slug = made(app, lambda: make_event(title="Fusie & meer", kind=EventKind.WEBINAR, online_url=MEETING).slug)
    made(app, lambda: make_event(title="Anders").id)
    client, filtered = app.test_client(), f"{path}?soort=webinar"

    answer, whole = client.get(filtered), client.get(path)
    unchanged = again(client, filtered, answer)
    with app.app_context():
        db.session.execute(sa.update(Event).where(Event.slug == slug).values(title="Later", version=Event.version + 1))
        db.session.commit()
    changed = client.get(filtered, headers={"If-None-Match": answer.headers["ETag"]})

    assert (unchanged, changed.status_code) == (304, 200)
    assert ("Anders" in answer.text, "Anders" in whole.text) == (False, True)
    assert ("Later" in changed.text, MEETING in answer.text) == (True, False)
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in answer.headers


def test_each_selection_is_a_calendar_of_its_own(make_app):
    client = make_app().test_client()

    whole, narrowed = (
        Calendar.from_ical(client.get(path).data) for path in ("/agenda.ics", "/agenda.ics?soort=webinar&zoek=fusie")
    )

    assert str(whole["NAME"]) == "Agenda Netwerk Kindcentra"
    assert str(narrowed["NAME"]) == "Agenda Netwerk Kindcentra: Webinar, “fusie”"
    assert whole["UID"] != narrowed["UID"]


def test_the_json_feed_holds_what_a_site_needs(make_app):
    app = make_app()

    def make() -> str:
        event = make_event(title="Fusie", summary="Hoe dan?")
        event.fields = [EventField(code=Field.HR)]
        db.session.commit()
        return event.slug

    slug = made(app, make)

    feed = json.loads(app.test_client().get("/agenda.json?vakgebied=hr").data)

    (item,) = feed["items"]
    assert feed["feed_url"] == "http://127.0.0.1:8000/agenda.json?vakgebied=hr"
    assert (item["url"], item["tags"]) == (f"http://127.0.0.1:8000/agenda/{slug}", ["Inspiratiebijeenkomst", "HR"])
    assert item["_event"]["starts_at"] == "2027-02-10T10:00:00+01:00"
    assert item["content_text"].split("\n")[0] == "woensdag 10 februari 2027, 10.00-14.00 uur"


def test_own_calendar_says_what_each_registration_stands_at(make_app):
    app = make_app()

    def make() -> None:
        mine("Aangemeld")
        mine("Wacht", state=State.WAITLISTED)
        mine("Betaalt", state=State.AWAITING_PAYMENT)
        mine("Verlopen", state=State.EXPIRED)
        cancelling.cancel_registration(mine("Afgemeld").id, by=OFFICE, now=NOW, back_cents=0)
        make_registration(make_event(title="Van een ander"))

    made(app, make)
    with app.app_context():
        path = link_of(app)
    client = app.test_client()

    answer = client.get(path)
    at(app, NOW + timedelta(days=61))
    later = client.get(path)

    assert said(answer) == {
        "Aangemeld": "CONFIRMED",
        "Wachtlijst: Wacht": "TENTATIVE",
        "Nog te betalen: Betaalt": "TENTATIVE",
        "Vervallen: Afgemeld": "CANCELLED",
    }
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert again(client, path, later) == 304
    assert "Vervallen: Afgemeld" not in said(later)


def test_a_shared_mailbox_says_whose_each_entry_is(make_app):
    app = make_app()

    def make() -> str:
        for name in ("Anna", "Bram"):
            make_registration(make_event(title="Themadag"), make_person(name, "", "Bakker", address=MINE))
        return link_of(app)

    answer = app.test_client().get(made(app, make))

    assert said(answer) == {"Themadag · Anna Bakker": "CONFIRMED", "Themadag · Bram Bakker": "CONFIRMED"}


def test_a_link_is_made_once_shown_and_replaced(make_app):
    app = make_app()
    made(app, lambda: mine("Themadag").id)
    client = browser(app)
    form = {"csrf_token": csrf_token(client, "/mijn/agenda")}

    client.post("/mijn/agenda/link", data=form)
    client.post("/mijn/agenda/link", data=form)
    shown = client.get("/mijn/agenda").text
    old = re.search(r"/mijn/agenda/[\w-]+\.ics", shown)[0]
    client.post("/mijn/agenda/nieuwe-link", data=form)
    new = re.search(r"/mijn/agenda/[\w-]+\.ics", client.get("/mijn/agenda").text)[0]

    assert f"webcal://127.0.0.1:8000{old}?sessies=apart" in shown
    stranger = app.test_client()
    assert (stranger.get(old).status_code, said(stranger.get(new))) == (404, {"Themadag": "CONFIRMED"})
    acts = rows(app, sa.select(AuditEntry.act).where(AuditEntry.subject == "calendar_feed"))
    assert acts == [("calendar_link_made",), ("calendar_link_replaced",)]


def test_breakouts_are_entries_of_their_own_for_who_asks(make_app):
    app = make_app()

    def make() -> tuple[str, str, int, int, int]:
        registration = mine("Themadag")
        first = make_round(registration.event)
        small, large = (make_breakout(first, title=title, room="Zaal 1") for title in ("Klein", "Groot"))
        choosing.choose(registration.id, {first.id: small.id}, by=VISITOR, now=NOW)
        return link_of(app), registration.ticket.token, registration.id, first.id, large.id

    path, ticket, registration_id, round_id, large_id = made(app, make)
    client = app.test_client()
    before = entries(client.get(f"{path}?sessies=apart"))
    validator = client.get(f"{path}?sessies=apart")

    with app.app_context():
        choosing.choose(registration_id, {round_id: large_id}, by=VISITOR, now=NOW)
    after = entries(client.get(f"{path}?sessies=apart"))

    assert [title for title, _, _ in before.values()] == ["Themadag", "Klein"]
    assert [title for title, _, _ in after.values()] == ["Themadag", "Groot"]
    assert before.keys() == after.keys()
    assert [sequence for _, sequence, _ in after.values()] == [2, 2]
    assert [location for _, _, location in after.values()][1].startswith("Zaal 1, Congrescentrum De Driehoek")
    assert len(entries(client.get(path))) == 1
    assert entries(client.get(f"/ticket/{ticket}.ics?sessies=apart")) == after
    assert again(client, f"{path}?sessies=apart", validator) == 200


def entries(answer: TestResponse) -> dict[str, tuple[str, int, str]]:
    """Title, sequence and place by UID."""
    found: Any = Calendar.from_ical(answer.data).walk("VEVENT")
    return {str(one["UID"]): (str(one["SUMMARY"]), int(one["SEQUENCE"]), str(one["LOCATION"])) for one in found}


def test_another_room_raises_the_sequence_and_sends_no_mail_by_itself(app):
    registration = make_registration(make_event())
    other = make_registration(registration.event)
    first = make_round(registration.event)
    breakout = make_breakout(first, room="Zaal 1")
    choosing.choose(registration.id, {first.id: breakout.id}, by=VISITOR, now=NOW)
    before = registration.calendar_sequence

    moved = BreakoutDetails(breakout.title, frozenset({first.id}), size=20, room="Zaal 2")
    told = programming.change_breakout(breakout.id, moved, by=OFFICE, now=NOW + timedelta(hours=1))

    db.session.expire_all()
    assert (registration.calendar_sequence, other.calendar_sequence, told) == (before + 1, 0, 0)
    assert registration.calendar_changed_at == NOW + timedelta(hours=1)


def test_the_link_goes_with_the_last_person_at_its_address(app):
    registration = mine("Lang geleden")
    link_of(app)
    ended = registration.event.ends_at

    forgetting.sweep(now=ended + timedelta(days=360))
    kept = db.session.scalar(sa.select(sa.func.count()).select_from(CalendarFeed))
    forgetting.sweep(now=ended + timedelta(days=800))

    assert (kept, db.session.scalar(sa.select(CalendarFeed.id))) == (1, None)


def attending(app: Flask, make: Callable[[], Registration]) -> tuple[str, datetime]:
    def keys() -> tuple[str, datetime]:
        registration = make()
        return registration.ticket.token, registration.event.starts_at

    return made(app, keys)


def test_who_presses_the_button_is_present_once_and_goes_on_to_the_meeting(make_app):
    app = make_app()
    webinar = {"form": EventForm.ONLINE, "online_url": MEETING}
    token, begin = attending(app, lambda: make_registration(make_event(**webinar)))
    client, page = app.test_client(), f"/deelnemen/{token}"
    at(app, begin - timedelta(minutes=5))

    shown = client.get(page)
    nothing_yet = rows(app, sa.select(Presence.id))
    form = {"csrf_token": csrf_token(client, page)}
    answers = [client.post(page, data=form) for _ in range(2)]

    assert "U neemt deel als Marieke van der Meulen" in words(shown)
    assert (MEETING in shown.text, nothing_yet) == (False, [])
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, MEETING)] * 2
    assert rows(app, sa.select(Presence.first_in_at, Presence.device_id)) == [(begin - timedelta(minutes=5), None)]
    assert rows(app, sa.select(Scan.action, Scan.result, Scan.counted_at)) == [
        ("in", "admitted", begin - timedelta(minutes=5))
    ]


@pytest.mark.parametrize(
    ("event", "minutes", "sentence"),
    [
        ({"form": EventForm.ONLINE}, -31, "U kunt deelnemen vanaf woensdag 10 februari 2027 om 09.30 uur"),
        ({"form": EventForm.ONLINE}, 300, "Deze bijeenkomst is voorbij"),
        ({"form": EventForm.ONLINE, "online_url": ""}, 0, "De link naar de online bijeenkomst volgt"),
        ({"form": EventForm.HYBRIDE}, 0, "U komt naar de locatie"),
        ({"form": EventForm.ONLINE, "state": EventState.CANCELLED}, 0, "Deze bijeenkomst gaat niet door"),
    ],
)
def test_at_any_other_moment_the_page_says_why_and_leads_nowhere(make_app, event, minutes, sentence):
    app = make_app()
    token, begin = attending(app, lambda: make_registration(make_event(**{"online_url": MEETING, **event})))
    client, page = app.test_client(), f"/deelnemen/{token}"
    at(app, begin + timedelta(minutes=minutes))

    shown = client.get(page)
    answer = client.post(page, data={"csrf_token": csrf_token(client, "/inloggen")})

    assert sentence in words(shown)
    assert ("Naar de bijeenkomst" in shown.text, MEETING in shown.text) == (False, False)
    assert (answer.status_code, answer.location) == (303, page)
    assert rows(app, sa.select(Presence.id)) == []
