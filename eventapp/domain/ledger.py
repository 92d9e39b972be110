"""Which rows make our books say what the provider says? Rows are only ever added; a correction is a row of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class MovementKind(StrEnum):
    """What moved. Above zero money came to us, below zero it went; the opposite sign takes an earlier row back.

    BY_BANK is a refund that failed at the provider and left our own account instead: the provider has that money still.
    """

    RECEIVED = "received"
    REFUND = "refund"
    CHARGEBACK = "chargeback"
    BY_BANK = "by_bank"


@dataclass(frozen=True, order=True)
class Position:
    """What a balance is kept of: `ref` is the provider's id of a refund, '' where there is only one of the kind."""

    kind: MovementKind
    ref: str = ""

    @staticmethod
    def of_refund(ref: str) -> "Position":
        return Position(MovementKind.REFUND, ref)


RECEIVED = Position(MovementKind.RECEIVED)
UNLISTED = Position(MovementKind.REFUND)
CHARGED_BACK = Position(MovementKind.CHARGEBACK)


def stands(
    *, received_cents: int, refunds: Mapping[str, int], refunded_cents: int, charged_back_cents: int
) -> dict[Position, int]:
    """What each position has to be by one picture of a payment.

    `refunds`: cents per refund that is named, 0 for one that failed. A refund that is not named keeps its position,
    since the picture may be older than the refund. What went back in all beyond the named ones has a position too.
    """
    named = {Position.of_refund(ref): -cents for ref, cents in refunds.items()}
    unlisted = max(0, refunded_cents - sum(refunds.values()))
    return {RECEIVED: received_cents, **named, UNLISTED: -unlisted, CHARGED_BACK: -charged_back_cents}


def rows_to_add(booked: Mapping[Position, int], wanted: Mapping[Position, int]) -> dict[Position, int]:
    """Cents to write per position, so that what was booked becomes what is wanted; nothing where it is so already."""
    differences = {position: cents - booked.get(position, 0) for position, cents in sorted(wanted.items())}
    return {position: cents for position, cents in differences.items() if cents}
