"""Which months of the books does a period hold, and when may it be closed?"""

import re
from datetime import date, timedelta
from typing import NamedTuple

from eventapp.domain.errors import PeriodNotOver

_WRITTEN = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?")


class BookPeriod(NamedTuple):
    """A year of the books, or one month of it."""

    year: int
    month: int | None = None

    @staticmethod
    def of(text: str) -> "BookPeriod | None":
        """ "2027" or "2027-03"; None for anything else."""
        found = _WRITTEN.fullmatch(text)
        return BookPeriod(int(found[1]), int(found[2]) if found[2] else None) if found else None

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each of its months."""
        return tuple(date(self.year, month, 1) for month in ([self.month] if self.month else range(1, 13)))

    @property
    def first(self) -> date:
        return self.months[0]

    @property
    def last(self) -> date:
        return last_of(self.months[-1])

    def check_over(self, today: date) -> None:
        """What is still going on cannot be closed, so that today can always be booked. Refuses with PeriodNotOver."""
        if today <= self.last:
            raise PeriodNotOver(last=self.last)


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def last_of(month: date) -> date:
    """The last day of the month that begins on this day."""
    return month_of(month + timedelta(days=31)) - timedelta(days=1)


def months_between(first: date, last: date) -> list[date]:
    """The first day of every month from the one of `first` to the one of `last`."""
    found = []
    month = month_of(first)
    while month <= last:
        found.append(month)
        month = last_of(month) + timedelta(days=1)
    return found
