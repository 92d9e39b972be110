"""Money that goes back by bank: how much of an invoice, on which day, and what is shown of the IBAN?"""

from datetime import date
from enum import StrEnum

from eventapp.domain.errors import BadTransferDay
from eventapp.domain.numbers import compact


class BankRefundState(StrEnum):
    """WAITING for the treasurer; DONE by a transfer; KEPT with a reason; LAPSED because nothing had to go back."""

    WAITING = "waiting"
    DONE = "done"
    KEPT = "kept"
    LAPSED = "lapsed"


class Progress(StrEnum):
    """How far money that goes back is, whichever way; of several the least far counts, in this order."""

    FAILED = "failed"
    ASKS_IBAN = "asks_iban"
    BY_BANK = "by_bank"
    UNDER_WAY = "under_way"
    DONE = "done"


def owed_by_bank(*, due_cents: int, banked_cents: int, kept_cents: int) -> int:
    """What of the money that came by bank has to go back the same way.

    `due_cents` is what the invoice still is after its credits, `banked_cents` what came by bank and did not go back,
    `kept_cents` what was decided to stay. What came through the provider goes back there, so it plays no part: of an
    invoice that was paid both ways the provider gives back its payment, and the bank what is left over.
    """
    return max(0, banked_cents - due_cents - kept_cents)


def check_transfer_day(paid_on: date, *, since: date, today: date) -> None:
    """A transfer lies neither ahead nor before there was anything to give back. Refuses with BadTransferDay."""
    if not since <= paid_on <= today:
        raise BadTransferDay(first=since, last=today)


def masked_iban(iban: str) -> str:
    """Enough to recognise one's own account by: "NL…4300"; empty stays empty."""
    number = compact(iban)
    return f"{number[:2]}…{number[-4:]}" if number else ""
