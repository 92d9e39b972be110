"""May somebody withdraw a registration without help?"""

from datetime import datetime

from eventapp.domain.errors import AlreadyCancelled, DomainError, PaidNeedsOffice, TooLateToCancel
from eventapp.domain.registrations import LIVE, State


def check_own_cancellation(state: State, *, paid_cents: int, starts_at: datetime, now: datetime) -> None:
    """Free places are given back by oneself until the event starts.

    Refuses with AlreadyCancelled, TooLateToCancel or, when money was paid, PaidNeedsOffice.
    """
    if state not in LIVE:
        raise AlreadyCancelled()
    if now >= starts_at:
        raise TooLateToCancel()
    if paid_cents > 0:
        raise PaidNeedsOffice()


def own_cancellation_possible(state: State, *, paid_cents: int, starts_at: datetime, now: datetime) -> bool:
    """Whether the button to give a place back belongs on the page: the same rule as `check_own_cancellation`."""
    try:
        check_own_cancellation(state, paid_cents=paid_cents, starts_at=starts_at, now=now)
    except DomainError:
        return False
    return True
