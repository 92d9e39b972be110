"""Who looked at a list of people: every page that names a crowd says so, and what is kept of it."""

import dis
import fcntl
import inspect
import io
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from eventapp.domain.actors import Actor, Role, Scope
from eventapp.domain.concerns import Concern
from eventapp.domain.events import EventForm
from eventapp.domain.looks import Looked, PeopleList
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import DeadAddress, Event, Invitation, ListLook, PersonStatus, WaitingEntry
from eventapp.services import contacts, editing, looking
from eventapp.services.forgetting import sweep
from eventapp.services.knowing import Somebody
from eventapp.web.looks import names_people
from tests.circling import added, make_circle, make_meeting
from tests.evaluating import came, fix
from tests.factories import (
    NOW,
    OFFICE,
    make_event,
    make_grant,
    make_organisation,
    make_person,
    make_registration,
    make_staff,
    make_token,
)
from tests.web.office import client_of, made, rows, signed_in, words
from tests.web.test_mine import browser
from tests.web.test_who_may_what import TABLE, address_of, everything, plain

CROWD = 6
NAMED = re.compile(r"Massa[a-f]")
# Fewer than these is no list: who booked together, who has the same name.
A_LIST = 3
# Pages that name a crowd and are not kept, each with its reason.
NOT_KEPT = {
    # Asks for the part of its page that changed, over and over: opening the page was kept.
    "organiser.live_part",
    # Kept as an act, with who and how many, in the log.
    "organiser.partner_list_file",
}


def a_crowd() -> dict[str, Any]:
    """People wherever a page may show some together."""
    organisation = make_organisation()
    circle = make_circle()
    event = make_meeting(circle, slug="deze-dag", form=EventForm.HYBRIDE, offered_by_id=organisation.id)
    past = make_event(slug="voorbij", starts_at=NOW - timedelta(days=1))
    people = []
    for number in range(CROWD):
        family = f"Massa{'abcdef'[number]}"
        person = make_person("Quirijn", "", family, address=f"{family.lower()}@zonnevlinder.example", proven=True)
        people.append(person)
        common = {"organisation_id": organisation.id}
        make_registration(event, person, **common)
        came(make_registration(past, person, **common))
        db.session.add(PersonStatus(person_id=person.id, category=Category.AMBASSADEUR, starts_on=NOW.date()))
        tokens = {"token": new_token(), "answer_token": new_token()}
        name = {"given_name": "Quirijn", "infix": "", "family_name": family}
        db.session.add(Invitation(event=event, address=person.addresses[0].address, sent_at=NOW, **name, **tokens))
        db.session.add(DeadAddress(address=f"{family}@oud.example", since=NOW, reason="550", noted_by=""))
        db.session.commit()
        added(circle, Somebody(person.addresses[0].address, "Quirijn", "", family))
        who = Somebody(person.addresses[0].address, "Quirijn", "", family)
        contacts.add_contact(organisation.id, who, first=NOW.date(), receives_invoices=False, by=OFFICE, now=NOW)
    waits = make_event(slug="vol", capacity=1)
    for person in people:
        found = make_registration(waits, person, state=State.WAITLISTED)
        db.session.add(WaitingEntry(registration=found, capacity=waits.capacities[0], token=new_token(), joined_at=NOW))
    db.session.commit()
    past_id, event_id, title = past.id, event.id, {"title": event.title}
    db.session.rollback()
    editing.save_section(event_id, title, {"title": "Zo gaat het heten"}, by=OFFICE, now=NOW)
    fix(past_id)
    return {"organisation_id": organisation.id, "person_id": people[0].id, "event_slug": "deze-dag"}


def shown_by(client: FlaskClient, address: str) -> set[str]:
    """The different people of the crowd that an answer names."""
    answer = client.get(address)
    if answer.mimetype == "application/pdf":
        return set(NAMED.findall(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)))
    return set(NAMED.findall(answer.data.decode(errors="replace")))


def looks_of(app: Flask) -> list[tuple]:
    return rows(app, sa.select(ListLook.id, ListLook.times))


