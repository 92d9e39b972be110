"""What is an invoice, when is it due, what is still open of it, and how much of it can be credited?

Amounts of a credit invoice are negative. Nothing of an issued invoice changes; its state follows from what came after.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.errors import CreditTooHigh, NothingToCredit
from eventapp.domain.invoice_details import InvoiceDetails
from eventapp.domain.registrations import State
from eventapp.domain.times import from_local
from eventapp.domain.vat import Share, Split, Vat, divide, split


class InvoiceKind(StrEnum):
    INVOICE = "invoice"
    CREDIT = "credit"


class InvoiceState(StrEnum):
    """Where an invoice stands; DRAFT has no number yet, SETTLED is a credit invoice, which waits for nothing."""

    DRAFT = "draft"
    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    CREDITED = "credited"
    WRITTEN_OFF = "written_off"
    SETTLED = "settled"


UNPAID = frozenset({InvoiceState.OPEN, InvoiceState.PARTLY_PAID})


class MatchSource(StrEnum):
    """How an amount came to an invoice: somebody typed it, a bank line, the provider, or it was given up."""

    HAND = "hand"
    BANK = "bank"
    MOLLIE = "mollie"
    WRITE_OFF = "write_off"


def owed_cents(state: State, *, price_cents: int, kept_cents: int, on_invoice: bool = False) -> int:
    """What a registration costs, for its invoice: a sure place its price, a withdrawn one the fee that stays.

    `on_invoice`: the order is paid so, and a place that waits for that money is charged as well.
    """
    if state == State.CONFIRMED or (on_invoice and state == State.AWAITING_PAYMENT):
        return price_cents
    return kept_cents if state == State.CANCELLED else 0


# Who pays online sees only afterwards that there is something to fill in.
TIME_TO_COMPLETE = timedelta(hours=1)


class IssueMoment(StrEnum):
    """When an order gets its invoice; until then whoever booked may complete it."""

    BOOKING = "booking"
    DAYS = "days"
    EVENT = "event"


class Numbering(StrEnum):
    """Whether invoice numbers begin anew each year, which they then name, or simply go on."""

    YEARLY = "yearly"
    ENDLESS = "endless"

    def series(self, on: date) -> int:
        """The year whose numbers are given on this day; 0 for those that go on."""
        return on.year if self == Numbering.YEARLY else 0


@dataclass(frozen=True)
class Buyer(InvoiceDetails):
    """Whom the invoice is for, and what their books want to see on it. `name` is used without a legal name."""

    name: str = ""
    order_number: str = ""
    cost_centre: str = ""

    @property
    def addressee(self) -> str:
        return self.legal_name or self.name

    @property
    def postal(self) -> bool:
        """Whether there is an address to send a letter to; an invoice above € 100 needs one."""
        return bool(self.street and self.postcode and self.city)


@dataclass(frozen=True)
class Seller:
    """The association as it was on the day of issuing; what is empty is not printed."""

    name: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    kvk: str = ""
    rsin: str = ""
    btw_id: str = ""
    iban: str = ""
    email: str = ""


@dataclass(frozen=True)
class Line:
    """What is charged: one place of one person, as agreed. `reason` says why there is no btw in it."""

    description: str
    gross_cents: int
    vat: Vat
    detail: str = ""
    quantity: int = 1
    reason: str = ""
    ledger_account: str = ""
    cost_centre: str = ""
    registration_id: int | None = None
    credits_line_id: int | None = None


class Paid(NamedTuple):
    """Money that was in before the invoice was issued; `method` is the provider's word, or "bank"."""

    method: str
    on: date
    amount_cents: int


