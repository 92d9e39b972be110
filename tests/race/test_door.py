"""Twenty phones and one ticket: exactly one admits, whatever the database."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Scope
from eventapp.domain.errors import UsedLink
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Presence, Registration, Scan
from eventapp.queries.door import bearer_of
from eventapp.services.coupling import couple, invite_device
from eventapp.services.coupling_codes import code_for, link_for
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_registration, make_token

pytestmark = pytest.mark.race
PHONES = 20
EMAIL = "collega{}@zonnevlinder.example"


@pytest.fixture
def app(make_app):
    app = make_app(CLOCK=lambda: NOW + timedelta(minutes=30))
    with app.app_context():
        yield app


@pytest.fixture
def event(app):
    return make_event(starts_at=NOW + timedelta(hours=1))


def all_at_once(app, requests):
    """The status and JSON of each (secret, path, body), sent by as many threads at the same moment."""
    # A reading transaction left open here would go on seeing the database as it was before.
    db.session.rollback()
    start = Barrier(len(requests))

    def send(request):
        secret, path, body = request
        start.wait()
        answer = app.test_client().post(path, json=body, headers={"Authorization": f"Bearer {secret}"})
        return answer.status_code, answer.json

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(send, requests))


def body(event, code, scan_id=None):
    moment = "2027-01-11T10:30:00+01:00"
    return {"scan_id": scan_id or str(uuid4()), "event": event.slug, "action": "in", "scanned_at": moment, "code": code}


def phone(event, name="Deur", *, seen=True):
    """The secret of a phone. One that was seen a moment ago lets somebody in by the shortest way."""
    token, secret = make_token(Scope.CHECKIN, event=event, name=name)
    token.last_used_at = NOW + timedelta(minutes=30) if seen else None
    db.session.commit()
    return secret


def test_twenty_phones_admit_one_ticket_once(app, event):
    code = make_registration(event).ticket.code
    secrets = [phone(event, f"Deur {n}", seen=n % 3 > 0) for n in range(PHONES)]

    answers = all_at_once(app, [(secret, "/api/v1/checkin", body(event, code)) for secret in secrets])

    results = Counter((status, answer["result"]) for status, answer in answers)
    assert results == {(200, "admitted"): 1, (200, "already_in"): PHONES - 1}
    assert {answer["first_scanned_at"] for _status, answer in answers} == {"2027-01-11T10:30:00+01:00"}
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == PHONES
    assert db.session.scalar(sa.select(sa.func.count(Presence.id))) == 1


@pytest.mark.parametrize("seen", [True, False], ids=["seen", "unseen"])
def test_one_scan_sent_twenty_times_at_once_is_one_scan(app, event, seen):
    secret = phone(event, seen=seen)
    scan = body(event, make_registration(event).ticket.code)

    answers = all_at_once(app, [(secret, "/api/v1/checkin", scan)] * PHONES)

    assert [answer for answer in answers if answer != answers[0]] == []
    assert (answers[0][0], answers[0][1]["result"]) == (200, "admitted")
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == 1


def test_two_batches_with_the_same_tickets_in_opposite_order(app, event):
    codes = [make_registration(event).ticket.code for _ in range(10)]
    secrets = [make_token(Scope.CHECKIN, event=event, name=f"Deur {n}")[1] for n in range(2)]
    sent_at = "2027-01-11T10:30:00+01:00"
    batches = [{"sent_at": sent_at, "scans": [body(event, code) for code in order]} for order in (codes, codes[::-1])]

    answers = all_at_once(app, [(s, "/api/v1/checkin/batch", b) for s, b in zip(secrets, batches, strict=True)])

    results = Counter(result["result"] for _status, answer in answers for result in answer["results"])
    assert results == {"admitted": 10, "already_in": 10}


def test_of_twenty_who_come_instead_of_one_person_one_gets_the_place(app, event):
    """Ten phones send a swap of their own, each of them twice."""
    organisation = make_organisation()
    code = make_registration(event, organisation_id=organisation.id).ticket.code
    secrets = [make_token(Scope.CHECKIN, event=event, name=f"Deur {n}")[1] for n in range(PHONES // 2)]
    swaps = [
        body(event, code) | {"action": "swap", "newcomer": {"family_name": f"Collega{n}", "email": EMAIL.format(n)}}
        for n in range(PHONES // 2)
    ]

    answers = all_at_once(app, [(s, "/api/v1/checkin", b) for s, b in zip(secrets, swaps, strict=True)] * 2)

    results = Counter((status, answer["result"]) for status, answer in answers)
    assert results == {(200, "swapped"): 2, (200, "not_swapped"): PHONES - 2}
    states = Counter(db.session.scalars(sa.select(Registration.state)))
    assert states == {State.CONFIRMED: 1, State.CANCELLED: 1}
    assert db.session.scalar(sa.select(sa.func.count(Presence.id))) == 1


def test_of_many_phones_with_a_link_and_a_code_of_one_door_one_is_coupled(app, event):
    token = invite_device(event.id, name="Ingang", search=False, by=OFFICE, now=NOW)
    code = code_for(token, now=NOW).code
    links = [token, *(link_for(code, visitor_key="", now=NOW) for _ in range(PHONES - 1))]
    db.session.rollback()
    start = Barrier(len(links))

    def tap(link):
        with app.app_context():
            start.wait()
            try:
                return couple(link, now=NOW).secret
            except UsedLink:
                return ""

    with ThreadPoolExecutor(len(links)) as threads:
        secrets = [secret for secret in threads.map(tap, links) if secret]

    assert [bearer_of(secret).name for secret in secrets] == ["Ingang"]