def test_every_page_that_names_a_crowd_says_so_and_is_kept(make_app) -> None:
    app = make_app(WTF_CSRF_ENABLED=False)
    ids = made(app, a_crowd)
    client = signed_in(app, Role.BEHEERDER)
    rules = {(plain(rule), method): rule for rule in app.url_map.iter_rules() for method in rule.methods}
    undeclared, unkept, kept, nobody = set(), set(), set(), set()
    before_all = without_looks(app)

    for one in TABLE:
        rule = rules[one.path, one.method]
        if one.method == "GET" and rule.endpoint not in NOT_KEPT:
            path = address_of(one, rule, ids)
            others = ("vol",) if "wachtlijst" in path else ("voorbij",)
            addresses = {path.replace("deze-dag", slug) for slug in ("deze-dag", *others)}
            if rule.endpoint == "organiser.today_rows":
                addresses = {path.replace(Concern(path.rpartition("/")[2]), concern) for concern in Concern}
            for address in addresses:
                before = looks_of(app)
                named = shown_by(client, f"{address}?q=massa&zoek=massa")
                if not named and looks_of(app) != before:
                    nobody.add(address)
                if len(named) >= A_LIST:
                    declared = hasattr(app.view_functions[rule.endpoint], "lists")
                    (undeclared if not declared else unkept if looks_of(app) == before else kept).add(rule.endpoint)
    assert (undeclared, unkept, nobody) == (set(), set(), set())
    assert len(kept) > 20
    assert without_looks(app) == before_all


def without_looks(app: Flask) -> dict[str, Any]:
    return {name: sign for name, sign in everything(app).items() if name != "list_looks"}


def test_whoever_counts_people_says_which_list_it_is_also_as_a_form_that_comes_back(app: Flask) -> None:
    views = {endpoint: inspect.unwrap(view) for endpoint, view in app.view_functions.items()}

    naming = {endpoint for endpoint, view in views.items() if _calls(view, names_people, set())}

    assert len(naming) > 40
    assert {one for one in naming if not hasattr(app.view_functions[one], "lists")} == set()


def _calls(function: Any, wanted: Any, seen: set[Any]) -> bool:
    """Whether a function calls this one, by itself or by another of its module."""
    if function is wanted or function in seen:
        return function is wanted
    seen.add(function)
    read = (step.argval for step in dis.get_instructions(function) if step.opname == "LOAD_GLOBAL")
    used = [function.__globals__.get(name) for name in read]
    house = [one for one in used if inspect.isfunction(one) and one.__module__.startswith("eventapp.web")]
    return any(_calls(inspect.unwrap(one), wanted, seen) for one in house)


def test_a_list_is_kept_once_an_hour_a_file_each_time_and_nothing_else(make_app) -> None:
    app = make_app(WTF_CSRF_ENABLED=False)
    ids = made(app, a_crowd)
    beheerder, lezer = signed_in(app, Role.BEHEERDER), signed_in(app, Role.LEZER)
    made(app, lambda: make_grant(event=_event("vol"), address="help@kindcentra.example").id)
    helper, stranger = client_of(app, "help@kindcentra.example"), app.test_client()
    contact = browser(app, "massaa@zonnevlinder.example")
    token = made(app, lambda: make_token(Scope.REGISTRATIONS_READ, name="Website")[1])
    phone = made(app, lambda: make_token(Scope.CHECKIN, Scope.SEARCH, event=_event("deze-dag"))[1])
    page = "/beheer/evenementen/deze-dag/aanmeldingen"

    for _ in range(2):
        beheerder.get(page)
        lezer.get(f"{page}.csv")
        contact.get(f"/mijn/organisatie/{ids['organisation_id']}")
        _api(app, token, "/api/v1/events/deze-dag/registrations")
    roster = _api(app, phone, "/api/v1/checkin/roster?event=deze-dag")
    _api(app, phone, f"/api/v1/checkin/roster?event=deze-dag&since={roster.json['v']}")
    _api(app, phone, "/api/v1/checkin/roster?event=deze-dag", **{"If-None-Match": roster.headers["ETag"]})
    for typed in ("massa", "massaa", "niemand"):
        _api(app, phone, f"/api/v1/checkin/search?event=deze-dag&q={typed}")
    beheerder.head(page)
    beheerder.get(f"{page}?zoek=niemand")
    assert helper.get(page).status_code == 403
    stranger.get(page)

    which = (ListLook.which, ListLook.as_file, ListLook.times, ListLook.people)
    kept = rows(app, sa.select(*which).order_by(ListLook.id))
    assert kept == [
        (PeopleList.REGISTRATIONS, False, 2, CROWD),
        (PeopleList.REGISTRATIONS, True, 1, CROWD),
        (PeopleList.ORGANISATION, False, 2, CROWD),
        (PeopleList.REGISTRATIONS, False, 2, CROWD),
        (PeopleList.REGISTRATIONS, True, 1, CROWD),
        (PeopleList.DOOR, False, 3, CROWD),
    ]
    told = words(beheerder.get("/beheer/logboek/lijsten?bijeenkomst=deze-dag"))
    assert ("bekeken, 2 keer in dat uur" in told, "Website, koppeling" in told) == (True, True)
    assert ("ingang, telefoon" in told, "contactpersoon" in told) == (True, False)
    assert "Quirijn Massaa, contactpersoon" in words(beheerder.get("/beheer/logboek/lijsten?lijst=organisation"))
    assert "Niets gevonden" in words(beheerder.get("/beheer/logboek/lijsten?bijeenkomst=voorbij"))
    taken = beheerder.get("/beheer/logboek/lijsten.csv?vorm=bestand").text
    assert taken.count("meegenomen") == 2
    assert [client.get("/beheer/logboek/lijsten").status_code for client in (lezer, helper)] == [403, 403]