@dataclass(frozen=True)
class IssuedInvoice:
    """Everything that its PDF and UBL say, frozen. `service` is the first and last day of what was bought."""

    number: str
    kind: InvoiceKind
    issued_on: date
    due_on: date
    service: tuple[date, date]
    order_reference: str
    seller: Seller
    buyer: Buyer
    lines: tuple[Line, ...]
    split: Split
    paid: tuple[Paid, ...] = ()
    credits_number: str = ""
    credits_on: date | None = None
    reason: str = ""
    mark: str = ""

    @property
    def gross_cents(self) -> int:
        return self.split.net_cents + self.split.vat_cents

    @property
    def open_cents(self) -> int:
        """What was still to be paid at the moment of issuing; nothing on a credit invoice."""
        if self.kind == InvoiceKind.CREDIT:
            return 0
        return max(0, self.gross_cents - sum(paid.amount_cents for paid in self.paid))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why there is no btw in some lines, each sentence once."""
        return tuple(dict.fromkeys(line.reason for line in self.lines if line.reason))


def format_number(prefix: str, year: int, sequence: int) -> str:
    """For example "VNK2027-0042", or without a year (0) "VNK-0042"; also what a payment has to mention."""
    return f"{prefix}{year or ''}-{sequence:04d}".removeprefix("-")


def issue_day(moment: IssueMoment, *, days: int, booked_on: date, ends_on: date, waits_for_money: bool = False) -> date:
    """The day on which the invoice is to be issued; after the event is the day after it.

    `waits_for_money`: a place is sure only once it is paid, so that waiting for the event would be too late.
    """
    if moment == IssueMoment.EVENT:
        return booked_on if waits_for_money else ends_on + timedelta(days=1)
    return booked_on + timedelta(days=days) if moment == IssueMoment.DAYS else booked_on


def completing_ends(issue_on: date | None, *, drafted_at: datetime, on_invoice: bool) -> datetime | None:
    """When (UTC) the draft may be issued: whoever booked completes it before. None when that is not known."""
    if issue_on is None:
        return None
    day = from_local(issue_on, time())
    return day if on_invoice else max(day, drafted_at + TIME_TO_COMPLETE)


def to_be_paid(owed: Iterable[tuple[int, int]], received_cents: int) -> dict[int, int]:
    """What is still open of places that are paid on an invoice: owed per place, and what came in for all of them.

    Money fills one place after the other, in the order given; what is paid does not appear.
    """
    left = {}
    for place, cents in owed:
        covered = max(0, min(received_cents, cents))
        received_cents -= covered
        if cents > covered:
            left[place] = cents - covered
    return left


def missing_of_seller(seller: Seller, *, asks_money: bool) -> tuple[str, ...]:
    """The settings without which no invoice can be issued; a btw-id is not among them: an association may have none."""
    wanted = ("street", "postcode", "city", "kvk", *(("iban",) if asks_money else ()))
    return tuple(name for name in wanted if not getattr(seller, name))


class Balance(NamedTuple):
    """What became of an invoice: its total, what was credited (positive), received (refunds off) and given up."""

    gross_cents: int
    credited_cents: int = 0
    received_cents: int = 0
    written_off_cents: int = 0

    @property
    def due_cents(self) -> int:
        return self.gross_cents - self.credited_cents

    @property
    def open_cents(self) -> int:
        """What is still to be paid; below zero it has to go back."""
        return self.due_cents - self.received_cents - self.written_off_cents

    @property
    def bought(self) -> bool:
        """Whether money came in and nothing is open any more: half a payment buys no place, nor does giving up."""
        return self.received_cents > 0 and self.open_cents <= 0

    @property
    def state(self) -> InvoiceState:
        if self.open_cents > 0:
            return InvoiceState.PARTLY_PAID if self.received_cents > 0 else InvoiceState.OPEN
        if self.open_cents < 0:
            return InvoiceState.OVERPAID
        if self.written_off_cents:
            return InvoiceState.WRITTEN_OFF
        return InvoiceState.PAID if self.due_cents else InvoiceState.CREDITED


def reminder_day(due_on: date, *, days: int, sent: int) -> date:
    """When the next reminder goes: so many days after the due date, and again as many days later."""
    return due_on + timedelta(days=days * (sent + 1))


def to_credit(left: Mapping[int, int], wanted: Mapping[int, int] | None) -> dict[int, int]:
    """How much to credit of each line, in cents: all that is left of it, or what is wanted.

    Refuses with CreditTooHigh for more than what is left of a line, and with NothingToCredit when nothing remains.
    """
    amounts = dict(left) if wanted is None else {line: cents for line, cents in wanted.items() if cents}
    for line, cents in amounts.items():
        if cents < 0 or cents > left.get(line, 0):
            raise CreditTooHigh(left_cents=left.get(line, 0))
    amounts = {line: cents for line, cents in amounts.items() if cents}
    if not amounts:
        raise NothingToCredit()
    return amounts


def split_credit(lines: Sequence[tuple[int, Vat]], credited_cents: Mapping[Vat, int]) -> Split:
    """Take the (negative) lines of a credit invoice apart, given what was credited before at each rate (positive).

    Each btw is the difference between before and after, so that credits in parts take back exactly what was charged.
    """
    plain = split(lines)
    shares, nets = [], list(plain.nets_cents)
    for share in plain.shares:
        before = split([(credited_cents.get(share.vat, 0), share.vat)]).vat_cents
        after = split([(credited_cents.get(share.vat, 0) - share.gross_cents, share.vat)]).vat_cents
        exact = Share(share.vat, share.gross_cents, share.gross_cents + after - before, before - after)
        places = [place for place, (_, vat) in enumerate(lines) if vat == share.vat]
        for place, net in zip(places, divide(exact.net_cents, [lines[place][0] for place in places]), strict=True):
            nets[place] = net
        shares.append(exact)
    return Split(tuple(nets), tuple(shares))
