"""The list that a phone carries: what it opens, what it hides, and how little travels when little changed."""

import gzip
import json
from base64 import b64decode
from datetime import timedelta

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from eventapp.domain.actors import Scope
from eventapp.domain.admission import TicketState
from eventapp.domain.looks import PeopleList
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.domain.roster import RosterState, door_id, version_of
from eventapp.domain.tickets import new_code
from eventapp.extensions import db
from eventapp.models import Choice, ListLook, Scan
from eventapp.queries.roster import Roster, RosterRow
from eventapp.web.api.roster import _roster
from tests.factories import NOW, make_breakout, make_event, make_person, make_registration, make_round, make_ticket
from tests.web.test_api_checkin import AT_THE_DOOR, body, caller

pytestmark = pytest.mark.both_databases


@pytest.fixture
def app(make_app):
    app = make_app(CLOCK=lambda: AT_THE_DOOR)
    with app.app_context():
        yield app


@pytest.fixture
def event(app):
    return make_event(title="Themadag", starts_at=NOW + timedelta(hours=1))


def opened(row, event, code):
    """What a phone reads with the ticket's code before it."""
    key = HKDF(algorithm=SHA256(), length=32, salt=event.slug.encode(), info=b"door-seal").derive(code.encode())
    box = AESGCM(key).decrypt(b64decode(row["nonce"]), b64decode(row["sealed"]), bytes.fromhex(row["id"]))
    return json.loads(box)


def rows_of(answer) -> dict:
    return {row["id"]: row for row in answer.json["rows"]}


def test_list_tells_states_in_the_open_and_names_to_tickets_only(app, event):
    phone = caller(app, event, Scope.CHECKIN)
    first_round = make_round(event)
    breakout = make_breakout(first_round, title="Rekenen", room="zaal 3")
    guest = make_registration(event, make_person("Zoë", "van 't", "Hoff-Müller"))
    unpaid = make_registration(event, state=State.AWAITING_PAYMENT)
    late = make_ticket(unpaid)
    old = make_registration(event)
    old.ticket.state = TicketState.REPLACED
    replaced, fresh = old.tickets[0], make_ticket(old)
    gone = make_registration(event)
    gone.ticket.state, gone.state = TicketState.CANCELLED, State.CANCELLED
    db.session.add(Choice(registration_id=guest.id, round_id=first_round.id, breakout_id=breakout.id, chosen_at=NOW))
    db.session.commit()
    phone("POST", "/checkin", json=body(event, code=fresh.code))

    answer = phone("GET", f"/checkin/roster?event={event.slug}")

    ids = {
        ticket: door_id(event.slug, ticket.code) for ticket in (guest.ticket, late, replaced, fresh, gone.tickets[0])
    }
    rows = rows_of(answer)
    assert {row["id"]: row["state"] for row in rows.values()} == dict(
        zip(ids.values(), ("valid", "unpaid", "replaced", "inside", "cancelled"), strict=True)
    )
    row = rows[ids[guest.ticket]]
    assert opened(row, event, guest.ticket.code) == {
        "name": "Zoë van 't Hoff-Müller",
        "organisation": "Zonnevlinder",
        "category": "lid",
        "sessions": [breakout.id],
    }
    text = answer.get_data(as_text=True)
    assert [word for word in ("Hoff", "Zonnevlinder", "Meulen", guest.ticket.code) if word in text] == []
    inside = rows[ids[fresh]]
    assert (inside["since"], inside["where"]) == ("2027-01-11T10:30:00+01:00", "Telefoon bij de ingang")
    assert answer.json["sessions"] == [
        {
            "id": breakout.id,
            "slug": breakout.slug,
            "title": "Rekenen",
            "room": "zaal 3",
            "rounds": ["Ronde 1"],
            "starts_at": "2027-01-11T12:00:00+01:00",
            "ends_at": "2027-01-11T12:45:00+01:00",
        }
    ]
    assert (answer.json["event"], answer.json["title"], answer.json["count"]) == (event.slug, "Themadag", 5)
    assert answer.json["server_time"] == "2027-01-11T10:30:00+01:00"
    assert answer.get_etag()[0] == answer.json["v"]


def test_names_are_readable_only_for_who_may_search_without_network(app, event):
    make_registration(event)
    desk = caller(app, event, Scope.CHECKIN, Scope.SEARCH, Scope.NAMES)
    other = caller(app, event, Scope.CHECKIN, Scope.SEARCH)

    said = [phone("GET", f"/checkin/roster?event={event.slug}").json["rows"][0].get("name") for phone in (desk, other)]

    assert said == ["Marieke van der Meulen", None]


