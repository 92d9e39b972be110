"""Money goes back by bank, once: the payer gives an IBAN, the treasurer pays or keeps it, and may undo either."""

from datetime import date, datetime

import sqlalchemy as sa

from eventapp import formatting
from eventapp.domain.actors import Actor
from eventapp.domain.bank_refunds import BankRefundState, check_transfer_day, masked_iban
from eventapp.domain.errors import (
    BadIban,
    NotFound,
    NothingToPayBack,
    NothingToRefund,
    NotPaidBack,
    OwnIban,
    PaidBackAlready,
    RetriedAlready,
    SecondYesNeeded,
)
from eventapp.domain.invoices import MatchSource
from eventapp.domain.numbers import compact, valid_iban
from eventapp.domain.payments import RefundState, needs_second_yes
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import BankRefund, Invoice, InvoiceMatch, PaymentAttempt, Refund
from eventapp.payments.gateway import Gateway
from eventapp.queries import bank_refunds as reading
from eventapp.queries.association import load_association
from eventapp.queries.attempts import left_cents
from eventapp.services import bank_refunds, closed_periods, matching, posting, refunding_by_hand
from eventapp.services.locks import lock_order
from eventapp.transaction import transaction


def give_details(order_id: int, iban: str, holder: str, *, by: Actor, now: datetime) -> None:
    """Whoever booked says where the money of this order goes; until it is paid they may say otherwise.

    It is mailed, so that nobody else can do so unseen. Refuses with BadIban, OwnIban, NothingToPayBack or NotFound.
    """
    iban = compact(iban)
    if not valid_iban(iban):
        raise BadIban()
    if iban == compact(load_association().iban):
        raise OwnIban()
    with transaction():
        order = lock_order(order_id)
        rows = reading.waiting_of_order(order_id)
        if not rows:
            raise NothingToPayBack()
        for row in rows:
            if (row.iban, row.holder) != (iban, holder):
                row.iban, row.holder = iban, holder
                bank_refunds.note_on("bank_details_given", row, by=by, now=now, iban=masked_iban(iban))
                bank_refunds.tell(row, "given", now=now, key=f"-{order.version}")


def mark_done(
    bank_refund_id: int, paid_on: date, *, by: Actor, now: datetime, confirmed_cents: int | None = None
) -> None:
    """The treasurer transferred it on this day; it comes off the invoice, and whoever booked is told.

    Above the set amount `confirmed_cents` has to repeat the amount. Refuses with SecondYesNeeded, BadTransferDay,
    PeriodClosed, PaidBackAlready or NotFound.
    """
    with transaction():
        row = _lock_waiting(bank_refund_id, confirmed_cents)
        check_transfer_day(paid_on, since=local_date(row.since), today=local_date(now))
        closed_periods.refuse_when_closed(paid_on)
        _take_off(row, paid_on, by=by, now=now)
        row.paid_on = paid_on
        _settle(row, BankRefundState.DONE, by=by, now=now)
        bank_refunds.note_on("bank_refund_done", row, by=by, now=now, paid_on=paid_on.isoformat())
        bank_refunds.tell(row, "paid", now=now, key=f"-{row.order.version}")


def keep(bank_refund_id: int, reason: str, *, by: Actor, now: datetime, confirmed_cents: int | None = None) -> None:
    """Nothing goes back, for a reason such as a gift: what is too much on the invoice is written off.

    Refuses as `mark_done` does, but for the day.
    """
    with transaction():
        row = _lock_waiting(bank_refund_id, confirmed_cents)
        invoice = row.invoice or _overpaid_by(row)
        if invoice is not None:
            cents = min(row.amount_cents, -invoice.balance.open_cents)
            _put(row, invoice, cents, MatchSource.WRITE_OFF, local_date(now), by=by, now=now, reason=reason)
        row.reason = reason
        _settle(row, BankRefundState.KEPT, by=by, now=now)
        bank_refunds.note_on("bank_refund_kept", row, by=by, now=now, reason=reason)


def undo(bank_refund_id: int, reason: str, *, by: Actor, now: datetime) -> None:
    """It was not paid, or not kept, after all: it waits again, as much as is too much by now.

    Refuses with NotPaidBack, NotFound, and NothingToRefund when what was kept went back at the provider meanwhile.
    """
    with transaction():
        row = _lock(bank_refund_id)
        was = row.state
        if was not in (BankRefundState.DONE, BankRefundState.KEPT):
            raise NotPaidBack()
        if row.refund and was == BankRefundState.KEPT and left_cents(row.refund.attempt) < row.amount_cents:
            raise NothingToRefund()
        live = sa.select(InvoiceMatch).where(InvoiceMatch.bank_refund_id == row.id, InvoiceMatch.undone_at.is_(None))
        for match in db.session.scalars(live).all():
            matching.undo(match, reason=reason, by=by, now=now)
        if row.refund and was == BankRefundState.DONE:
            posting.post_by_bank(row.refund, 0, row_id=row.id, on=None, now=now)
        # Another row may wait for the same invoice by now; that one then grows.
        waiting = {other.invoice_id for other in reading.waiting_of_order(row.order_id)}
        taken = row.invoice_id is not None and row.invoice_id in waiting
        row.paid_on, row.reason = None, ""
        row.state = BankRefundState.LAPSED if taken else BankRefundState.WAITING
        row.settled_at, row.settled_by = (now, by.name) if taken else (None, "")
        bank_refunds.note_on("bank_refund_undone", row, by=by, now=now, reason=reason)
        bank_refunds.follow(row.order_id, now=now)


