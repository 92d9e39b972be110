"""What goes back of a place that was withdrawn, which way, and how far is it?"""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.bank_refunds import BankRefundState, Progress
from eventapp.domain.payments import RefundState
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import BankRefund, PaymentAttempt, Refund, Registration
from eventapp.queries import bank_refunds

_BY_BANK = {BankRefundState.DONE: Progress.DONE, BankRefundState.KEPT: None, BankRefundState.LAPSED: None}


class MoneyBack(NamedTuple):
    """So many cents go back to whoever paid."""

    cents: int
    progress: Progress


def money_back(registration: Registration) -> MoneyBack | None:
    """What goes back because this place was withdrawn; None when nothing does, or nobody paid for it."""
    if registration.state != State.CANCELLED or not registration.price_cents or registration.cancelled_at is None:
        return None
    refunds = _refunds(registration)
    rows = [row for row in bank_refunds.of_order(registration.order_id) if row.invoice_id is not None]
    found = [*map(_of_refund, refunds), *map(_of_row, rows)]
    known = [progress for progress in found if progress is not None]
    if not known:
        return None
    whole = sum(refund.amount_cents for refund in refunds) + sum(row.amount_cents for row in rows)
    alone = len(registration.order.registrations) == 1
    cents = whole if alone else min(whole, registration.price_cents - registration.kept_cents)
    return MoneyBack(cents, min(known, key=list(Progress).index)) if cents > 0 else None


def _refunds(registration: Registration) -> Sequence[Refund]:
    """Planned in the very transaction that withdrew it; one that was done over counts as the newer one."""
    planned = (
        sa.select(Refund)
        .join(PaymentAttempt)
        .where(PaymentAttempt.order_id == registration.order_id, Refund.created_at == registration.cancelled_at)
    )
    return [_last(refund) for refund in db.session.scalars(planned.order_by(Refund.id))]


def _last(refund: Refund) -> Refund:
    while refund.retried_by is not None:
        refund = refund.retried_by
    return refund


def _of_refund(refund: Refund) -> Progress | None:
    if refund.state == RefundState.DONE:
        return Progress.DONE
    if refund.state != RefundState.FAILED:
        return Progress.UNDER_WAY
    return _of_row(refund.bank_refund) if refund.bank_refund else Progress.FAILED


def _of_row(row: BankRefund) -> Progress | None:
    if row.state == BankRefundState.WAITING:
        return Progress.BY_BANK if row.iban else Progress.ASKS_IBAN
    return _BY_BANK[row.state]
