"""Public pages per second, beside a page of fifteen kilobytes from memory on the same server."""

from collections.abc import Iterator
from datetime import timedelta

from benchmarks import client, serving
from benchmarks.client import rate
from benchmarks.measuring import Databases, Measured
from benchmarks.seeding import make_event, register_many

EVENTS, MANY = 40, 1000


def run(databases: Databases) -> Iterator[Measured]:
    number = databases.dose(3000, 300)
    for kind in databases.kinds:
        with databases.app(kind) as app:
            url = app.config["SQLALCHEMY_DATABASE_URI"]
            events = [make_event(capacity=300, starts_in=timedelta(days=7 + day)) for day in range(EVENTS)]
            register_many(events[0], 200)
            with (
                serving.ours(url, databases.folder / "server.log") as ours,
                serving.bare(url, databases.folder / "bare.log") as least,
            ):
                plain = _get(least, "/page", number)
                yield _rate("event page", f"/agenda/{events[0].slug}", kind, ours, plain)
                yield _rate(f"agenda of {EVENTS} events", "/", kind, ours, plain)
                for hour in range(MANY - EVENTS):
                    make_event(capacity=300, starts_in=timedelta(days=60, hours=hour))
                yield _rate(f"agenda of {MANY:,} events", "/", kind, ours, plain)
                yield serving.memory("after these pages", kind, ours, least)


def _rate(what: str, path: str, kind: str, ours: serving.Server, plain: client.Load) -> Measured:
    """As many as of the bare page, after some to warm up."""
    _get(ours, path, 100)
    return rate(f"{what}, 16 at once", kind, _get(ours, path, len(plain.answers)), plain)


def _get(server: serving.Server, path: str, number: int) -> client.Load:
    load = client.load(server.port, [client.get(path)] * number, 16)
    assert load.statuses == {200: number}, load.statuses
    return load
