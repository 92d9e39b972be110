"""Money meets invoices: put on one or several by hand, bank or provider, undone, or given up with a reason."""

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa

from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.errors import (
    AlreadyUndone,
    CreditTakesNoMoney,
    NotFound,
    NothingOpen,
    NotIssued,
    PartOfBankRefund,
    ProviderSaysSo,
)
from eventapp.domain.invoices import InvoiceKind, MatchSource
from eventapp.domain.payments import KEPT, AttemptStatus, Outcome
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import Invoice, InvoiceMatch, PaymentAttempt
from eventapp.queries.attempts import held_cents, left_cents
from eventapp.queries.invoices import invoices_of_order, matched_cents, open_invoice_of_order
from eventapp.queries.on_invoice import money_besides
from eventapp.services import bank_refunds, closed_periods, paid_places
from eventapp.services.audit import note
from eventapp.services.locks import lock_order
from eventapp.transaction import transaction


def match(
    invoice_id: int,
    amount_cents: int,
    *,
    received_on: date,
    bank_line: str = "",
    source: MatchSource = MatchSource.HAND,
    by: Actor,
    now: datetime,
) -> None:
    """Put money on an invoice: a part, all or too much of it, or, below zero, what was paid back by bank."""
    match_line({invoice_id: amount_cents}, received_on=received_on, bank_line=bank_line, source=source, by=by, now=now)


def match_line(
    amounts: Mapping[int, int],
    *,
    received_on: date,
    bank_line: str = "",
    source: MatchSource = MatchSource.HAND,
    by: Actor,
    now: datetime,
) -> None:
    """One bank line pays several invoices: cents per id of an invoice, all of them or none.

    Who waited for the money of an invoice that is paid now, whole, gets the place and the ticket. Refuses with
    NotFound, NotIssued for a draft, CreditTakesNoMoney for a credit invoice, and PeriodClosed on a closed day.
    """
    with transaction():
        closed_periods.refuse_when_closed(received_on)
        for invoice in _locked(amounts):
            if invoice.number is None:
                raise NotIssued()
            if invoice.kind == InvoiceKind.CREDIT:
                raise CreditTakesNoMoney()
            row = _put(invoice, amounts[invoice.id], source, on=received_on, by=by, now=now)
            row.bank_line = bank_line
            _note("invoice_matched", invoice, amounts[invoice.id], by=by, now=now)
            paid_places.confirm(invoice, by=by, now=now)
            bank_refunds.follow(invoice.order_id, now=now)


