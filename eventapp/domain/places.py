"""How many places are left, how long is one held, and who gets no hold?"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from eventapp.domain.times import plus_local_days

# Against flooding: beyond these, people still register but without a place held for them.
MOST_UNCONFIRMED_PER_VISITOR = 5
MOST_UNCONFIRMED_PER_DOMAIN = 10
# After this many hours the one reminder goes out to somebody who has not confirmed yet.
REMIND_AFTER = timedelta(hours=48)
# Money that is on its way when a checkout expires still arrives within this time.
PAYMENT_GRACE = timedelta(minutes=5)


class Places(NamedTuple):
    """Size (None is unlimited), taken, and how many stand in line for something limited."""

    size: int | None
    taken: int
    waiting: int = 0

    @property
    def left(self) -> int | None:
        """Places left for a newcomer, never below 0; what comes free while others wait is theirs. None: no limit."""
        if self.size is None:
            return None
        return 0 if self.waiting else max(0, self.size - self.taken)

    @property
    def full(self) -> bool:
        return self.left == 0


def hold_until(*, now: datetime, days: int, starts_at: datetime) -> datetime:
    """How long a place waits for its confirmation: so many Dutch days, and not into the event itself."""
    return min(plus_local_days(now, days), max(starts_at, now))


def payment_hold_until(*, now: datetime, hours: int, starts_at: datetime) -> datetime:
    """How long a place waits for its payment: so many hours, and not into the event itself."""
    return min(now + timedelta(hours=hours), max(starts_at, now))


def may_hold(*, unconfirmed_of_visitor: int, unconfirmed_of_domain: int) -> bool:
    """Whether one more unconfirmed registration gets a place held."""
    return unconfirmed_of_visitor < MOST_UNCONFIRMED_PER_VISITOR and unconfirmed_of_domain < MOST_UNCONFIRMED_PER_DOMAIN


def remind_at(*, created_at: datetime, expires_at: datetime) -> datetime:
    """When the one reminder is due: after two days, or halfway when the hold is shorter."""
    return min(created_at + REMIND_AFTER, created_at + (expires_at - created_at) / 2)


class PoolRule(NamedTuple):
    """For whom a pool of places is: any of these categories or function groups, as codes."""

    id: int
    categories: frozenset[str]
    function_groups: frozenset[str]

    def takes(self, category: str, function_group: str | None) -> bool:
        return category in self.categories or function_group in self.function_groups


def pool_for(pools: Iterable[PoolRule], category: str, function_group: str | None) -> int | None:
    """The id of the first pool that is for somebody like this; None is the rest, who share what no pool has."""
    return next((pool.id for pool in pools if pool.takes(category, function_group)), None)
