"""The probes: alive without a database, ready only when pages can be served."""

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from config import TestConfig
from eventapp import create_app
from eventapp.extensions import db
from eventapp.models import Heartbeat


def beat(at: datetime) -> None:
    db.session.add(Heartbeat(name="worker", beat_at=at))
    db.session.commit()


def test_alive_answers_without_a_database() -> None:
    app = create_app(TestConfig("sqlite:////nowhere/at/all.db"))

    answer = app.test_client().get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "Set-Cookie" not in answer.headers


def test_ready_when_the_worker_was_seen(app: Flask, now: datetime) -> None:
    beat(now - timedelta(minutes=2))

    answer = app.test_client().get("/readyz")

    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "database": "ok", "schema": "ok", "worker": "ok"}


def test_late_worker_is_told_and_pages_are_still_served(app: Flask, now: datetime) -> None:
    beat(now - timedelta(minutes=2, seconds=1))

    answer = app.test_client().get("/readyz")

    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["worker"]) == ("degraded", "last seen 2027-01-11T08:57:59+00:00")


def test_worker_that_never_ran_is_told(app: Flask) -> None:
    answer = app.test_client().get("/readyz")

    assert (answer.status_code, answer.json["worker"]) == (200, "never seen")


def test_not_ready_when_the_schema_is_another_one(app: Flask, now: datetime) -> None:
    beat(now)
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    db.session.commit()

    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"status": "unavailable", "database": "ok", "schema": "not at head", "worker": "unknown"}


def test_not_ready_without_a_database() -> None:
    app = create_app(TestConfig("sqlite:////nowhere/at/all.db"))

    answer = app.test_client().get("/readyz")

    assert (answer.status_code, answer.json["database"]) == (503, "unreachable")


def test_probes_say_nothing_of_settings(make_app: Callable[..., Flask]) -> None:
    app = make_app(SMTP_URL="smtp://geheim:wachtwoord@localhost")

    texts = [app.test_client().get(path).text for path in ("/healthz", "/readyz")]

    assert [("geheim" in text, "sqlite" in text, "postgres" in text) for text in texts] == [(False,) * 3] * 2
