"""What does an entry in a calendar stand at, and how long does it stay there once it is over or off?"""

from datetime import datetime, timedelta
from enum import StrEnum

from eventapp.domain.registrations import State
from eventapp.domain.times import local_date

# Whoever opens the calendar after a holiday still sees that it was called off.
OFF_STAYS = timedelta(days=30)
# A subscription keeps what is over for a while, so that last week does not vanish: the agenda, and one's own.
AGENDA_REACHES_BACK = timedelta(days=60)
OWN_REACHES_BACK = timedelta(days=365)


class Standing(StrEnum):
    """As calendars call it."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


def standing(state: State, *, event_off: bool) -> Standing:
    """What somebody's own entry stands at: only a confirmed place is a commitment."""
    if event_off or state in (State.CANCELLED, State.EXPIRED):
        return Standing.CANCELLED
    return Standing.CONFIRMED if state == State.CONFIRMED else Standing.TENTATIVE


def still_shown(*, ends_at: datetime, off_at: datetime | None, reaches_back: timedelta, now: datetime) -> bool:
    """Whether a subscription shows it today.

    What is off stays until 30 days after the last day of the event or after it was called off, whichever is later;
    anything else as far back as the subscription reaches. Days are Dutch days.
    """
    if off_at is None:
        return local_date(now) <= local_date(ends_at) + reaches_back
    return local_date(now) <= max(local_date(ends_at), local_date(off_at)) + OFF_STAYS
