"""Another program locks the SQLite file, and the disk it lies on is full, while people register and a door scans."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from config import TestConfig
from eventapp import create_app
from eventapp.domain.jobs import JobKind, JobState
from eventapp.extensions import BUSY_SECONDS, db
from eventapp.mail.deliver import deliver_due
from eventapp.mail.transports import SmtpTransport
from eventapp.models import Job
from eventapp.services import jobs, mails
from eventapp.services.carrying_out import Work, run_next
from tests.bad_days.crowd import AT_ONCE, Crowd, nothing_lost_or_doubled, open_day
from tests.bad_days.disk import SmallDisk, small_disk
from tests.bad_days.house import FULL, is_ready, readiness, serving, status, told
from tests.factories import NOW, OFFICE, make_event, make_registration
from tests.killable import until
from tests.mail.conftest import PostOffice

pytestmark = [pytest.mark.bad_day, pytest.mark.race]
SHORT_LOCKS, LONG_LOCK, LATE = (10, 60.0, 60) if FULL else (1, BUSY_SECONDS + 2, 6)
PEOPLE = AT_ONCE * (SHORT_LOCKS + 1)


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk(megabytes=64) as found:
        yield found


@pytest.fixture
def file(disk: SmallDisk, sqlite_blank: Path) -> Path:
    """A database that lies on the small disk."""
    return Path(shutil.copy(sqlite_blank, disk.folder / "house.db"))


@pytest.fixture
def app(file: Path) -> Iterator[Flask]:
    app = create_app(TestConfig(f"sqlite:///{file}"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def empty_the_log(file: Path) -> None:
    """SQLite's log of writes keeps its length and has room for many more; a machine that was quiet has none."""
    other = sqlite3.connect(file)
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program writes, and takes its time."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_worker_on_a_full_disk_sends_no_half_mail_and_gives_up_no_job(
    app: Flask, file: Path, disk: SmallDisk, post_office: PostOffice
) -> None:
    """What cannot be claimed or noted is done once there is room, whole and once; no try of it counts."""
    registration = make_registration(make_event())
    mails.confirmed(registration, now=NOW)
    db.session.commit()
    job = jobs.enqueue(JobKind.BULK, {}, by=OFFICE, now=NOW)
    transport = SmtpTransport(post_office.url)
    done: list[int] = []

    def fills_up(work: Work) -> None:
        if not done:
            done.append(work.id)
            empty_the_log(file)
            disk.fill()
        with work.batch():
            work.step(1, total=1)

    runners = {JobKind.BULK: fills_up}
    with pytest.raises(OperationalError):
        run_next(runners, clock=lambda: NOW)
    for _ in range(5):
        with pytest.raises(OperationalError):
            deliver_due(transport, now=NOW)
        db.session.rollback()
    arrived_meanwhile = len(post_office.arrived)
    disk.free()
    later = NOW + timedelta(minutes=6)
    sent = deliver_due(transport, now=later)
    carried_out = run_next(runners, clock=lambda: later)

    assert (arrived_meanwhile, sent, len(post_office.arrived), carried_out) == (0, 1, 1, True)
    assert {part.get_content_type() for part in post_office.arrived[0].iter_attachments()} == {
        "application/ics",
        "application/pdf",
    }
    assert db.session.get_one(Job, job, populate_existing=True).state == JobState.DONE


@pytest.mark.usefixtures("app")
def test_the_file_is_locked_and_its_disk_is_full(
    file: Path, disk: SmallDisk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = open_day(tickets=6)
    with serving(f"sqlite:///{file}", tmp_path, workers=2 if FULL else 1) as url:
        patient = Crowd(url, day)
        for turn in range(SHORT_LOCKS):
            with locked(file):
                coming = patient.comes(range(turn * AT_ONCE, (turn + 1) * AT_ONCE), AT_ONCE)
                time.sleep(2)
            patient.over(coming)
        told(f"SQLite, {SHORT_LOCKS} times locked for 2 s: {patient.met()}", capsys)

        refused = Crowd(url, day)
        with locked(file):
            began = time.monotonic()
            coming = refused.comes(range(PEOPLE - AT_ONCE, PEOPLE), AT_ONCE)
            time.sleep(1)
            pages = status(f"{url}/agenda/{day.slug}"), readiness(url)["database"]
            time.sleep(max(0.0, LONG_LOCK - (time.monotonic() - began)))
        refused.over(coming)
        told(f"SQLite, locked for {LONG_LOCK:.0f} s: {refused.met()}", capsys)

        late = Crowd(url, day)
        empty_the_log(file)
        disk.fill()
        coming = late.comes(range(PEOPLE, PEOPLE + LATE), LATE)
        until(lambda: late.statuses[503] > LATE, pause=0.02)
        pages_of_a_full_house = status(f"{url}/agenda/{day.slug}"), readiness(url)["database"]
        disk.free()
        late.over(coming)
        told(f"SQLite, disk full: {late.met()}", capsys)
        well_again = until(lambda: is_ready(url))

    assert (pages, pages_of_a_full_house, well_again) == ((200, "ok"), (200, "ok"), True)
    assert (patient.statuses[503], refused.statuses[503] > 0) == (0, True)
    assert [crowd.bugs for crowd in (patient, refused, late)] == [[], [], []]
    assert refused.slowest < 30
    nothing_lost_or_doubled(day, people=PEOPLE + LATE, scans=PEOPLE + LATE)
