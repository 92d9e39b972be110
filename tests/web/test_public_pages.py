"""Agenda, event pages and feeds: what strangers see, and what their browser may keep."""

import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from icalendar import Calendar

from config import TestConfig
from eventapp.domain.events import EventForm, EventKind, EventState, Field, RegistrationMode, TargetGroup, Visibility
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import EventField, EventSlug, EventTargetGroup
from eventapp.payments.settings import UnsafeSetting
from tests.factories import make_event, make_registration

NOW = TestConfig.NOW


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def titles(response) -> list[str]:
    return [link.text for link in soup(response).select(".event-row__title a")]


@pytest.fixture
def client(app):
    return app.test_client()


def test_agenda_shows_what_is_coming_in_order_and_nothing_hidden(client):
    make_event(title="Later", starts_at=NOW + timedelta(days=40))
    make_event(title="Eerder", starts_at=NOW + timedelta(days=10))
    make_event(title="Voorbij", starts_at=NOW - timedelta(days=10))
    make_event(title="Concept", state=EventState.DRAFT)
    make_event(title="Besloten", visibility=Visibility.BESLOTEN)
    make_event(title="Afgelast", state=EventState.CANCELLED, starts_at=NOW + timedelta(days=50))

    answer = client.get("/")

    assert titles(answer) == ["Eerder", "Later", "Afgelast"]
    assert "Gaat niet door" in soup(answer).select(".event-row")[2].text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("soort=webinar", ["Fusie"]),
        ("vorm=online", ["Fusie"]),
        ("vakgebied=financien", ["Toezicht"]),
        ("doelgroep=rvt", ["Toezicht"]),
        ("zoek=utrecht toezicht", ["Toezicht"]),
        ("van=2027-02-01", ["Toezicht"]),
        ("tot=2027-01-31", ["Fusie"]),
        ("soort=onzin&van=morgen", ["Fusie", "Toezicht"]),
        ("zoek=%25", []),
    ],
)
def test_agenda_filters_by_the_address(client, query, expected):
    make_event(title="Fusie", kind=EventKind.WEBINAR, form=EventForm.ONLINE, starts_at=NOW + timedelta(days=5), city="")
    meeting = make_event(title="Toezicht", starts_at=NOW + timedelta(days=30))
    meeting.fields = [EventField(code=Field.FINANCIEN)]
    meeting.target_groups = [EventTargetGroup(code=TargetGroup.RVT)]
    db.session.commit()

    assert titles(client.get(f"/?{query}")) == expected


def test_agenda_without_anything_says_so(client):
    assert "Er staat nog niets gepland" in client.get("/").text
    assert "Niets gevonden" in client.get("/?soort=webinar").text


