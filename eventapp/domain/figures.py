"""What does the treasurer see of an event on a day: booked, paid, gone back, held, and still open?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Figure(StrEnum):
    """BOOKED is what the confirmed registrations cost; HELD is what of the money is still ours to keep."""

    BOOKED = "booked"
    PAID = "paid"
    REFUNDED = "refunded"
    CHARGED_BACK = "charged_back"
    WRITTEN_OFF = "written_off"
    HELD = "held"
    OPEN = "open"


@dataclass(frozen=True)
class Line:
    """One amount behind a figure: above zero as the figure counts it."""

    figure: Figure
    event_id: int
    order_id: int
    registration_id: int
    cents: int
    at: datetime
    what: str = ""


def with_held_and_open(lines: Iterable[Line]) -> list[Line]:
    """The lines, and those of the two figures that follow from them: per order what we hold and what is open.

    Too little paid for one order is open, whatever was paid too much for another.
    """
    found = list(lines)
    orders: dict[int, list[Line]] = defaultdict(list)
    for line in found:
        orders[line.order_id].append(line)
    return found + [more for of_order in orders.values() for more in _following(of_order)]


def _following(lines: list[Line]) -> list[Line]:
    total = sums(lines)
    held = total[Figure.PAID] - total[Figure.REFUNDED] - total[Figure.CHARGED_BACK]
    open_cents = max(0, total[Figure.BOOKED] - total[Figure.WRITTEN_OFF] - held)
    last, first = max(lines, key=lambda line: line.at), lines[0]
    return [
        Line(figure, first.event_id, first.order_id, first.registration_id, cents, last.at)
        for figure, cents in ((Figure.HELD, held), (Figure.OPEN, open_cents))
        if cents
    ]


def sums(lines: Iterable[Line]) -> dict[Figure, int]:
    """Cents per figure; every figure is in it."""
    total = dict.fromkeys(Figure, 0)
    for line in lines:
        total[line.figure] += line.cents
    return total
