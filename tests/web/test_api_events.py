"""What other systems read of the programme, and what they never see."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from eventapp.domain.actors import Scope
from eventapp.domain.events import EventState, Visibility
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Presence
from tests.factories import NOW, make_event, make_person, make_registration, make_token

pytestmark = pytest.mark.both_databases


@pytest.fixture
def read(app):
    _token, secret = make_token(Scope.EVENTS_READ, Scope.REGISTRATIONS_READ, name="Website")
    return reader(app, secret)


def reader(app, secret):
    return lambda path: app.test_client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {secret}"})


def test_event_has_its_prices_and_places(read):
    event = make_event(title="Masterclass", capacity=10)
    make_registration(event)
    make_registration(event, state=State.WAITLISTED)

    shown = read(f"/events/{event.slug}").json

    assert (shown["title"], shown["url"]) == ("Masterclass", f"http://127.0.0.1:8000/agenda/{event.slug}")
    assert shown["starts_at"] == "2027-02-10T10:00:00+01:00"
    assert shown["places"] == {"capacity": 10, "taken": 1, "waiting": 1}
    assert shown["prices"] == [
        {"category": "lid", "admission": "gratis", "price_cents": 0, "kinds": []},
        {"category": "niet-lid", "admission": "prijs", "price_cents": 9500, "kinds": []},
    ]


def test_drafts_and_closed_events_are_nobodys_business(read):
    draft = make_event(state=EventState.DRAFT)
    closed = make_event(visibility=Visibility.BESLOTEN)
    cancelled = make_event(state=EventState.CANCELLED)

    listed = [event["slug"] for event in read("/events").json["events"]]
    answers = [read(f"/events/{event.slug}{more}") for event in (draft, closed) for more in ("", "/registrations")]

    assert listed == [cancelled.slug]
    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [(404, "unknown_event")] * 4


def test_events_come_in_pages_in_order_of_time(read):
    later = make_event(starts_at=NOW + timedelta(days=60))
    twins = [make_event(starts_at=NOW + timedelta(days=30)) for _ in range(2)]
    past = make_event(starts_at=NOW - timedelta(days=30))

    first = read("/events?limit=2").json
    second = read(f"/events?limit=2&cursor={first['next_cursor']}").json

    slugs = [event["slug"] for page in (first, second) for event in page["events"]]
    assert slugs == [past.slug, twins[0].slug, twins[1].slug, later.slug]
    assert second["next_cursor"] is None


def test_registrations_come_in_pages_with_who_came(read):
    event = make_event()
    first = make_registration(event, make_person("Zoë", "van 't", "Hoff", address="zoe@zonnevlinder.example"))
    second = make_registration(event, state=State.CANCELLED)
    make_registration(make_event())
    came = {"registration_id": first.id, "event_id": event.id, "session": "", "first_in_at": NOW, "inside_since": None}
    db.session.execute(insert(Presence.__table__).values(came))
    db.session.commit()

    page = read(f"/events/{event.slug}/registrations?limit=1").json
    rest = read(f"/events/{event.slug}/registrations?limit=1&cursor={page['next_cursor']}").json

    (shown,) = page["registrations"]
    assert (shown["id"], shown["email"], shown["infix"]) == (first.id, "zoe@zonnevlinder.example", "van 't")
    assert shown["first_scanned_at"] == "2027-01-11T10:00:00+01:00"
    assert [(one["id"], one["state"]) for one in rest["registrations"]] == [(second.id, "cancelled")]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=e30=", "cursor=WzFd", "cursor=WzEsMl0=", "limit=0", "limit=501", "limit=x"]
)
def test_cursor_or_limit_from_elsewhere_is_refused(read, query):
    answer = read(f"/events?{query}")

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert list(answer.json["errors"]) == [query.partition("=")[0]]


def test_scopes_are_apart(app):
    event = make_event()
    _token, secret = make_token(Scope.EVENTS_READ)
    read = reader(app, secret)

    answers = [read(path).status_code for path in ("/events", f"/events/{event.slug}/registrations")]

    assert answers == [200, 403]


def test_unknown_address_is_a_problem_document_too(read):
    answer = read("/bestaat-niet")

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
