"""The papers of an invoice: drawn once by the worker, outside any lock, kept, and mailed to whoever pays."""

from datetime import datetime

from eventapp import documents
from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotIssued
from eventapp.domain.invoices import InvoiceKind, IssuedInvoice
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.models import Invoice, InvoiceFile
from eventapp.queries.association import load_association
from eventapp.queries.invoices import due_to_draw, due_to_remind
from eventapp.services.audit import note
from eventapp.services.invoice_snapshots import as_issued
from eventapp.services.invoicing import lock_invoice
from eventapp.transaction import transaction


def draw_due(*, now: datetime) -> int:
    """Draw PDF and UBL of every issued invoice that has none, keep them and mail them; answers how many.

    Any number of workers may do so at once: the first that is ready keeps its papers, which are the same bytes anyhow.
    """
    due = list(due_to_draw())
    db.session.rollback()
    for invoice_id in due:
        draw(invoice_id, now=now)
    return len(due)


def draw(invoice_id: int, *, now: datetime) -> None:
    """The papers of one issued invoice. Drawing itself happens with no transaction open."""
    issued = as_issued(db.session.get_one(Invoice, invoice_id))
    db.session.rollback()
    papers = drawn(issued, now=now)
    with transaction():
        invoice = lock_invoice(invoice_id)
        if invoice.files is None:
            invoice.files = papers
            db.session.flush()
            _mail("invoice", invoice, key="first", now=now)


def drawn(issued: IssuedInvoice, *, now: datetime) -> InvoiceFile:
    """The papers of what was issued, not kept yet; no e-invoice when something that it has to say is not known."""
    lacks = documents.ubl.lacking(issued)
    ubl = None if lacks else documents.ubl.to_ubl(issued)
    return InvoiceFile(pdf=documents.invoice_pdf.invoice_pdf(issued), ubl=ubl, ubl_lacks=list(lacks), drawn_at=now)


def resend(invoice_id: int, *, by: Actor, now: datetime) -> None:
    """Mail the same papers once more. Refuses with NotFound, and with NotIssued before there are papers."""
    with transaction():
        invoice = lock_invoice(invoice_id)
        if invoice.files is None:
            raise NotIssued()
        _mail("invoice", invoice, key=f"again-{now:%Y%m%d%H%M%S}", now=now)
        note("invoice_resent", "invoice", invoice.id, by=by, now=now)


def remind_due(*, now: datetime) -> int:
    """Remind whoever did not pay in time, with the papers once more, twice at most; answers how many."""
    due = list(due_to_remind(days=load_association().invoice_reminder_days, now=now))
    db.session.rollback()
    for invoice_id in due:
        with transaction():
            invoice = lock_invoice(invoice_id)
            # Somebody may have marked it as paid, or another worker reminded of it, since we looked.
            if invoice_id in due_to_remind(days=load_association().invoice_reminder_days, now=now):
                invoice.reminders += 1
                invoice.reminded_at = now
                _mail("invoice_reminder", invoice, key=str(invoice.reminders), now=now)
    return len(due)


def _mail(kind: str, invoice: Invoice, *, key: str, now: datetime) -> None:
    """To who pays, with the papers and nothing else: no ticket, and no link to what was booked."""
    assert invoice.files is not None
    write(
        kind,
        Recipient(invoice.details.address or invoice.order.address, invoice.details.addressee),
        purpose=f"{kind}-{invoice.id}-{key}",
        now=now,
        event_id=invoice.order.event_id,
        attachments=[{"draw": "invoice", "invoice_id": invoice.id}],
        event=invoice.order.event,
        invoice=invoice,
        issued=as_issued(invoice),
        is_credit=invoice.kind == InvoiceKind.CREDIT,
        open_cents=invoice.balance.open_cents,
    )
