"""Scans per second through the API, each ticket once, beside one committed row; and one ticket at all doors.

Besides, what a phone without network needs: its list beforehand, and one batch for all it did.
"""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from flask import Flask, json

from benchmarks import bare, client, serving
from benchmarks.booking import commit_each
from benchmarks.client import rate
from benchmarks.measuring import MILLISECONDS, Databases, Measured
from benchmarks.seeding import Gathering, make_event, make_token, register_many
from eventapp.domain.actors import Scope
from eventapp.domain.roster import door_id

AT_ONCE = 20


def run(databases: Databases) -> Iterator[Measured]:
    for kind in databases.kinds:
        with databases.app(kind) as app:
            yield from _measured(databases, kind, app)


def _measured(databases: Databases, kind: str, app: Flask) -> Iterator[Measured]:
    url, number = app.config["SQLALCHEMY_DATABASE_URI"], databases.dose(1500, 150)
    event = make_event(capacity=None, starts_in=timedelta(minutes=-30))
    codes = iter(register_many(event, 100 + 2 * number + 5))
    token = make_token(Scope.CHECKIN, event=event)
    bare.connect(url).close()
    with (
        serving.ours(url, databases.folder / "server.log") as ours,
        serving.bare(url, databases.folder / "bare.log") as least,
    ):
        client.load(ours.port, [_scan(event, next(codes), token) for _ in range(100)], 16)
        commit_each(least, 100, 16)
        for clients in (1, 16):
            commits = commit_each(least, number, clients)
            load = client.load(ours.port, [_scan(event, next(codes), token) for _ in range(number)], clients)
            assert _results(load) == ["admitted"] * number
            what = f"check in, {clients} at once" if clients > 1 else "check in, one by one"
            yield rate(what, kind, load, commits)
        yield _same_ticket(event, list(codes), token, ours, least, kind)
        yield _upload(ours, least, kind, at_once=databases.dose(1000, 100))
        yield _list(ours, least, kind, size=databases.dose(5000, 200))
        yield serving.memory("after these scans", kind, ours, least)


def _upload(ours: serving.Server, least: serving.Server, kind: str, *, at_once: int) -> Measured:
    """A phone that was without network sends all it did, in one batch."""
    event = make_event(capacity=None, starts_in=timedelta(minutes=-30))
    token = make_token(Scope.CHECKIN, event=event)
    moment = datetime.now(UTC).isoformat()
    scans = [
        {
            "scan_id": str(uuid.uuid4()),
            "ticket_id": door_id(event.slug, code),
            "event": event.slug,
            "action": "in",
            "scanned_at": moment,
            "shown": "admitted",
        }
        for code in register_many(event, at_once)
    ]
    load = client.load(ours.port, [client.post("/api/v1/checkin/batch", token, {"sent_at": moment, "scans": scans})], 1)
    results = json.loads(load.answers[0].body)["results"]
    assert [result["result"] for result in results] == ["admitted"] * at_once
    bare_one = commit_each(least, 20, 1)
    what = f"{at_once} scans from without network, in one batch"
    return Measured(what, kind, load.seconds * 1000, bare_one.seconds * 1000 / 20, MILLISECONDS, "beside one commit")


def _list(ours: serving.Server, least: serving.Server, kind: str, *, size: int) -> Measured:
    """The whole list of a large event, as a phone gets it when it is coupled."""
    event = make_event(capacity=None, starts_in=timedelta(minutes=-30))
    token = make_token(Scope.CHECKIN, event=event)
    register_many(event, size)
    request = client.get(f"/api/v1/checkin/roster?event={event.slug}", token)
    load = client.load(ours.port, [request] * 3, 1)
    assert load.statuses == {200: 3}
    kilobytes = len(load.answers[0].body) // 1000
    bare_one = commit_each(least, 20, 1)
    what = f"the list of {size} people"
    return Measured(
        what,
        kind,
        load.seconds * 1000 / 3,
        bare_one.seconds * 1000 / 20,
        MILLISECONDS,
        f"{kilobytes} kB, beside one commit",
    )


def _same_ticket(
    event: Gathering, codes: list[str], token: str, ours: serving.Server, least: serving.Server, kind: str
) -> Measured:
    """How long until all doors know, and exactly one of them lets somebody in; five times over."""
    slowest = 0.0
    for code in codes:
        load = client.load(ours.port, [_scan(event, code, token) for _ in range(AT_ONCE)], AT_ONCE)
        assert sorted(_results(load)) == ["admitted", *["already_in"] * (AT_ONCE - 1)]
        slowest = max(slowest, load.seconds * 1000)
    bare_one = commit_each(least, AT_ONCE, AT_ONCE)
    what = f"the same ticket {AT_ONCE} times at once"
    return Measured(what, kind, slowest, bare_one.seconds * 1000, MILLISECONDS, f"exactly one, {len(codes)} times over")


def _scan(event: Gathering, code: str, token: str) -> bytes:
    body = {
        "scan_id": str(uuid.uuid4()),
        "code": code,
        "event": event.slug,
        "action": "in",
        "scanned_at": datetime.now(UTC).isoformat(),
    }
    return client.post("/api/v1/checkin", token, body)


def _results(load: client.Load) -> list[str]:
    assert load.statuses == {200: len(load.answers)}, load.statuses
    return [json.loads(answer.body)["result"] for answer in load.answers]