def instead_of(refund_id: int, gateway: Gateway, *, paid_on: date | None, by: Actor, now: datetime) -> int:
    """A refund that failed at the provider goes by bank instead; answers the id of its row, twice the same.

    With `paid_on` the treasurer transferred it already; without, the payer is asked for an IBAN. The provider is asked
    first: what failed for us may have been done there after all. Refuses with RetriedAlready, NothingToRefund,
    ProviderSilent, BadTransferDay or NotFound.
    """
    refund = db.session.get(Refund, refund_id)
    if refund is None:
        raise NotFound()
    refunding_by_hand.ask(refund.attempt_id, gateway, now=now)
    with transaction():
        lock_order(db.session.get_one(PaymentAttempt, db.session.get_one(Refund, refund_id).attempt_id).order_id)
        failed = db.session.get_one(Refund, refund_id, populate_existing=True)
        row = db.session.scalar(sa.select(BankRefund).where(BankRefund.refund_id == refund_id))
        if row is None:
            done_over = db.session.scalar(sa.select(Refund.id).where(Refund.retry_of_id == refund_id))
            if failed.state != RefundState.FAILED or done_over:
                raise RetriedAlready()
            if left_cents(failed.attempt) < failed.amount_cents:
                raise NothingToRefund()
            row = bank_refunds.begin_for(failed, asks=paid_on is None, now=now)
        row_id, amount_cents = row.id, row.amount_cents
        if paid_on is not None:
            mark_done(row_id, paid_on, by=by, now=now, confirmed_cents=amount_cents)
    return row_id


def _lock(bank_refund_id: int) -> BankRefund:
    """The row as it is now, with its order locked. Refuses with NotFound."""
    order_id = db.session.scalar(sa.select(BankRefund.order_id).where(BankRefund.id == bank_refund_id))
    if order_id is None:
        raise NotFound()
    lock_order(order_id)
    return db.session.get_one(BankRefund, bank_refund_id, populate_existing=True)


def _lock_waiting(bank_refund_id: int, confirmed_cents: int | None) -> BankRefund:
    row = _lock(bank_refund_id)
    if row.state != BankRefundState.WAITING:
        raise PaidBackAlready()
    large = needs_second_yes(row.amount_cents, above_cents=load_association().refund_confirm_cents)
    if large and confirmed_cents != row.amount_cents:
        raise SecondYesNeeded(amount=formatting.money(row.amount_cents))
    return row


def _settle(row: BankRefund, state: BankRefundState, *, by: Actor, now: datetime) -> None:
    row.state, row.settled_at, row.settled_by = state, now, by.name
    db.session.flush()
    bank_refunds.follow(row.order_id, now=now)


def _take_off(row: BankRefund, paid_on: date, *, by: Actor, now: datetime) -> None:
    """Bank money comes off its invoice; money that the provider still has off the invoices it stands on."""
    if row.invoice is not None:
        _put(row, row.invoice, row.amount_cents, MatchSource.BANK, paid_on, by=by, now=now)
    elif row.refund is not None:
        posting.post_by_bank(row.refund, row.amount_cents, row_id=row.id, on=paid_on, now=now)
        matching.return_payment(row.refund.attempt, row.amount_cents, bank_refund_id=row.id, now=now)


def _overpaid_by(row: BankRefund) -> Invoice | None:
    """The invoice on which the payment of a refund that failed is too much, if there is one."""
    assert row.refund is not None
    on_invoices = sa.select(InvoiceMatch.invoice_id).where(
        InvoiceMatch.attempt_id == row.refund.attempt_id, InvoiceMatch.undone_at.is_(None)
    )
    found = db.session.scalars(sa.select(Invoice).where(Invoice.id.in_(on_invoices)).order_by(Invoice.id.desc()))
    return next((invoice for invoice in found if invoice.balance.open_cents < 0), None)


def _put(
    row: BankRefund,
    invoice: Invoice,
    cents: int,
    source: MatchSource,
    on: date,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    match = InvoiceMatch(
        source=source,
        amount_cents=-cents,
        received_on=on,
        bank_refund_id=row.id,
        reason=reason,
        created_by=by.name,
        created_at=now,
    )
    invoice.matches.append(match)
