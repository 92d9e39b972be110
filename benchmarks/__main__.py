"""Runs the benchmarks, all or those named, and prints one table: `python -m benchmarks [--quick] [import …]`.

A benchmark is a module of this folder with `run(databases) -> Iterable[Measured]`, listed below. `--quick` takes a
small dose; `--write` saves the table under benchmarks/results/ and puts it into docs/performance.md. With
`compare BEFORE AFTER` two saved ones stand side by side.
"""

import argparse
import logging
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks import booking, checkin, importing, office, pages, papers, phone, report, results, starting
from benchmarks.measuring import Databases, Measured
from tests.postgres import PostgresServer, PostgresUnavailable, running_postgres

BENCHMARKS: Mapping[str, Callable[[Databases], Iterable[Measured]]] = {
    "booking": booking.run,
    "checkin": checkin.run,
    "pages": pages.run,
    "phone": phone.run,
    "office": office.run,
    "papers": papers.run,
    "start": starting.run,
    "import": importing.run,
}


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["compare"]:
        before, after = (results.load(Path(name)) for name in arguments[1:])
        print("\n".join(report.compared(results.compare(before, after))))
        return 0
    asked = _parser().parse_args(arguments)
    # Servers and databases are stopped on the way out, whoever asks for it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    logging.disable(logging.INFO)
    found: list[Measured] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        server = _postgres(stack)
        databases = Databases(folder, server, quick=asked.quick)
        around = results.circumstances(postgres=server.version if server else "", quick=asked.quick)
        print(report.heading())
        for name in asked.names or BENCHMARKS:
            for one in BENCHMARKS[name](databases):
                found.append(one)
                print(report.line(one), flush=True)
    if asked.write:
        text = report.table(found, around)
        report.publish(text)
        print(results.save(found, around, text).relative_to(results.ROOT))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="a small dose: to see that it works, not to quote")
    parser.add_argument("--write", action="store_true", help="save it, and put it into docs/performance.md")
    return parser


def _postgres(stack: ExitStack) -> PostgresServer | None:
    """The server of the tests, durable here: an unsafe one would flatter us."""
    try:
        server = stack.enter_context(running_postgres())
    except PostgresUnavailable as unavailable:
        print(unavailable, file=sys.stderr)
        return None
    server.be_careful()
    return server


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
