"""When is who is coming reminded of an event? Some days before in the morning, and online an hour before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from eventapp.domain.times import from_local, local_date

MOST_DAYS = 60
MOST_REMINDERS = 4
# Mail of the morning is read on the day itself.
_CLOCK = time(9, 0)
_BEFORE_JOINING = timedelta(hours=1)
# A reminder that could not be written in time is still of use for so long, and no longer.
_LATE = timedelta(days=1)
# Who heard of the event less than this before needs no reminder.
_HEARD = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """What an event sends: so many days before, and to who joins online an hour before."""

    days: tuple[int, ...] = (7, 1)
    online: bool = True


class Reminder(NamedTuple):
    """One reminder of one event. `days` is None for the one just before joining; `key` names it for that very day."""

    days: int | None
    due_at: datetime
    key: str

    @property
    def joins(self) -> bool:
        """Whether it only goes to who takes part online."""
        return self.days is None

    def heard_lately(self, *moments: datetime | None) -> bool:
        """Whether one of these moments, at which somebody heard of the event, is less than a day before it."""
        return any(moment is not None and moment > self.due_at - _HEARD for moment in moments)


def tidy(days: Iterable[int]) -> tuple[int, ...]:
    """Each number of days once, the longest first."""
    return tuple(sorted(set(days), reverse=True))


def due(plan: Plan, starts_at: datetime, *, now: datetime) -> Sequence[Reminder]:
    """The reminders of which it is time now; none once the event has begun, nor one that is more than a day late."""
    if now >= starts_at:
        return []
    return [one for one in _all(plan, starts_at) if one.due_at <= now < one.due_at + _LATE]


def _all(plan: Plan, starts_at: datetime) -> Sequence[Reminder]:
    """An event that moves to another day is announced anew; at another hour of that day only to who joins online."""
    day = local_date(starts_at)
    found = [
        Reminder(days, from_local(day - timedelta(days=days), _CLOCK), f"{day:%Y%m%d}-{days}") for days in plan.days
    ]
    if plan.online:
        moment = f"{starts_at.astimezone(UTC):%Y%m%d%H%M}"
        found.append(Reminder(None, starts_at - _BEFORE_JOINING, f"{moment}-join"))
    return found
