"""When did people come in? Counted in stretches of five minutes, the quiet ones between them too."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

STRETCH = timedelta(minutes=5)
# Beyond so many stretches the quiet ones are left out: a day, or an event of several days.
_MOST = 60


@dataclass(frozen=True, slots=True)
class Stretch:
    """How many came in during the five minutes from this moment."""

    starts_at: datetime
    count: int


def arrivals(moments: Iterable[datetime]) -> list[Stretch]:
    """From the first to the last arrival. Hours of nothing are left out: then only stretches with somebody remain."""
    counts = Counter(_floor(moment) for moment in moments)
    if not counts:
        return []
    first, last = min(counts), max(counts)
    number = (last - first) // STRETCH + 1
    if number > _MOST:
        return [Stretch(at, counts[at]) for at in sorted(counts)]
    return [Stretch(first + STRETCH * step, counts[first + STRETCH * step]) for step in range(number)]


def _floor(moment: datetime) -> datetime:
    seconds = int(STRETCH.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, UTC)
