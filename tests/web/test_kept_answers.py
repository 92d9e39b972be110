"""A public page that still reads the same is sent again without Flask, and nobody can tell by anything but the time."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, request, request_started
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import TestConfig
from eventapp.domain.events import EventKind, EventState
from eventapp.extensions import db
from eventapp.models import Event, Setting
from eventapp.transaction import transaction
from eventapp.web.keeping import Kept
from eventapp.web.kept_answers import _for_everybody
from tests.factories import make_event
from tests.statements import listening

NOW = TestConfig.NOW
PAGES = {"event": "/agenda/themadag", "agenda": "/?soort=themadag", "frame": "/embed/agenda?evenement=themadag"}


@pytest.fixture
def app(make_app) -> Flask:
    """An app in nobody's context: what a request remembers ends with it. There is one event, with three places."""
    app = make_app(PROPAGATE_BUGS=False)
    with app.app_context():
        make_event(slug="themadag", kind=EventKind.THEMADAG, capacity=3, starts_at=NOW + timedelta(days=20))
    return app


@contextmanager
def event_of(app: Flask) -> Iterator[Event]:
    """The event, to be changed."""
    with app.app_context(), transaction() as session:
        yield session.scalars(sa.select(Event)).one()


@contextmanager
def through_flask(app: Flask) -> Iterator[list[str]]:
    """The addresses that Flask was asked for meanwhile."""
    asked: list[str] = []

    def on_request(_app: Flask, **_more: object) -> None:
        asked.append(request.full_path)

    with request_started.connected_to(on_request, app):
        yield asked


def said(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """An answer but for its number."""
    return answer.status_code, answer.data, sorted((n, v) for n, v in answer.headers if n != "X-Request-Id")


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "gzip"}], ids=["plain", "gzip"])
def test_the_second_visitor_gets_the_same_answer_under_a_number_of_its_own(app: Flask, path: str, headers):
    client = app.test_client()
    first = client.get(path, headers=headers)

    with app.app_context(), through_flask(app) as asked, listening() as statements:
        second = client.get(path, headers=headers)

    assert said(second) == said(first)
    assert (asked, len(statements)) == ([], 1)
    assert second.headers["X-Request-Id"] != first.headers["X-Request-Id"]


def test_who_has_the_page_hears_that_it_did_not_change(app: Flask):
    client = app.test_client()
    known = {"If-None-Match": client.get(PAGES["event"]).headers["ETag"]}
    first = client.get(PAGES["event"], headers=known)

    with through_flask(app) as asked:
        second = client.get(PAGES["event"], headers=known)

    assert (said(second), second.status_code, second.data, asked) == (said(first), 304, b"", [])


def _rename(event: Event) -> None:
    event.title, event.version = "Een andere dag", event.version + 1


def _fill(event: Event) -> None:
    event.capacities[0].taken = 2


def _set(event: Event) -> None:
    db.session.add(Setting(name="short_name", value="Kring van Kindcentra"))


@pytest.mark.parametrize(
    ("change", "words"),
    [(_rename, "Een andere dag"), (_fill, "nog 1 plaats"), (_set, "Kring van Kindcentra")],
    ids=["title", "places", "setting"],
)
def test_what_moved_is_shown_at_once(app: Flask, change: Callable[[Event], None], words: str):
    client = app.test_client()
    for path in PAGES.values():
        client.get(path)
    with event_of(app) as event:
        change(event)

    shown = [client.get(path).text for path in (PAGES["event"], PAGES["agenda"])]

    assert [words in text for text in shown] == [True, True]


def test_what_passes_with_time_alone_passes(app: Flask):
    client = app.test_client()
    open_now = client.get(PAGES["event"]).text
    app.config["CLOCK"] = lambda: NOW + timedelta(days=21)

    afterwards = client.get(PAGES["event"]).text

    assert ("Aanmelden</a>" in open_now, "Aanmelden</a>" in afterwards) == (True, False)


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED])
def test_what_is_withdrawn_is_gone_or_says_so(app: Flask, state: EventState):
    client = app.test_client()
    client.get(PAGES["event"])
    with event_of(app) as event:
        event.state, event.version = state, event.version + 1

    answer = client.get(PAGES["event"])

    assert answer.status_code == (404 if state == EventState.DRAFT else 200)
    assert ("Gaat niet door" in answer.text) == (state == EventState.CANCELLED)


def test_an_answer_from_memory_is_told_and_counted_like_any_other(app: Flask, caplog: pytest.LogCaptureFixture):
    client = app.test_client()
    client.get(PAGES["event"])
    sample = 'eventapp_requests_total{method="GET",rule="/agenda/<slug>",status="200"} '
    before = client.get("/metrics").text.partition(sample)[2].split()[0]

    with caplog.at_level(logging.INFO, logger="eventapp.requests"):
        client.get(PAGES["event"])

    (record,) = caplog.records
    assert {**record.facts, "ms": 0} == {"method": "GET", "rule": "/agenda/<slug>", "status": 200, "ms": 0}
    after = client.get("/metrics").text.partition(sample)[2].split()[0]
    assert float(after) == float(before) + 1


def test_without_a_database_nothing_kept_is_passed_off_as_true(app: Flask):
    client = app.test_client()
    client.get(PAGES["event"])
    with app.app_context():
        _renamed("events", "away")

    answer = client.get(PAGES["event"])

    with app.app_context():
        _renamed("away", "events")
    assert answer.status_code == 500


def _renamed(before: str, after: str) -> None:
    with db.engine.connect() as connection:
        connection.execute(sa.text(f"ALTER TABLE {before} RENAME TO {after}"))
        connection.commit()


@pytest.mark.parametrize("ask", [FlaskClient.head, FlaskClient.post], ids=["head", "post"])
def test_other_methods_are_none_of_its_business(app: Flask, ask):
    client = app.test_client()
    client.get(PAGES["event"])

    with through_flask(app) as asked:
        ask(client, PAGES["event"])

    assert len(asked) == 1


@pytest.mark.parametrize(
    ("status", "more", "kept"),
    [
        ("200 OK", {}, True),
        ("304 NOT MODIFIED", {}, True),
        ("200 OK", {"Set-Cookie": "sessie=x"}, False),
        ("200 OK", {"Vary": "Accept-Encoding, Cookie"}, False),
        ("200 OK", {"Cache-Control": "private, no-store"}, False),
        ("503 SERVICE UNAVAILABLE", {}, False),
    ],
)
def test_only_what_is_for_everybody_is_kept(status: str, more: dict[str, str], kept: bool):
    headers = {"Cache-Control": "public, no-cache", "Vary": "Accept-Encoding", **more}

    assert _for_everybody(status, list(headers.items())) is kept


def test_what_was_asked_for_longest_ago_makes_room():
    kept: Kept[str] = Kept()
    kept.MOST_BYTES = 3
    for key in "abc":
        kept.keep(key, key, 1)
    kept.get("a")
    kept.keep("c", "C", 2)

    assert [kept.get(key) for key in "abc"] == ["a", None, "C"]