def _event(slug: str) -> Event:
    return db.session.scalars(sa.select(Event).where(Event.slug == slug)).one()


def _api(app: Flask, token: str, address: str, **headers: str) -> TestResponse:
    return app.test_client().get(address, headers={"Authorization": f"Bearer {token}", **headers})


def test_a_page_is_shown_when_its_look_cannot_be_written(make_app) -> None:
    app = make_app()
    made(app, a_crowd)
    client = signed_in(app, Role.LEZER)

    def refuse(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "list_looks" in statement:
            raise OperationalError(statement, {}, Exception("disk full"))

    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", refuse)
    try:
        answer = client.get("/beheer/evenementen/deze-dag/aanmeldingen")
    finally:
        with app.app_context():
            sa.event.remove(db.engine, "before_cursor_execute", refuse)

    assert (answer.status_code, len(set(NAMED.findall(answer.text)))) == (200, CROWD)
    assert looks_of(app) == []


only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@only_sqlite
@pytest.mark.parametrize("holds", ["line", "file"])
def test_a_page_waits_hardly_for_a_writer_and_its_look_is_written_afterwards(app: Flask, holds: str) -> None:
    made(app, a_crowd)
    client = signed_in(app, Role.LEZER)
    page = "/beheer/evenementen/deze-dag/aanmeldingen"
    client.get(page)
    began = time.monotonic()

    with writing(app, holds):
        answers = [client.get(page) for _ in range(3)]
        waited = time.monotonic() - began
        before = looks_of(app)
    written = made(app, looking.write_what_waits)
    again = made(app, looking.write_what_waits)

    assert [(answer.status_code, len(set(NAMED.findall(answer.text)))) for answer in answers] == [(200, CROWD)] * 3
    assert waited < 3 * 1.5
    assert (len(before), before[0][1]) == (1, 1)
    assert (written, again) == (3, 0)
    assert [times for _, times in looks_of(app)] == [4]


@contextmanager
def writing(app: Flask, holds: str) -> Iterator[None]:
    """Somebody else is the writer: one of ours, who has the turn in the line, or another program in the file."""
    with app.app_context():
        path = db.engine.url.database
    if holds == "line":
        with open(f"{path}.queue", "w") as line:
            fcntl.flock(line, fcntl.LOCK_EX)
            yield
        return
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@only_sqlite
def test_a_look_put_aside_at_what_has_gone_stops_no_other(app: Flask) -> None:
    staff_id = made(app, lambda: make_staff().id)
    looked = Looked(PeopleList.PEOPLE, 3, as_file=True)

    def keep_and_write() -> int:
        with writing(app, "line"):
            for key in (staff_id + 1, staff_id):
                looking.keep(looked, by=Actor("staff", "Kees", key), now=NOW)
        return looking.write_what_waits()

    assert made(app, keep_and_write) == 1
    assert rows(app, sa.select(ListLook.staff_id, ListLook.as_file, ListLook.first_at)) == [(staff_id, True, NOW)]


def test_looks_go_after_a_year_and_the_hour_is_the_database_s_to_decide(app: Flask) -> None:
    staff = make_staff()
    by, looked = Actor("staff", "Kees", staff.id), Looked(PeopleList.PEOPLE, 3, as_file=False)
    more = Looked(PeopleList.PEOPLE, 7, as_file=False)
    at = NOW.replace(minute=10)

    for one, moment in ((looked, at), (more, at + timedelta(minutes=49)), (looked, at + timedelta(minutes=51))):
        looking.keep(one, by=by, now=moment)

    lines = db.session.execute(sa.select(ListLook.times, ListLook.people).order_by(ListLook.id)).all()
    assert [tuple(line) for line in lines] == [(2, 7), (1, 3)]
    assert sweep(now=at + timedelta(days=364)).looks == 0
    assert sweep(now=at + timedelta(days=366), dry_run=True).looks == 2
    assert sweep(now=at + timedelta(days=366)).looks == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ListLook)) == 0
