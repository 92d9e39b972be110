"""The doctor: a line per check, and 1 with the reason when one fails."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import AuthResult
from flask import Flask
from sqlalchemy.exc import OperationalError

from config import TestConfig
from eventapp.cli.addresses import free_port
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Capacity, Heartbeat, PeriodicTask, Setting
from eventapp.queries import health
from tests.cli.console import SECRET, run, run_outside
from tests.databases import PostgresDatabase
from tests.factories import make_event, make_registration
from tests.invoicing import make_ready
from tests.oidc import RunningProvider
from tests.sandbox import running_sandbox

NOW = TestConfig.NOW


@pytest.fixture
def demo_app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An app that is well: mail has a way, invoices can be issued, and a worker was seen."""
    app = make_app(DEMO=True)
    with app.app_context():
        make_ready()
        db.session.add(Heartbeat(name="worker", beat_at=NOW))
        db.session.commit()
        yield app


def failures(output: str) -> list[str]:
    return [line.removeprefix("fail  ") for line in output.splitlines() if line.startswith("fail")]


def test_healthy_house_has_nothing_but_ok(demo_app: Flask) -> None:
    make_registration(make_event())

    result = run(demo_app, "doctor")

    assert (result.exit_code, failures(result.output)) == (0, [])
    assert [line.split()[1] for line in result.output.splitlines()] == [
        "settings:",
        "database:",
        "schema:",
        "places:",
        "worker:",
        "tasks:",
        "backup:",
        "outbox:",
        "invoices:",
        "mail:",
        "payments:",
        "sign-in:",
        "erasures:",
        "disk:",
    ]


def test_paid_event_that_can_be_paid_in_no_way_is_found(demo_app: Flask) -> None:
    make_event(slug="themadag-2027")
    db.session.execute(sa.delete(Setting).where(Setting.name == "iban"))
    db.session.commit()

    result = run(demo_app, "doctor")

    why = "invoices: no MOLLIE_API_KEY and no invoices, so nobody can pay: themadag-2027 lacks IBAN"
    assert (result.exit_code, failures(result.output)) == (1, [why])


def test_place_taken_without_a_holder_is_found(demo_app: Flask) -> None:
    event = make_event(slug="themadag-2027")
    make_registration(event)
    db.session.execute(sa.update(Capacity).values(taken=2))
    db.session.commit()

    result = run(demo_app, "doctor")

    assert (result.exit_code, failures(result.output)) == (1, ["places: themadag-2027: event: 2 taken, 1 held"])


def test_confirmed_registration_without_a_place_is_found(demo_app: Flask) -> None:
    registration = make_registration(make_event(slug="themadag-2027"))
    registration.holds.clear()
    registration.event.capacities[0].taken = 0
    db.session.commit()

    result = run(demo_app, "doctor")

    expected = f"places: themadag-2027: registration {registration.id} is confirmed and its place says otherwise"
    assert failures(result.output) == [expected]


def test_cancelled_registration_with_a_place_is_found(demo_app: Flask) -> None:
    registration = make_registration(make_event(slug="themadag-2027"))
    registration.state = State.CANCELLED
    db.session.commit()

    result = run(demo_app, "doctor")

    assert failures(result.output)[0].startswith(f"places: themadag-2027: registration {registration.id} is cancelled")


def test_allowance_without_a_size_is_found(demo_app: Flask) -> None:
    make_event(slug="themadag-2027", capacity=None)
    db.session.execute(sa.update(Capacity).values(allowance=3))
    db.session.commit()

    result = run(demo_app, "doctor")

    assert failures(result.output) == ["places: themadag-2027: event: allowance 3 with size None"]


def test_late_worker_and_failed_task_are_told(demo_app: Flask) -> None:
    db.session.get_one(Heartbeat, "worker").beat_at = NOW - timedelta(minutes=3)
    db.session.add(PeriodicTask(name="reconcile", due_at=NOW, last_error="GatewayUnauthorized: the key is refused"))
    db.session.commit()

    result = run(demo_app, "doctor")

    assert failures(result.output) == [
        "worker: last seen 2027-01-11 08:57:00 UTC",
        "tasks: reconcile: GatewayUnauthorized: the key is refused",
    ]


