"""Which breakouts may somebody take in which rounds?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

# Who has not chosen is reminded this long after one could, or before the day where one could from the start.
REMIND_AFTER = timedelta(days=7)


class Problem(StrEnum):
    """What is wrong with a choice in one round."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    TWICE = "twice"
    EXCLUDED = "excluded"
    OVERLAPS = "overlaps"
    SPEAKS = "speaks"


@dataclass(frozen=True)
class RoundFacts:
    """A part of the day with parallel breakouts; an optional one may be left empty. `opens_at` is aware UTC."""

    id: int
    optional: bool = False
    opens_at: datetime | None = None

    def open(self, now: datetime) -> bool:
        """Whether one chooses already; a round without a moment of its own opens with the registration."""
        return self.opens_at is None or self.opens_at <= now


class BreakoutFacts(NamedTuple):
    """A breakout fills every round it spans. Of two with the same topic one attends one; `excludes` are other ids."""

    id: int
    rounds: frozenset[int]
    topic: str = ""
    excludes: frozenset[int] = frozenset()
    cancelled: bool = False


def problems(
    rounds: Iterable[RoundFacts],
    breakouts: Mapping[int, BreakoutFacts],
    chosen: Mapping[int, int | None],
    *,
    speaks_in: frozenset[int] = frozenset(),
) -> dict[int, Problem]:
    """What is wrong, per round; empty when the choice may stand.

    `chosen` says per round the breakout, or None for none; `speaks_in` are the rounds in which the person stands in
    front. A round that is not asked about counts only where a breakout reaches into it.
    """
    found: dict[int, Problem] = {}
    for one in rounds:
        problem = _problem(one, breakouts, chosen, speaks_in=speaks_in)
        if problem:
            found[one.id] = problem
    return found


def _problem(
    one: RoundFacts,
    breakouts: Mapping[int, BreakoutFacts],
    chosen: Mapping[int, int | None],
    *,
    speaks_in: frozenset[int],
) -> Problem | None:
    breakout_id = chosen.get(one.id)
    if one.id in speaks_in:
        return Problem.SPEAKS if breakout_id is not None else None
    if breakout_id is None:
        return None if one.optional else Problem.MISSING
    breakout = breakouts.get(breakout_id)
    if breakout is None or one.id not in breakout.rounds:
        return Problem.UNKNOWN
    if breakout.cancelled:
        return Problem.CANCELLED
    if any(chosen.get(other) != breakout_id for other in breakout.rounds):
        return Problem.OVERLAPS
    earlier = {other_id for other, other_id in chosen.items() if other_id is not None and other_id != breakout_id}
    others = [breakouts[other_id] for other_id in earlier if other_id in breakouts]
    if breakout.topic and any(other.topic == breakout.topic for other in others):
        return Problem.TWICE
    if any(other.id in breakout.excludes or breakout_id in other.excludes for other in others):
        return Problem.EXCLUDED
    return None


def spread(breakouts: Mapping[int, BreakoutFacts], chosen: Mapping[int, int | None]) -> dict[int, int | None]:
    """The same choice with a breakout that spans rounds filled in for each of them that was left open."""
    full = dict(chosen)
    for breakout_id in filter(None, chosen.values()):
        for other in breakouts[breakout_id].rounds if breakout_id in breakouts else ():
            if full.get(other) is None:
                full[other] = breakout_id
    return full


def said(rounds: Iterable[RoundFacts], wanted: Mapping[int, int | None]) -> dict[int, int | None]:
    """What is kept of a choice for these rounds: an optional one that was not named is left empty on purpose."""
    return {one.id: wanted.get(one.id) for one in rounds if one.optional or one.id in wanted}


def remind_at(*, opens_at: datetime | None, starts_at: datetime) -> datetime:
    """When the one reminder to choose is due: a week after the round opened, or halfway to the event when sooner.

    Where one could choose from the start it is a week before the event.
    """
    if opens_at is None:
        return starts_at - REMIND_AFTER
    return min(opens_at + REMIND_AFTER, opens_at + (starts_at - opens_at) / 2)
