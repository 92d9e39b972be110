"""What does the provider's picture of a payment mean for an order?"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# A payment that the provider does not know for this long, look after look, is given up. A wrong key is mended sooner.
FORGOTTEN_AFTER = timedelta(hours=24)


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


class RefundProblem(StrEnum):
    """Why a refund did not get through, for the office."""

    KEY = "key"
    AWAY = "away"
    TWIN = "twin"
    NOTHING_LEFT = "nothing_left"
    REFUSED = "refused"
    RETURNED = "returned"


class Outcome(StrEnum):
    """What arriving money did. Everything but CONFIRMED is shown to the office.

    PAID_BESIDES_INVOICE came for an invoice that was marked as paid or given up by hand: the office decides about it.

    FORGOTTEN is the one without money: the provider does not know the payment any more. Should it pay after all, the
    money gets an outcome of its own.
    """

    CONFIRMED = "confirmed"
    PAID_LATE = "paid_late"
    PAID_WITHOUT_PLACE = "paid_without_place"
    PAID_TWICE = "paid_twice"
    PAID_BESIDES_INVOICE = "paid_besides_invoice"
    PAID_AFTER_CANCEL = "paid_after_cancel"
    PAID_IN_PART = "paid_in_part"
    DIFFERS = "differs"
    FORGOTTEN = "forgotten"


# What else came in buys nothing, and goes back.
KEPT = (Outcome.CONFIRMED, Outcome.PAID_LATE, Outcome.PAID_IN_PART)


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


def outcome_for_group(
    *, bought: int, dropped: int, late: bool, confirmed_already: bool, cancelled: bool, besides_invoice: bool = False
) -> Outcome:
    """What a paid attempt does to the people it pays for: so many got their place, so many did not.

    `late`: places had to be taken again; `cancelled`: nobody of them was waiting for a place any more.
    `besides_invoice`: an invoice for them was marked as paid, or given up, by hand, which may have been a mistake.
    """
    if bought and dropped:
        return Outcome.PAID_IN_PART
    if confirmed_already and not bought and besides_invoice:
        return Outcome.PAID_BESIDES_INVOICE
    return outcome_of_money(
        confirmed_already=confirmed_already and not bought,
        cancelled=cancelled,
        held=bool(bought) and not late,
        place_left=bool(bought),
    )


def gone_back(refund_status: str) -> bool:
    """Whether the money of a refund in this state of the provider's counts as gone; a word we do not know counts."""
    return refund_status not in ("failed", "canceled")


def needs_second_yes(amount_cents: int, *, above_cents: int) -> bool:
    """Whether a refund by hand has to be confirmed once more."""
    return amount_cents > above_cents


def refund_cents(outcome: Outcome, *, amount_cents: int) -> int:
    """How much of an attempt goes back by itself: all of it when it bought no place."""
    unwanted = {Outcome.PAID_TWICE, Outcome.PAID_WITHOUT_PLACE, Outcome.PAID_AFTER_CANCEL}
    return amount_cents if outcome in unwanted else 0
