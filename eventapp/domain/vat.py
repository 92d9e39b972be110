"""How much btw is in a price, and what is each line without it, so that every sum holds to the cent?

Prices include btw. Btw is worked out per rate from the sum of the lines and rounded once, on the total of the invoice;
the net of that rate is divided over its lines by largest remainder. So the lines add up to the net, and net and btw add
up to what was agreed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Vat(StrEnum):
    """The treatments that a line may have; the last two carry no btw and need a text that says why."""

    HIGH = "21"
    LOW = "9"
    ZERO = "0"
    EXEMPT = "vrijgesteld"
    OUTSIDE = "buiten-heffing"

    @property
    def percent(self) -> int:
        return int(self.value) if self.value.isdigit() else 0

    @property
    def needs_reason(self) -> bool:
        return self in (Vat.EXEMPT, Vat.OUTSIDE)


@dataclass(frozen=True)
class VatRule:
    """Which treatment a kind of line has from this day on; `reason` is the text that a line without btw carries."""

    starts_on: date
    vat: Vat
    reason: str = ""


def rule_on(rules: Iterable[VatRule], day: date) -> VatRule | None:
    """The rule in force on this day: of those that began, the latest."""
    begun = [rule for rule in rules if rule.starts_on <= day]
    return max(begun, key=lambda rule: rule.starts_on, default=None)


class Share(NamedTuple):
    """One rate of an invoice: what is to be paid, the btw in it, and the rest; all in cents, `gross = net + vat`."""

    vat: Vat
    gross_cents: int
    net_cents: int
    vat_cents: int


class Split(NamedTuple):
    """An invoice taken apart: the net of each line, in the order given, and the shares by rate, highest first."""

    nets_cents: tuple[int, ...]
    shares: tuple[Share, ...]

    @property
    def net_cents(self) -> int:
        return sum(share.net_cents for share in self.shares)

    @property
    def vat_cents(self) -> int:
        return sum(share.vat_cents for share in self.shares)

    @property
    def gross_cents(self) -> int:
        return self.net_cents + self.vat_cents


def split(lines: Sequence[tuple[int, Vat]]) -> Split:
    """Take lines of (gross cents, treatment) apart. Amounts may be negative, as on a credit invoice."""
    by_rate: dict[Vat, list[int]] = defaultdict(list)
    for position, (_, vat) in enumerate(lines):
        by_rate[vat].append(position)
    nets = [0] * len(lines)
    shares = []
    for vat in sorted(by_rate, key=lambda vat: (-vat.percent, vat.value)):
        positions = by_rate[vat]
        grosses = [lines[position][0] for position in positions]
        share = _share(vat, sum(grosses))
        shares.append(share)
        for position, net in zip(positions, divide(share.net_cents, grosses), strict=True):
            nets[position] = net
    return Split(tuple(nets), tuple(shares))


def _share(vat: Vat, gross_cents: int) -> Share:
    vat_cents = half_up(gross_cents * vat.percent, 100 + vat.percent)
    return Share(vat, gross_cents, gross_cents - vat_cents, vat_cents)


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded half away from zero, so that a credit mirrors what it credits; `denominator` above 0."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def divide(total: int, weights: Sequence[int]) -> list[int]:
    """Divide a total over weights by largest remainder: the parts add up to the total, none is off by a cent or more.

    Weights that add up to nothing share evenly; of equal remainders the first gets the cent. The division of a negative
    total mirrors that of the positive one.
    """
    if total < 0:
        return [-part for part in divide(-total, weights)]
    whole = sum(weights)
    if whole == 0:
        weights, whole = [1] * len(weights), len(weights)
    if whole < 0:
        weights, whole = [-weight for weight in weights], -whole
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
