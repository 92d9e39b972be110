"""From the start to the first answered page, and the memory of a worker after it, beside an empty Flask app."""

import statistics
from collections.abc import Iterator

from benchmarks import client, serving
from benchmarks.measuring import MEGABYTES, SECONDS, Databases, Measured
from benchmarks.seeding import make_event


def run(databases: Databases) -> Iterator[Measured]:
    """The first page is that of an event, which reads the database and makes HTML."""
    times = databases.dose(5, 1)
    for kind in databases.kinds:
        with databases.app(kind) as app:
            url, page = app.config["SQLALCHEMY_DATABASE_URI"], f"/agenda/{make_event(capacity=100).slug}"
            ours, least, shares = [], [], []
            for _ in range(times):
                with serving.ours(url, databases.folder / "server.log", first_page=page) as server:
                    client.load(server.port, [client.get(page)] * 16, 4)
                    ours.append((server.started_in, server.worker_megabytes, server.spent))
                    shares.append(server.share_megabytes)
                with serving.bare(url, databases.folder / "bare.log") as server:
                    client.load(server.port, [client.get("/empty")] * 16, 4)
                    least.append((server.started_in, server.worker_megabytes, server.spent))
            share = f"its share, with what all of them hold divided: {statistics.median(shares):.0f} MB"
            for number, what, unit, more in (
                (0, "start to first page", SECONDS, ""),
                (2, "processor time until then, all processes", SECONDS, ""),
                (1, "memory of a web worker", MEGABYTES, share),
            ):
                our_middle, bare_middle = (statistics.median(one[number] for one in found) for found in (ours, least))
                yield Measured(what, kind, our_middle, bare_middle, unit, more)
