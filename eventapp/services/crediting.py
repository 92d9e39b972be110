"""An issued invoice never changes: it is credited, whole or in part, and if need be followed by a new one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from eventapp import wording
from eventapp.domain.actors import Actor
from eventapp.domain.errors import NothingToCredit, NotIssued
from eventapp.domain.invoices import Buyer, InvoiceKind, Line, MatchSource, split_credit, to_credit
from eventapp.domain.tokens import new_token
from eventapp.domain.vat import Vat, split
from eventapp.extensions import db
from eventapp.models import Invoice, InvoiceMatch, Order
from eventapp.queries.invoices import credited_cents, invoiced_cents, stand_ins
from eventapp.services import bank_refunds, owing, paid_places
from eventapp.services.invoice_snapshots import line_of
from eventapp.services.invoicing import lock_invoice, put_number
from eventapp.services.matching import fit_write_off, undo
from eventapp.transaction import transaction


def credit(
    invoice_id: int, amounts: Mapping[int, int] | None = None, *, reason: str, by: Actor, now: datetime
) -> Invoice:
    """Issue a credit invoice for all that is left, or for these cents per id of a line; answers it.

    Never more than what is left of a line: refuses with CreditTooHigh, NothingToCredit, NotIssued and NotFound. Whoever
    it was for owes so much less: it is never invoiced or asked for again. Money that was paid stays where it is; the
    invoice then says that it has too much.
    """
    with transaction():
        invoice = _creditable(invoice_id)
        charged = invoiced_cents(invoice.order_id)
        made = _credit(invoice, to_credit(left_cents(invoice), amounts), reason=reason, by=by, now=now)
        _owe_less(invoice.order, made, charged, now=now)
        _credited(invoice, by=by, now=now)
        paid_places.confirm_who_owe_nothing(invoice, by=by, now=now)
        return made


def credit_registrations(
    invoice_id: int, amounts: Mapping[int, int], *, reason: str, by: Actor, now: datetime
) -> Invoice:
    """As `credit`, with cents per id of a registration: what of each place has to be taken back."""
    with transaction():
        invoice = _creditable(invoice_id)
        lines = {line.id: amounts.get(line.registration_id or 0, 0) for line in invoice.lines}
        made = _credit(invoice, to_credit(left_cents(invoice), lines), reason=reason, by=by, now=now)
        _credited(invoice, by=by, now=now)
        return made


def _owe_less(order: Order, made: Invoice, charged: Mapping[int, int], *, now: datetime) -> None:
    """By what was credited, but for what had been charged beyond what they owe."""
    places, credited = stand_ins(order.id), dict[int, int]()
    for line in made.lines:
        place = places.get(line.registration_id or 0, line.registration_id or 0)
        credited[place] = credited.get(place, 0) - line.gross_cents
    for registration in order.registrations:
        over = max(0, charged.get(registration.id, 0) - owing.owed_cents(registration))
        owing.lower(registration, max(0, credited.get(registration.id, 0) - over))
    owing.book(order.registrations, now=now)


def _credited(invoice: Invoice, *, by: Actor, now: datetime) -> None:
    """What is left of it may be paid by now, for who still waits on it; what is too much goes back."""
    fit_write_off(invoice, by=by, now=now)
    paid_places.confirm(invoice, by=by, now=now)
    bank_refunds.follow(invoice.order_id, now=now)


def new_reference(invoice_id: int, buyer: Buyer, *, reason: str, by: Actor, now: datetime) -> Invoice:
    """Credit what is left and issue it anew for this buyer, in one transaction; answers the new invoice.

    What was paid goes along to the new one. Refuses as `credit` does.
    """
    with transaction():
        old = _creditable(invoice_id)
        left = to_credit(left_cents(old), None)
        lines = [replace(line_of(line), gross_cents=left[line.id]) for line in old.lines if line.id in left]
        _credit(old, left, reason=reason, by=by, now=now)
        new = _made(old, buyer, now=now, replaces_id=old.id)
        _move_matches(old, new, by=by, now=now)
        put_number(new, lines, split([(line.gross_cents, line.vat) for line in lines]), by=by, now=now)
        bank_refunds.follow(new.order_id, now=now)
        return new


def left_cents(invoice: Invoice) -> dict[int, int]:
    """Per id of a line what can still be credited."""
    taken = credited_cents(invoice.id)
    return {line.id: line.gross_cents - taken.get(line.id, 0) for line in invoice.lines}


def _creditable(invoice_id: int) -> Invoice:
    invoice = lock_invoice(invoice_id)
    if invoice.number is None:
        raise NotIssued()
    if invoice.kind == InvoiceKind.CREDIT:
        raise NothingToCredit()
    return invoice


def _credit(invoice: Invoice, amounts: Mapping[int, int], *, reason: str, by: Actor, now: datetime) -> Invoice:
    before: dict[Vat, int] = {}
    taken = credited_cents(invoice.id)
    for line in invoice.lines:
        before[line.vat] = before.get(line.vat, 0) + taken.get(line.id, 0)
    lines: list[Line] = [
        replace(line_of(line), gross_cents=-amounts[line.id], quantity=1, credits_line_id=line.id)
        for line in invoice.lines
        if line.id in amounts
    ]
    made = _made(invoice, invoice.details, now=now, kind=InvoiceKind.CREDIT, credits=invoice, reason=reason)
    parts = [(line.gross_cents, line.vat) for line in lines]
    put_number(made, lines, split_credit(parts, before), by=by, now=now)
    db.session.expire(invoice, ["credited_by"])
    return made


def _made(invoice: Invoice, buyer: Buyer, *, now: datetime, **more: object) -> Invoice:
    made = Invoice(
        token=new_token(),
        order=invoice.order,
        buyer=vars(buyer),
        buyer_name=buyer.addressee[:200],
        created_at=now,
        **more,
    )
    db.session.add(made)
    return made


def _move_matches(old: Invoice, new: Invoice, *, by: Actor, now: datetime) -> None:
    """Money follows to the new invoice, also what was kept of it; what was given up on the old one no longer is."""
    for row in old.live_matches:
        undo(row, reason=wording.MOVED_TO_NEW_INVOICE, by=by, now=now)
        if row.source != MatchSource.WRITE_OFF or row.bank_refund_id is not None:
            kept = ("source", "amount_cents", "received_on", "bank_line", "attempt_id", "bank_refund_id")
            values = {name: getattr(row, name) for name in kept}
            new.matches.append(InvoiceMatch(**values, moved_from_id=row.id, created_by=by.name, created_at=now))
    db.session.flush()
