"""Opening time: 400 people send the form at once to a real server with two processes, and there are 200 places."""

import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa
from flask import Flask

from config import ROOT
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Capacity, OutboxMail, PlaceHold, Registration
from tests.factories import make_event

pytestmark = pytest.mark.race
PLACES, ATTEMPTS, CLIENTS = 200, 400, 16
TOKEN = re.compile(r'name="csrf_token" type="hidden" value="([^"]+)"')


@contextmanager
def server(database_url: str, log: Path) -> Iterator[str]:
    """gunicorn as in production, behind one proxy, so that every attempt can come from an address of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "SECRET_KEY": "race" * 10,
        "PUBLIC_BASE_URL": f"http://{address}",
        "TRUSTED_PROXIES": "1",
    }
    command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "-w", "2", "--threads", "4", "--no-control-socket"]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "-b", address, "eventapp:create_app()"], cwd=ROOT, env=environment, stdout=output, stderr=output
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


def attempt(url: str, number: int) -> tuple[int, str]:
    """One visitor: open the form, fill it in, send it. Status and the address where it ended."""
    session = requests.Session()
    session.trust_env = False
    session.headers["X-Forwarded-For"] = f"10.0.{number // 250}.{number % 250 + 1}"
    form = session.get(url, timeout=60)
    if not (token := TOKEN.search(form.text)):
        return form.status_code, "closed"
    data = {
        "csrf_token": token[1],
        "email": f"bezoeker@plek{number}.example",
        "given_name": "Bezoeker",
        "family_name": f"Nummer {number}",
        "step": "versturen",
    }
    answer = session.post(url, data=data, timeout=60)
    return answer.status_code, answer.url.rpartition("/")[2]


def test_400_visitors_send_the_form_for_200_places(app: Flask, database_url: str, tmp_path: Path):
    event = make_event(capacity=PLACES, prices={Category.NIET_LID: 0})
    path, event_id = f"/agenda/{event.slug}/aanmelden", event.id
    db.session.remove()

    with server(database_url, tmp_path / "server.log") as base, ThreadPoolExecutor(CLIENTS) as pool:
        outcomes = Counter(pool.map(lambda number: attempt(base + path, number), range(ATTEMPTS)))

    held = sa.select(sa.func.count()).select_from(PlaceHold).join(Registration).where(Registration.event_id == event_id)
    taken = sa.select(Capacity.taken).where(Capacity.event_id == event_id)
    states = db.session.scalars(sa.select(Registration.state).where(Registration.event_id == event_id)).all()
    mails = sa.select(sa.func.count()).select_from(OutboxMail)
    assert outcomes[(200, "verzonden")] == PLACES
    # Who comes after the last place sees the form again; 409 only where it went between their page and their sending.
    assert set(outcomes) - {(200, "verzonden")} <= {(200, "aanmelden"), (409, "aanmelden")}
    assert sum(outcomes.values()) == ATTEMPTS
    assert Counter(states) == {State.AWAITING_CONFIRMATION: PLACES}
    assert (db.session.scalar(held), db.session.scalar(taken), db.session.scalar(mails)) == (PLACES, PLACES, PLACES)
