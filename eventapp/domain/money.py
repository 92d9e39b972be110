"""How are cents written for the payment provider? Integer arithmetic only, euros only."""

import re


def to_provider(cents: int) -> str:
    """1250 -> "12.50". Refuses negative amounts with ValueError."""
    if cents < 0:
        raise ValueError("an amount to pay is never negative")
    return f"{cents // 100}.{cents % 100:02d}"


def from_provider(value: str) -> int:
    """ "12.50" -> 1250. Refuses anything but digits, a point and two digits with ValueError."""
    if not re.fullmatch(r"-?\d+\.\d{2}", value):
        raise ValueError(f"not an amount in euros: {value!r}")
    return int(value.replace(".", ""))
