"""Two organisations or two people turn out to be one: which of their periods become one, and which cannot?"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from eventapp.domain.pricing import MembershipPeriod, Period


class Fused(NamedTuple):
    """A period, and the places in the given sequence of those it is made of; the earliest first."""

    period: Period
    rows: tuple[int, ...]


def fuse(periods: Sequence[Period]) -> list[Fused]:
    """Periods that share a day become one from the first to the last of their days; the others stay as they are.

    Nothing is lost: every day that one of them covered, is covered.
    """
    fused: list[Fused] = []
    for row in sorted(range(len(periods)), key=lambda row: periods[row].first):
        period, before = periods[row], fused[-1] if fused else None
        if before and _meets(before.period, period):
            fused[-1] = Fused(Period(before.period.first, _later(before.period, period)), (*before.rows, row))
        else:
            fused.append(Fused(Period(period.first, period.last), (row,)))
    return fused


def clash(periods: Sequence[MembershipPeriod]) -> date | None:
    """The first day on which two of these say something else; only somebody who knows can say which is true."""
    days = [
        max(one.first, other.first)
        for place, one in enumerate(periods)
        for other in periods[place + 1 :]
        if one.relation != other.relation and _meets(*sorted((one, other), key=lambda period: period.first))
    ]
    return min(days, default=None)


def _meets(before: Period, period: Period) -> bool:
    return before.last is None or period.first <= before.last


def _later(one: Period, other: Period) -> date | None:
    if one.last is None or other.last is None:
        return None
    return max(one.last, other.last)
