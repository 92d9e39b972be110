"""Another system sends twice as many bookings at once to a real server with two processes as there are places."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import requests
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.actors import Scope
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import AuditEntry, Capacity, OutboxMail, Person, PlaceHold, Registration, Ticket
from tests.bad_days.house import FULL, serving
from tests.factories import make_event, make_token

pytestmark = pytest.mark.race
PLACES, ATTEMPTS, CLIENTS = (200, 400, 16) if FULL else (40, 80, 16)


def attempt(url: str, secret: str, number: int) -> tuple[int, str]:
    """One booking; every tenth is of somebody who was sent already. Status, and the state or the reason."""
    body = {"email": f"iemand{number - number % 10 // 9}@elders.example", "family_name": "Tester"}
    answer = requests.post(url, json=body, headers={"Authorization": f"Bearer {secret}"}, timeout=60)
    return answer.status_code, answer.json().get("state") or answer.json()["code"]


@pytest.mark.bad_day
def test_twice_as_many_bookings_by_the_api_as_there_are_places(app: Flask, database_url: str, tmp_path: Path):
    event = make_event(capacity=PLACES, prices={Category.NIET_LID: 0})
    path, event_id = f"/api/v1/events/{event.slug}/registrations", event.id
    _token, secret = make_token(Scope.REGISTRATIONS_WRITE)
    db.session.remove()

    with serving(database_url, tmp_path) as base, ThreadPoolExecutor(CLIENTS) as pool:
        outcomes = Counter(pool.map(lambda number: attempt(base + path, secret, number), range(ATTEMPTS)))

    states = db.session.scalars(sa.select(Registration.state).where(Registration.event_id == event_id)).all()
    taken = db.session.scalar(sa.select(Capacity.taken).where(Capacity.event_id == event_id))
    rows = [
        db.session.scalar(sa.select(sa.func.count()).select_from(model))
        for model in (Person, PlaceHold, Ticket, OutboxMail)
    ]
    assert outcomes.pop((201, "confirmed")) == PLACES
    assert set(outcomes) <= {(409, "event_full"), (409, "already_registered")}
    assert (Counter(states), taken, rows) == ({State.CONFIRMED: PLACES}, PLACES, [PLACES] * 4)
    assert db.session.scalar(sa.select(sa.func.count(AuditEntry.id))) == 2 * PLACES


def test_one_key_sent_by_many_at_once_books_once(app: Flask):
    event = make_event(prices={Category.NIET_LID: 0})
    path, event_id = f"/api/v1/events/{event.slug}/registrations", event.id
    _token, secret = make_token(Scope.REGISTRATIONS_WRITE)
    db.session.remove()
    start = Barrier(CLIENTS)

    def send(number: int) -> tuple[int, str]:
        start.wait()
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "een"}
        body = {"email": "iemand@elders.example", "family_name": "Tester" if number else "Ander"}
        answer = app.test_client().post(path, json=body, headers=headers)
        return answer.status_code, answer.json.get("token") or answer.json["code"]

    with ThreadPoolExecutor(CLIENTS) as pool:
        outcomes = Counter(pool.map(send, range(CLIENTS)))

    booked = [token for status, token in outcomes if status == 201]
    assert len(booked) == 1
    assert set(outcomes) <= {(201, booked[0]), (409, "request_in_progress"), (422, "idempotency_key_reused")}
    assert db.session.scalar(sa.select(sa.func.count()).where(Registration.event_id == event_id)) == 1
