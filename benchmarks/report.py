"""The measurements as one table: on the screen, and in docs/performance.md between two marks."""

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from benchmarks.measuring import MEGABYTES, MILLISECONDS, PER_SECOND, POINTS, SECONDS, Measured
from config import ROOT

HEADING = f"{'what':<44} {'database':<11} {'ours':>12} {'bare':>12} {'ratio':>7}  more"
PAGE = ROOT / "docs" / "performance.md"
_TABLE = re.compile(r"(<!-- table -->\n).*(?=<!-- end of table -->)", re.DOTALL)
_DIGITS = {SECONDS: 2, MILLISECONDS: 1, MEGABYTES: 0, PER_SECOND: 0, POINTS: 0}


def line(one: Measured) -> str:
    """One measurement on one line of the screen."""
    ours, bare = amount(one, one.ours), amount(one, one.bare)
    return f"{one.what:<44} {one.database:<11} {ours:>12} {bare:>12} {one.ratio:>7.1f}  {one.more}".rstrip()


def amount(one: Measured, value: float) -> str:
    gap = "" if one.unit == PER_SECOND else " "
    return f"{value:,.{_DIGITS[one.unit]}f}{gap}{one.unit}"


def write(measured: Sequence[Measured], *, quick: bool) -> None:
    """Replace the table in the documentation, with when and on what it was measured."""
    heads = ["| what | database | ours | bare | ratio | |", "| --- | --- | ---: | ---: | ---: | --- |"]
    rows = [f"| {' | '.join(_cells(one))} |" for one in measured]
    table = "\n".join([_circumstances(quick=quick), "", *heads, *rows]) + "\n"
    PAGE.write_text(_TABLE.sub(lambda found: found[1] + table, PAGE.read_text()))


def _cells(one: Measured) -> tuple[str, ...]:
    return one.what, one.database, amount(one, one.ours), amount(one, one.bare), f"{one.ratio:.1f}", one.more


def _circumstances(*, quick: bool) -> str:
    """When, on what, and whether others were at work: the load counts the whole machine, this run included."""
    cores, load = os.cpu_count(), os.getloadavg()[2]
    when, dose = datetime.now(UTC), " A small dose: an impression only." if quick else ""
    return (
        f"Measured on {when:%d-%m-%Y} with Python {platform.python_version()} on {cores} cores; average load over"
        f" the last fifteen minutes {load:.1f}.{dose}"
    )
