"""The measurements as one table: on the screen, saved, and in docs/performance.md between two marks."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.measuring import MEGABYTES, MILLISECONDS, PER_SECOND, POINTS, SECONDS, Measured
from config import ROOT

HEADS = ("what", "database", "ours", "bare", "ratio", "p50", "p95", "p99", "more")
PAGE = ROOT / "docs" / "performance.md"
_TABLE = re.compile(r"(<!-- table -->\n).*(?=<!-- end of table -->)", re.DOTALL)
_DIGITS = {SECONDS: 2, MILLISECONDS: 1, MEGABYTES: 0, PER_SECOND: 0, POINTS: 0}
_WIDTHS = (52, 11, 11, 11, 7, 7, 7, 7)


def heading() -> str:
    return _laid_out(HEADS)


def line(one: Measured) -> str:
    """One measurement on one line of the screen."""
    return _laid_out(_cells(one))


def amount(one: Measured, value: float) -> str:
    gap = "" if one.unit == PER_SECOND else " "
    return f"{value:,.{_DIGITS[one.unit]}f}{gap}{one.unit}"


def table(measured: Sequence[Measured], around: dict[str, Any]) -> str:
    """For people to read, with when and on what it was measured."""
    marks = ["---", "---", *["---:"] * 6, "---"]
    rows = [(*HEADS[:-1], ""), marks, *(_cells(one) for one in measured)]
    return "\n".join([_told(around), "", *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def publish(text: str) -> None:
    """Replace the table in the documentation."""
    PAGE.write_text(_TABLE.sub(lambda found: found[1] + text, PAGE.read_text()))


def compared(pairs: Sequence[tuple[Measured, Measured]]) -> Iterator[str]:
    """Two runs side by side; the ratio to the bare limit is what differs least from machine to machine."""
    yield f"{'what':<52} {'database':<11} {'before':>12} {'after':>12} {'change':>8} {'ratio before':>13} {'after':>6}"
    for old, new in pairs:
        change = f"{100 * (new.ours / old.ours - 1):+.0f} %"
        amounts = f"{amount(old, old.ours):>12} {amount(new, new.ours):>12} {change:>8}"
        yield f"{new.what:<52} {new.database:<11} {amounts} {old.ratio:>13.1f} {new.ratio:>6.1f}"


def _cells(one: Measured) -> tuple[str, ...]:
    times = (one.times.middle, one.times.p95, one.times.p99) if one.times else ()
    spread = [f"{time:,.0f} ms" if time >= 10 else f"{time:.1f} ms" for time in times] or [""] * 3
    return one.what, one.database, amount(one, one.ours), amount(one, one.bare), f"{one.ratio:.1f}", *spread, one.more


def _laid_out(cells: Sequence[str]) -> str:
    aligned = ("<", "<", *">" * 6)
    fixed = [f"{cell:{side}{width}}" for cell, side, width in zip(cells, aligned, _WIDTHS, strict=False)]
    return "  ".join([*fixed, cells[-1]]).rstrip()


def _told(around: dict[str, Any]) -> str:
    machine, versions = around["machine"], around["versions"]
    used = ", ".join(f"{name} {number}" for name, number in versions.items() if number)
    dose = "" if around["dose"] == "full" else " A small dose: an impression only."
    on = f"{machine['processor']}, {machine['cores']} cores, {machine['memory_mb']:,} MB, {machine['disk']}"
    load = f"Average load over the last fifteen minutes {machine['load'][2]}.{dose}"
    when = f"Measured on {around['measured_at'][:10]} at commit {around['commit']}"
    return f"{when}: {on}, {machine['system']}; {used}. {load}"
