"""How often may somebody ask, and how is that counted? In windows of a minute, each beginning with a whole one."""

from datetime import datetime, timedelta
from typing import NamedTuple

WINDOW = timedelta(minutes=1)
# Processes tell each other what they counted in parts of this size, so a limit is passed by a few of them at most.
_PARTS = 20
# When a token was last used is told no more often than this.
_SEEN_EVERY = timedelta(minutes=5)


class Limit(NamedTuple):
    """So many requests per window; `name` is what callers see."""

    name: str
    requests: int

    @property
    def part(self) -> int:
        """As many as one process may keep to itself."""
        return max(1, self.requests // _PARTS)


class Standing(NamedTuple):
    """What is left of a limit, and in how many seconds all of it is there again."""

    limit: Limit
    left: int
    seconds: int


def window_of(now: datetime) -> datetime:
    """When the window began in which this moment lies."""
    return now.replace(second=0, microsecond=0)


def standing(limit: Limit, used: int, *, now: datetime) -> Standing:
    until = window_of(now) + WINDOW - now
    return Standing(limit, max(0, limit.requests - used), max(1, -(-until // timedelta(seconds=1))))


def is_stale(seen_at: datetime | None, *, now: datetime) -> bool:
    """Whether it is worth a write that somebody was seen."""
    return seen_at is None or now - seen_at >= _SEEN_EVERY
