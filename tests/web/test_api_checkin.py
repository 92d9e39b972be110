"""POST /api/v1/checkin as phones rely on it: answers, refusals, scopes and the fences around one event."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Scope
from eventapp.domain.registrations import State
from eventapp.domain.roster import door_id
from eventapp.extensions import db
from eventapp.formatting import iso
from eventapp.models import Choice, EventSlug, IdempotentAnswer, Person, Presence, Scan
from tests.factories import (
    NOW,
    make_breakout,
    make_event,
    make_organisation,
    make_person,
    make_registration,
    make_round,
    make_token,
)

pytestmark = pytest.mark.both_databases

AT_THE_DOOR = NOW + timedelta(minutes=30)


@pytest.fixture
def app(make_app):
    app = make_app(CLOCK=lambda: AT_THE_DOOR)
    with app.app_context():
        yield app


@pytest.fixture
def event(app):
    return make_event(starts_at=NOW + timedelta(hours=1))


@pytest.fixture
def phone(app, event):
    return caller(app, event, Scope.CHECKIN)


def caller(app, event, *scopes):
    """A function that calls the API with a fresh token."""
    _token, secret = make_token(*scopes, event=event)
    return call_with(app, secret)


def call_with(app, secret):
    def call(method, path, **more):
        headers = {"Authorization": f"Bearer {secret}"} | more.pop("headers", {})
        return app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **more)

    return call


def body(event, **more):
    values = {
        "scan_id": str(uuid4()),
        "event": event.slug,
        "action": "in",
        "scanned_at": "2027-01-11T10:30:00+01:00",
    }
    return values | more


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count(model.id)))


def test_welcome_is_answered_as_the_contract_says(phone, event):
    registration = make_registration(event, make_person("Zoë", "van 't", "Hoff-Müller"))
    scan = body(event, code=registration.ticket.code)

    answer = phone("POST", "/checkin", json=scan)

    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.json == {
        "scan_id": scan["scan_id"],
        "result": "admitted",
        "attendee": {
            "name": "Zoë van 't Hoff-Müller",
            "organisation": "Zonnevlinder",
            "category": "lid",
            "note": "",
            "sessions": [],
        },
        "first_scanned_at": "2027-01-11T10:30:00+01:00",
    }
    assert "set-cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_door_hears_where_somebody_goes(phone, event):
    early = make_breakout(make_round(event, "Ronde 1"), title="Bouwen voor later", room="Zaal 3")
    round_2, free = make_round(event, "Ronde 2", hours=2), make_round(event, "Ronde 3", hours=3, optional=True)
    late = make_breakout(round_2, title="Rekenen met één begroting")
    registration, other = make_registration(event), make_registration(event)
    first_id = early.in_rounds[0].round_id
    db.session.add_all(
        [
            Choice(registration_id=registration.id, round_id=first_id, breakout_id=early.id, chosen_at=NOW),
            Choice(
                registration_id=registration.id, round_id=round_2.id, breakout_id=late.id, speaks=True, chosen_at=NOW
            ),
            Choice(registration_id=registration.id, round_id=free.id, breakout_id=None, chosen_at=NOW),
            Choice(registration_id=other.id, round_id=first_id, breakout_id=None, chosen_at=NOW),
        ]
    )
    db.session.commit()

    said, nothing = (
        phone("POST", "/checkin", json=body(event, code=one.ticket.code)).json["attendee"]["sessions"]
        for one in (registration, other)
    )

    assert [(one["round"], one["title"], one["room"], one["speaks"]) for one in said] == [
        ("Ronde 1", "Bouwen voor later", "Zaal 3", False),
        ("Ronde 2", "Rekenen met één begroting", "", True),
    ]
    starts_at = event.starts_at + timedelta(hours=1)
    assert (said[0]["slug"], datetime.fromisoformat(said[0]["starts_at"])) == (early.slug, starts_at)
    assert nothing == []


def test_unknown_ticket_is_an_answer_and_no_error(phone, event):
    scan = body(event, code="T0123456789ABCDEFGHJ")

    answer = phone("POST", "/checkin", json=scan)

    assert answer.status_code == 200
    assert answer.json == {"scan_id": scan["scan_id"], "result": "unknown", "attendee": None}


def test_same_scan_twice_has_the_same_answer(phone, event):
    scan = body(event, code=make_registration(event).ticket.code)

    answers = [phone("POST", "/checkin", json=scan).json for _ in range(3)]

    assert answers[0]["result"] == "admitted"
    assert answers[1:] == [answers[0]] * 2
    assert (count(Scan), count(Presence)) == (1, 1)


def test_upper_case_scan_id_is_the_same_scan(phone, event):
    scan = body(event, code=make_registration(event).ticket.code)
    phone("POST", "/checkin", json=scan)

    answer = phone("POST", "/checkin", json=scan | {"scan_id": scan["scan_id"].upper()})

    assert answer.json["result"] == "admitted"
    assert count(Scan) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"scan_id": "1"}, "scan_id"),
        ({"action": "enter"}, "action"),
        ({"scanned_at": "2027-01-11T10:30:00"}, "scanned_at"),
        ({"scanned_at": "9999-12-31T23:59:59Z"}, "scanned_at"),
        ({"event": ""}, "event"),
        ({"code": "x" * 5000}, "code"),
        ({"ticket_id": 1}, "body"),
        ({"code": None}, "body"),
        ({"code": None, "action": "undo"}, "body"),
        ({"seq": -1}, "seq"),
        ({"shown": "perhaps"}, "shown"),
    ],
)
def test_what_is_not_understood_is_named_per_field(phone, event, wrong, field):
    answer = phone("POST", "/checkin", json=body(event, code="T0123456789ABCDEFGHJ") | wrong)

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.json["code"] == "invalid"
    assert list(answer.json["errors"]) == [field]
    assert count(Scan) == 0


def test_body_that_is_no_json_is_a_bad_request(phone):
    answer = phone("POST", "/checkin", data="{")

    assert (answer.status_code, answer.json["code"]) == (400, "invalid_json")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer niet-van-ons", "Basic YTpi"])
def test_without_a_token_there_is_no_way_in(app, event, header):
    headers = {"Authorization": header} if header is not None else {}

    answer = app.test_client().post("/api/v1/checkin", json=body(event, code="x"), headers=headers)

    assert (answer.status_code, answer.json["code"]) == (401, "invalid_token")
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_revoked_and_expired_tokens_are_told_apart(app, event):
    revoked, revoked_secret = make_token(Scope.CHECKIN, event=event)
    revoked.revoked_at = NOW
    db.session.commit()
    _expired, expired_secret = make_token(Scope.CHECKIN, event=event, expires_at=AT_THE_DOOR)
    scan = body(event, code="x")

    codes = [
        call_with(app, secret)("POST", "/checkin", json=scan).json["code"]
        for secret in (revoked_secret, expired_secret)
    ]

    assert codes == ["token_revoked", "token_expired"]
    assert count(Scan) == 0


def test_token_needs_the_scope(app, event):
    reader = caller(app, None, Scope.EVENTS_READ)

    answer = reader("POST", "/checkin", json=body(event, code="x"))

    assert (answer.status_code, answer.json["code"]) == (403, "insufficient_scope")


def test_device_stays_at_its_own_event(phone, event):
    other = make_event(starts_at=NOW + timedelta(hours=1))
    code = make_registration(other).ticket.code

    named = phone("POST", "/checkin", json=body(other, code=code))
    unknown = phone("POST", "/checkin", json=body(event, code=code) | {"event": "bestaat-niet"})
    brought = phone("POST", "/checkin", json=body(event, code=code))

    assert (named.status_code, named.json["code"]) == (403, "other_event")
    assert (unknown.status_code, unknown.json["code"]) == (403, "other_event")
    assert (brought.json["result"], brought.json["attendee"]) == ("wrong_event", None)


def test_phone_still_works_after_the_event_got_another_address(phone, event):
    old = body(event, code=make_registration(event).ticket.code)
    db.session.add(EventSlug(slug=event.slug, event_id=event.id))
    event.slug = "nieuw-adres"
    db.session.commit()

    answer = phone("POST", "/checkin", json=old)

    assert answer.json["result"] == "admitted"


def test_office_system_names_the_event(app, event):
    office = caller(app, None, Scope.CHECKIN)
    code = make_registration(event).ticket.code

    admitted = office("POST", "/checkin", json=body(event, code=code))
    nowhere = office("POST", "/checkin", json=body(event, code=code) | {"event": "bestaat-niet"})

    assert admitted.json["result"] == "admitted"
    assert (nowhere.status_code, nowhere.json["code"]) == (404, "unknown_event")


def test_batch_answers_each_scan_in_order(phone, event):
    first, second = (make_registration(event).ticket.code for _ in range(2))
    good = body(event, code=first)
    wrong = body(event, code=second) | {"action": "enter"}
    elsewhere = body(event, code=second) | {"event": "bestaat-niet"}
    scans = [good, wrong, "geen scan", elsewhere, body(event, code=second), good]

    answer = phone("POST", "/checkin/batch", json={"sent_at": "2027-01-11T10:30:00+01:00", "scans": scans})

    results = answer.json["results"]
    assert [result.get("result") for result in results] == ["admitted", None, None, None, "admitted", "admitted"]
    assert results[0] == results[5]
    assert results[1]["scan_id"] == wrong["scan_id"]
    assert (results[1]["problem"]["status"], list(results[1]["problem"]["errors"])) == (422, ["action"])
    assert (results[3]["problem"]["status"], results[3]["problem"]["code"]) == (403, "other_event")
    assert (count(Scan), count(Presence)) == (2, 2)


def test_batch_corrects_the_clock_of_the_phone(phone, event):
    scan = body(event, code=make_registration(event).ticket.code, scanned_at="2027-01-11T12:20:00+01:00")

    answer = phone("POST", "/checkin/batch", json={"sent_at": "2027-01-11T12:30:00+01:00", "scans": [scan]})

    assert answer.json["results"][0]["first_scanned_at"] == "2027-01-11T10:20:00+01:00"


def test_phone_swaps_a_ticket_in_its_queue_and_says_what_it_rehearsed(app, event):
    organisation = make_organisation()
    code = make_registration(event, organisation_id=organisation.id).ticket.code
    token, secret = make_token(Scope.CHECKIN, event=event)
    newcomer = {"given_name": "Bram", "family_name": "Bakker", "email": "Bram@Zonnevlinder.example"}
    listed = {"ticket_id": door_id(event.slug, code), "action": "swap", "shown": "swapped"}
    swap = body(event, code=None, newcomer=newcomer, **listed)
    nobody = body(event, code=None, **listed)
    said = {"at": iso(AT_THE_DOOR - timedelta(hours=1)), "failed": ["camera", "smell"]}
    sent = {"sent_at": iso(AT_THE_DOOR), "scans": [swap, nobody], "release": "een", "rehearsal": said}

    answer = call_with(app, secret)("POST", "/checkin/batch", json=sent)
    alone = call_with(app, secret)("POST", "/checkin", json=swap)

    results = answer.json["results"]
    assert (results[0]["result"], results[0]["attendee"]) == ("swapped", None)
    assert results[1]["problem"]["code"] == "invalid"
    assert alone.json == results[0]
    db.session.refresh(token)
    assert (token.rehearsed_at, token.rehearsal_failed) == (AT_THE_DOOR - timedelta(hours=1), "camera")
    assert db.session.scalar(sa.select(Person.family_name).order_by(Person.id.desc())) == "Bakker"


def test_batch_above_a_thousand_is_refused_whole(phone):
    answer = phone("POST", "/checkin/batch", json={"sent_at": "2027-01-11T10:30:00+01:00", "scans": [{}] * 1001})

    assert (answer.status_code, list(answer.json["errors"])) == (422, ["scans"])


def test_search_finds_people_of_this_event_only(app, event):
    other = make_event(starts_at=NOW + timedelta(hours=1))
    searcher = caller(app, event, Scope.CHECKIN, Scope.SEARCH)
    here = make_registration(event, make_person("Fatma", "", "Yıldız"))
    make_registration(event, make_person("Jan", "de", "Vries"))
    make_registration(other, make_person("Fatih", "", "Yildirim"))

    answer = searcher("GET", f"/checkin/search?event={event.slug}&q=YIL")

    assert answer.json == {
        "results": [
            {
                "id": here.ticket.id,
                "list_id": door_id(event.slug, here.ticket.code),
                "name": "Fatma Yıldız",
                "organisation": "Zonnevlinder",
                "category": "lid",
                "state": "valid",
                "inside_since": None,
            }
        ]
    }


@pytest.mark.parametrize("typed", ["hoff", "zoë mul", "van t hoff", "d'an", "Müller", "'t"])
def test_search_begins_at_any_word_of_a_name(app, event, typed):
    searcher = caller(app, event, Scope.SEARCH)
    make_registration(event, make_person("Zoë", "van 't", "Hoff-Müller"))
    make_registration(event, make_person("Ĳsbrand", "", "d'Ancona"))
    make_registration(event, make_person("Thamuller", "", "Khoffan"))
    expected = {"d'an": ["Ĳsbrand d'Ancona"], "'t": []}.get(typed, ["Zoë van 't Hoff-Müller"])

    answer = searcher("GET", "/checkin/search", query_string={"event": event.slug, "q": typed})

    assert [found["name"] for found in answer.json["results"]] == expected


@pytest.mark.parametrize("typed", ["", "z", "%%", "__", "' -"])
def test_search_needs_two_letters(app, event, typed):
    searcher = caller(app, event, Scope.SEARCH)
    make_registration(event, make_person("Zoë", "", "Zwart"))

    answer = searcher("GET", "/checkin/search", query_string={"event": event.slug, "q": typed})

    assert answer.json == {"results": []}


def test_search_says_in_which_state_somebody_is(app, event):
    searcher = caller(app, event, Scope.CHECKIN, Scope.SEARCH)
    inside = make_registration(event, make_person("Anna", "", "Bos"))
    make_registration(event, make_person("Bea", "", "Bos"), state=State.AWAITING_PAYMENT)
    make_registration(event, make_person("Cor", "", "Bos"), state=State.CANCELLED)
    searcher("POST", "/checkin", json=body(event, ticket_id=inside.ticket.id))

    found = searcher("GET", f"/checkin/search?event={event.slug}&q=bos").json["results"]

    assert [(one["name"], one["state"], one["id"], one["inside_since"]) for one in found] == [
        ("Anna Bos", "inside", inside.ticket.id, "2027-01-11T10:30:00+01:00"),
        ("Bea Bos", "unpaid", None, None),
        ("Cor Bos", "cancelled", None, None),
    ]


def test_search_shows_at_most_twenty(app, event):
    searcher = caller(app, event, Scope.SEARCH)
    for number in range(21):
        make_registration(event, make_person(f"Anna{number:02}", "", "Bos"))

    found = searcher("GET", f"/checkin/search?event={event.slug}&q=bos").json["results"]

    assert [one["name"] for one in found] == [f"Anna{number:02} Bos" for number in range(20)]


def test_phone_that_only_scans_can_neither_search_nor_try_numbers(phone, event):
    ticket_id = make_registration(event).ticket.id

    search = phone("GET", f"/checkin/search?event={event.slug}&q=meulen")
    number = phone("POST", "/checkin", json=body(event, ticket_id=ticket_id))

    assert [(a.status_code, a.json["code"]) for a in (search, number)] == [(403, "insufficient_scope")] * 2
    assert count(Scan) == 0


def test_idempotency_key_repeats_the_first_answer(phone, event):
    scan = body(event, code=make_registration(event).ticket.code)
    headers = {"Idempotency-Key": "sleutel-1"}

    first = phone("POST", "/checkin", json=scan, headers=headers)
    again = phone("POST", "/checkin", json=scan, headers=headers)

    assert (again.status_code, again.json) == (200, first.json)
    assert again.content_type == "application/json"
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")


def test_refusal_is_repeated_too(phone, event):
    headers = {"Idempotency-Key": "sleutel-1"}
    first = phone("POST", "/checkin", json={}, headers=headers)

    again = phone("POST", "/checkin", json={}, headers=headers)

    assert (again.status_code, again.content_type) == (422, "application/problem+json")
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"


def test_idempotency_key_is_for_one_request(phone, event):
    headers = {"Idempotency-Key": "sleutel-1"}
    phone("POST", "/checkin", json=body(event, code="x"), headers=headers)

    other = phone("POST", "/checkin", json=body(event, code="y"), headers=headers)

    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert count(Scan) == 1


def test_idempotency_key_belongs_to_a_token(app, phone, event):
    other = caller(app, event, Scope.CHECKIN)
    code = make_registration(event).ticket.code
    headers = {"Idempotency-Key": "sleutel-1"}
    phone("POST", "/checkin", json=body(event, code=code), headers=headers)

    answer = other("POST", "/checkin", json=body(event, code=code), headers=headers)

    assert answer.json["result"] == "already_in"


def test_second_request_while_the_first_is_worked_on_waits(phone, event):
    scan = body(event, code=make_registration(event).ticket.code)
    headers = {"Idempotency-Key": "sleutel-1"}
    phone("POST", "/checkin", json=scan, headers=headers)
    db.session.execute(sa.update(IdempotentAnswer).values(status=None, body=""))
    db.session.commit()

    answer = phone("POST", "/checkin", json=scan, headers=headers)

    assert (answer.status_code, answer.json["code"]) == (409, "request_in_progress")


def test_key_is_free_again_after_a_day(make_app, phone, event):
    headers = {"Idempotency-Key": "sleutel-1"}
    phone("POST", "/checkin", json=body(event, code="x"), headers=headers)
    _token, secret = make_token(Scope.CHECKIN)
    next_day = call_with(make_app(CLOCK=lambda: AT_THE_DOOR + timedelta(hours=24)), secret)

    next_day("POST", "/checkin", json={}, headers={"Idempotency-Key": "sleutel-2"})

    assert db.session.scalars(sa.select(IdempotentAnswer.key)).all() == ["sleutel-2"]


def test_codes_are_not_logged(phone, event, caplog):
    code = make_registration(event).ticket.code
    caplog.set_level("DEBUG")

    phone("POST", "/checkin", json=body(event, code=code))

    assert code not in caplog.text


def test_session_of_the_browser_opens_nothing(app, event):
    client = app.test_client()
    with client.session_transaction() as session:
        session["sid"] = "aangemeld"

    answer = client.post("/api/v1/checkin", json=body(event, code="x"))

    assert answer.status_code == 401
