"""The worker: once does all that is due, and a signal ends it after the task in hand."""

import errno
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread, current_thread

import pytest
import sqlalchemy as sa
from flask import Flask

from config import TestConfig
from eventapp.cli.worker import Worker
from eventapp.domain.actors import SYSTEM
from eventapp.domain.jobs import JobKind, JobState
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Heartbeat, Job, MailboxMessage, MailState, OutboxMail, Registration
from eventapp.services import jobs
from eventapp.services.jobs import StoredFile
from tests.cli.console import SECRET, clean_environment, run
from tests.factories import make_event, make_registration
from tests.made_ready import started

NOW = TestConfig.NOW


@pytest.fixture
def demo_app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app(DEMO=True)
    with app.app_context():
        yield app


def unconfirmed() -> int:
    return make_registration(make_event(), state=State.AWAITING_CONFIRMATION, expires_at=NOW - timedelta(minutes=1)).id


def test_once_lapses_what_ran_out_and_mails_about_it_in_the_same_run(demo_app: Flask) -> None:
    number = unconfirmed()

    result = run(demo_app, "worker", "--once")

    assert (result.exit_code, result.output) == (0, "")
    assert db.session.get_one(Registration, number).state == State.EXPIRED
    assert list(db.session.execute(sa.select(OutboxMail.kind, OutboxMail.state))) == [("hold_lapsed", MailState.SENT)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MailboxMessage)) == 1


def test_once_again_in_the_same_second_does_what_came_in_between(demo_app: Flask) -> None:
    run(demo_app, "worker", "--once")
    number = unconfirmed()

    run(demo_app, "worker", "--once")

    assert db.session.get_one(Registration, number).state == State.EXPIRED


def test_once_leaves_a_heartbeat(demo_app: Flask) -> None:
    run(demo_app, "worker", "--once")

    assert db.session.get_one(Heartbeat, "worker").beat_at == NOW


def test_once_carries_out_long_work(app: Flask) -> None:
    file = StoredFile("lijst.csv", "text/csv", b"voornaam;achternaam;e-mail\nRik;Voorbeeld;rik@prive.example\n")
    number = jobs.enqueue(JobKind.IMPORT_PREVIEW, {"what": "people"}, by=SYSTEM, now=NOW, file=file)

    run(app, "worker", "--once")

    assert db.session.get_one(Job, number).state == JobState.DONE


def test_mail_waits_when_there_is_no_way_to_send_it(app: Flask) -> None:
    unconfirmed()

    run(app, "worker", "--once")

    assert list(db.session.scalars(sa.select(OutboxMail.state))) == [MailState.WAITING]


@pytest.mark.parametrize("wanted", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_a_waiting_worker_without_a_word(app: Flask, wanted: signal.Signals, tmp_path: Path) -> None:
    environment = clean_environment(SECRET_KEY=SECRET, DATABASE_URL=db.engine.url.render_as_string(hide_password=False))
    said = tmp_path / "said"
    worker = started(["worker"], environment, out=tmp_path / "out", err=said)
    until_heartbeat()
    time.sleep(0.5)

    os.kill(worker.pid or 0, wanted)

    worker.join(30)
    assert (worker.exitcode, said.read_text()) == (0, "")


@pytest.mark.parametrize(
    ("thread", "ends_with"), [("rounds", OSError), ("long-work", SystemExit), ("provider", SystemExit)]
)
def test_what_nobody_foresaw_in_one_thread_ends_the_whole_worker(
    app: Flask, thread: str, ends_with: type[BaseException]
) -> None:
    """Half dead it would stand there for days: a heartbeat without long work, or mail without payments."""
    caught: list[type[BaseException]] = []

    def clock() -> datetime:
        if current_thread().name == thread:
            raise OSError(errno.EMFILE, "Too many open files")
        return NOW

    worker = Worker(clock)

    def work() -> None:
        with app.app_context():
            try:
                worker.work()
            except BaseException as error:
                caught.append(type(error))

    rounds = Thread(target=work, name="rounds")
    rounds.start()
    rounds.join(timeout=10)
    ended_by_itself = worker.stopping.is_set() and not rounds.is_alive()
    worker.stopping.set()
    rounds.join()

    assert (ended_by_itself, caught) == (True, [ends_with])


def until_heartbeat() -> None:
    end = time.monotonic() + 60
    while db.session.scalar(sa.select(Heartbeat.name)) is None:
        assert time.monotonic() < end
        db.session.rollback()
        time.sleep(0.1)
    db.session.rollback()
