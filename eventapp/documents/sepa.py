"""What does the QR code say that a banking app fills in a transfer from? EPC069-12, version 2: no BIC needed."""

from eventapp.domain.money import to_provider
from eventapp.domain.numbers import compact

_LONGEST_NAME = 70
_LONGEST_TEXT = 140


def transfer_code(*, name: str, iban: str, amount_cents: int, text: str) -> str:
    """The lines of a transfer in euros with a text to mention; refuses amounts that no bank takes with ValueError."""
    if not 1 <= amount_cents <= 99_999_999_999:
        raise ValueError("not an amount for one transfer")
    amount = f"EUR{to_provider(amount_cents)}"
    lines = ("BCD", "002", "1", "SCT", "", name[:_LONGEST_NAME], compact(iban), amount, "", "", text[:_LONGEST_TEXT])
    return "\n".join(lines)
