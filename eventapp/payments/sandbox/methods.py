"""Which ways to pay does the sandbox know, and how long may a payer take with each?"""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple


class Method(NamedTuple):
    """A way to pay. `cancelable` says whether an open payment with it can be cancelled through the API."""

    id: str
    description: str
    expires_after: timedelta
    maximum_cents: int
    enabled: bool = True
    cancelable: bool = False


_HOUR = timedelta(hours=1)

METHODS = {
    method.id: method
    for method in (
        Method("ideal", "iDEAL | Wero", timedelta(minutes=15), 5_000_000),
        Method("bancontact", "Bancontact", _HOUR, 5_000_000),
        Method("creditcard", "Creditcard", timedelta(minutes=30), 1_000_000),
        Method("paypal", "PayPal", timedelta(hours=72), 800_000),
        Method("banktransfer", "Overboeking", timedelta(days=12), 100_000_000, cancelable=True),
        Method("belfius", "Belfius", _HOUR, 5_000_000, enabled=False),
        Method("kbc", "KBC/CBC", _HOUR, 5_000_000, enabled=False),
        Method("eps", "eps", _HOUR, 5_000_000, enabled=False),
        Method("klarna", "Klarna", timedelta(hours=48), 1_000_000, enabled=False),
        Method("in3", "in3", timedelta(hours=48), 500_000, enabled=False),
    )
}


def enabled_for(amount_cents: int | None) -> list[Method]:
    """What is switched on in the sandbox's profile and allows the amount."""
    return [
        method
        for method in METHODS.values()
        if method.enabled and (amount_cents is None or amount_cents <= method.maximum_cents)
    ]


def choices(asked: Sequence[str]) -> list[Method]:
    """What the payer can choose from: the methods asked for, or all enabled ones when none was."""
    return [METHODS[method_id] for method_id in asked] or enabled_for(None)


def longest_expiry(asked: Sequence[str]) -> timedelta:
    """How long a payment stays open while its payer can still choose."""
    return max(method.expires_after for method in choices(asked))
