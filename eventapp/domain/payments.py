"""What does the provider's picture of a payment mean for an order?"""

from dataclasses import dataclass
from enum import StrEnum


class AttemptStatus(StrEnum):
    """Ours (new, unknown, refused) and the provider's; a status we do not know is kept as UNCLEAR and is not paid."""

    NEW = "new"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    OPEN = "open"
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    UNCLEAR = "unclear"


ALIVE = frozenset(
    {AttemptStatus.NEW, AttemptStatus.UNKNOWN, AttemptStatus.OPEN, AttemptStatus.PENDING, AttemptStatus.UNCLEAR}
)


class RefundState(StrEnum):
    PLANNED = "planned"
    SENT = "sent"
    UNKNOWN = "unknown"
    DONE = "done"
    FAILED = "failed"


class Outcome(StrEnum):
    """What arriving money did. Everything but CONFIRMED is shown to the office."""

    CONFIRMED = "confirmed"
    PAID_LATE = "paid_late"
    PAID_WITHOUT_PLACE = "paid_without_place"
    PAID_TWICE = "paid_twice"
    PAID_AFTER_CANCEL = "paid_after_cancel"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Asked:
    """What we asked the provider for."""

    amount_cents: int
    reference: str
    mode: str


def status_of(text: str) -> AttemptStatus:
    """The provider's word as ours; a word that is new to us becomes UNCLEAR."""
    try:
        return AttemptStatus(text)
    except ValueError:
        return AttemptStatus.UNCLEAR


def may_replace(current: AttemptStatus, fetched: AttemptStatus) -> bool:
    """Whether a fetched status may overwrite what we know.

    Pictures can be old: paid is never undone by one, and what has ended comes alive no more, though it can turn out
    to be paid.
    """
    if current == AttemptStatus.PAID:
        return fetched == AttemptStatus.PAID
    return current in ALIVE or fetched not in ALIVE


def agrees(asked: Asked, *, amount_cents: int, currency: str, reference: str, mode: str) -> bool:
    """Whether the paid payment is the one we asked for, to the cent."""
    return (amount_cents, currency, reference, mode) == (asked.amount_cents, "EUR", asked.reference, asked.mode)


def outcome_of_money(*, confirmed_already: bool, cancelled: bool, held: bool, place_left: bool) -> Outcome:
    """What a paid attempt does to its order.

    `held`: the places of the order are still held; `place_left`: they could be taken again.
    """
    if confirmed_already:
        return Outcome.PAID_TWICE
    if cancelled:
        return Outcome.PAID_AFTER_CANCEL
    if held:
        return Outcome.CONFIRMED
    return Outcome.PAID_LATE if place_left else Outcome.PAID_WITHOUT_PLACE


def refund_cents(outcome: Outcome, *, amount_cents: int) -> int:
    """How much of an attempt goes back by itself: all of it when it bought no place."""
    unwanted = {Outcome.PAID_TWICE, Outcome.PAID_WITHOUT_PLACE, Outcome.PAID_AFTER_CANCEL}
    return amount_cents if outcome in unwanted else 0
