"""What does a line of the provider's settlement say, which one is it, and does it agree with our books?

The file is what Mollie's dashboard exports: one line per payment, refund, chargeback and fee, amounts signed, and on
each line the settlement that paid it out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.import_rows import RowProblem, RowRefused


class SettlementKind(StrEnum):
    """What a line is about; OTHER is what the treasurer has to look at, such as a correction or a reserve."""

    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_RETURNED = "refund_returned"
    CHARGEBACK = "chargeback"
    CHARGEBACK_REVERSED = "chargeback_reversed"
    FEE = "fee"
    OTHER = "other"


class Finding(StrEnum):
    """How their books and ours compare: alike, unknown to us, another amount, or not paid out as far as we know."""

    MATCHES = "matches"
    UNKNOWN = "unknown"
    DIFFERS = "differs"
    NOT_SETTLED = "not_settled"


_PAYMENT_ID = re.compile(r"tr_[A-Za-z0-9]{1,64}")
_REFUND_ID = re.compile(r"re_[A-Za-z0-9]{1,64}")
_CHARGEBACK_ID = re.compile(r"chb_[A-Za-z0-9]{1,64}")
_FEE = re.compile(r"\b(fees?|compensation|rounding|kosten)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"([+-]?)(\d{1,9})(?:[.,](\d{1,2}))?")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{1,2}:\d{2}.*)?")
_UNNAMED = (SettlementKind.FEE, SettlementKind.OTHER)


@dataclass(frozen=True, order=True)
class Position:
    """What theirs and ours are compared on: a payment, a refund by its own id, or all chargebacks of a payment."""

    kind: SettlementKind
    ref: str


class Typed(NamedTuple):
    """The cells of a line that mean something to us; names and accounts of payers are not among them."""

    settlement: str
    day: str
    method: str
    amount: str
    currency: str
    provider_id: str
    description: str


@dataclass(frozen=True)
class SettledLine:
    """A line as it is to be booked. `settled_on` is the last day that the file names for its settlement."""

    line: int
    settlement: str
    kind: SettlementKind
    provider_id: str
    payment_id: str
    amount_cents: int
    happened_on: date
    settled_on: date
    description: str = ""

    @property
    def key(self) -> str:
        """Which line it is, in whatever file it comes: a payment is paid out once, a fee stands in its settlement."""
        if self.kind in _UNNAMED:
            return f"{self.kind.value}:{self.settlement}:{self.happened_on}:{self.description}"
        if self.kind != SettlementKind.PAYMENT and self.provider_id == self.payment_id:
            return f"{self.kind.value}:{self.settlement}:{self.provider_id}"
        return f"{self.kind.value}:{self.provider_id}"

    @property
    def position(self) -> Position | None:
        """None for what our books have nothing of."""
        return position_of(self.kind, self.provider_id, self.payment_id)


def position_of(kind: SettlementKind, provider_id: str, payment_id: str) -> Position | None:
    """Of a line of this kind; None for what our books have nothing of, as fees."""
    if kind in _UNNAMED:
        return None
    if kind in (SettlementKind.CHARGEBACK, SettlementKind.CHARGEBACK_REVERSED):
        return Position(SettlementKind.CHARGEBACK, payment_id or provider_id)
    return Position(SettlementKind.PAYMENT if kind == SettlementKind.PAYMENT else SettlementKind.REFUND, provider_id)


def read_line(number: int, typed: Typed) -> SettledLine:
    """One line. Refuses with RowRefused what cannot be booked as it stands."""
    if typed.currency.upper() != "EUR":
        raise RowRefused(RowProblem.NOT_EUROS, typed=typed.currency)
    if not typed.settlement:
        raise RowRefused(RowProblem.NO_SETTLEMENT)
    cents, day = _cents(typed.amount), _day(typed.day)
    kind, payment_id = _meaning(typed, cents)
    named = kind not in _UNNAMED
    return SettledLine(
        line=number,
        settlement=typed.settlement,
        kind=kind,
        provider_id=typed.provider_id if named else "",
        payment_id=payment_id,
        amount_cents=cents,
        happened_on=day,
        settled_on=day,
        # What a payment was for we know by its id; the text could hold a name.
        description="" if named else (typed.description or typed.provider_id),
    )


def _meaning(typed: Typed, cents: int) -> tuple[SettlementKind, str]:
    """The kind, and the payment behind it as far as the line names it."""
    out, payment_id = cents < 0, payment_in(typed.description)
    refund = SettlementKind.REFUND if out else SettlementKind.REFUND_RETURNED
    chargeback = SettlementKind.CHARGEBACK if out else SettlementKind.CHARGEBACK_REVERSED
    if _REFUND_ID.fullmatch(typed.provider_id):
        return refund, payment_id
    if _CHARGEBACK_ID.fullmatch(typed.provider_id):
        return chargeback, payment_id
    if _PAYMENT_ID.fullmatch(typed.provider_id):
        if "refund" in typed.method.lower():
            return refund, typed.provider_id
        # A payment that the bank took back stands there with its own id and below zero.
        taken_back = out or "chargeback" in typed.method.lower()
        return chargeback if taken_back else SettlementKind.PAYMENT, typed.provider_id
    is_fee = typed.provider_id.startswith("MOL") or _FEE.search(typed.description)
    return SettlementKind.FEE if is_fee else SettlementKind.OTHER, ""


def payment_in(text: str) -> str:
    """The id of a payment that a text mentions, or ''."""
    found = _PAYMENT_ID.search(text)
    return found.group() if found else ""


def _cents(text: str) -> int:
    found = _AMOUNT.fullmatch(text.replace(" ", ""))
    if found is None:
        raise RowRefused(RowProblem.NO_AMOUNT, typed=text)
    sign, whole, part = found.groups()
    cents = int(whole) * 100 + int((part or "").ljust(2, "0"))
    if cents == 0:
        raise RowRefused(RowProblem.NO_AMOUNT, typed=text)
    return -cents if sign == "-" else cents


def _day(text: str) -> date:
    found = _DAY.fullmatch(text)
    try:
        return date.fromisoformat(found.group(1) if found else "")
    except ValueError:
        raise RowRefused(RowProblem.NO_DATE, typed=text, column="date") from None


def dated(lines: Sequence[SettledLine]) -> list[SettledLine]:
    """The lines, each settlement of the file booked on the last day that it names."""
    last: dict[str, date] = {}
    for line in lines:
        last[line.settlement] = max(last.get(line.settlement, line.happened_on), line.happened_on)
    return [replace(line, settled_on=last[line.settlement]) for line in lines]


def finding(position: Position, theirs: Mapping[Position, int], ours: Mapping[Position, int]) -> Finding:
    """Compare what their lines and our journal say of one thing, in cents."""
    if position not in ours:
        return Finding.UNKNOWN
    if position not in theirs:
        return Finding.NOT_SETTLED
    return Finding.MATCHES if theirs[position] == ours[position] else Finding.DIFFERS


def totals(lines: Iterable[tuple[SettlementKind, int]]) -> dict[SettlementKind, int]:
    """Cents per kind; every kind is in it."""
    found = dict.fromkeys(SettlementKind, 0)
    for kind, cents in lines:
        found[kind] += cents
    return found
