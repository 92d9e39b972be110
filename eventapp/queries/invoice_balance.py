"""What is open of an invoice and where does it stand, as the database works it out for as many as there are?

`Invoice.balance` and `Invoice.state` say the same of one that was loaded; a test holds them side by side.
"""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventapp.domain.invoices import InvoiceKind, InvoiceState, MatchSource
from eventapp.models import Invoice, InvoiceMatch


def open_cents() -> sa.SQLColumnExpression[int]:
    """What is still to be paid of an invoice; below zero it has to go back."""
    return _due_cents() - _matched_cents()


def to_pay_cents() -> sa.SQLColumnExpression[int]:
    """The same of an issued invoice, and nothing of a draft or a credit invoice: they wait for no money."""
    waits = sa.and_(Invoice.number.is_not(None), Invoice.kind == InvoiceKind.INVOICE)
    return sa.case((waits, open_cents()), else_=0)


def is_unpaid() -> sa.ColumnElement[bool]:
    """Whether something is still to be paid: the states UNPAID."""
    return to_pay_cents() > 0


def state() -> sa.Case[InvoiceState]:
    """The value of its InvoiceState."""
    given_up = _matched_cents(InvoiceMatch.source == MatchSource.WRITE_OFF)
    received = _matched_cents(InvoiceMatch.source != MatchSource.WRITE_OFF)
    return sa.case(
        (Invoice.number.is_(None), InvoiceState.DRAFT),
        (Invoice.kind == InvoiceKind.CREDIT, InvoiceState.SETTLED),
        (open_cents() > 0, sa.case((received > 0, InvoiceState.PARTLY_PAID), else_=InvoiceState.OPEN)),
        (open_cents() < 0, InvoiceState.OVERPAID),
        (given_up != 0, InvoiceState.WRITTEN_OFF),
        (_due_cents() != 0, InvoiceState.PAID),
        else_=InvoiceState.CREDITED,
    )


def _due_cents() -> sa.SQLColumnExpression[int]:
    credit = aliased(Invoice)
    credited = sa.select(sa.func.coalesce(sa.func.sum(credit.gross_cents), 0)).where(credit.credits_id == Invoice.id)
    return Invoice.gross_cents + credited.correlate(Invoice).scalar_subquery()


def _matched_cents(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    live = (InvoiceMatch.invoice_id == Invoice.id, InvoiceMatch.undone_at.is_(None))
    matched = sa.select(sa.func.coalesce(sa.func.sum(InvoiceMatch.amount_cents), 0)).where(*live, *where)
    return matched.correlate(Invoice).scalar_subquery()
