"""On which days does a series meet? A rule gives dates; the clock stays the same on both sides of a clock change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.school_holidays import Holiday, holiday_on
from eventapp.domain.times import from_local

# A season has no more meetings than this; a rule that gives more is a slip of the pen.
MOST = 60
_YEAR = timedelta(weeks=52)


class Rhythm(StrEnum):
    WEEKS = "weeks"
    MONTHLY = "monthly"


@dataclass(frozen=True)
class Rule:
    """Every `number` weeks, or on the `number`th such weekday of the month (-1 is the last one).

    `weekday` is 0 for Monday. The days are the first and last on which a meeting may fall.
    """

    rhythm: Rhythm
    number: int
    weekday: int
    first: date
    last: date


class Planned(NamedTuple):
    """One day of a series. `holiday` names the school holiday it falls in; `taken` that there is a meeting already."""

    day: date
    holiday: str = ""
    taken: bool = False

    @property
    def proposed(self) -> bool:
        """Whether it is ticked in the preview."""
        return not self.holiday and not self.taken


def days_of(rule: Rule) -> list[date]:
    """The days the rule gives, in order, at most MOST of them."""
    found = _weekly(rule) if rule.rhythm == Rhythm.WEEKS else _monthly(rule)
    return [day for day in found if rule.first <= day <= rule.last][:MOST]


def _weekly(rule: Rule) -> list[date]:
    start = rule.first + timedelta(days=(rule.weekday - rule.first.weekday()) % 7)
    step = timedelta(weeks=max(rule.number, 1))
    return [start + step * turn for turn in range(MOST) if start + step * turn <= rule.last]


def _monthly(rule: Rule) -> list[date]:
    months = (rule.last.year - rule.first.year) * 12 + rule.last.month - rule.first.month + 1
    found = []
    for turn in range(max(months, 0)):
        years, month = divmod(rule.first.month - 1 + turn, 12)
        if day := nth_weekday(rule.first.year + years, month + 1, rule.weekday, rule.number):
            found.append(day)
    return found


def nth_weekday(year: int, month: int, weekday: int, number: int) -> date | None:
    """The first, second … such weekday of a month, -1 the last; None when the month has no fifth."""
    first = date(year, month, 1)
    found = first + timedelta(days=(weekday - first.weekday()) % 7)
    if number > 0:
        found += timedelta(weeks=number - 1)
        return found if found.month == month else None
    while (found + timedelta(weeks=1)).month == month:
        found += timedelta(weeks=1)
    return found


def planned(days: Iterable[date], holidays: Sequence[Holiday], *, region: str, taken: Iterable[date]) -> list[Planned]:
    """The days with what speaks against them; a holiday in another region does not."""
    meets = set(taken)
    return [Planned(day, holiday_on(day, holidays, region=region), day in meets) for day in sorted(set(days))]


def a_year_later(days: Iterable[date]) -> list[date]:
    """The same weekdays, 52 weeks on."""
    return [day + _YEAR for day in days]


def moments(day: date, begins: time, ends: time) -> tuple[datetime, datetime]:
    """From when to when (UTC) on this day, by Dutch clocks."""
    return from_local(day, begins), from_local(day, ends)
