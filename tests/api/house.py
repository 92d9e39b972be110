"""The API as it is served in production, on a blank database and at the moment of the tests, with a small programme."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import requests
from flask import Flask

from config import ROOT, TestConfig
from eventapp import create_app
from eventapp.domain.actors import Scope
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from tests.asking import ask
from tests.factories import NOW, make_breakout, make_event, make_organisation, make_registration, make_round, make_token


def fixed_app(url: str) -> Flask:
    """What gunicorn serves: tests have one moment, and ask more often than a program would."""
    return create_app(TestConfig(url, API_PER_MINUTE=10**6, PROPAGATE_BUGS=False))


@contextmanager
def served(database_url: str, log: Path) -> Iterator[str]:
    """gunicorn on this database, answering its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "-w", "1", "--threads", "8", "--no-control-socket"]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "-b", address, f"tests.api.house:fixed_app({database_url!r})"],
            cwd=ROOT,
            stdout=output,
            stderr=output,
        )
        try:
            _wait_for(f"http://{address}/healthz")
            yield f"http://{address}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            requests.get(url, timeout=1)
            return
        except requests.RequestException:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


@dataclass(frozen=True)
class Programme:
    """What there is: a token that may do everything, the slugs of events, and codes of tickets."""

    secret: str
    slugs: list[str]
    codes: list[str]


def programme() -> Programme:
    """One event at the door, one that is coming with a breakout and a question, and a full one."""
    _token, secret = make_token(*Scope, name="Alles")
    make_organisation()
    at_the_door = make_event(starts_at=NOW + timedelta(minutes=30), prices={Category.LID: 0, Category.NIET_LID: 9500})
    coming = make_event(prices={Category.LID: 0, Category.NIET_LID: 0}, capacity=None)
    make_breakout(make_round(coming), title="Rekenen")
    ask(coming.id)
    full = make_event(capacity=0)
    codes = [make_registration(at_the_door).ticket.code for _ in range(3)]
    slugs = [one.slug for one in (at_the_door, coming, full)]
    db.session.remove()
    return Programme(secret, slugs, codes)