def test_backup_that_was_not_made_for_two_nights_is_told(demo_app: Flask, tmp_path: Path) -> None:
    none_yet = run(demo_app, "doctor").output
    run(demo_app, "backup", str(tmp_path / "alles.zip"))
    made = run(demo_app, "doctor").output
    db.session.execute(sa.update(Heartbeat).where(Heartbeat.name == "backup").values(beat_at=NOW - timedelta(days=3)))
    db.session.commit()

    assert "ok    backup: none by `eventapp backup` so far\n" in none_yet
    assert "ok    backup: made 2027-01-11 09:00:00 UTC\n" in made
    assert failures(run(demo_app, "doctor").output) == [
        "backup: the last by `eventapp backup` is of 2027-01-08 09:00:00 UTC"
    ]


def test_schema_of_another_version_is_told_and_nothing_else_is_read(demo_app: Flask) -> None:
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    db.session.commit()

    result = run(demo_app, "doctor")

    assert result.exit_code == 1
    assert "places" not in result.output
    assert failures(result.output)[0].endswith("run `eventapp db upgrade`")


def test_erasures_that_cannot_be_kept_beside_the_database_are_told(
    make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    kept, nowhere = tmp_path / "made_then" / "erasures.txt", tmp_path / "no_folder" / "erasures.txt"
    nowhere.parent.write_text("")

    well = run(make_app(ERASURES_FILE=str(kept)), "doctor").output
    ill = failures(run(make_app(ERASURES_FILE=str(nowhere)), "doctor").output)

    assert f"ok    erasures: kept in {kept}" in well
    assert f"erasures: ERASURES_FILE: {nowhere} cannot be written by this user" in ill


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("SECRET_KEY", "kort", "is missing or shorter than 32 characters"),
        ("TRUSTED_PROXIES", "één", "is not a whole number of 0 or more"),
        ("API_PER_MINUTE", "-1", "is not a whole number of 0 or more"),
        ("DATABASE_URL", "db.example", "is not like sqlite:///file.db or postgresql+psycopg://user@host/database"),
    ],
)
def test_unsafe_setting_is_told_without_a_trace(setting: str, value: str, words: str) -> None:
    done = run_outside("doctor", **{"SECRET_KEY": SECRET, setting: value})

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == f"fail  settings: {setting} {words}\n"


