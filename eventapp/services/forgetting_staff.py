"""Who of the office did it? Their names go some time after, those in the books when the books may go."""

from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from eventapp.domain.retention import TERMS, invoices_through
from eventapp.domain.times import from_local, local_date
from eventapp.models import (
    ApiToken,
    BankRefund,
    CircleRequest,
    ClosedMonth,
    DeadAddress,
    Event,
    LinkDismissal,
    Mailing,
    MailText,
    OrganisationContact,
    RefundProposal,
    SeenLapse,
    StaffMember,
    YearClosing,
)
from eventapp.services.changing_rows import changed

# The moment of the act, and the columns that say who did it.
_ACTS: tuple[tuple[Any, Any, tuple[str, ...]], ...] = (
    (ApiToken, ApiToken.revoked_at, ("created_by",)),
    (CircleRequest, CircleRequest.decided_at, ("decided_by",)),
    (DeadAddress, DeadAddress.since, ("noted_by",)),
    (Event, Event.presence_fixed_at, ("presence_fixed_by",)),
    (LinkDismissal, LinkDismissal.created_at, ("dismissed_by",)),
    (Mailing, Mailing.ended_at, ("written_by",)),
    (MailText, MailText.written_at, ("written_by",)),
    (OrganisationContact, OrganisationContact.created_at, ("added_by",)),
    (SeenLapse, SeenLapse.seen_at, ("seen_by",)),
)
_BOOKS: tuple[tuple[Any, Any, tuple[str, ...]], ...] = (
    (BankRefund, BankRefund.settled_at, ("settled_by", "reason")),
    (ClosedMonth, ClosedMonth.closed_at, ("closed_by", "reopened_by")),
    (RefundProposal, RefundProposal.decided_at, ("decided_by",)),
    (YearClosing, YearClosing.closed_at, ("closed_by", "reopened_by")),
)


def staff(*, now: datetime) -> int:
    """Within the caller's transaction. An account goes when it ended long ago, with what was given to it."""
    before = TERMS["staff"].before(now)
    books = from_local(invoices_through(now) + timedelta(days=1), time.min)
    gone = sum(_unsigned(model, at < before, names) for model, at, names in _ACTS)
    gone += sum(_unsigned(model, at < books, names) for model, at, names in _BOOKS)
    return gone + changed(sa.delete(StaffMember).where(StaffMember.ends_on < local_date(before)))


def _unsigned(model: Any, old: sa.ColumnElement[bool], names: tuple[str, ...]) -> int:
    columns = [getattr(model, name) for name in names]
    signed = sa.or_(*(column != "" for column in columns))
    return changed(sa.update(model).where(old, signed).values(**dict.fromkeys(names, "")))
