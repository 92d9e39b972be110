"""Registrations per second through the API, beside a view that commits one row; and does it grow with who is there?"""

import itertools
from collections.abc import Callable, Iterator
from functools import partial

import sqlalchemy as sa
from flask import Flask

from benchmarks import bare, client, serving
from benchmarks.client import rate
from benchmarks.measuring import MILLISECONDS, Databases, Measured
from benchmarks.seeding import Gathering, make_event, make_token, register_many
from eventapp.domain.actors import Scope
from eventapp.extensions import db
from eventapp.models import Capacity, Registration
from tests import crowds

PLACES, ATTEMPTS = 200, 400
CLIENTS = (1, 8, 16)
EXISTING = (100, 10_000, 100_000)
_people = itertools.count(1)


def run(databases: Databases) -> Iterator[Measured]:
    """A rate is the median of some rounds; every round is checked for places sold twice and for errors."""
    for kind in databases.kinds:
        with databases.app(kind) as app:
            yield from _rates(databases, kind, app)
            yield from _growth(databases, kind, app)


def _rates(databases: Databases, kind: str, app: Flask) -> Iterator[Measured]:
    url, log = app.config["SQLALCHEMY_DATABASE_URI"], databases.folder / "server.log"
    token = make_token(Scope.REGISTRATIONS_WRITE)
    rounds, number = databases.dose(3, 1), databases.dose(400, 60)
    bare.connect(url).close()
    with serving.ours(url, log) as ours, serving.bare(url, databases.folder / "bare.log") as least:
        warm_up(ours, least, token)
        for clients in CLIENTS:
            booked, commits = _side_by_side(
                partial(_booked, ours, token, number, clients), partial(commit_each, least, number, clients), rounds
            )
            yield rate(f"register, {_at_once(clients)}", kind, booked, commits)
        sold, commits = _side_by_side(
            lambda: _sold_out(ours, token), lambda: commit_each(least, ATTEMPTS, CLIENTS[-1]), rounds
        )
        yield rate(f"{ATTEMPTS} attempts on {PLACES} places, {_at_once(CLIENTS[-1])}", kind, sold, commits)
        yield serving.memory("after these registrations", kind, ours, least)


def commit_each(least: serving.Server, number: int, clients: int) -> client.Load:
    """The bare limit: so many requests that commit one row each."""
    return client.load(least.port, [client.post("/commit", "", {})] * number, clients)


def warm_up(ours: serving.Server, least: serving.Server, token: str) -> None:
    """Let every thread of both servers connect to its database and compile its templates and statements."""
    event = make_event(capacity=None)
    client.load(ours.port, [_attempt(event.slug, token) for _ in range(60)], 16)
    commit_each(least, 60, 16)


def _attempt(slug: str, token: str) -> bytes:
    number = next(_people)
    body = {
        "email": f"iemand{number}@organisatie{number % 977}.example",
        "given_name": "Iemand",
        "infix": "van",
        "family_name": f"Nummer {number}",
        "organisation": "Stichting Ergens",
        "function": "Directeur",
    }
    return client.post(f"/api/v1/events/{slug}/registrations", token, body)


def _booked(server: serving.Server, token: str, number: int, clients: int) -> client.Load:
    """Everybody gets a place at an event of their own."""
    event = make_event(capacity=number)
    load = client.load(server.port, [_attempt(event.slug, token) for _ in range(number)], clients)
    assert load.statuses == {201: number}, load.statuses
    _check_places(event, number)
    return load


def _sold_out(server: serving.Server, token: str) -> client.Load:
    """Half of them get a place, the others a refusal, and nobody an error."""
    event = make_event(capacity=PLACES)
    load = client.load(server.port, [_attempt(event.slug, token) for _ in range(ATTEMPTS)], 16)
    assert load.statuses == {201: PLACES, 409: ATTEMPTS - PLACES}, load.statuses
    _check_places(event, PLACES)
    return load


def _check_places(event: Gathering, number: int) -> None:
    db.session.rollback()
    counted = sa.select(sa.func.count()).select_from(Registration).where(Registration.event_id == event.id)
    taken = sa.select(Capacity.taken).where(Capacity.event_id == event.id)
    assert (db.session.scalar(counted), db.session.scalar(taken)) == (number, number)


def _growth(databases: Databases, kind: str, app: Flask) -> Iterator[Measured]:
    """One client, so that nothing but the work itself is timed; the bare limit is the same with hardly anybody."""
    token, log = make_token(Scope.REGISTRATIONS_WRITE), databases.folder / "server.log"
    number, first = databases.dose(200, 40), 0.0
    event = make_event(capacity=None)
    with serving.ours(app.config["SQLALCHEMY_DATABASE_URI"], log) as server:
        there = 0
        for existing in EXISTING[: databases.dose(3, 2)]:
            register_many(event, existing - there)
            there = existing
            crowds.analyse()
            requests = [_attempt(event.slug, token) for _ in range(number + 20)]
            client.load(server.port, requests[:20], 1)
            load = client.load(server.port, requests[20:], 1)
            assert load.statuses == {201: number}, load.statuses
            first = first or load.times.middle
            what = f"register with {existing:,} there already"
            yield Measured(what, kind, load.times.middle, first, MILLISECONDS, times=load.times)


def _side_by_side(
    ours: Callable[[], client.Load], bare: Callable[[], client.Load], rounds: int
) -> tuple[client.Load, client.Load]:
    """Of some rounds, taken in turns, the one in the middle of each."""
    found = [(ours(), bare()) for _ in range(rounds)]
    return _middle([one for one, _ in found]), _middle([one for _, one in found])


def _middle(loads: list[client.Load]) -> client.Load:
    return sorted(loads, key=lambda load: load.per_second)[len(loads) // 2]


def _at_once(clients: int) -> str:
    return f"{clients} at once" if clients > 1 else "one by one"
