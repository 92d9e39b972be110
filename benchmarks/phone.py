"""What a phone on a slow network makes of our pages: Lighthouse's points for speed, the median of three runs."""

import statistics
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from benchmarks import serving
from benchmarks.measuring import POINTS, Databases, Measured
from benchmarks.seeding import make_event, register_many
from eventapp.extensions import db
from eventapp.models import Ticket
from tests.accessibility.lighthouse import judge

RUNS, AIM = 3, 95


def run(databases: Databases) -> Iterator[Measured]:
    kind = databases.kinds[0]
    with databases.app(kind) as app:
        events = [make_event(capacity=300, starts_in=timedelta(days=7 + day)) for day in range(40)]
        register_many(events[0], 200)
        paths = {
            "agenda": "/",
            "event": f"/agenda/{events[0].slug}",
            "form": f"/agenda/{events[0].slug}/aanmelden",
            "ticket": f"/ticket/{db.session.scalars(sa.select(Ticket.token).limit(1)).one()}",
        }
        with serving.ours(app.config["SQLALCHEMY_DATABASE_URI"], databases.folder / "server.log") as ours:
            pages = {
                f"{name} {run}": (f"http://127.0.0.1:{ours.port}{path}", ("performance",))
                for run in range(databases.dose(RUNS, 1))
                for name, path in paths.items()
            }
            said = judge(pages)
    for name in paths:
        points = [judged.scores["performance"] for key, judged in said.items() if key.startswith(f"{name} ")]
        yield Measured(f"{name} on a phone", kind, statistics.median(points), 100, POINTS, f"aim {AIM}")