def test_agenda_is_kept_by_browsers_until_something_changes(client):
    event = make_event()
    first = client.get("/")

    again = client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    event.capacities[0].size = 3
    db.session.commit()
    changed = client.get("/", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first.headers
    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200
    assert "nog 3 plaatsen" in changed.text


@pytest.mark.parametrize(
    ("prices", "words"),
    [
        ({Category.LID: 0, Category.NIET_LID: 9500}, "Gratis voor leden; € 95 voor niet-leden"),
        ({Category.LID: 0, Category.AMBASSADEUR: 0}, "Gratis voor leden en ambassadeurs"),
        ({Category.LID: 14550, Category.NIET_LID: 24500}, "€ 145,50 voor leden; € 245 voor niet-leden"),
        ({Category.LID: 0, Category.NIET_LID: 0}, "Gratis voor iedereen"),
        ({Category.LID: None}, "Op uitnodiging"),
    ],
)
def test_event_page_says_prices_in_words(client, prices, words):
    event = make_event(prices=prices)

    page = soup(client.get(f"/agenda/{event.slug}"))

    assert words.replace("€ ", "€\xa0") in page.select_one(".event__facts").text


def test_event_page_holds_no_link_to_the_meeting_and_valid_structured_data(client):
    event = make_event(form=EventForm.HYBRIDE, online_url="https://vergadering.example/geheim")

    answer = client.get(f"/agenda/{event.slug}")
    data = json.loads(soup(answer).select_one('script[type="application/ld+json"]').text)

    assert "geheim" not in answer.text
    assert data["@type"] == "Event"
    assert data["startDate"] == "2027-02-10T10:00:00+01:00"
    assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [(offer["name"], offer["price"]) for offer in data["offers"]] == [("Lid", "0.00"), ("Niet-lid", "95.00")]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"capacity": 0, "waiting_list": False}, "Alle plaatsen zijn bezet"),
        ({"capacity": 0}, "Vol: wachtlijst"),
        ({"state": EventState.CANCELLED, "cancel_reason": "De zaal staat blank"}, "De zaal staat blank"),
        ({"starts_at": NOW - timedelta(days=2)}, "Deze bijeenkomst is geweest"),
        ({"opens_at": NOW + timedelta(days=1)}, "Aanmelden kan nog niet"),
        ({"closes_at": NOW - timedelta(days=1)}, "De aanmelding is gesloten"),
        ({"registration": RegistrationMode.GEEN}, "Aanmelden is niet nodig"),
        (
            {"registration": RegistrationMode.ELDERS, "external_url": "https://elders.example/x"},
            "Aanmelden op een andere site",
        ),
    ],
)
def test_event_page_without_registration_says_why(client, settings, words):
    event = make_event(**settings)

    page = soup(client.get(f"/agenda/{event.slug}"))

    assert words in page.select_one(".event__facts").text
    assert page.find("a", string="Aanmelden") is None


def test_drafts_and_closed_events_do_not_exist_for_strangers(client):
    draft, closed = make_event(state=EventState.DRAFT), make_event(visibility=Visibility.BESLOTEN)

    assert client.get(f"/agenda/{draft.slug}").status_code == 404
    assert client.get(f"/agenda/{closed.slug}").status_code == 404
    assert client.get(f"/agenda/{closed.slug}.ics").status_code == 404


def test_an_old_address_leads_to_the_new_one_for_good(client):
    event = make_event(slug="nieuw")
    db.session.add(EventSlug(slug="oud", event_id=event.id))
    db.session.commit()

    answer = client.get("/agenda/oud")

    assert (answer.status_code, answer.location) == (301, "/agenda/nieuw")


def test_calendar_feed_follows_the_filters_and_keeps_cancelled_events(client):
    make_event(title="Fusie", kind=EventKind.WEBINAR)
    make_event(title="Afgelast", kind=EventKind.WEBINAR, state=EventState.CANCELLED)
    make_event(title="Anders")
    make_event(title="Besloten", kind=EventKind.WEBINAR, visibility=Visibility.BESLOTEN)

    answer = client.get("/agenda.ics?soort=webinar")
    events = Calendar.from_ical(answer.data).walk("VEVENT")

    assert answer.mimetype == "text/calendar"
    assert {(str(e["SUMMARY"]), str(e["STATUS"])) for e in events} == {
        ("Fusie", "CONFIRMED"),
        ("Gaat niet door: Afgelast", "CANCELLED"),
    }
    assert client.get("/agenda.ics?soort=webinar", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_event_pages_do_not_know_their_visitor(make_app):
    app = make_app()
    with app.app_context():
        event = make_event()
        registration = make_registration(event)
        slug, token = event.slug, registration.order.token
    client = app.test_client()
    client.get(f"/bestelling/{token}")
    client.get(f"/agenda/{slug}/aanmelden")

    answer = client.get(f"/agenda/{slug}")

    assert "Meulen" not in answer.text
    assert "Vary" not in answer.headers or "Cookie" not in answer.headers["Vary"]


def test_robots_leave_personal_pages_alone(client):
    assert "Disallow: /bestelling" in client.get("/robots.txt").text


def test_a_live_key_with_another_endpoint_does_not_start(make_app):
    with pytest.raises(UnsafeSetting) as refusal:
        make_app(MOLLIE_API_KEY="live_geheimgeheimgeheim", MOLLIE_API_ENDPOINT="http://127.0.0.1:9")

    assert "geheim" not in str(refusal.value)
