"""An order gets its invoice: a draft that may be completed, and then a number and a snapshot in one transaction."""

import logging
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from eventapp import formatting, wording
from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.errors import (
    AlreadyIssued,
    ChangedMeanwhile,
    DomainError,
    InvoiceNotReady,
    NotFound,
    NothingToInvoice,
)
from eventapp.domain.invoices import Buyer, Line, format_number, missing_of_seller
from eventapp.domain.revenue import rule_for
from eventapp.domain.times import local_date
from eventapp.domain.vat import Split, split
from eventapp.extensions import db, insert_into
from eventapp.models import Invoice, InvoiceLine, InvoiceSeries, Order
from eventapp.queries.association import load_association
from eventapp.queries.invoices import due_to_issue, invoice_address, revenue_rules
from eventapp.services import closed_periods, matching
from eventapp.services.audit import note
from eventapp.services.drafting import discard_draft, open_places
from eventapp.services.invoice_snapshots import freeze
from eventapp.services.locks import lock_order
from eventapp.transaction import transaction

log = logging.getLogger(__name__)


def complete(token: str, buyer: Buyer, *, seen: str | None = None, by: Actor, now: datetime) -> None:
    """Whoever booked, or the office, fills in what the invoice has to say, until it is issued.

    Refuses with NotFound, AlreadyIssued, and ChangedMeanwhile when it no longer says what was `seen`.
    """
    with transaction():
        invoice = lock_invoice(token=token)
        if invoice.number is not None:
            raise AlreadyIssued(number=invoice.number)
        before = invoice.details
        if seen and before.fingerprint != seen:
            raise ChangedMeanwhile()
        changed = [name for name, value in vars(buyer).items() if getattr(before, name) != value]
        if changed:
            invoice.buyer, invoice.buyer_name = vars(buyer), buyer.addressee[:200]
            note("invoice_completed", "invoice", invoice.id, by=by, now=now, changed=changed)


def issue(invoice_id: int, *, by: Actor = SYSTEM, now: datetime) -> str:
    """Give the draft its number and freeze what it says, in one transaction; answers the number. Twice issues once.

    Money of the provider that is in already is put on it. Refuses with NotFound, NothingToInvoice (the order costs
    nothing more; the draft stays) and InvoiceNotReady (a setting, or the btw of a price, is missing).
    """
    with transaction():
        invoice = lock_invoice(invoice_id)
        if invoice.number is not None:
            return invoice.number
        lines = _lines(invoice.order)
        if not lines:
            raise NothingToInvoice()
        put_number(invoice, lines, split([(line.gross_cents, line.vat) for line in lines]), by=by, now=now)
        assert invoice.number is not None
        return invoice.number


def lock_invoice(invoice_id: int = 0, *, token: str = "") -> Invoice:
    """The invoice as it is now; all invoices of its order are locked by the order. Refuses with NotFound."""
    which = Invoice.token == token if token else Invoice.id == invoice_id
    found = db.session.execute(sa.select(Invoice.id, Invoice.order_id).where(which)).first()
    if found is None:
        raise NotFound()
    lock_order(found.order_id)
    return db.session.get_one(Invoice, found.id, populate_existing=True)


def _lines(order: Order) -> list[Line]:
    rules, event = revenue_rules(), order.event
    day = local_date(event.starts_at)
    lines = []
    for registration, cents in open_places(order):
        rule = rule_for(rules, event_id=event.id, kind=event.kind, category=registration.category, day=day)
        if rule is None:
            raise InvoiceNotReady(missing=wording.vat_rule(event.kind, day))
        person = registration.person
        lines.append(
            Line(
                description=f"Deelname {event.title}, {formatting.days_range(event.starts_at, event.ends_at)}"[:300],
                gross_cents=cents,
                vat=rule.vat,
                detail=formatting.full_name(person.given_name, person.infix, person.family_name),
                reason=rule.reason if rule.vat.needs_reason else "",
                ledger_account=rule.ledger_account,
                cost_centre=rule.cost_centre,
                registration_id=registration.id,
            )
        )
    return lines


def put_number(invoice: Invoice, lines: Iterable[Line], split_up: Split, *, by: Actor, now: datetime) -> None:
    """Within the transaction that locked the order: lines, money that is in, number and snapshot of this invoice.

    The number comes last: from there on everybody else who issues waits.
    """
    association, on, lines = load_association(), local_date(now), list(lines)
    invoice.gross_cents = split_up.net_cents + split_up.vat_cents
    invoice.net_cents, invoice.vat_cents = split_up.net_cents, split_up.vat_cents
    if invoice.credits_id is None:
        matching.take_payments(invoice, now=now)
    asks = invoice.gross_cents > 0 and invoice.balance.open_cents > 0
    if missing := missing_of_seller(association.seller, asks_money=asks):
        raise InvoiceNotReady(missing=formatting.listed([wording.SELLER_WORDS[name] for name in missing]))
    if not invoice.details.address:
        invoice.buyer = invoice.buyer | {"address": invoice_address(invoice.order, on=on)}
    freeze(invoice, split_up, association, on=on, pays=asks)
    invoice.lines = [
        InvoiceLine(**vars(line), net_cents=net) for line, net in zip(lines, split_up.nets_cents, strict=True)
    ]
    db.session.flush()
    closed_periods.refuse_when_closed(on)
    number = _next_number(association.invoice_prefix, association.invoice_numbering.series(on))
    invoice.number, invoice.issued_on, invoice.issued_at = number, on, now
    db.session.flush()
    facts = {"number": number, "gross_cents": invoice.gross_cents}
    note("invoice_issued", "invoice", invoice.id, by=by, now=now, event_id=invoice.order.event_id, **facts)


def _next_number(prefix: str, year: int) -> str:
    """The number after the last one of this year, or without a year (0).

    The update is the lock, and undone it leaves no hole.
    """
    taking = (
        sa.update(InvoiceSeries)
        .where(InvoiceSeries.prefix == prefix, InvoiceSeries.year == year)
        .values(next_number=InvoiceSeries.next_number + 1)
        .returning(InvoiceSeries.next_number)
        .execution_options(synchronize_session=False)
    )
    after = db.session.scalar(taking)
    if after is None:
        first = insert_into(InvoiceSeries, db.engine.dialect.name).values(prefix=prefix, year=year, next_number=1)
        db.session.execute(first.on_conflict_do_nothing())
        after = db.session.scalar(taking)
    assert after is not None
    return format_number(prefix, year, after - 1)


def issue_due(*, now: datetime) -> int:
    """Issue every draft whose moment has come, each in its own transaction; answers how many.

    What the order no longer costs loses its draft. What cannot be issued yet stays, and its page says why.
    """
    issued = 0
    due = list(due_to_issue(now=now))
    db.session.rollback()
    for invoice_id in due:
        try:
            issue(invoice_id, now=now)
            issued += 1
        except NothingToInvoice:
            discard_draft(db.session.get_one(Invoice, invoice_id).order_id, now=now)
        except DomainError as refusal:
            log.info("invoice %s cannot be issued: %s", invoice_id, refusal.code)
    return issued


def lacks(invoice: Invoice) -> str:
    """Why a draft cannot be issued now, in Dutch words; empty when it can. Only looks."""
    association = load_association()
    missing = [wording.SELLER_WORDS[name] for name in missing_of_seller(association.seller, asks_money=True)]
    try:
        lines = _lines(invoice.order)
    except InvoiceNotReady as refusal:
        missing.append(refusal.facts["missing"])
        return formatting.listed(missing)
    return formatting.listed(missing) if lines else wording.NO_PRICED_PLACE
