"""Which invoices are there, what waits for the treasurer or the worker, and how is a price booked?"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from eventapp.domain.invoices import TIME_TO_COMPLETE, UNPAID, reminder_day
from eventapp.domain.ledger import MovementKind
from eventapp.domain.revenue import RevenueRule
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import (
    DueCredit,
    Event,
    HandOver,
    Invoice,
    InvoiceFile,
    InvoiceLine,
    InvoiceMatch,
    MoneyMovement,
    Order,
    OrganisationContact,
    Registration,
    RevenueRuleRow,
)
from eventapp.queries.invoice_balance import is_unpaid

MOST_REMINDERS = 2
_FOR_BALANCE: tuple[ORMOption, ...] = (
    selectinload(Invoice.matches),
    selectinload(Invoice.credited_by),
    joinedload(Invoice.credits),
    joinedload(Invoice.order).joinedload(Order.event),
)


def invoice_by_id(invoice_id: int) -> Invoice | None:
    """One with its lines, credits and what was paid."""
    return db.session.get(Invoice, invoice_id, options=(*_FOR_BALANCE, selectinload(Invoice.lines)))


def invoice_by_token(token: str) -> Invoice | None:
    """The one that this link opens, until it was emptied."""
    known = sa.select(Invoice).where(Invoice.token == token, Invoice.erased_at.is_(None))
    return db.session.scalar(known.options(*_FOR_BALANCE))


def invoices_of_order(order_id: int) -> Sequence[Invoice]:
    """All of an order, credit invoices too, in the order of making."""
    of_order = sa.select(Invoice).where(Invoice.order_id == order_id).order_by(Invoice.id)
    return db.session.scalars(of_order.options(*_FOR_BALANCE)).all()


def draft_of_order(order_id: int) -> Invoice | None:
    """The one that is still to be issued, if there is one."""
    waiting = (Invoice.number.is_(None), Invoice.issue_on.is_not(None))
    return db.session.scalar(sa.select(Invoice).where(Invoice.order_id == order_id, *waiting))


def open_invoice_of_order(order_id: int) -> Invoice | None:
    """The oldest issued invoice of the order on which something is still to be paid."""
    found = (one for one in invoices_of_order(order_id) if one.state in UNPAID)
    return next(found, None)


def invoiced_cents(order_id: int) -> dict[int, int]:
    """Per registration what was charged in all, credits off; what was handed over counts for who came instead."""
    charged = (
        sa.select(InvoiceLine.registration_id, sa.func.sum(InvoiceLine.gross_cents))
        .join(Invoice)
        .where(Invoice.order_id == order_id, InvoiceLine.registration_id.is_not(None))
        .group_by(InvoiceLine.registration_id)
    )
    places, found = stand_ins(order_id), dict[int, int]()
    for charged_id, cents in db.session.execute(charged):
        place = places.get(charged_id or 0, charged_id or 0)
        found[place] = found.get(place, 0) + int(cents)
    return found


def stand_ins(order_id: int) -> dict[int, int]:
    """Of every registration that was handed over: the one that has the place now."""
    handed_over = (
        sa.select(HandOver.registration_id, HandOver.to_registration_id)
        .join(Registration, Registration.id == HandOver.registration_id)
        .where(Registration.order_id == order_id, HandOver.to_registration_id.is_not(None))
    )
    step = {row.registration_id: row.to_registration_id for row in db.session.execute(handed_over)}
    return {first: _last(first, step) for first in step}


def _last(place: int, step: dict[int, int]) -> int:
    while place in step:
        place = step[place]
    return place


def credited_cents(invoice_id: int) -> dict[int, int]:
    """Per line of this invoice what was taken back, as a positive amount."""
    taken = (
        sa.select(InvoiceLine.credits_line_id, -sa.func.sum(InvoiceLine.gross_cents))
        .join(Invoice)
        .where(Invoice.credits_id == invoice_id, InvoiceLine.credits_line_id.is_not(None))
        .group_by(InvoiceLine.credits_line_id)
    )
    return {line_id or 0: int(cents) for line_id, cents in db.session.execute(taken)}


def matched_cents(attempt_id: int) -> int:
    """How much of a payment stands on invoices."""
    live = sa.select(sa.func.sum(InvoiceMatch.amount_cents)).where(
        InvoiceMatch.attempt_id == attempt_id, InvoiceMatch.undone_at.is_(None)
    )
    return db.session.scalar(live) or 0


def same_bank_line(match: InvoiceMatch) -> Sequence[InvoiceMatch]:
    """What else the same bank line paid."""
    others = sa.select(InvoiceMatch).where(
        InvoiceMatch.bank_line == match.bank_line,
        InvoiceMatch.received_on == match.received_on,
        InvoiceMatch.invoice_id != match.invoice_id,
        InvoiceMatch.undone_at.is_(None),
    )
    return db.session.scalars(others.options(joinedload(InvoiceMatch.invoice))).all() if match.bank_line else []


def invoice_address(order: Order, *, on: date) -> str:
    """Where an invoice goes when nobody said: who gets them at the organisation, else who booked."""
    organisations = [r.organisation_id for r in order.registrations if r.organisation_id]
    getting = sa.select(OrganisationContact.address).where(
        OrganisationContact.organisation_id.in_(organisations),
        OrganisationContact.receives_invoices.is_(True),
        OrganisationContact.starts_on <= on,
        sa.or_(OrganisationContact.ends_on.is_(None), OrganisationContact.ends_on >= on),
    )
    return db.session.scalar(getting.order_by(OrganisationContact.id).limit(1)) or order.address


def is_overdue(invoice: Invoice, on: date) -> bool:
    """Whether it should have been paid before this day, and was not."""
    return invoice.state in UNPAID and invoice.due_on is not None and invoice.due_on < on


def titles_of(event_ids: set[int]) -> dict[int, str]:
    """What these events are called."""
    titles = sa.select(Event.id, Event.title).where(Event.id.in_(event_ids))
    return {row.id: row.title for row in db.session.execute(titles)}


def due_to_issue(*, now: datetime) -> Sequence[int]:
    """Drafts whose day has come and, of who paid online, whose `TIME_TO_COMPLETE` is over; as they were made."""
    had_time = sa.or_(Order.on_invoice_at.is_not(None), Invoice.created_at <= now - TIME_TO_COMPLETE)
    due = sa.select(Invoice.id).join(Invoice.order).where(Invoice.number.is_(None), Invoice.issue_on <= local_date(now))
    return db.session.scalars(due.where(had_time).order_by(Invoice.id)).all()


def overdue_drafts(*, on: date) -> sa.Select[int]:
    """The ids of invoices that should have been there before this day, and could not be made: something is missing."""
    return sa.select(Invoice.id).where(Invoice.number.is_(None), Invoice.issue_on < on)


def due_to_draw() -> Sequence[int]:
    """Issued invoices without papers, in the order of their numbers."""
    bare = (
        sa.select(Invoice.id)
        .outerjoin(InvoiceFile)
        .where(Invoice.number.is_not(None), InvoiceFile.invoice_id.is_(None), Invoice.erased_at.is_(None))
    )
    return db.session.scalars(bare.order_by(Invoice.issued_at, Invoice.id)).all()


def due_to_remind(*, days: int, now: datetime) -> Sequence[int]:
    """Unpaid invoices whose next reminder is due; with 0 days nobody is reminded."""
    if days < 1:
        return []
    on = local_date(now)
    late = sa.select(Invoice).where(
        Invoice.due_on <= on - timedelta(days=days),
        Invoice.reminders < MOST_REMINDERS,
        is_unpaid(),
        # Its credit waits for a setting: nobody is asked for what they no longer owe.
        ~sa.exists().where(DueCredit.order_id == Invoice.order_id),
        Invoice.id.not_in(_given_back_elsewhere()),
    )
    found = db.session.scalars(late.order_by(Invoice.id))
    return [one.id for one in found if _reminder_due(one, days, on)]


def is_given_back_elsewhere(invoice_id: int) -> bool:
    """Whether somebody gave money of it back at the provider itself: only the office knows what is still due."""
    back = _given_back_elsewhere().subquery()
    return db.session.scalar(sa.select(sa.exists().where(back.c.invoice_id == invoice_id))) or False


def _given_back_elsewhere() -> sa.Select[int]:
    """The ids of invoices of which a payment was given back at the provider."""
    return (
        sa.select(InvoiceMatch.invoice_id)
        .join(MoneyMovement, MoneyMovement.attempt_id == InvoiceMatch.attempt_id)
        .where(
            InvoiceMatch.amount_cents < 0,
            InvoiceMatch.undone_at.is_(None),
            MoneyMovement.kind == MovementKind.REFUND,
            MoneyMovement.refund_id.is_(None),
        )
        .group_by(InvoiceMatch.invoice_id)
        .having(sa.func.sum(MoneyMovement.amount_cents) < 0)
    )


def _reminder_due(invoice: Invoice, days: int, on: date) -> bool:
    """Also when the worker was away for weeks, there are so many days between one reminder and the next."""
    assert invoice.due_on is not None
    lately = invoice.reminded_at is not None and local_date(invoice.reminded_at) > on - timedelta(days=days)
    return not lately and reminder_day(invoice.due_on, days=days, sent=invoice.reminders) <= on


def revenue_rules() -> list[RevenueRule]:
    """How prices are booked, all rules."""
    return [row.rule for row in db.session.scalars(sa.select(RevenueRuleRow))]


def revenue_rule_rows() -> Sequence[RevenueRuleRow]:
    """The rules as the treasurer sees them: what counts for all first, then by day."""
    rows = db.session.scalars(sa.select(RevenueRuleRow)).all()
    return sorted(rows, key=lambda row: (*(not wide for wide in row.rule.breadth), row.starts_on, row.id))
