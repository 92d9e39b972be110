"""How many places are left, how long is one held, and who gets no hold?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from eventapp.domain.times import plus_local_days

# Against flooding: beyond these, people still register but without a place held for them.
MOST_UNCONFIRMED_PER_VISITOR = 5
MOST_UNCONFIRMED_PER_DOMAIN = 10
# After this many hours the one reminder goes out to somebody who has not confirmed yet.
REMIND_AFTER = timedelta(hours=48)
# Money that is on its way when a checkout expires still arrives within this time.
PAYMENT_GRACE = timedelta(minutes=5)


@dataclass(frozen=True)
class Places:
    """Size (None is unlimited) and taken of something limited."""

    size: int | None
    taken: int

    @property
    def left(self) -> int | None:
        """Places left, never below 0; None when there is no limit."""
        return None if self.size is None else max(0, self.size - self.taken)

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
