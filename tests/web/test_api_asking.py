"""How programs ask: without a token, for what changed, not too often, from other sites, and with nonsense."""

import base64
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Scope
from eventapp.domain.events import EventState, Visibility
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import ApiToken, Capacity, Event, Scan
from eventapp.transaction import transaction
from tests.factories import NOW, make_event, make_registration, make_token
from tests.reading import registrations
from tests.web.test_hot_paths import listening

pytestmark = pytest.mark.both_databases


def headers_of(*scopes, **details):
    token, secret = make_token(*scopes, **details)
    return token.id, {"Authorization": f"Bearer {secret}"}


def test_whoever_has_no_token_reads_what_the_agenda_shows(app):
    shown = make_event(visibility=Visibility.LEDEN)
    hidden = [make_event(state=EventState.DRAFT), make_event(visibility=Visibility.BESLOTEN)]
    client = app.test_client()

    listed = client.get("/api/v1/events")
    closed = [client.get(f"/api/v1/events/{event.slug}").json["code"] for event in hidden]
    people = client.get(f"/api/v1/events/{shown.slug}/registrations")
    bad = client.get("/api/v1/events", headers={"Authorization": "Bearer onzin"})

    assert [event["slug"] for event in listed.json["events"]] == [shown.slug]
    assert client.get(f"/api/v1/events/{shown.slug}").json == listed.json["events"][0]
    assert closed == ["unknown_event"] * 2
    assert (people.status_code, people.json["code"]) == (401, "invalid_token")
    assert (bad.status_code, bad.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_what_did_not_change_costs_one_glance_and_what_did_is_sent(app):
    event = make_event(capacity=10)
    client, path = app.test_client(), f"/api/v1/events/{event.slug}"
    paths = (path, "/api/v1/events")

    etags = {one: client.get(one).headers["ETag"] for one in paths}
    db.session.remove()
    with listening() as asked:
        same = [client.get(one, headers={"If-None-Match": etags[one]}) for one in paths]
    with transaction() as session:
        session.execute(sa.update(Capacity).values(taken=1))
    moved = [client.get(one, headers={"If-None-Match": etags[one]}).status_code for one in paths]
    with transaction() as session:
        session.execute(sa.update(Event).values(title="Anders", version=Event.version + 1))
    renamed = client.get(path)

    assert [(answer.status_code, answer.data) for answer in same] == [(304, b"")] * 2
    assert sum("FROM events" in statement and "event_slugs" not in statement for statement, _ in asked) == 2
    assert len(asked) <= 6
    assert moved == [200, 200]
    assert (renamed.json["title"], renamed.headers["Cache-Control"]) == ("Anders", "public, no-cache")


def test_lists_of_people_have_an_etag_and_stay_with_who_asked(app):
    event = make_event()
    make_registration(event)
    _id, bearer = headers_of(*Scope)
    client, slug = app.test_client(), event.slug
    paths = [f"/api/v1/events/{slug}/registrations", *(f"/api/v1/checkin/{one}" for one in ("roster", "search"))]

    def read(path, etag=""):
        return client.get(path, query_string={"event": slug, "q": "mar"}, headers=bearer | {"If-None-Match": etag})

    first = [read(path) for path in paths]
    etags = [answer.headers["ETag"] for answer in first]
    same = [read(path, etag) for path, etag in zip(paths, etags, strict=True)]
    make_registration(event)
    more = [read(path, etag) for path, etag in zip(paths, etags, strict=True)]

    assert [{answer.status_code for answer in answers} for answers in (first, same, more)] == [{200}, {304}, {200}]
    assert {answer.headers["Cache-Control"] for answer in first} == {"private, no-store"}


def test_next_page_stands_in_the_head_too(app):
    event = make_event()
    for _ in range(3):
        make_registration(event)
    _id, bearer = headers_of(Scope.REGISTRATIONS_READ)
    client = app.test_client()

    first = client.get(f"/api/v1/events/{event.slug}/registrations?limit=2", headers=bearer)
    address = first.headers["Link"].partition(">")[0].removeprefix("<http://127.0.0.1:8000")
    last = client.get(address, headers=bearer)

    assert first.headers["Link"].endswith('>; rel="next"')
    assert (len(first.json["registrations"]), len(last.json["registrations"])) == (2, 1)
    assert "Link" not in last.headers


def test_too_often_is_refused_until_the_next_minute(make_app):
    moment = NOW + timedelta(seconds=18)
    app, other_process = (make_app(API_PER_MINUTE=3, CLOCK=lambda: moment) for _ in range(2))
    with app.app_context():
        token_id, bearer = headers_of(Scope.EVENTS_READ)

    def ask(one):
        return one.test_client().get("/api/v1/events", headers=bearer)

    answers = [ask(one) for one in (app, other_process, app)]
    refused = [ask(one) for one in (app, other_process)]
    with app.app_context():
        told = db.session.get(ApiToken, token_id).used
    moment += timedelta(minutes=1)
    later = ask(app)

    assert [answer.headers["RateLimit"] for answer in answers] == [f'"token";r={left};t=42' for left in (2, 1, 0)]
    assert answers[0].headers["RateLimit-Policy"] == '"token";q=3;w=60'
    assert [(one.status_code, one.json["code"], one.headers["Retry-After"]) for one in refused] == [
        (429, "rate_limited", "42")
    ] * 2
    assert told == 3
    assert (later.status_code, later.headers["RateLimit"]) == (200, '"token";r=2;t=42')


def test_limits_are_apart_for_each_token_each_address_and_wide_for_doors(make_app):
    app = make_app(API_PER_MINUTE=1)
    with app.app_context():
        slug = (event := make_event()).slug
        callers = [headers_of(Scope.EVENTS_READ)[1] for _ in range(2)]
        _id, door = headers_of(Scope.CHECKIN, event=event)
    client = app.test_client()

    tokens = [client.get("/api/v1/events", headers=bearer).status_code for bearer in callers * 2]
    strangers = [
        client.get("/api/v1/events", environ_base={"REMOTE_ADDR": address}).status_code
        for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
    ]
    phone = [client.get(f"/api/v1/checkin/roster?event={slug}", headers=door) for _ in range(10)]

    assert tokens == [200, 200, 429, 429]
    assert strangers == [200, 200, 429]
    assert {answer.status_code for answer in phone} == {200}
    assert phone[-1].headers["RateLimit"] == '"door";r=0;t=60'


def test_a_token_tells_when_it_was_used_last_without_a_write_each_time(make_app):
    moment = NOW
    app = make_app(CLOCK=lambda: moment)
    with app.app_context():
        token_id, bearer = headers_of(Scope.EVENTS_READ)

    def use():
        with app.app_context():
            with listening() as asked:
                app.test_client().get("/api/v1/events", headers=bearer)
            writes = sum(statement.startswith("UPDATE") for statement, _ in asked)
            return writes, db.session.get(ApiToken, token_id).last_used_at

    first = use()
    moment = NOW + timedelta(minutes=4)
    soon = use()
    moment = NOW + timedelta(minutes=5)
    later = use()

    assert [first, soon, later] == [(1, NOW), (0, NOW), (1, NOW + timedelta(minutes=5))]


def test_scripts_elsewhere_read_what_is_public_and_nothing_else(app):
    event = make_event()
    _id, bearer = headers_of(*Scope)
    client, origin = app.test_client(), {"Origin": "https://school.example"}
    public = ["/api/v1/events", f"/api/v1/events/{event.slug}", "/api/v1/events/bestaat-niet", "/agenda.json"]
    closed = [
        f"/api/v1/events/{event.slug}/registrations",
        f"/api/v1/checkin/roster?event={event.slug}",
        "/",
        f"/agenda/{event.slug}",
    ]

    asking = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    before = [client.options(path, headers=origin | asking) for path in (*public, *closed)]
    reads = [client.get(path, headers=origin) for path in public]
    kept = [client.get(path, headers=origin | bearer) for path in closed]

    assert [answer.headers.get("Access-Control-Allow-Origin") for answer in before] == ["*"] * 4 + [None] * 4
    assert {answer.headers["Access-Control-Allow-Headers"] for answer in before[:4]} == {"If-None-Match"}
    assert {answer.headers["Access-Control-Allow-Methods"] for answer in before[:4]} == {"GET, HEAD"}
    assert {answer.headers["Access-Control-Allow-Origin"] for answer in reads} == {"*"}
    assert [name for answer in (*before[4:], *kept) for name, _ in answer.headers if "Access-Control" in name] == []
    assert [answer for answer in (*before, *reads) if "Access-Control-Allow-Credentials" in answer.headers] == []


BOOKING = {"email": "marieke@zonnevlinder.example", "family_name": "Meulen"}
SCAN = {"code": "T1", "action": "in", "scanned_at": "2027-01-11T10:30:00+01:00"}


NONSENSE = [
    ("events/{}/registrations", {"data": b"{"}, 400, "invalid_json"),
    ("events/{}/registrations", {"data": b'{"email": "\\ud800"}'}, 400, "invalid_json"),
    ("events/{}/registrations", {"data": b"[" * 5000}, 400, "invalid_json"),
    ("events/{}/registrations", {"data": b"email=x"}, 415, "unsupported_media_type"),
    ("events/{}/registrations", {"json": []}, 422, "invalid"),
    ("events/{}/registrations", {"json": BOOKING | {"counts": 1}}, 422, "invalid"),
    ("events/{}/registrations", {"json": BOOKING | {"answers": {"1": 10**30}}}, 422, "invalid"),
    ("events/{}/registrations", {"json": BOOKING | {"answers": {"1": "\0"}}}, 422, "invalid"),
    ("events/{}/registrations", {"json": BOOKING | {"sessions": ["\0"]}}, 422, "invalid"),
    ("events/{}/registrations", {"json": BOOKING | {"function": "a\0b"}}, 201, None),
    ("events/%00/registrations", {"json": BOOKING}, 400, "bad_request"),
    ("checkin", {"json": SCAN | {"code": "\0"}}, 200, None),
    ("checkin", {"json": SCAN | {"code": "\U0001f600" * 4096}}, 200, None),
    ("checkin", {"json": SCAN | {"seq": 2**31}}, 422, "invalid"),
    ("checkin", {"json": SCAN | {"seq": "5"}}, 422, "invalid"),
    ("checkin", {"json": SCAN | {"scanned_at": "1800000000"}}, 422, "invalid"),
    ("checkin", {"json": SCAN | {"scanned_at": "0001-01-01T00:00:00+14:00"}}, 422, "invalid"),
    ("checkin", {"json": SCAN | {"list_version": "\0"}}, 422, "invalid"),
    ("checkin/walk-ins/99999999999/entry", {"json": {}}, 404, "not_found"),
    ("checkin/walk-ins/99999999999999999999/entry", {"json": {}}, 404, "not_found"),
]


def test_nonsense_is_told_apart_from_what_can_be(app):
    event = make_event(starts_at=NOW + timedelta(minutes=30), prices={Category.NIET_LID: 0})
    slug = event.slug
    _id, bearer = headers_of(*Scope)
    client = app.test_client()

    def send(path, sent):
        kind = "application/x-www-form-urlencoded" if sent.get("data") == b"email=x" else "application/json"
        if isinstance(sent.get("json"), dict) and "email" not in sent["json"]:
            sent = {"json": {"event": slug, "scan_id": str(uuid4())} | sent["json"]}
        answer = client.post(f"/api/v1/{path.format(slug)}", headers=bearer | {"Content-Type": kind}, **sent)
        db.session.rollback()
        return answer.status_code, answer.json.get("code")

    answers = [send(path, sent) for path, sent, _status, _code in NONSENSE]

    assert answers == [(status, code) for _path, _sent, status, code in NONSENSE]


def test_no_cursor_breaks_the_list(app):
    cursors = ["W1tbW1tb", "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwgMV0=", "W" * 3000, "\u20ac", "WzFlOTk5LCAxXQ=="]
    deep = base64.urlsafe_b64encode(b"[" * 20_000).decode()

    answers = [app.test_client().get("/api/v1/events", query_string={"cursor": one}) for one in (*cursors, deep)]

    assert [(answer.status_code, list(answer.json["errors"])) for answer in answers] == [(422, ["cursor"])] * 6


def test_a_bad_scan_stops_no_other_and_says_what_is_the_matter(app):
    event = make_event(starts_at=NOW)
    _id, bearer = headers_of(*Scope)
    good = {"event": event.slug, "scan_id": str(uuid4()), **SCAN}
    scans = [good | {"scan_id": "x"}, 7, good | {"event": "bestaat-niet"}, good]

    answer = app.test_client().post(
        "/api/v1/checkin/batch", json={"sent_at": NOW.isoformat(), "scans": scans}, headers=bearer
    )

    problems = [one.get("problem", {}).get("code") for one in answer.json["results"]]
    assert problems == ["invalid", "invalid", "unknown_event", None]
    assert [one["scan_id"] for one in answer.json["results"]] == ["x", None, good["scan_id"], good["scan_id"]]
    assert answer.json["results"][0]["problem"]["errors"].keys() == {"scan_id"}
    assert answer.json["results"][3] == {"scan_id": good["scan_id"], "result": "unknown", "attendee": None}
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == 1


def test_an_empty_invoice_is_none_and_anything_else_is_read(app):
    event = make_event(prices={Category.NIET_LID: 0})
    _id, bearer = headers_of(Scope.REGISTRATIONS_WRITE)

    answers = [
        app.test_client().post(
            f"/api/v1/events/{event.slug}/registrations", json=BOOKING | {"invoice": invoice}, headers=bearer
        )
        for invoice in ({}, False, {"city": "Gouda"})
    ]

    db.session.rollback()
    assert [answer.status_code for answer in answers] == [201, 422, 422]
    assert list(answers[2].json["errors"]) == ["invoice.legal_name", "invoice.postcode", "invoice.street"]
    assert [one.state for one in registrations()] == [State.CONFIRMED]
