"""May somebody withdraw a registration without help, and what does that cost?"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.errors import AlreadyCancelled, DomainError, TooLateToCancel
from eventapp.domain.registrations import LIVE, State
from eventapp.domain.times import local_date


class Term(NamedTuple):
    """Until so many days before the first day (that day included) this percentage of the price goes back."""

    days_before: int
    refund_percent: int


class Step(NamedTuple):
    """One line of the terms as people read them: up to and including this date so much goes back."""

    last_day: date
    refund_percent: int
    refund_cents: int


class Settlement(StrEnum):
    """What becomes of the money of who withdraws."""

    NOTHING = "nothing"
    PROVIDER = "provider"
    BANK = "bank"
    INVOICE = "invoice"
    OFFICE = "office"


class Ending(StrEnum):
    """How a withdrawn registration ended, where that says more than its state."""

    HANDED_OVER = "handed_over"
    ON_THE_DAY = "on_the_day"


def check_own_cancellation(state: State, *, starts_at: datetime, now: datetime) -> None:
    """Places are given back by oneself until the event starts. Refuses with AlreadyCancelled or TooLateToCancel."""
    if state not in LIVE:
        raise AlreadyCancelled()
    if now >= starts_at:
        raise TooLateToCancel()


def own_cancellation_possible(state: State, *, starts_at: datetime, now: datetime) -> bool:
    """Whether the button to give a place back belongs on the page: the same rule as `check_own_cancellation`."""
    try:
        check_own_cancellation(state, starts_at=starts_at, now=now)
    except DomainError:
        return False
    return True


def refund_cents(terms: Iterable[Term], price_cents: int, *, starts_at: datetime, now: datetime, free: bool) -> int:
    """What goes back of this price when somebody withdraws now; the share is rounded half up, to the cent.

    Without terms nothing does. `free` says that withdrawing is free whatever the terms: the event was moved to
    another day.
    """
    if free:
        return price_cents
    today = local_date(now)
    good = [term.refund_percent for term in terms if today <= _last_day(term, starts_at)]
    return _share(price_cents, max(good, default=0))


def better_of(agreed: Iterable[Term], present: Iterable[Term]) -> tuple[Term, ...]:
    """The terms agreed at booking and those of now as one: on every day whichever gives back more.

    Nobody is held to what became stricter since, and whoever would profit from what became milder does.
    """
    return tuple(dict.fromkeys((*agreed, *present)))


def schedule(terms: Iterable[Term], price_cents: int, *, starts_at: datetime) -> list[Step]:
    """The terms with their dates and amounts, the most generous first."""
    steps = [
        Step(_last_day(term, starts_at), term.refund_percent, _share(price_cents, term.refund_percent))
        for term in terms
    ]
    return sorted(steps, key=lambda step: step.last_day)


def on_the_day(*, starts_at: datetime, cancelled_at: datetime) -> bool:
    """Whether somebody withdrew on the first day itself: "afgemeld op de dag"."""
    return local_date(cancelled_at) == local_date(starts_at)


def ending(*, handed_over: bool, event_off: bool, starts_at: datetime, cancelled_at: datetime | None) -> Ending | None:
    """How a withdrawn registration ended; None when nobody chose the moment, or there is no more to say."""
    if handed_over:
        return Ending.HANDED_OVER
    if event_off or cancelled_at is None:
        return None
    return Ending.ON_THE_DAY if on_the_day(starts_at=starts_at, cancelled_at=cancelled_at) else None


def settlement(
    *, price_cents: int, confirmed: bool, paid_cents: int, back_cents: int, billed: bool = False, by_bank_cents: int = 0
) -> Settlement:
    """What becomes of the money of a withdrawal.

    What was paid through the provider goes back there. What was paid on an invoice by bank goes back by bank; an unpaid
    one is credited, and nothing moves. A place that was given at a price without either is settled by the office.
    """
    if back_cents:
        return Settlement.PROVIDER
    if paid_cents or not price_cents:
        return Settlement.NOTHING
    if billed:
        return Settlement.BANK if by_bank_cents else Settlement.INVOICE
    return Settlement.OFFICE if confirmed else Settlement.NOTHING


def _last_day(term: Term, starts_at: datetime) -> date:
    return local_date(starts_at) - timedelta(days=term.days_before)


def _share(cents: int, percent: int) -> int:
    return (cents * percent + 50) // 100
