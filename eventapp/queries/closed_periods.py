"""Which months of the books are closed, which can be, and what is still open of a period that is about to be?"""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.bank_refunds import BankRefundState
from eventapp.domain.closed_periods import month_of, months_between
from eventapp.domain.payments import AttemptStatus, Outcome, RefundState
from eventapp.domain.times import from_local, local_date
from eventapp.extensions import db
from eventapp.models import BankRefund, ClosedMonth, Invoice, MoneyMovement, PaymentAttempt, Refund, Registration
from eventapp.queries.invoice_list import Wanted, totals


class StillOpen(NamedTuple):
    """What is not finished of a period, in numbers: how many of each, and cents where that says something."""

    drafts: int
    unpaid: int
    unpaid_cents: int
    refunds: int
    bank_refunds: int
    differing: int

    @property
    def nothing(self) -> bool:
        return not (self.drafts or self.unpaid or self.refunds or self.bank_refunds or self.differing)


def closed_months(first: date, last: date) -> set[date]:
    """The first days of the closed months from the one of `first` to the one of `last`."""
    closed = sa.select(ClosedMonth.month).where(ClosedMonth.reopened_at.is_(None))
    return set(db.session.scalars(closed.where(ClosedMonth.month.between(month_of(first), month_of(last)))))


def history() -> Sequence[ClosedMonth]:
    """Every closing, those that were taken back too, the latest month first."""
    return db.session.scalars(sa.select(ClosedMonth).order_by(ClosedMonth.month.desc(), ClosedMonth.id.desc())).all()


def open_months(today: date) -> list[date]:
    """Months that are over and not closed, from the first in which there was money; the earliest first."""
    moments = (sa.select(sa.func.min(MoneyMovement.booked_at)), sa.select(sa.func.min(Invoice.issued_at)))
    booked = sa.select(sa.func.min(Registration.confirmed_at)).where(Registration.price_cents > 0)
    begun = [at for query in (*moments, booked) if (at := db.session.scalar(query)) is not None]
    if not begun:
        return []
    first, last = local_date(min(begun)), month_of(today) - timedelta(days=1)
    closed = closed_months(first, last)
    return [month for month in months_between(first, last) if month not in closed]


def still_open(last: date) -> StillOpen:
    """What is unfinished of all that began on this day or before, as it is now."""
    until = from_local(last + timedelta(days=1), time.min)
    invoices = totals(Wanted(last=last), on=last)
    under_way = (RefundState.PLANNED, RefundState.UNKNOWN, RefundState.SENT)
    return StillOpen(
        drafts=_count(Invoice, Invoice.number.is_(None), Invoice.issue_on <= last),
        unpaid=invoices.unpaid,
        unpaid_cents=invoices.open_cents,
        refunds=_count(Refund, Refund.state.in_(under_way), Refund.created_at < until),
        bank_refunds=_count(BankRefund, BankRefund.state == BankRefundState.WAITING, BankRefund.since < until),
        differing=_count(
            PaymentAttempt,
            PaymentAttempt.status == AttemptStatus.PAID,
            PaymentAttempt.outcome == Outcome.DIFFERS,
            PaymentAttempt.created_at < until,
            ~sa.exists().where(Refund.attempt_id == PaymentAttempt.id),
        ),
    )


def _count(model: type, *where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0
