"""Whoever waited too long for their turn is told to come back, with everything they typed, and nothing is done."""

import io
import socket
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import Registration
from tests.factories import make_event
from tests.visitors import Answer

TYPED = {"csrf_token": "x", "email": "j@ergens.example", "family_name": 'De "Wit" <b>', "step": "versturen"}


@pytest.fixture
def app(make_app) -> Iterator[Flask]:
    app = make_app(LONGEST_WAIT_SECONDS=0.05)
    with app.app_context():
        yield app


@pytest.fixture
def waiting() -> Iterator[dict[str, object]]:
    """What the web server hands on of somebody whose request came in a while ago."""
    with socket.create_server(("127.0.0.1", 0)) as door, socket.create_connection(door.getsockname()) as visitor:
        visitor.sendall(b"POST")
        time.sleep(0.1)
        connection, _address = door.accept()
        with connection:
            yield {"gunicorn.socket": connection}


def test_whoever_waited_too_long_gets_all_they_typed_back_and_nothing_is_done(app: Flask, waiting):
    path = f"/agenda/{make_event(prices={Category.NIET_LID: 0}).slug}/aanmelden"

    answer = app.test_client().post(path, data=TYPED, environ_overrides=waiting)

    assert answer.status_code == 503
    assert 20 <= int(answer.headers["Retry-After"]) <= 40
    assert "er is niets opgeslagen" in answer.text
    assert Answer("", 503, "", answer.text).hidden == TYPED
    assert db.session.scalar(sa.select(sa.func.count(Registration.id))) == 0


def test_whoever_only_looks_comes_back_to_the_same_filters(app: Flask, waiting):
    answer = app.test_client().get("/?soort=themadag&zoek=%22a", environ_overrides=waiting)

    assert answer.status_code == 503
    assert Answer("", 503, "", answer.text).hidden == {"soort": "themadag", "zoek": '"a'}


def test_who_waited_is_turned_away_from_a_page_in_memory_too(app: Flask, waiting):
    visitor = app.test_client()
    statuses = [visitor.get("/", environ_overrides=more).status_code for more in ({}, {}, waiting)]

    assert statuses == [200, 200, 503]


def test_a_program_is_told_so_in_its_own_way(app: Flask, waiting):
    told = app.test_client().get("/api/v1/events", environ_overrides=waiting)

    assert (told.status_code, told.json["code"], int(told.headers["Retry-After"]) >= 20) == (503, "unavailable", True)


def test_probes_payments_and_doors_are_never_turned_away(app: Flask, waiting):
    visitor = app.test_client()

    probe = visitor.get("/healthz", environ_overrides=waiting)
    payment = visitor.post("/webhooks/mollie/x", environ_overrides=waiting)
    scan = visitor.post("/api/v1/checkin", environ_overrides=waiting)

    assert [probe.status_code, payment.status_code, scan.status_code] == [200, 200, 401]


def test_who_knocked_before_the_server_was_there_did_not_wait_for_a_crowd(app: Flask, waiting, monkeypatch):
    """It starts only after this answer here: a slow machine would add to what somebody waited for the crowd."""
    monkeypatch.setitem(app.extensions, "crowding_since", time.monotonic() + 60)

    answer = app.test_client().get("/", environ_overrides=waiting)

    assert answer.status_code == 200


def test_a_file_that_was_not_chosen_keeps_nothing_from_being_sent_again(app: Flask, waiting):
    with_part = {**TYPED, "file": (io.BytesIO(), "")}

    answer = app.test_client().post("/", data=with_part, content_type="multipart/form-data", environ_overrides=waiting)

    assert Answer("", 503, "", answer.text).hidden == TYPED


def test_a_chosen_file_has_to_be_chosen_again(app: Flask, waiting):
    with_file = {**TYPED, "file": (io.BytesIO(b"naam"), "lijst.csv")}

    answer = app.test_client().post("/", data=with_file, content_type="multipart/form-data", environ_overrides=waiting)

    assert "Opnieuw versturen" not in answer.text
    assert "Ga terug" in answer.text


def test_whoever_is_helped_in_time_notices_nothing(make_app):
    app = make_app()
    with socket.create_server(("127.0.0.1", 0)) as door, socket.create_connection(door.getsockname()) as visitor:
        visitor.sendall(b"GET")
        connection, _address = door.accept()

        answer = app.test_client().get("/", environ_overrides={"gunicorn.socket": connection})
        connection.close()

    assert answer.status_code == 200
