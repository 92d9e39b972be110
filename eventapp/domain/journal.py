"""How is what happened to money written in double entry? Every entry balances, whatever goes in.

Debit is above zero, credit below. All that is invoiced stands on debtors; what comes in through the provider stands
there until it pays out, and a settlement moves it to the bank, fees off.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.settlements import SettlementKind
from eventapp.domain.vat import Share, Vat


class Book(StrEnum):
    """In which book an entry stands."""

    SALES = "sales"
    MOLLIE = "mollie"
    BANK = "bank"
    MEMORIAL = "memorial"


class Ledger(StrEnum):
    """The accounts that are set once; what is sold may have an account of its own per rule."""

    DEBTORS = "debtors"
    SALES = "sales"
    VAT_HIGH = "vat_high"
    VAT_LOW = "vat_low"
    MOLLIE = "mollie"
    BANK = "bank"
    FEES = "fees"
    WRITTEN_OFF = "written_off"
    SUSPENSE = "suspense"


_VAT_ACCOUNTS = {Vat.HIGH: Ledger.VAT_HIGH, Vat.LOW: Ledger.VAT_LOW}


class Chart(NamedTuple):
    """The treasurer's numbers: accounts, codes of btw, and the cost centre of what has none of its own."""

    accounts: Mapping[Ledger, str]
    vat_codes: Mapping[Vat, str]
    cost_centre: str = ""


class Posting(NamedTuple):
    """One line of an entry: cents on an account, debit above zero."""

    ledger: Ledger
    account: str
    cents: int
    cost_centre: str = ""
    vat_code: str = ""
    text: str = ""

    @property
    def debit_cents(self) -> int:
        return max(0, self.cents)

    @property
    def credit_cents(self) -> int:
        return max(0, -self.cents)


@dataclass(frozen=True)
class About:
    """What an entry is about. `ref` names the entry and is never given twice; the rest may be empty."""

    ref: str
    on: date
    text: str
    invoice: str = ""
    order_id: int | None = None
    event: str = ""
    relation: str = ""
    settlement: str = ""


@dataclass(frozen=True)
class Entry:
    """What is booked together, on one day. One that does not balance cannot be made: ValueError."""

    book: Book
    about: About
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        if sum(posting.cents for posting in self.postings):
            raise ValueError(f"debit and credit differ: {self.about.ref}")


class Sold(NamedTuple):
    """A line of an invoice without its btw; `account` and `cost_centre` where a rule named one."""

    net_cents: int
    vat: Vat
    account: str = ""
    cost_centre: str = ""
    text: str = ""


def sale(about: About, lines: Sequence[Sold], shares: Sequence[Share], chart: Chart) -> Entry:
    """An invoice: debtors owe it, revenue per line, btw per rate as it was rounded. A credit invoice is its mirror."""
    gross = sum(line.net_cents for line in lines) + sum(share.vat_cents for share in shares)
    revenue = [
        Posting(
            Ledger.SALES,
            line.account or chart.accounts[Ledger.SALES],
            -line.net_cents,
            line.cost_centre or chart.cost_centre,
            chart.vat_codes[line.vat],
            line.text,
        )
        for line in lines
    ]
    vat = [
        Posting(ledger, chart.accounts[ledger], -share.vat_cents, vat_code=chart.vat_codes[share.vat])
        for share in shares
        if (ledger := _VAT_ACCOUNTS.get(share.vat))
    ]
    return _entry(Book.SALES, about, [_on(Ledger.DEBTORS, gross, chart), *revenue, *vat])


def money(book: Book, about: About, cents: int, *, to: Ledger, chart: Chart) -> Entry:
    """Money came to this account and off debtors; below zero it went back and debtors owe it again."""
    return _entry(book, about, [_on(to, cents, chart), _on(Ledger.DEBTORS, -cents, chart)])


def payout(about: About, totals: Mapping[SettlementKind, int], chart: Chart) -> Entry:
    """A settlement: what came to the bank, the fees that were kept, and what is no longer with the provider."""
    total, fees = sum(totals.values()), totals.get(SettlementKind.FEE, 0)
    other = totals.get(SettlementKind.OTHER, 0)
    return _entry(
        Book.BANK,
        about,
        [
            _on(Ledger.BANK, total, chart),
            _on(Ledger.FEES, -fees, chart),
            _on(Ledger.SUSPENSE, -other, chart),
            _on(Ledger.MOLLIE, fees + other - total, chart),
        ],
    )


def _on(ledger: Ledger, cents: int, chart: Chart) -> Posting:
    centre = chart.cost_centre if ledger in (Ledger.FEES, Ledger.WRITTEN_OFF) else ""
    return Posting(ledger, chart.accounts[ledger], cents, centre)


def _entry(book: Book, about: About, postings: Iterable[Posting]) -> Entry:
    return Entry(book, about, tuple(posting for posting in postings if posting.cents))


class AccountTotal(NamedTuple):
    """An account with all that was booked on it in a period."""

    account: str
    ledger: Ledger
    debit_cents: int
    credit_cents: int


def by_account(entries: Iterable[Entry]) -> list[AccountTotal]:
    """Debit and credit per account, in the order of their numbers."""
    found: dict[tuple[str, Ledger], tuple[int, int]] = {}
    for posting in (posting for entry in entries for posting in entry.postings):
        key = posting.account, posting.ledger
        debit, credit = found.get(key, (0, 0))
        found[key] = debit + posting.debit_cents, credit + posting.credit_cents
    return [AccountTotal(*key, *both) for key, both in sorted(found.items())]


def on_account(entries: Iterable[Entry], ledger: Ledger, account: str) -> list[tuple[Entry, Posting]]:
    """What was booked on this account, each with the entry that it is part of."""
    of_entries = ((entry, posting) for entry in entries for posting in entry.postings)
    return [(entry, one) for entry, one in of_entries if (one.ledger, one.account) == (ledger, account)]
