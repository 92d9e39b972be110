"""Who gets the place that came free, and how long may they think about it?"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from eventapp.domain.times import MIDNIGHT, from_local, local_date

# An offer shorter than this is no offer: the place stays for whoever the office calls.
SHORTEST_OFFER = timedelta(hours=1)


class EntryState(StrEnum):
    """One wait for one thing. Only WAITING stands in line; OFFERED holds the place."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    LEFT = "left"


IN_LINE = frozenset({EntryState.WAITING, EntryState.OFFERED})


def offer_until(*, now: datetime, hours: int, starts_at: datetime) -> datetime | None:
    """Until when an offer made now is good; None when none is made any more.

    Normally so many hours; near the event half of what is left until the day itself, so that a second one on the list
    still gets a chance; on the day, and within the last hours before it, nobody is mailed a place.
    """
    day_begins = from_local(local_date(starts_at), MIDNIGHT)
    term = min(timedelta(hours=hours), (day_begins - now) / 2)
    return now + term if term >= SHORTEST_OFFER else None


def apart(moments: Iterable[datetime]) -> list[datetime]:
    """The same moments in order, each at least a microsecond after the one before: a line has no ties."""
    spaced: list[datetime] = []
    for moment in sorted(moments):
        spaced.append(max(moment, spaced[-1] + timedelta(microseconds=1)) if spaced else moment)
    return spaced