def test_only_what_changed_travels(app, event):
    phone = caller(app, event, Scope.CHECKIN)
    people = [make_registration(event) for _ in range(30)]
    path = f"/checkin/roster?event={event.slug}"
    first = phone("GET", path)
    known = first.json["v"]

    same = phone("GET", f"{path}&since={known}")
    unchanged = phone("GET", path, headers={"If-None-Match": first.headers["ETag"]})
    phone("POST", "/checkin", json=body(event, code=people[0].ticket.code))
    changed = phone("GET", f"{path}&since={known}")
    garbage = phone("GET", f"{path}&since=ver-van-tevoren")

    assert (same.json["rows"], unchanged.status_code, unchanged.get_data()) == ([], 304, b"")
    mine = door_id(event.slug, people[0].ticket.code)
    assert rows_of(changed)[mine]["state"] == "inside"
    assert {row[:2] for row in rows_of(changed)} == set(changed.json["parts"]) == {mine[:2]}
    assert (garbage.json["parts"], len(garbage.json["rows"])) == (None, 30)


def test_phone_gets_the_list_of_its_own_event_only(app, event):
    other = make_event(starts_at=NOW + timedelta(hours=1))
    phone, reader = caller(app, event, Scope.CHECKIN), caller(app, None, Scope.EVENTS_READ)

    answers = [
        phone("GET", f"/checkin/roster?event={other.slug}"),
        reader("GET", f"/checkin/roster?event={event.slug}"),
    ]

    assert [(a.status_code, a.json["code"]) for a in answers] == [(403, "other_event"), (403, "insufficient_scope")]


def test_scans_by_the_lists_own_ids_tell_no_names(app, event):
    phone, desk = caller(app, event, Scope.CHECKIN), caller(app, event, Scope.CHECKIN, Scope.SEARCH)
    listed = [door_id(event.slug, make_registration(event).ticket.code) for _ in range(2)]
    sent = "2027-01-11T10:30:00+01:00"

    answers = [
        call("POST", "/checkin/batch", json={"sent_at": sent, "scans": [body(event, ticket_id=one, shown="admitted")]})
        for call, one in zip((phone, desk), listed, strict=True)
    ]

    results = [answer.json["results"][0] for answer in answers]
    assert [(one["result"], bool(one["attendee"])) for one in results] == [("admitted", False), ("admitted", True)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_both_doors_hear_of_a_ticket_that_both_let_in(app, event, order):
    doors = [caller(app, event, Scope.CHECKIN) for _ in range(2)]
    stranger = caller(app, event, Scope.CHECKIN)
    listed = door_id(event.slug, make_registration(event).ticket.code)
    moments = ("2027-01-11T10:10:00+01:00", "2027-01-11T10:12:00+01:00")
    for which in order:
        scan = body(event, ticket_id=listed, shown="admitted", scanned_at=moments[which])
        doors[which]("POST", "/checkin/batch", json={"sent_at": "2027-01-11T10:30:00+01:00", "scans": [scan]})

    path = f"/checkin/conflicts?event={event.slug}"
    heard = [door("GET", path).json["conflicts"] for door in (*doors, stranger)]
    kept = db.session.execute(sa.select(ListLook.which, ListLook.people, ListLook.event_id)).all()
    row = stranger("GET", f"/checkin/roster?event={event.slug}").json["rows"][0]

    assert heard[2] == []
    assert kept == [(PeopleList.DOOR, 1, event.id)] * 2
    assert (row["conflict"], row["since"]) == (True, moments[0])
    for number in (0, 1):
        assert heard[number][0]["name"] == "Marieke van der Meulen"
        assert [one["at"] for one in heard[number][0]["sightings"]] == list(moments)
        assert [one["mine"] for one in heard[number][0]["sightings"]] == [number == 0, number == 1]
    assert db.session.scalar(sa.select(sa.func.count(Scan.id)).where(Scan.conflict)) == 1


def test_list_of_five_thousand_stays_below_a_megabyte(app):
    """Names and organisations as long as they are on average, and three breakouts each."""
    rows = [_row(number) for number in range(5000)]
    version = version_of((row.id, row.name) for row in rows)
    found = Roster("themadag-2027", "Themadag", NOW, NOW + timedelta(hours=4), rows, [], version)

    with app.test_request_context():
        said = _roster(found, None, names=False).model_dump_json(exclude_unset=True)

    assert len(gzip.compress(said.encode(), 5)) < 1_000_000


def _row(number: int) -> RosterRow:
    code = new_code()
    return RosterRow(
        id=door_id("themadag-2027", code),
        code=code,
        state=RosterState.VALID,
        inside=None,
        category=Category.LID,
        name=f"Marieke{number} van den Bosch",
        organisation=f"Kindcentra Rivierenland {number % 300}",
        sessions=(101, 112, 123),
        domains=("kindcentra-rivierenland.example",),
        in_sessions={},
        conflict=False,
    )
