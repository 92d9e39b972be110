"""How does a day of parallel breakouts look as a table with a row per round?"""

from collections.abc import Sequence
from typing import NamedTuple

from eventapp.domain.programme import BreakoutFacts


class Cell(NamedTuple):
    """One cell: a breakout that goes on for `height` rounds downwards, or nothing at all."""

    breakout_id: int | None = None
    height: int = 1


def timetable(rounds: Sequence[int], breakouts: Sequence[BreakoutFacts]) -> list[list[Cell]]:
    """A row of cells per round; every breakout in one column, and its repeats below it where that fits.

    Breakouts that span or repeat come first, the others follow in the order given.
    """
    columns: list[list[BreakoutFacts | None]] = []
    for breakout in sorted(breakouts, key=lambda one: not (one.topic or len(one.rounds) > 1)):
        places = [at for at, round_id in enumerate(rounds) if round_id in breakout.rounds]
        if not places:
            continue
        free = [column for column in columns if all(column[at] is None for at in places)]
        own = [
            column for column in free if breakout.topic and any(one and one.topic == breakout.topic for one in column)
        ]
        column = next(iter([*own, *free]), None)
        if column is None:
            column = [None] * len(rounds)
            columns.append(column)
        for at in places:
            column[at] = breakout
    return [[cell for column in columns for cell in _cell(column, at)] for at in range(len(rounds))]


def _cell(column: Sequence[BreakoutFacts | None], at: int) -> list[Cell]:
    """What this column shows in this row: nothing of its own where the breakout above goes on."""
    breakout = column[at]
    if breakout is None:
        return [Cell()]
    if at and column[at - 1] is breakout:
        return []
    height = next((n for n, other in enumerate(column[at:]) if other is not breakout), len(column) - at)
    return [Cell(breakout.id, height)]
