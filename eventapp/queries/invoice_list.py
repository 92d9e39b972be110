"""Which invoices are asked for, a page at a time, and what do all of them come to? The database adds up."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload, selectinload

from eventapp import formatting
from eventapp.domain.invoices import InvoiceState
from eventapp.extensions import db
from eventapp.models import Event, Invoice, Order
from eventapp.queries.invoice_balance import is_unpaid, open_cents, state, to_pay_cents
from eventapp.queries.paging import Page

_EVENTS_TO_CHOOSE = 300
# The papers say these; a list does not, and they are large.
_SHORT = (defer(Invoice.snapshot), defer(Invoice.buyer))


class Wanted(NamedTuple):
    """What the list is narrowed to; `event` is an id, `first` and `last` are days of issuing, both included."""

    text: str = ""
    state: InvoiceState | None = None
    overdue: bool = False
    event: int | None = None
    first: date | None = None
    last: date | None = None


class Totals(NamedTuple):
    """Of all invoices that were asked for, drafts aside: how many are unpaid and how many of those too late."""

    invoiced_cents: int
    open_cents: int
    overdue_cents: int
    unpaid: int
    overdue: int


class InvoicesPage(Page[Invoice]):
    """One page of the list, newest number first and drafts on top."""


class ToChoose(NamedTuple):
    """An event that somebody may choose."""

    id: int
    title: str
    starts_at: datetime


def page(wanted: Wanted, number: int, *, on: date) -> tuple[InvoicesPage, Totals]:
    """The rows of one page, and what all pages come to as it is now; `on` is the day that says what is too late."""
    where = tuple(_conditions(wanted, on))
    total, totals = _added_up(where, on)
    rows = _loaded(InvoicesPage.cut(_newest(where), number), selectinload(Invoice.order, Order.registrations))
    return InvoicesPage(rows, total, number), totals


def totals(wanted: Wanted, *, on: date) -> Totals:
    """What the invoices asked for come to."""
    return _added_up(tuple(_conditions(wanted, on)), on)[1]


def unpaid(text: str, *, limit: int) -> tuple[Sequence[Invoice], int]:
    """The newest that money can still come in for, and how many there are; `text` may name several by their numbers."""
    where = (is_unpaid(), *((sa.or_(_says(text), _is_named_in(text)),) if text else ()))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Invoice).where(*where)) or 0
    return _loaded(_newest(where).limit(limit)), total


def unpaid_among(invoice_ids: Collection[int]) -> Sequence[Invoice]:
    """Those of these for which money can still come in."""
    return [] if not invoice_ids else _loaded(_newest((Invoice.id.in_(invoice_ids), is_unpaid())))


def _newest(where: Sequence[sa.ColumnElement[bool]]) -> sa.Select[int]:
    ids = sa.select(Invoice.id).where(*where)
    return ids.order_by(Invoice.issued_at.is_not(None), Invoice.issued_at.desc(), Invoice.id.desc())


def _loaded(ids: sa.Select[int], *more: sa.orm.interfaces.ORMOption) -> Sequence[Invoice]:
    """Sorting ids is much less work than sorting whole rows."""
    wanted = db.session.scalars(ids).all()
    rows = sa.select(Invoice).where(Invoice.id.in_(wanted)).options(*_SHORT, *more)
    for_balance = (selectinload(Invoice.matches), selectinload(Invoice.credited_by).options(*_SHORT))
    named = rows.options(*for_balance, joinedload(Invoice.order).joinedload(Order.event))
    found = {one.id: one for one in db.session.scalars(named)}
    return [found[one] for one in wanted if one in found]


def _conditions(wanted: Wanted, on: date) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.text:
        yield _says(wanted.text)
    if wanted.event:
        yield Invoice.order_id.in_(sa.select(Order.id).where(Order.event_id == wanted.event))
    if wanted.first:
        yield Invoice.issued_on >= wanted.first
    if wanted.last:
        yield Invoice.issued_on <= wanted.last
    if wanted.overdue:
        yield sa.and_(Invoice.due_on < on, is_unpaid())
    if wanted.state:
        yield state() == wanted.state


def _says(text: str) -> sa.ColumnElement[bool]:
    """A part of its number or of whom it is for, or what it comes to or what of that is open."""
    said = [column.icontains(text, autoescape=True) for column in (Invoice.number, Invoice.buyer_name)]
    with suppress(ValueError):
        cents = formatting.parse_money(text)
        said += [Invoice.gross_cents == cents, open_cents() == cents]
    return sa.or_(*said)


def _is_named_in(text: str) -> sa.ColumnElement[bool]:
    """Its number stands in what was copied from a bank statement."""
    return sa.literal(text).icontains(Invoice.number)


def _added_up(where: Sequence[sa.ColumnElement[bool]], on: date) -> tuple[int, Totals]:
    """Materialized, as both databases would otherwise look up anew what is open wherever it is mentioned."""
    to_pay: sa.Label[int] = to_pay_cents().label("to_pay_cents")
    found = sa.select(Invoice.number, Invoice.gross_cents, Invoice.due_on, to_pay).where(*where)
    asked = found.cte("asked").prefix_with("MATERIALIZED")
    is_open = asked.c.to_pay_cents > 0
    is_late = sa.and_(is_open, asked.c.due_on < on)
    row = db.session.execute(
        sa.select(
            sa.func.count(),
            _sum(asked.c.gross_cents, asked.c.number.is_not(None)),
            _sum(asked.c.to_pay_cents, is_open),
            _sum(asked.c.to_pay_cents, is_late),
            sa.func.count().filter(is_open),
            sa.func.count().filter(is_late),
        ).select_from(asked)
    ).one()
    return row[0], Totals(*map(int, row[1:]))


def _sum(column: sa.ColumnElement[int], where: sa.ColumnElement[bool]) -> sa.SQLColumnExpression[int]:
    return sa.func.coalesce(sa.func.sum(column).filter(where), 0)


def events_to_choose() -> Sequence[ToChoose]:
    """The newest with an invoice."""
    with_one = sa.select(Order.event_id).join(Invoice, Invoice.order_id == Order.id)
    newest = sa.select(Event.id, Event.title, Event.starts_at).where(Event.id.in_(with_one))
    rows = db.session.execute(newest.order_by(Event.starts_at.desc(), Event.id.desc()).limit(_EVENTS_TO_CHOOSE))
    return [ToChoose(*row) for row in rows]