def test_database_that_is_away_is_told_and_the_rest_is_still_looked_at() -> None:
    done = run_outside("doctor", SECRET_KEY=SECRET, DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")

    assert (done.returncode, done.stderr) == (1, "")
    assert "fail  database: DATABASE_URL: the database cannot be used: Connection refused\n" in done.stdout
    assert [line.split()[1] for line in done.stdout.splitlines()] == [
        "settings:",
        "database:",
        "mail:",
        "payments:",
        "sign-in:",
        "erasures:",
        "disk:",
    ]


@pytest.mark.postgres
def test_tables_that_are_somebody_elses_are_told(postgres_database: PostgresDatabase) -> None:
    """As after a copy that PostgreSQL's own administrator put back."""
    with psycopg.connect(postgres_database.url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS somebody")
        owner.execute("CREATE ROLE somebody")
    as_somebody = f"{postgres_database.url}&options=-c%20timezone%3DUTC%20-c%20role%3Dsomebody"

    done = run_outside("doctor", SECRET_KEY=SECRET, DATABASE_URL=as_somebody)

    assert (done.returncode, done.stderr) == (1, "")
    words = "schema: DATABASE_URL: the database cannot be used: permission denied for table alembic_version"
    assert words in failures(done.stdout)


def test_folder_of_the_database_that_is_not_there_is_told() -> None:
    done = run_outside("doctor", SECRET_KEY=SECRET, DATABASE_URL="sqlite:////nowhere/at.db")

    assert (done.returncode, done.stderr) == (1, "")
    assert "fail  database: DATABASE_URL: the database cannot be used: unable to open database file" in done.stdout
    assert "fail  disk: DATABASE_URL: there is no folder /nowhere" in done.stdout


def test_payments_are_asked_for_at_the_provider(make_app: Callable[..., Flask]) -> None:
    with running_sandbox() as sandbox:
        settings = {"MOLLIE_API_KEY": sandbox.api_key, "MOLLIE_API_ENDPOINT": sandbox.url}
        app = make_app(MOLLIE_METHODS=("ideal",), **settings)
        good = run(app, "doctor").output
        strange = run(make_app(MOLLIE_METHODS=("ideal", "kraaltjes"), **settings), "doctor").output
        sandbox.fault("http-401", times=0)
        refused = run(app, "doctor").output

    assert "ok    payments: test key, ideal\n" in good
    assert "fail  payments: MOLLIE_METHODS: not switched on at the provider: kraaltjes\n" in strange
    assert "fail  payments: MOLLIE_API_KEY: " in refused


def test_sign_in_with_microsoft_is_tried_at_the_provider(
    make_app: Callable[..., Flask], provider: RunningProvider
) -> None:
    good = run(make_app(**provider.settings), "doctor").output
    provider.control(discovery={"jwks_uri": "http://elders.example/keys"})
    strange = run(make_app(**provider.settings), "doctor").output

    assert f"ok    sign-in: by mail and at {provider.url}/{{tenantid}}/v2.0\n" in good
    assert "fail  sign-in: OIDC_DISCOVERY_URL or ENTRA_TENANT: discovery: jwks_uri is not safe\n" in strange


class Letters(Message):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[str] = []

    def handle_message(self, message: object) -> None:
        self.received.append(str(message))


def test_what_is_wrong_is_mailed_to_who_has_to_know(make_app: Callable[..., Flask], monkeypatch) -> None:
    letters = Letters()
    port = free_port("127.0.0.1")
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    settings = {"SMTP_URL": f"smtp://127.0.0.1:{port}", "ALARM_TO": "beheer@kindcentra.example"}

    output = run(make_app(**settings), "doctor", "--tell").output
    monkeypatch.setattr(health, "schema", _away)
    monkeypatch.setattr(db.session, "connection", _away)
    without_database = run(make_app(**settings), "doctor", "--tell").output
    server.stop()

    assert output.endswith("ok    alarm: told to beheer@kindcentra.example\n")
    assert without_database.endswith("ok    alarm: told to beheer@kindcentra.example\n")
    assert "Subject: 127.0.0.1: 1 punt is niet in orde" in letters.received[0]
    assert "* worker: never seen: start `eventapp worker`" in letters.received[0]
    assert "* database: DATABASE_URL: the database cannot be used: it hangs" in letters.received[1]


def _away() -> None:
    raise OperationalError("", None, Exception("it hangs"))


def test_who_is_well_tells_nobody_and_who_cannot_tell_says_so(demo_app: Flask) -> None:
    well = run(demo_app, "doctor", "--tell").output
    db.session.delete(db.session.get_one(Heartbeat, "worker"))
    db.session.commit()

    ill = run(demo_app, "doctor", "--tell").output

    assert "alarm" not in well
    assert ill.endswith("fail  alarm: nobody was told: ALARM_TO and SMTP_URL are needed for that\n")


def test_mail_server_that_refuses_the_password_is_told(make_app: Callable[..., Flask]) -> None:
    port = free_port("127.0.0.1")
    server = Controller(Letters(), hostname="127.0.0.1", port=port, auth_require_tls=False, authenticator=_nobody)
    server.start()

    output = run(make_app(SMTP_URL=f"smtp://naam:fout@127.0.0.1:{port}"), "doctor").output
    server.stop()

    assert "fail  mail: SMTP_URL: 127.0.0.1: mail server refuses us: 535" in output


def _nobody(*_who: object) -> AuthResult:
    return AuthResult(success=False, handled=False)


def test_mail_server_is_called_and_gets_a_test_message(make_app: Callable[..., Flask]) -> None:
    letters = Letters()
    port = free_port("127.0.0.1")
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    app = make_app(SMTP_URL=f"smtp://127.0.0.1:{port}")

    answered = run(app, "doctor", "--mail-to", "beheer@kindcentra.example").output
    server.stop()
    away = run(app, "doctor", "--mail-to", "beheer@kindcentra.example").output

    assert "ok    mail: 127.0.0.1 lets us in\n" in answered
    assert "ok    test message: handed over for beheer@kindcentra.example\n" in answered
    assert ["Subject: eventapp doctor" in letter for letter in letters.received] == [True]
    assert "fail  mail: SMTP_URL: 127.0.0.1: no connection: ConnectionRefusedError\n" in away
    assert "fail  test message: did not leave: no connection" in away
