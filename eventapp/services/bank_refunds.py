"""Bank money that is too much gets a row for the treasurer: rows follow the invoices, whatever happened to those."""

from datetime import datetime

from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.bank_refunds import BankRefundState
from eventapp.extensions import db
from eventapp.models import BankRefund, Invoice, Order, Refund
from eventapp.queries import bank_refunds
from eventapp.queries.attempts import AT_PROVIDER
from eventapp.services import mails
from eventapp.services.audit import note
from eventapp.services.locks import lock_order
from eventapp.transaction import transaction


def follow(order_id: int, *, now: datetime) -> None:
    """Within the transaction that locked the order: what waits becomes what its invoices say has to go back by bank.

    A new row asks the payer for an IBAN. Twice does nothing more; an invoice that came in the place of another takes
    its row, and IBAN, along.
    """
    db.session.flush()
    owed = bank_refunds.owed_by_invoice(order_id)
    waiting = bank_refunds.waiting_of_order(order_id)
    rows: dict[int | None, BankRefund] = {row.invoice_id: row for row in waiting if row.invoice_id is not None}
    _move_along(rows, owed)
    for invoice_id, row in rows.items():
        _fit(row, owed.get(invoice_id or 0, 0), now=now)
    for invoice_id, cents in owed.items():
        if cents and invoice_id not in rows:
            _begin(db.session.get_one(Order, order_id), cents, invoice=db.session.get_one(Invoice, invoice_id), now=now)
    for row in waiting:
        if row.refund is not None and row.refund.state in AT_PROVIDER:
            _lapse(row, now=now)


def follow_everywhere(*, now: datetime) -> int:
    """Every order of which bank money is too much, each in its own transaction; answers how many were looked at.

    What the use cases follow themselves is followed already: this finds what was there before, or was missed.
    """
    orders = sorted(bank_refunds.orders_owed() | bank_refunds.orders_waiting())
    db.session.rollback()
    for order_id in orders:
        with transaction():
            lock_order(order_id)
            follow(order_id, now=now)
    return len(orders)


def begin_for(refund: Refund, *, asks: bool, now: datetime) -> BankRefund:
    """Within the transaction that locked the order: a refund that failed at the provider goes by bank instead."""
    return _begin(refund.attempt.order, refund.amount_cents, refund=refund, since=refund.created_at, asks=asks, now=now)


def _move_along(rows: dict[int | None, BankRefund], owed: dict[int, int]) -> None:
    for invoice_id, cents in owed.items():
        replaced = db.session.get_one(Invoice, invoice_id).replaces_id
        if cents and invoice_id not in rows and replaced in rows and not owed.get(replaced or 0):
            row = rows.pop(replaced)
            row.invoice_id, rows[invoice_id] = invoice_id, row


def _fit(row: BankRefund, cents: int, *, now: datetime) -> None:
    if not cents:
        _lapse(row, now=now)
    elif cents != row.amount_cents:
        row.amount_cents = cents
        note_on("bank_refund_changed", row, now=now)


def _lapse(row: BankRefund, *, now: datetime) -> None:
    row.state, row.settled_at, row.settled_by = BankRefundState.LAPSED, now, SYSTEM.name
    note_on("bank_refund_lapsed", row, now=now)


def _begin(
    order: Order,
    cents: int,
    *,
    invoice: Invoice | None = None,
    refund: Refund | None = None,
    since: datetime | None = None,
    asks: bool = True,
    now: datetime,
) -> BankRefund:
    row = BankRefund(order=order, invoice=invoice, refund=refund, amount_cents=cents, since=since or now)
    db.session.add(row)
    db.session.flush()
    note_on("bank_refund_due", row, now=now)
    if asks:
        tell(row, "asked", now=now)
    return row


def tell(row: BankRefund, step: str, *, now: datetime, key: str = "") -> None:
    """Mail whoever booked, unless erased: the IBAN is `asked` for, it was `given`, or the money was `paid`."""
    if row.order.address:
        words = {"step": step, "bank_refund": row}
        mails.to_payer("bank_refund", row.order, now=now, key=f"{row.id}-{step}{key}", **words)


def note_on(act: str, row: BankRefund, *, now: datetime, by: Actor = SYSTEM, **facts: object) -> None:
    """A line in the log of the order; never a whole IBAN."""
    facts = {"amount_cents": row.amount_cents, "bank_refund_id": row.id} | facts
    note(act, "order", row.order_id, by=by, now=now, event_id=row.order.event_id, **facts)
