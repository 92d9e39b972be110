"""What is measured, and on which fresh databases: ours and the least that it could cost, side by side."""

import math
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from config import TestConfig
from eventapp import create_app
from eventapp.cli.migrating import enable_migrations
from eventapp.extensions import db
from tests.postgres import PostgresServer

SECONDS, MILLISECONDS, MEGABYTES, PER_SECOND, POINTS = "s", "ms", "MB", "/s", "of 100"


@dataclass(frozen=True)
class Times:
    """How long single requests took, in milliseconds: the middle one, and what 95 and 99 of a hundred stayed below."""

    middle: float
    p95: float
    p99: float

    @classmethod
    def of(cls, seconds: Iterable[float]) -> "Times":
        ordered = sorted(second * 1000 for second in seconds)
        p95, p99 = (ordered[math.ceil(len(ordered) * part) - 1] for part in (0.95, 0.99))
        return cls(statistics.median(ordered), p95, p99)


@dataclass(frozen=True)
class Measured:
    """What we did and the least that it could cost, on one database ("" where none is asked). `more` is in words."""

    what: str
    database: str
    ours: float
    bare: float
    unit: str = SECONDS
    more: str = ""
    times: Times | None = None

    @property
    def ratio(self) -> float:
        """How many times the bare cost ours is."""
        return self.bare / self.ours if self.unit == PER_SECOND else self.ours / self.bare


class Databases:
    """Fresh, migrated databases of both kinds; PostgreSQL is left out where it does not start.

    `quick` asks for a small dose: enough to see that it works, too little to quote.
    """

    def __init__(self, folder: Path, postgres: PostgresServer | None, *, quick: bool = False) -> None:
        self.folder, self._postgres, self.quick, self._made = folder, postgres, quick, 0

    @property
    def kinds(self) -> tuple[str, ...]:
        return ("SQLite", "PostgreSQL") if self._postgres else ("SQLite",)

    def dose(self, full: int, quick: int) -> int:
        """How many of something: in earnest, or to see that it works."""
        return quick if self.quick else full

    @contextmanager
    def app(self, kind: str) -> Iterator[Flask]:
        """An app on an empty database of this kind, in its context; its address is in its settings."""
        app = enable_migrations(create_app(TestConfig(self._new(kind))))
        with app.app_context():
            upgrade()
            yield app
            db.session.remove()
            db.engine.dispose()

    def _new(self, kind: str) -> str:
        self._made += 1
        name = f"bench{self._made}"
        if kind == "SQLite":
            return f"sqlite:///{self.folder / name}.db"
        assert self._postgres is not None
        self._postgres.create(name)
        return self._postgres.url_for(name)


def seconds(act: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def usual_seconds(act: Callable[[], object], times: int) -> float:
    """How long it takes as a rule: the median of so many times, after one that warms up."""
    act()
    return statistics.median(seconds(act) for _ in range(times))