def undo_match(match_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """It was a mistake; the invoice is open again for that much. Who got the place keeps it.

    What the provider brought besides and is still there pays for it now. Refuses with NotFound, AlreadyUndone,
    PartOfBankRefund, and ProviderSaysSo for what the provider brought or took back.
    """
    with transaction():
        found = db.session.get(InvoiceMatch, match_id)
        if found is None:
            raise NotFound()
        (invoice,) = _locked([found.invoice_id])
        row = db.session.get_one(InvoiceMatch, match_id, populate_existing=True)
        if row.undone_at is not None:
            raise AlreadyUndone()
        if row.bank_refund_id is not None:
            raise PartOfBankRefund()
        if row.attempt_id is not None:
            raise ProviderSaysSo()
        undo(row, reason=reason, by=by, now=now)
        _note("invoice_match_undone", invoice, row.amount_cents, by=by, now=now, reason=reason)
        for attempt in money_besides(invoice.order_id):
            if invoice.balance.open_cents > 0:
                attempt.outcome = Outcome.CONFIRMED
                _put_attempt(invoice, attempt, left_cents(attempt) - matched_cents(attempt.id), now=now)
        paid_places.confirm(invoice, by=by, now=now)
        bank_refunds.follow(invoice.order_id, now=now)


def undo(row: InvoiceMatch, *, reason: str, by: Actor, now: datetime) -> None:
    """Within the transaction that locked its invoice."""
    row.undone_at, row.undone_by, row.undone_reason = now, by.name, reason


def write_off(invoice_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Give up what is open, "oninbaar"; undone like any match. Refuses with NotFound, NotIssued or NothingOpen."""
    with transaction():
        (invoice,) = _locked([invoice_id])
        if invoice.number is None:
            raise NotIssued()
        left = invoice.balance.open_cents
        if invoice.kind == InvoiceKind.CREDIT or left <= 0:
            raise NothingOpen()
        _put(invoice, left, MatchSource.WRITE_OFF, on=local_date(now), by=by, now=now).reason = reason
        _note("invoice_written_off", invoice, left, by=by, now=now, reason=reason)
        paid_places.confirm(invoice, by=by, now=now)


def take_payments(invoice: Invoice, *, now: datetime) -> None:
    """Within the transaction that issues it: what the provider has in for this order and stands nowhere yet."""
    paid = sa.select(PaymentAttempt).where(
        PaymentAttempt.order_id == invoice.order_id,
        PaymentAttempt.status == AttemptStatus.PAID,
        PaymentAttempt.outcome.in_(KEPT),
    )
    for attempt in db.session.scalars(paid.order_by(PaymentAttempt.id)).all():
        cents = min(left_cents(attempt) - matched_cents(attempt.id), invoice.balance.open_cents)
        if cents > 0:
            _put_attempt(invoice, attempt, cents, now=now)


def receive_payment(attempt: PaymentAttempt, *, at_most_cents: int | None = None, now: datetime) -> Invoice | None:
    """Within the transaction that locked the order: provider's money goes to the oldest open invoice of the order.

    When none is open it goes to the last one, which then has too much: paid by bank and online as well. Answers the
    invoice; None when nothing was issued yet, as issuing takes the money along. Twice does nothing more.
    `at_most_cents` leaves the rest for an invoice that is still to come.
    """
    cents = left_cents(attempt) - matched_cents(attempt.id)
    if at_most_cents is not None:
        cents = min(cents, at_most_cents)
    issued = [one for one in invoices_of_order(attempt.order_id) if one.number and one.kind == InvoiceKind.INVOICE]
    if cents <= 0 or not issued:
        return None
    invoice = open_invoice_of_order(attempt.order_id) or issued[-1]
    _put_attempt(invoice, attempt, cents, now=now)
    return invoice


def return_payment(
    attempt: PaymentAttempt, amount_cents: int, *, bank_refund_id: int | None = None, now: datetime
) -> None:
    """Within the transaction that locked the order: so much of this payment went back, by the provider or by bank.

    It comes off the invoices on which that payment stands, the last one first. Without any nothing happens.
    """
    rows = sa.select(InvoiceMatch).where(InvoiceMatch.attempt_id == attempt.id, InvoiceMatch.undone_at.is_(None))
    standing: dict[int, int] = {}
    for row in db.session.scalars(rows.order_by(InvoiceMatch.id)):
        standing[row.invoice_id] = standing.get(row.invoice_id, 0) + row.amount_cents
    for invoice_id, cents in reversed(standing.items()):
        back = min(amount_cents, cents)
        if back > 0:
            invoice = db.session.get_one(Invoice, invoice_id)
            row = _put(invoice, -back, MatchSource.MOLLIE, on=local_date(now), by=SYSTEM, now=now)
            row.attempt, row.bank_refund_id = attempt, bank_refund_id
            amount_cents -= back


def follow(attempt: PaymentAttempt, *, held_before_cents: int, now: datetime) -> None:
    """Within the transaction that locked the order: money went back, or turned out to be with the provider after all.

    Never more of a payment stands on invoices than the provider holds. Twice does nothing more.
    """
    held = held_cents(attempt)
    too_much = matched_cents(attempt.id) - held
    if too_much > 0:
        return_payment(attempt, too_much, now=now)
    elif held > held_before_cents and attempt.outcome in KEPT:
        receive_payment(attempt, at_most_cents=held - held_before_cents, now=now)


def _put_attempt(invoice: Invoice, attempt: PaymentAttempt, cents: int, *, now: datetime) -> None:
    on = local_date(attempt.paid_at or now)
    _put(invoice, cents, MatchSource.MOLLIE, on=on, by=SYSTEM, now=now).attempt = attempt
    db.session.flush()


def _put(invoice: Invoice, cents: int, source: MatchSource, *, on: date, by: Actor, now: datetime) -> InvoiceMatch:
    row = InvoiceMatch(source=source, amount_cents=cents, received_on=on, created_by=by.name, created_at=now)
    invoice.matches.append(row)
    if source != MatchSource.WRITE_OFF:
        fit_write_off(invoice, by=by, now=now)
    return row


def fit_write_off(invoice: Invoice, *, by: Actor, now: datetime) -> None:
    """Within the transaction that locked its order: what was given up, and then paid or credited, was not given up."""
    given_up = [row for row in invoice.live_matches if row.source == MatchSource.WRITE_OFF and row.amount_cents > 0]
    for row in reversed(given_up):
        over = -invoice.balance.open_cents
        if over > 0:
            undo(row, reason="Alsnog betaald of gecrediteerd", by=by, now=now)
            if row.amount_cents > over:
                left = row.amount_cents - over
                _put(invoice, left, MatchSource.WRITE_OFF, on=local_date(now), by=by, now=now).reason = row.reason


def _locked(invoice_ids: Mapping[int, int] | list[int]) -> list[Invoice]:
    """The invoices as they are now, their orders locked in the order of their ids. Refuses with NotFound."""
    found = db.session.execute(sa.select(Invoice.id, Invoice.order_id).where(Invoice.id.in_(list(invoice_ids)))).all()
    if len(found) != len(invoice_ids):
        raise NotFound()
    for order_id in sorted({row.order_id for row in found}):
        lock_order(order_id)
    return [db.session.get_one(Invoice, row.id, populate_existing=True) for row in sorted(found)]


def _note(act: str, invoice: Invoice, cents: int, *, by: Actor, now: datetime, **facts: str) -> None:
    event_id = invoice.order.event_id
    note(act, "invoice", invoice.id, by=by, now=now, event_id=event_id, number=invoice.number, cents=cents, **facts)
