"""Seven years after their year invoices lose whom they were for; until then, and ever after, nobody changes them."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from eventapp.domain.figures import Figure
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import Invoice, InvoiceFile, InvoiceLine, InvoiceMatch, InvoiceSweep
from eventapp.queries.invoices import invoice_by_token
from eventapp.queries.money import Period, figures
from eventapp.services import forgetting, invoice_papers, matching
from tests.factories import NOW
from tests.invoicing import TREASURER, get, issued, make_order, make_ready

LAST_DAY = datetime(2034, 12, 31, 22, tzinfo=UTC)
DAY_AFTER = datetime(2035, 1, 1, 1, tzinfo=UTC)


def drawn() -> tuple[int, str]:
    """An invoice with papers, a match and one that was undone: its id and its token."""
    make_ready()
    invoice_id = issued(make_order("Marieke"))
    for line in ("NL91 ABNA M. Bakker", "van mevrouw Bakker"):
        matching.match(invoice_id, 500, received_on=local_date(NOW), bank_line=line, by=TREASURER, now=NOW)
    first = db.session.scalars(sa.select(sa.func.min(InvoiceMatch.id))).one()
    matching.undo_match(first, reason="Was van mevrouw Bakker", by=TREASURER, now=NOW)
    invoice_papers.draw_due(now=NOW)
    token = get(invoice_id).token
    db.session.rollback()
    return invoice_id, token


def test_invoice_is_emptied_after_its_term_and_the_books_stay(app: Flask):
    invoice_id, token = drawn()
    period = Period.ever(local_date(DAY_AFTER))
    before = figures(period)[0].cents
    kept = forgetting.sweep(now=LAST_DAY).invoices
    papers = invoice_by_token(token)
    assert papers is not None and papers.files is not None
    db.session.rollback()

    gone = forgetting.sweep(now=DAY_AFTER).invoices
    again = forgetting.sweep(now=DAY_AFTER)
    invoice_papers.draw_due(now=DAY_AFTER)

    invoice = get(invoice_id)
    texts = [invoice.buyer_name, invoice.reason, *(line.detail for line in invoice.lines)]
    texts += [text for row in invoice.matches for text in (row.bank_line, row.created_by, row.undone_by)]
    assert (kept, gone, again.total) == (0, 1, 0)
    assert (invoice.buyer, texts, invoice.files) == ({}, [""] * len(texts), None)
    assert {row.undone_reason for row in invoice.matches} == {"", "(gewist)"}
    assert (invoice.number, invoice.gross_cents, invoice.balance.received_cents) == ("VNK2027-0001", 14500, 500)
    assert figures(period)[0].cents == before
    assert before[Figure.INVOICED] == 14500
    assert invoice_by_token(token) is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(InvoiceSweep)) == 0


@pytest.mark.parametrize("swept", [False, True], ids=["within its term", "after it"])
def test_nobody_but_the_sweep_changes_an_issued_invoice(app: Flask, swept: bool):
    drawn()
    if swept:
        forgetting.sweep(now=DAY_AFTER)
    changes = [sa.update(Invoice).values(buyer_name="X"), sa.update(InvoiceLine).values(detail="X")]
    changes += [sa.delete(InvoiceLine), sa.delete(Invoice), *([] if swept else [sa.delete(InvoiceFile)])]

    for change in changes:
        with pytest.raises(DatabaseError, match="an issued invoice never changes"):
            db.session.execute(change)
        db.session.rollback()
