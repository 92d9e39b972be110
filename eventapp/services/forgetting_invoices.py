"""Invoices whose seven years are over: numbers and amounts stay for the books, whom they were for goes."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.retention import invoices_through
from eventapp.extensions import db
from eventapp.models import Invoice, InvoiceFile, InvoiceLine, InvoiceMatch, InvoiceSweep

_GONE = "(gewist)"


def empty_old(*, now: datetime) -> int:
    """Within a transaction: empty what is past its term, papers and all; answers how many invoices.

    A row of `invoice_sweeps` lets the triggers pass, and is gone again before anybody else can see it.
    """
    through = invoices_through(now)
    old = sa.select(Invoice.id).where(Invoice.issued_on <= through, Invoice.erased_at.is_(None))
    ids = list(db.session.scalars(old))
    if not ids:
        return 0
    db.session.execute(sa.insert(InvoiceSweep).values(through=through))
    # The reason of undoing cannot be empty: it says that the match was undone.
    undone_reason = sa.case((InvoiceMatch.undone_at.is_(None), ""), else_=_GONE)
    empty_match = {"bank_line": "", "reason": "", "created_by": "", "undone_by": "", "undone_reason": undone_reason}
    for statement in (
        sa.delete(InvoiceFile).where(InvoiceFile.invoice_id.in_(old)),
        sa.update(InvoiceLine).where(InvoiceLine.invoice_id.in_(old)).values(detail=""),
        sa.update(InvoiceMatch).where(InvoiceMatch.invoice_id.in_(old)).values(**empty_match),
        sa.update(Invoice).where(Invoice.id.in_(old)).values(buyer={}, buyer_name="", reason="", erased_at=now),
        sa.delete(InvoiceSweep),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    return len(ids)
