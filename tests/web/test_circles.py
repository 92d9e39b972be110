"""Circles as people see them: joining and answering by the links, and the office that runs them."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Role
from eventapp.domain.circles import MeetingAnswer
from eventapp.domain.events import EventKind, EventState, Visibility
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import (
    Circle,
    CircleAnswer,
    CircleMember,
    Event,
    OutboxMail,
    Registration,
    SchoolHoliday,
)
from tests.circling import MARIEKE, TODAY, added, joins, make_circle, make_meeting, says
from tests.factories import NOW, make_event, make_grant, make_organisation
from tests.web.office import csrf_token, made, rows, signed_in, words

FORM = {"email": MARIEKE.address, "given_name": "Marieke", "infix": "van der", "family_name": "Meulen"}


def post(client, page, data=None, *, to=None):
    """Send the form of a page as a browser does."""
    return client.post(to or page, data={"csrf_token": csrf_token(client, page), **(data or {})})


def link_in(app, kind, pattern):
    """The part of an address that the newest mail of this kind has."""
    newest = sa.select(OutboxMail.text).where(OutboxMail.kind == kind).order_by(OutboxMail.id.desc()).limit(1)
    return re.search(pattern, rows(app, newest)[0][0])[0]


@pytest.fixture
def app(make_app):
    """The app without a context of its own, so that each request of several people has one."""
    return make_app()


@pytest.fixture
def circle(app):
    """A circle with one meeting, which people of Zonnevlinder may join; answers the slug of the meeting."""

    def living():
        make_organisation()
        return make_meeting(make_circle(summary="Over personeel"), title="Kenniskring HR: verzuim").slug

    return made(app, living)


def only_circle():
    return db.session.scalars(sa.select(Circle)).one()


def test_somebody_joins_answers_and_leaves_by_the_links(app, circle):
    client = app.test_client()
    assert "Kenniskring HR" in words(client.get("/kringen"))
    page = words(client.get("/kringen/kenniskring-hr"))
    assert "Word lid van de kring" in page and "Eén keer meekijken" in page and "Kenniskring HR: verzuim" in page

    sent = post(client, "/kringen/kenniskring-hr/lid-worden", FORM)
    assert sent.headers["Location"] == "/kringen/kenniskring-hr/lid-worden/verzonden"
    assert "zonnevlinder.example" in words(client.get(sent.headers["Location"]))
    proof = link_in(app, "circle_confirm", r"/kringen/bevestigen/[\w-]+")
    own = post(client, proof).headers["Location"]
    assert rows(app, sa.select(CircleMember.joined_on, CircleMember.left_on)) == [(TODAY, None)]
    assert "Deze link is al gebruikt" in words(client.get(proof))
    assert "Nog geen antwoord" in words(client.get(own))

    answered = post(client, f"{own}/{circle}", {"answer": "verhinderd", "reason": "vakantie"})
    assert answered.headers["Location"] == own
    assert "U bent verhinderd" in words(client.get(own))
    assert rows(app, sa.select(CircleAnswer.answer, CircleAnswer.reason)) == [(MeetingAnswer.VERHINDERD, "vakantie")]
    assert post(client, f"{own}/{circle}", {"answer": "misschien"}).status_code == 422

    post(client, f"{own}/afscheid")
    assert rows(app, sa.select(CircleMember.left_on)) == [(TODAY,)]
    assert "U verlaat deze kring" in words(client.get(own))
    assert client.get("/kringen/lid/onbekend").status_code == 404


def test_a_closed_group_is_nowhere_and_a_circle_is_a_calendar(app, circle):
    made(app, lambda: make_circle(slug="kopgroep", name="Kopgroep", visibility=Visibility.BESLOTEN).id)
    client = app.test_client()

    assert [client.get(f"/kringen/kopgroep{rest}").status_code for rest in ("", ".ics", "/lid-worden")] == [404] * 3
    assert "Kopgroep" not in client.get("/kringen").text
    feed = client.get("/kringen/kenniskring-hr.ics")
    assert (feed.mimetype, feed.text.count("BEGIN:VEVENT")) == ("text/calendar", 1)
    assert client.get("/kringen", headers={"If-None-Match": client.get("/kringen").headers["ETag"]}).status_code == 304


def test_a_closed_meeting_of_an_open_circle_is_on_no_public_page(app, circle):
    made(
        app,
        lambda: make_meeting(only_circle(), title="Kwestie van het bestuur", visibility=Visibility.BESLOTEN, days=5),
    )
    client = app.test_client()

    pages = [client.get(path).text for path in ("/kringen", "/kringen/kenniskring-hr", "/kringen/kenniskring-hr.ics")]

    assert ["Kwestie" in page for page in pages] == [False] * 3


def test_a_page_of_a_meeting_follows_its_circle(app, circle):
    client = app.test_client()
    assert "Eén keer meekijken" in words(client.get(f"/agenda/{circle}"))
    office = signed_in(app, Role.COORDINATOR)

    page = "/beheer/kringen/kenniskring-hr/bewerken"
    data = {"name": "Kenniskring Mensen", "slug": "kenniskring-hr", "kind": "kenniskring", "field": "hr"}
    data |= {"form": "online", "visibility": "openbaar", "join_policy": "direct", "version": "1"}
    assert post(office, page, data).status_code == 303
    assert post(office, page, data).status_code == 422

    shown = words(client.get(f"/agenda/{circle}"))
    assert "Voor leden van de kring" in shown and "Kenniskring Mensen" in shown and "meekijken" not in shown
    assert client.get(f"/agenda/{circle}/aanmelden").status_code == 403


def test_a_series_is_planned_around_holidays_once(app):
    office = signed_in(app, Role.SECRETARIAAT)
    page = "/beheer/kringen/nieuw"
    data = {"name": "Kenniskring ICT", "season": "2027", "kind": "kenniskring", "field": "ict", "form": "online"}
    data |= {"visibility": "openbaar", "join_policy": "direct", "sit_in": "y"}
    assert post(office, page, data).headers["Location"] == "/beheer/kringen/kenniskring-ict"
    series = "/beheer/kringen/kenniskring-ict/reeks"
    rule = {"rhythm": "monthly", "number": "4", "weekday": "3", "first": "2027-01-01", "last": "2027-05-31"}
    rule |= {"region": "noord", "begins": "09:30", "ends": "11:30", "form": "online", "title": "", "publish": "y"}
    assert "zijn geen vakanties ingevuld" in words(post(office, series, {**rule, "step": "tonen"}))
    holidays = "/beheer/instellingen/schoolvakanties"
    post(office, holidays, to=f"{holidays}/2026/overname")
    assert rows(app, sa.select(sa.func.count()).select_from(SchoolHoliday)) == [(11,)]

    preview = post(office, series, {**rule, "step": "tonen"}).text
    ticked = re.findall(r'name="days" value="([-0-9]+)" checked', preview)
    assert ticked == ["2027-01-28", "2027-03-25", "2027-04-22", "2027-05-27"]
    assert "Voorjaarsvakantie" in preview
    post(office, series, {**rule, "step": "bewaren", "days": ticked[:3]})
    again = post(office, series, {**rule, "step": "bewaren", "days": ticked[:3]})

    assert "Zo blijft er geen enkele dag over" in words(again)
    found = rows(app, sa.select(Event.slug, Event.state, Event.starts_at).order_by(Event.starts_at))
    assert [(slug, state, at.strftime("%H:%M")) for slug, state, at in found] == [
        ("kenniskring-ict-2027-01-28", EventState.PUBLISHED, "08:30"),
        ("kenniskring-ict-2027-03-25", EventState.PUBLISHED, "08:30"),
        ("kenniskring-ict-2027-04-22", EventState.PUBLISHED, "07:30"),
    ]


def test_a_coordinator_sees_and_runs_the_own_circles_only(app, circle):
    def living():
        token = joins(only_circle())
        says(token, db.session.scalars(sa.select(Event)).one(), MeetingAnswer.NEE, reason="te druk", now=NOW)
        make_grant(Role.KRINGCOORDINATOR, circle_id=only_circle().id, address="kringcoordinator@kindcentra.example")
        make_circle(slug="kenniskring-ict", name="Kenniskring ICT")

    client = signed_in(app, Role.KRINGCOORDINATOR)
    made(app, living)
    secretary = signed_in(app, Role.SECRETARIAAT)
    meeting = f"/beheer/kringen/kenniskring-hr/bijeenkomsten/{circle}"

    assert "Kenniskring ICT" not in words(client.get("/beheer/kringen"))
    assert client.get("/beheer/kringen/kenniskring-ict").status_code == 403
    assert client.get("/beheer/kringen/kenniskring-ict/leden/nieuw").status_code == 403
    assert client.get("/beheer/kringen/kenniskring-hr/reeks").status_code == 403
    assert "te druk" in words(client.get(meeting))
    assert "te druk" not in words(secretary.get(meeting))
    new = {"address": "bram@elders.example", "family_name": "Bakker", "role": "gast", "organisation": "0"}
    new |= {"function_group": ""}
    page = "/beheer/kringen/kenniskring-hr/leden/nieuw"
    assert post(client, page, new | {"first": TODAY.isoformat()}).status_code == 303
    assert "Bakker" in words(client.get("/beheer/kringen/kenniskring-hr"))


def test_the_next_season_takes_meetings_and_people_along(app, circle):
    made(app, lambda: added(only_circle()))
    office = signed_in(app, Role.COORDINATOR)
    page = "/beheer/kringen/kenniskring-hr/volgend-seizoen"
    ((number, at),) = rows(app, sa.select(Event.id, Event.starts_at))

    post(office, page, {"season": "2028", "meetings": str(number), "with_members": "y"})
    again = post(office, page, {"season": "2028", "meetings": str(number)})

    assert again.status_code == 422
    a_year_later = at + timedelta(weeks=52)
    new = sa.select(Event.starts_at, Event.state).where(Event.id != number)
    assert rows(app, new) == [(a_year_later, EventState.DRAFT)]
    joined = sa.select(CircleMember.joined_on).order_by(CircleMember.id)
    assert rows(app, joined) == [(TODAY,), (a_year_later.date(),)]
    assert "Er is een nieuw seizoen" in words(app.test_client().get("/kringen/kenniskring-hr"))


def test_events_of_the_agenda_become_meetings_with_everybody_in_them(app, circle):
    made(app, lambda: added(only_circle()))
    office = signed_in(app, Role.COORDINATOR)
    details = {"kind": EventKind.KENNISKRING, "title": "Kenniskring HR: werkdruk", "slug": "werkdruk"}
    event_id = made(app, lambda: make_event(prices={Category.LID: 0}, **details).id)
    page = "/beheer/kringen/kenniskring-hr/bijeenkomsten/toevoegen"

    assert post(office, page, {}).status_code == 422
    assert "Kenniskring HR: werkdruk" in words(office.get(page))
    assert post(office, page, {"meetings": str(event_id)}).status_code == 303

    assert "Niets om toe te voegen" in words(office.get(page))
    placed = sa.select(Registration.source).where(Registration.event_id == event_id)
    assert rows(app, placed) == [("circle",)]


def test_an_ordinary_meeting_says_nothing_of_circles(app):
    slug = made(app, lambda: make_event(prices={Category.LID: 0}).slug)

    page = words(app.test_client().get(f"/agenda/{slug}"))

    assert "Aanmelden" in page and "Dit is een bijeenkomst van" not in page
