"""Figures for who watches the house: on this machine or with the token, true, and about nobody."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families as families

from eventapp.extensions import db
from eventapp.models import Heartbeat, MailState, OutboxMail, PeriodicTask

TOKEN = "zestien-tekens-of-meer"


def add_mail(number: int, created_at: datetime, state: MailState = MailState.WAITING) -> None:
    words = {"subject": "x", "text": "x", "html": "x", "kind": "x"}
    unique = {"purpose": f"p{number}", "message_id": f"<{number}@kindcentra.example>"}
    db.session.add(OutboxMail(to_address="a@x.example", created_at=created_at, state=state, **words, **unique))


def figures(text: str) -> dict[tuple[str, str], float]:
    """Each sample by its name and the value of its last label."""
    samples = [sample for family in families(text) for sample in family.samples]
    return {(sample.name, next(reversed(sample.labels.values()), "")): sample.value for sample in samples}


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 404),
        ("192.0.2.7", {}, 404),
        ("192.0.2.7", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("192.0.2.7", {"Authorization": "Bearer iets-anders-dan-dat"}, 404),
    ],
    ids=["here", "here-v6", "through-a-proxy", "stranger", "token", "wrong-token"],
)
def test_strangers_find_nothing(make_app, address: str, headers: dict[str, str], status: int) -> None:
    app = make_app(METRICS_TOKEN=TOKEN)

    answer = app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})

    assert answer.status_code == status


def test_without_a_token_in_the_settings_no_token_opens_it(app: Flask) -> None:
    asked = {"headers": {"Authorization": "Bearer "}, "environ_base": {"REMOTE_ADDR": "192.0.2.7"}}

    assert app.test_client().get("/metrics", **asked).status_code == 404


def test_what_waits_what_failed_and_what_is_late_is_there(app: Flask, now: datetime) -> None:
    db.session.add(Heartbeat(name="worker", beat_at=now - timedelta(seconds=30)))
    db.session.add(Heartbeat(name="backup", beat_at=now - timedelta(hours=7)))
    db.session.add(PeriodicTask(name="reconcile", due_at=now - timedelta(minutes=9), last_error="GatewayError"))
    add_mail(1, now - timedelta(hours=2))
    add_mail(2, now - timedelta(hours=1))
    add_mail(3, now, MailState.FAILED)
    db.session.commit()

    found = figures(app.test_client().get("/metrics").text)

    assert found["eventapp_worker_silent_seconds", ""] == 30
    assert found["eventapp_backup_age_seconds", ""] == 7 * 3600
    assert found["eventapp_mails_waiting", ""] == 2
    assert found["eventapp_mails_oldest_seconds", ""] == 7200
    assert found["eventapp_mails_failed", ""] == 1
    assert found["eventapp_task_overdue_seconds", "reconcile"] == 540
    assert found["eventapp_task_failed", "reconcile"] == 1
    assert 0 < found["eventapp_disk_free_bytes", ""] < found["eventapp_disk_bytes", ""]


def test_requests_are_counted_by_rule_and_never_by_address(app: Flask) -> None:
    client = app.test_client()
    before = figures(client.get("/metrics").text)
    client.get("/ticket/geheim")

    text = client.get("/metrics").text

    asked = 'eventapp_requests_total{method="GET",rule="/ticket/<token>",status="404"} '
    timed = ("eventapp_request_seconds_count", "member")
    assert asked in text
    assert figures(text)[timed] == before.get(timed, 0) + 1
    assert "geheim" not in text


def test_methods_that_somebody_makes_up_are_one_figure(app: Flask) -> None:
    client = app.test_client()
    for made_up in ("AAA", "AAB", "AAC"):
        client.open("/", method=made_up)

    text = client.get("/metrics").text

    assert 'method="other"' in text
    assert "AAA" not in text
