"""The journal as a sheet: a row per line of an entry, debit and credit apart, and what both add up to."""

from collections.abc import Sequence
from datetime import datetime

from eventapp import wording
from eventapp.documents.money_sheet import Cell, MoneySheet, euros
from eventapp.domain.journal import Entry, Posting

HEADS = (
    "Boekstuk",
    "Regel",
    "Boekdatum",
    "Dagboek",
    "Grootboek",
    "Rekening",
    "Kostenplaats",
    "Btw-code",
    "Debet",
    "Credit",
    "Omschrijving",
    "Factuur",
    "Bestelling",
    "Bijeenkomst",
    "Relatie",
)


def journal_sheet(entries: Sequence[Entry], *, about: str, association: str, printed_at: datetime) -> MoneySheet:
    """Every line of every entry, and a last row with both totals, which are equal."""
    rows = [_row(entry, place, posting) for entry in entries for place, posting in enumerate(entry.postings, start=1)]
    postings = [posting for entry in entries for posting in entry.postings]
    debit, credit = sum(one.debit_cents for one in postings), sum(one.credit_cents for one in postings)
    total: tuple[Cell, ...] = ("Totaal", *[""] * 7, euros(debit), euros(credit), *[""] * 5)
    return MoneySheet("Journaal", about, association, HEADS, (*rows, total), printed_at)


def _row(entry: Entry, place: int, posting: Posting) -> tuple[Cell, ...]:
    about = entry.about
    return (
        about.ref,
        str(place),
        about.on,
        wording.BOOKS[entry.book],
        posting.account,
        wording.LEDGERS[posting.ledger],
        posting.cost_centre,
        posting.vat_code,
        euros(posting.debit_cents),
        euros(posting.credit_cents),
        posting.text or about.text,
        about.invoice,
        str(about.order_id or ""),
        about.event,
        about.relation,
    )
