"""What does the treasurer see of an event on a day: booked, invoiced, paid, gone back, held, in advance, still open?"""

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Figure(StrEnum):
    """BOOKED is what is owed, withdrawn places with the fee that stays; HELD is what of the money is still with us.

    TO_INVOICE is owed and on no invoice yet. Of events that are still to come, IN_ADVANCE is what is held, and
    BILLED_AHEAD what was invoiced, without btw: the journal has that as revenue, though it is of a later period.
    """

    BOOKED = "booked"
    INVOICED = "invoiced"
    TO_INVOICE = "to_invoice"
    PAID = "paid"
    REFUNDED = "refunded"
    CHARGED_BACK = "charged_back"
    WRITTEN_OFF = "written_off"
    HELD = "held"
    OPEN = "open"
    IN_ADVANCE = "in_advance"
    BILLED_AHEAD = "billed_ahead"


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


def with_what_follows(lines: Iterable[Line], *, ahead: Container[int]) -> list[Line]:
    """The lines, and those of the figures that follow from them, per order; `ahead`: events that are still to come.

    Too little paid for one order is open, whatever was paid too much for another.
    """
    found = list(lines)
    orders: dict[int, list[Line]] = defaultdict(list)
    for line in found:
        orders[line.order_id].append(line)
    return found + [more for of_order in orders.values() for more in _following(of_order, ahead)]


def _following(lines: list[Line], ahead: Container[int]) -> list[Line]:
    total = sums(lines)
    held = total[Figure.PAID] - total[Figure.REFUNDED] - total[Figure.CHARGED_BACK]
    open_cents = max(0, total[Figure.BOOKED] - total[Figure.WRITTEN_OFF] - held)
    last, first = max(lines, key=lambda line: line.at), lines[0]
    following = {
        Figure.TO_INVOICE: max(0, total[Figure.BOOKED] - total[Figure.INVOICED]),
        Figure.HELD: held,
        Figure.OPEN: open_cents,
        Figure.IN_ADVANCE: held if first.event_id in ahead else 0,
    }
    return [
        Line(figure, first.event_id, first.order_id, first.registration_id, cents, last.at)
        for figure, cents in following.items()
        if cents
    ]


def sums(lines: Iterable[Line]) -> dict[Figure, int]:
    """Cents per figure; every figure is in it."""
    total = dict.fromkeys(Figure, 0)
    for line in lines:
        total[line.figure] += line.cents
    return total
