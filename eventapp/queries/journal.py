"""What was booked in a period, in double entry: invoices, money at the provider and at the bank, and settlements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased, selectinload

from eventapp import formatting, wording
from eventapp.domain.invoices import MatchSource
from eventapp.domain.journal import About, Book, Chart, Entry, Ledger, Sold, money, payout, sale
from eventapp.domain.ledger import MovementKind
from eventapp.domain.settlements import SettlementKind, totals
from eventapp.domain.times import from_local, local_date
from eventapp.domain.vat import Share, Vat
from eventapp.extensions import db
from eventapp.models import (
    Event,
    Invoice,
    InvoiceMatch,
    MoneyMovement,
    Order,
    PaymentAttempt,
    Registration,
    SettlementLine,
)

_TO = {MatchSource.WRITE_OFF: Ledger.WRITTEN_OFF}
_BOOKS = {Ledger.WRITTEN_OFF: Book.MEMORIAL, Ledger.BANK: Book.BANK, Ledger.MOLLIE: Book.MOLLIE}


def entries(first: date, last: date, chart: Chart) -> list[Entry]:
    """All that was booked from `first` to `last`, both included, by day.

    What is dated in a month stays as it is once that month is closed: a mistake that is put right later, is an entry
    of its own on that later day.
    """
    found = [
        *_sales(first, last, chart),
        *_movements(first, last, chart),
        *_matches(first, last, chart),
        *_payouts(first, last, chart),
    ]
    return sorted(found, key=lambda entry: (entry.about.on, entry.book, entry.about.ref))


def registrations_of(order_ids: Iterable[int]) -> dict[int, int]:
    """The registration whose page shows the money of each of these orders: the first one."""
    first = sa.func.min(Registration.id).label("first_id")
    found = sa.select(Registration.order_id, first).where(Registration.order_id.in_(order_ids))
    return {row.order_id: row.first_id for row in db.session.execute(found.group_by(Registration.order_id))}


def _sales(first: date, last: date, chart: Chart) -> Iterator[Entry]:
    issued = (
        sa.select(Invoice, Event.title)
        .join(Order, Order.id == Invoice.order_id)
        .join(Event, Event.id == Order.event_id)
        .where(Invoice.issued_on.between(first, last))
        .options(selectinload(Invoice.lines))
    )
    for invoice, event in db.session.execute(issued):
        assert invoice.number and invoice.issued_on
        about = About(
            ref=invoice.number,
            on=invoice.issued_on,
            text=f"{wording.INVOICE_KINDS[invoice.kind]} {invoice.number}",
            invoice=invoice.number,
            order_id=invoice.order_id,
            event=event,
            relation=invoice.buyer_name,
        )
        lines = [
            Sold(line.net_cents, line.vat, line.ledger_account, line.cost_centre, line.description)
            for line in invoice.lines
        ]
        shares = [Share(Vat(vat), *cents) for vat, *cents in invoice.snapshot["shares"]]
        yield sale(about, lines, shares, chart)


def _movements(first: date, last: date, chart: Chart) -> Iterator[Entry]:
    """On the day that we learned of it; what went by bank on the day that the bank says."""
    begin, end = _moments(first, last)
    booked_at, by_bank = MoneyMovement.booked_at, MoneyMovement.kind == MovementKind.BY_BANK
    at_bank = sa.func.coalesce(MoneyMovement.happened_at, booked_at)
    moved = (
        sa.select(MoneyMovement, Order.id, Event.title, PaymentAttempt.provider_id)
        .join(MoneyMovement.attempt)
        .join(Order, Order.id == PaymentAttempt.order_id)
        .join(Event, Event.id == Order.event_id)
        .where(
            sa.or_(
                sa.and_(~by_bank, booked_at >= begin, booked_at < end),
                sa.and_(by_bank, at_bank >= begin, at_bank < end),
            )
        )
    )
    for row, order_id, event, provider_id in db.session.execute(moved):
        to = Ledger.BANK if row.kind == MovementKind.BY_BANK else Ledger.MOLLIE
        on = (row.happened_at if to == Ledger.BANK else None) or row.booked_at
        word = wording.movement(row.kind, row.amount_cents, ours=row.refund_id is not None)
        about = About(
            ref=f"GELD-{row.id}",
            on=local_date(on),
            text=f"{word} {row.ref or provider_id or ''}".strip(),
            order_id=order_id,
            event=event,
        )
        yield money(_BOOKS[to], about, row.amount_cents, to=to, chart=chart)


def _matches(first: date, last: date, chart: Chart) -> Iterator[Entry]:
    """What came by bank or by hand and what was given up, and each of them taken back on the day of taking it back.

    Money that only moved to the invoice that came in the place of another was booked already.
    """
    begin, end = _moments(first, last)
    heir = aliased(InvoiceMatch)
    moved_on = sa.exists().where(heir.moved_from_id == InvoiceMatch.id)
    put = sa.and_(InvoiceMatch.received_on.between(first, last), InvoiceMatch.moved_from_id.is_(None))
    undone = sa.and_(InvoiceMatch.undone_at >= begin, InvoiceMatch.undone_at < end, ~moved_on)
    rows = (
        sa.select(InvoiceMatch, Invoice.number, Invoice.buyer_name, Order.id, Event.title, put, undone)
        .join(InvoiceMatch.invoice)
        .join(Order, Order.id == Invoice.order_id)
        .join(Event, Event.id == Order.event_id)
        .where(InvoiceMatch.source != MatchSource.MOLLIE, sa.or_(put, undone))
    )
    for row, number, relation, order_id, event, was_put, was_undone in db.session.execute(rows):
        to = _TO.get(row.source, Ledger.BANK)
        about = About("", row.received_on, "", number or "", order_id, event, relation)
        text = f"{wording.MATCH_SOURCES[row.source]} {row.bank_line}".strip()
        if was_put:
            came = replace(about, ref=f"BANK-{row.id}", text=text)
            yield money(_BOOKS[to], came, row.amount_cents, to=to, chart=chart)
        if was_undone and row.undone_at:
            on = local_date(row.undone_at)
            back = replace(about, ref=f"BANK-{row.id}-TERUG", on=on, text=f"Ongedaan: {text}")
            yield money(_BOOKS[to], back, -row.amount_cents, to=to, chart=chart)


def _payouts(first: date, last: date, chart: Chart) -> Iterator[Entry]:
    """A settlement is one entry a day, as a file that is brought later may hold more lines of it."""
    columns = (SettlementLine.settlement, SettlementLine.settled_on, SettlementLine.kind)
    rows = (
        sa.select(*columns, sa.func.sum(SettlementLine.amount_cents))
        .where(SettlementLine.settled_on.between(first, last))
        .group_by(*columns)
    )
    found: dict[tuple[str, date], list[tuple[SettlementKind, int]]] = defaultdict(list)
    for settlement, settled_on, kind, cents in db.session.execute(rows):
        found[settlement, settled_on].append((kind, int(cents)))
    for (settlement, settled_on), lines in found.items():
        day = formatting.short_date(settled_on)
        ref = f"UITB-{settlement}-{settled_on:%Y%m%d}"
        about = About(ref, settled_on, f"Uitbetaling Mollie {settlement}, {day}", settlement=settlement)
        yield payout(about, totals(lines), chart)


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    return from_local(first, time.min), from_local(last + timedelta(days=1), time.min)
