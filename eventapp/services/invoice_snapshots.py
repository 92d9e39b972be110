"""What an invoice says is frozen when it is issued; from that alone its papers are drawn."""

from dataclasses import fields
from datetime import date, timedelta

from eventapp.domain.association import Association
from eventapp.domain.invoices import IssuedInvoice, Line, MatchSource, Paid, Seller
from eventapp.domain.times import local_date
from eventapp.domain.vat import Share, Split, Vat
from eventapp.mail.compose import practice_mark
from eventapp.models import Invoice, InvoiceLine, InvoiceMatch

_LINE_NAMES = tuple(item.name for item in fields(Line))


def freeze(invoice: Invoice, split: Split, association: Association, *, on: date, pays: bool) -> None:
    """Within the transaction of issuing: the association, dates, btw and what was paid before, as they are now."""
    event = invoice.order.event
    credited = invoice.credits
    invoice.due_on = on + timedelta(days=association.invoice_term_days) if pays else on
    invoice.snapshot = {
        "seller": vars(association.seller),
        "service": [local_date(at).isoformat() for at in (event.starts_at, event.ends_at)],
        "order_reference": f"Aanmelding {invoice.order_id}",
        "shares": [[share.vat.value, share.gross_cents, share.net_cents, share.vat_cents] for share in split.shares],
        "paid": [_paid(match) for match in invoice.live_matches],
        "credits": [credited.number, credited.issued_on.isoformat()] if credited and credited.issued_on else [],
        "mark": practice_mark(),
    }


def _paid(match: InvoiceMatch) -> list[str | int]:
    method = match.attempt.method if match.source == MatchSource.MOLLIE and match.attempt else "bank"
    return [method, match.received_on.isoformat(), match.amount_cents]


def as_issued(invoice: Invoice) -> IssuedInvoice:
    """Everything that the papers of this invoice say."""
    assert invoice.number and invoice.issued_on and invoice.due_on
    kept = invoice.snapshot
    first, last = (date.fromisoformat(day) for day in kept["service"])
    shares = tuple(Share(Vat(vat), *cents) for vat, *cents in kept["shares"])
    return IssuedInvoice(
        number=invoice.number,
        kind=invoice.kind,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        service=(first, last),
        order_reference=kept["order_reference"],
        seller=Seller(**kept["seller"]),
        buyer=invoice.details,
        lines=tuple(line_of(line) for line in invoice.lines),
        split=Split(tuple(line.net_cents for line in invoice.lines), shares),
        paid=tuple(Paid(method, date.fromisoformat(on), cents) for method, on, cents in kept["paid"]),
        credits_number=kept["credits"][0] if kept["credits"] else "",
        credits_on=date.fromisoformat(kept["credits"][1]) if kept["credits"] else None,
        reason=invoice.reason,
        mark=kept["mark"],
    )


def line_of(line: InvoiceLine) -> Line:
    """The line as the domain knows it."""
    return Line(**{name: getattr(line, name) for name in _LINE_NAMES})
