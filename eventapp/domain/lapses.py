"""Does what somebody registered on still hold on the day that counts? The price stays; the office hears of it."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.pricing import RELATION_CATEGORY, Category, MembershipPeriod, Period

BY_MEMBERSHIP = frozenset(RELATION_CATEGORY.values())
BY_STATUS = frozenset({Category.AMBASSADEUR, Category.BESTUUR, Category.SERVICEBUREAU})


class LapseKind(StrEnum):
    """What it is that ends."""

    MEMBERSHIP = "membership"
    NAMING = "naming"
    STATUS = "status"


class Lapse(NamedTuple):
    """It does not hold on the day `on`; `last` is the last day before that on which it does, None without any."""

    kind: LapseKind
    last: date | None
    on: date

    @property
    def ground(self) -> str:
        """The same as long as it is the same end: who has seen this one, need not see it again."""
        return f"{self.kind.value} {self.last or '-'} {self.on}"


def membership_lapse(category: Category, periods: Iterable[MembershipPeriod], *, on: date) -> Lapse | None:
    """None while the organisation is on that day what this category says of it."""
    related = [period for period in periods if RELATION_CATEGORY.get(period.relation) == category]
    return own_lapse(LapseKind.MEMBERSHIP, related, on=on)


def own_lapse(kind: LapseKind, periods: Iterable[Period], *, on: date) -> Lapse | None:
    """None while one of the periods covers that day."""
    known = list(periods)
    if any(period.covers(on) for period in known):
        return None
    ended = (period.last for period in known if period.last is not None and period.last < on)
    return Lapse(kind, max(ended, default=None), on)
