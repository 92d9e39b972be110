"""What hundreds do in the same minute: a few statements each, and none that reads a table that grows with them."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import TestConfig
from eventapp.domain.actors import Scope
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import Event
from eventapp.web.public.caching import validated_while
from tests.factories import make_event, make_registration, make_token
from tests.statements import GROWING, listening, read_through

pytestmark = pytest.mark.both_databases

NOW = TestConfig.NOW


def books(client: FlaskClient, event: Event) -> Callable[[], int]:
    token, secret = make_token(Scope.REGISTRATIONS_WRITE)
    token.last_used_at = NOW
    db.session.commit()
    names = iter(("Marieke", "Emre"))
    path, head = f"/api/v1/events/{event.slug}/registrations", {"Authorization": f"Bearer {secret}"}

    def book() -> int:
        body = {"email": "team@zonnevlinder.example", "given_name": next(names), "family_name": "Meulen"}
        return client.post(path, json=body, headers=head).status_code

    return book


def scans(client: FlaskClient, event: Event) -> Callable[[], int]:
    token, secret = make_token(Scope.CHECKIN, event=event)
    token.last_used_at = NOW
    db.session.commit()
    body = {"code": make_registration(event).ticket.code, "event": event.slug, "action": "in"}
    body |= {"scan_id": str(uuid4()), "scanned_at": NOW.isoformat()}
    return lambda: client.post("/api/v1/checkin", json=body, headers={"Authorization": f"Bearer {secret}"}).status_code


def looks(path: str) -> Callable[[FlaskClient, Event], Callable[[], int]]:
    return lambda client, event: lambda: client.get(path.format(event.slug)).status_code


HOT = {
    "booking again": (books, {"capacity": 5}, 201, 13),
    "refusal": (books, {"capacity": 0}, 409, 2),
    "check-in": (scans, {"starts_at": NOW - timedelta(minutes=30)}, 200, 4),
    "event page again": (looks("/agenda/{}"), {}, 200, 1),
    "agenda again": (looks("/"), {}, 200, 1),
    "filtered agenda again": (looks("/?soort=themadag&zoek=samen"), {}, 200, 1),
}


@pytest.fixture
def unworn(database_url: str, request: pytest.FixtureRequest) -> None:
    """No index is large with what earlier tests deleted: PostgreSQL would rather read a smaller one whole."""
    if database_url.startswith("postgresql"):
        request.getfixturevalue("postgres_database").copy_again()


@pytest.mark.usefixtures("unworn")
@pytest.mark.parametrize("what", HOT)
def test_what_hundreds_do_at_once_asks_little_and_scans_nothing_that_grows(app: Flask, what: str):
    prepare, details, status, most = HOT[what]
    event = make_event(prices={Category.NIET_LID: 0}, **details)
    act = prepare(app.test_client(), event)
    if what.endswith("again"):
        act()
    db.session.remove()

    with listening() as asked:
        answered = act()

    assert (answered, read_through(asked, GROWING, of_few=True)) == (status, {})
    assert len(asked) <= most, [statement for statement, _ in asked]
    larger = [one for one, values in asked if len(one) > 4096 or len(values or ()) > 50]
    assert larger == [], "psycopg takes these apart anew each time"


def test_the_agenda_asks_as_little_of_forty_events_as_of_one(app: Flask):
    client = app.test_client()
    make_event()
    with listening() as first:
        client.get("/")
    for number in range(39):
        make_event(starts_at=NOW + timedelta(days=7 + number))

    with listening() as second:
        client.get("/")

    assert len(second) <= len(first)


def test_what_moved_while_a_page_was_made_is_not_kept_under_the_facts_from_before(app: Flask):
    left = iter(("three left", "two left", "three left", "three left", "three left"))

    def ask(made: str) -> str:
        with app.test_request_context("/"):
            return validated_while(lambda: next(left), lambda: made).get_data(as_text=True)

    answers = [ask("says two"), ask("says three"), ask("is not made")]

    assert answers == ["says two", "says three", "says three"]
