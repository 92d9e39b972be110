"""PostgreSQL restarts, cuts every connection, and has no disk left, while people register and doors send scans."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from config import TestConfig
from eventapp import create_app
from eventapp.extensions import db
from tests.bad_days.crowd import Crowd, nothing_lost_or_doubled, open_day
from tests.bad_days.disk import SmallDisk, small_disk
from tests.bad_days.house import FULL, is_ready, readiness, serving, status, told
from tests.databases import PostgresDatabase
from tests.killable import until
from tests.postgres import PostgresServer

pytestmark = [pytest.mark.bad_day, pytest.mark.race, pytest.mark.postgres]
PEOPLE, SCANS, RESTARTS, CUTS, LATE = (200, 150, 4, 40, 40) if FULL else (16, 24, 1, 3, 6)
# Longer than a page waits for an answer.
STILL_SECONDS = 60 if FULL else 24
NAME = "bad_day"


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk(megabytes=96) as found:
        yield found


@pytest.fixture
def server(postgres: PostgresServer, postgres_database: PostgresDatabase, disk: SmallDisk) -> Iterator[PostgresServer]:
    """The tests' own server, which keeps for a while what it promised; it has a migrated database on the small disk."""
    postgres.be_careful()
    postgres.give_disk(NAME, disk.folder)
    postgres.create(NAME, template="blank", disk=NAME)
    yield postgres
    postgres.begin()
    postgres.drop(NAME)
    postgres.take_disk(NAME)
    postgres.be_careless()


@pytest.fixture
def app(server: PostgresServer) -> Iterator[Flask]:
    app = create_app(TestConfig(server.url_for(NAME)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_postgresql_restarts_and_cuts_connections_and_its_disk_is_full(
    server: PostgresServer, disk: SmallDisk, app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = open_day(tickets=6)
    with serving(server.url_for(NAME), tmp_path, workers=2 if FULL else 1) as url:
        crowd = Crowd(url, day)
        coming = crowd.comes(range(PEOPLE), SCANS)
        for turn in range(RESTARTS):
            until(lambda share=(turn + 1) / (RESTARTS + 2): crowd.done > len(coming) * share, pause=0.02)
            restart(server, url)
            for _ in range(CUTS // RESTARTS):
                server.cut(NAME)
                time.sleep(0.1)
        crowd.over(coming)
        well_again = until(lambda: is_ready(url))
        told(f"PostgreSQL, {RESTARTS} restarts, {CUTS} cuts: {crowd.met()}", capsys)

        late = Crowd(url, day)
        disk.fill()
        coming = late.comes(range(PEOPLE, PEOPLE + LATE), LATE)
        until(lambda: late.statuses[503] > LATE, pause=0.02)
        pages = status(f"{url}/agenda/{day.slug}"), readiness(url)["database"]
        disk.free()
        late.over(coming)
        told(f"PostgreSQL, disk full: {late.met()}", capsys)
        room_again = until(lambda: is_ready(url))

    assert (well_again, pages, room_again) == (True, (200, "ok"), True)
    assert (crowd.bugs, late.bugs) == ([], [])
    assert max(crowd.slowest, late.slowest) < 30
    nothing_lost_or_doubled(day, people=PEOPLE + LATE, scans=SCANS + LATE)


def restart(server: PostgresServer, url: str) -> None:
    """As when the power goes; meanwhile the house is alive, says that it cannot serve, and answers all the same."""
    server.crash()
    meanwhile = [status(f"{url}/{path}") for path in ("readyz", "healthz", "", "bestaat-niet", "metrics")]
    said = readiness(url)["database"]
    server.begin()
    assert (meanwhile, said) == ([503, 200, 503, 503, 503], "unreachable")


def test_postgresql_stands_still(
    server: PostgresServer, app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = open_day(tickets=6)
    with serving(server.url_for(NAME), tmp_path) as url:
        crowd = Crowd(url, day)
        coming = crowd.comes(range(PEOPLE), SCANS)
        until(lambda: crowd.done > len(coming) // 3, pause=0.02)
        with server.standing_still():
            meanwhile, slowest = probed(url, seconds=STILL_SECONDS)
        crowd.over(coming)
        well_again = until(lambda: is_ready(url))
        told(f"PostgreSQL, still for {STILL_SECONDS} s: {crowd.met()}; slowest probe {slowest:.1f} s", capsys)

    assert (well_again, meanwhile) == (True, {("readyz", 503), ("healthz", 200)})
    assert crowd.bugs == []
    assert max(crowd.slowest, slowest) < 30
    nothing_lost_or_doubled(day, people=PEOPLE, scans=SCANS)


def probed(url: str, *, seconds: float) -> tuple[set[tuple[str, int]], float]:
    """What probes hear for so long, and how long one waited at most."""
    heard, slowest, began = set(), 0.0, time.monotonic()
    while time.monotonic() < began + seconds:
        for probe in ("readyz", "healthz"):
            asked = time.monotonic()
            heard.add((probe, status(f"{url}/{probe}")))
            slowest = max(slowest, time.monotonic() - asked)
        time.sleep(0.5)
    return heard, slowest
