"""What has to go back by bank, per invoice and as rows that wait, and which credit invoices could not be issued yet?"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from eventapp import formatting
from eventapp.domain.bank_refunds import BankRefundState, masked_iban, owed_by_bank
from eventapp.domain.invoices import InvoiceKind, InvoiceState, MatchSource
from eventapp.domain.names import fold
from eventapp.extensions import db
from eventapp.models import BankRefund, Invoice, InvoiceMatch, Order, PaymentAttempt, Person, Refund, Registration
from eventapp.queries.invoice_balance import state
from eventapp.queries.paging import Page

_BY_BANK = (MatchSource.BANK, MatchSource.HAND)


class Waiting(NamedTuple):
    """What waits for the treasurer: how many, of which with an IBAN, and how much in cents."""

    rows: int
    with_iban: int
    cents: int


class BackByBank(NamedTuple):
    """What of an order still goes back by bank, in cents; `account` in part, '' while it is not known."""

    cents: int
    account: str

    @property
    def known(self) -> bool:
        return bool(self.account)


def back_by_bank(order_id: int) -> BackByBank | None:
    """What the page of the order says of it; None when nothing waits."""
    rows = waiting_of_order(order_id)
    if not rows:
        return None
    account = masked_iban(rows[0].iban) if all(row.iban for row in rows) else ""
    return BackByBank(sum(row.amount_cents for row in rows), account)


def owed_by_invoice(order_id: int, credited: Mapping[int, int] | None = None) -> dict[int, int]:
    """Cents per issued invoice of the order that have to go back by bank; where nothing has to, 0.

    `credited`: what would be taken back besides, in cents per invoice.
    """
    return {row.id: owed for row, owed in _owed(Invoice.order_id == order_id, credited or {})}


def when_event_is_off(event_id: int) -> tuple[int, int]:
    """How many cents more would have to go back by bank when nobody owes anything, and how many invoices are unpaid."""
    by_bank = sum(max(0, row.banked_cents + row.kept_cents) - owed for row, owed in _owed(_at(event_id), {}))
    open_ones = sa.select(sa.func.count()).select_from(Invoice).where(_at(event_id), state() == InvoiceState.OPEN)
    return by_bank, db.session.scalar(open_ones) or 0


def banked_if_issued(order_id: int) -> int | None:
    """How many cents of an order came by bank and are still here; None when no invoice was issued."""
    rows = _owed(Invoice.order_id == order_id, {})
    return sum(max(0, row.banked_cents + row.kept_cents) for row, _ in rows) if rows else None


def banked_cents(order_id: int) -> int:
    """How many cents of an order came by bank and are still here."""
    return banked_if_issued(order_id) or 0


def _at(event_id: int) -> sa.ColumnElement[bool]:
    return Invoice.order_id.in_(sa.select(Order.id).where(Order.event_id == event_id))


def orders_owed() -> set[int]:
    """The orders of which an invoice has too much money from the bank."""
    return {row.order_id for row, owed in _owed(sa.true(), {}) if owed}


def _owed(where: sa.ColumnElement[bool], credited: Mapping[int, int]) -> list[tuple[sa.Row[Any], int]]:
    live, negative = InvoiceMatch.undone_at.is_(None), InvoiceMatch.amount_cents < 0
    write_off = sa.and_(InvoiceMatch.source == MatchSource.WRITE_OFF, negative)
    credit = aliased(Invoice)
    query = sa.select(
        Invoice.id,
        Invoice.order_id,
        Invoice.gross_cents,
        _sum(credit.gross_cents, credit.credits_id == Invoice.id).label("credits_cents"),
        _sum(InvoiceMatch.amount_cents, _of_invoice(), live, InvoiceMatch.source.in_(_BY_BANK)).label("banked_cents"),
        _sum(InvoiceMatch.amount_cents, _of_invoice(), live, write_off).label("kept_cents"),
    ).where(Invoice.kind == InvoiceKind.INVOICE, Invoice.number.is_not(None), where)
    found: list[tuple[Any, int]] = [
        (
            row,
            owed_by_bank(
                due_cents=row.gross_cents + row.credits_cents - credited.get(row.id, 0),
                banked_cents=row.banked_cents,
                kept_cents=-row.kept_cents,
            ),
        )
        for row in db.session.execute(query.order_by(Invoice.id))
    ]
    return found


def _of_invoice() -> sa.ColumnElement[bool]:
    return InvoiceMatch.invoice_id == Invoice.id


def _sum(column: InstrumentedAttribute[int], *where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    total = sa.select(sa.func.coalesce(sa.func.sum(column), 0)).where(*where)
    return total.correlate(Invoice).scalar_subquery()


def waiting_of_order(order_id: int) -> Sequence[BankRefund]:
    """What of an order still has to go back by bank, as the database has it now."""
    rows = sa.select(BankRefund).where(BankRefund.order_id == order_id, BankRefund.state == BankRefundState.WAITING)
    return db.session.scalars(rows.order_by(BankRefund.id).execution_options(populate_existing=True)).all()


def of_order(order_id: int) -> Sequence[BankRefund]:
    """Everything that went or has to go back by bank for an order; what lapsed is left out."""
    rows = sa.select(BankRefund).where(BankRefund.order_id == order_id, BankRefund.state != BankRefundState.LAPSED)
    return db.session.scalars(rows.order_by(BankRefund.id).options(joinedload(BankRefund.invoice))).all()


_WITH_NAMES = (
    joinedload(BankRefund.invoice),
    joinedload(BankRefund.order).joinedload(Order.booker),
    joinedload(BankRefund.order).joinedload(Order.event),
    joinedload(BankRefund.order).selectinload(Order.registrations).joinedload(Registration.person),
    joinedload(BankRefund.refund).joinedload(Refund.attempt),
)


def orders_waiting() -> set[int]:
    """The orders of which something still has to go back."""
    return set(db.session.scalars(sa.select(BankRefund.order_id).where(BankRefund.state == BankRefundState.WAITING)))


class BankRefundsPage(Page[BankRefund]):
    """One page of what goes or went back."""


def waiting(text: str = "", *, number: int = 1) -> BankRefundsPage:
    """What still has to go back, with an IBAN first and then the oldest."""
    where = (BankRefund.state == BankRefundState.WAITING, *_says(text))
    return _page(where, number, BankRefund.iban == "", BankRefund.since, BankRefund.id)


def settled(text: str = "", *, number: int = 1) -> BankRefundsPage:
    """What went back, was kept or lapsed, the last one first."""
    where = (BankRefund.state != BankRefundState.WAITING, *_says(text))
    return _page(where, number, BankRefund.settled_at.desc(), BankRefund.id.desc())


def _page(where: Sequence[sa.ColumnElement[bool]], number: int, *order: Any) -> BankRefundsPage:
    total = db.session.scalar(sa.select(sa.func.count()).select_from(BankRefund).where(*where)) or 0
    ids = db.session.scalars(BankRefundsPage.cut(sa.select(BankRefund.id).where(*where).order_by(*order), number)).all()
    of_order = joinedload(BankRefund.order)
    named = (joinedload(BankRefund.invoice), of_order.joinedload(Order.booker), of_order.joinedload(Order.event))
    rows = sa.select(BankRefund).where(BankRefund.id.in_(ids)).order_by(*order).options(*named)
    return BankRefundsPage(db.session.scalars(rows).all(), total, number)


def _says(text: str) -> Iterator[sa.ColumnElement[bool]]:
    """A part of whose account it is, of who booked or of the number of the invoice, or the amount."""
    if not text:
        return
    booked = sa.exists().where(Order.id == BankRefund.order_id, Person.id == Order.booker_id)
    numbered = sa.exists().where(Invoice.id == BankRefund.invoice_id, Invoice.number.icontains(text, autoescape=True))
    said = [
        BankRefund.holder.icontains(text, autoescape=True),
        booked.where(Person.sort_key.contains(fold(text), autoescape=True)),
        numbered,
    ]
    with suppress(ValueError):
        said.append(BankRefund.amount_cents == formatting.parse_money(text))
    yield sa.or_(*said)


def by_id(bank_refund_id: int) -> BankRefund | None:
    """One, with its order and what it is about."""
    return db.session.get(BankRefund, bank_refund_id, options=_WITH_NAMES)


def totals() -> Waiting:
    """What waits, in one line."""
    with_iban = sa.func.count().filter(BankRefund.iban != "")
    counted = sa.select(sa.func.count(), with_iban, sa.func.coalesce(sa.func.sum(BankRefund.amount_cents), 0))
    return Waiting(*db.session.execute(counted.where(BankRefund.state == BankRefundState.WAITING)).one())


def refund_by_id(refund_id: int) -> Refund | None:
    """A refund at the provider, with its order."""
    path = joinedload(Refund.attempt).joinedload(PaymentAttempt.order)
    with_names = (path.joinedload(Order.event), path.selectinload(Order.registrations).joinedload(Registration.person))
    return db.session.get(Refund, refund_id, options=with_names)
