"""Has somebody asked for this too often? Counted in the rows that asking leaves, within the caller's transaction."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import TooManyRequests
from eventapp.domain.limits import LIMITS
from eventapp.extensions import db
from eventapp.models import AuditEntry, Order, OutboxMail, Registration

# What registering mails to an address that nobody proved.
_FIRST_MAILS = ("already_registered", "confirm_address", "confirm_group", "not_admitted", "pay")
# Acts with which somebody who has a link makes us mail, each time to an address of their choice.
_MAILING_ACTS = ("address_corrected", "hand_over_offered", "resent")


def check_registering(address: str, visitor_key: str, *, now: datetime) -> None:
    """Refuses with TooManyRequests; programs and the office, who have no visitor's key, are not counted.

    To a mailbox the first mail of each registration counts, until somebody showed that they read it. Known and unknown
    count alike there, so that the refusal says nothing of whether an address is known.
    """
    if not visitor_key:
        return
    by_visitor, to_mailbox = LIMITS["registering_by_visitor"], LIMITS["registering_to_mailbox"]
    orders = sa.select(sa.func.count(Order.id)).where(
        Order.visitor_key == visitor_key, Order.created_at > now - by_visitor.over
    )
    mails = sa.select(sa.func.count(OutboxMail.id)).where(
        OutboxMail.to_address == address,
        OutboxMail.kind.in_(_FIRST_MAILS),
        OutboxMail.created_at > now - to_mailbox.over,
        sa.or_(OutboxMail.kind != "pay", OutboxMail.purpose.endswith("-first")),
        ~_harmless(),
    )
    counted = db.session.execute(sa.select(orders.scalar_subquery(), mails.scalar_subquery())).one()
    if counted[0] >= by_visitor.most or counted[1] >= to_mailbox.most:
        raise TooManyRequests()


def _harmless() -> sa.ColumnElement[bool]:
    """Whether a mail is about a registration that is proven or certain, or that no visitor made."""
    certain = sa.or_(Registration.proven_at.is_not(None), Registration.confirmed_at.is_not(None))
    booked = sa.exists().where(
        Registration.id == OutboxMail.registration_id,
        Order.id == Registration.order_id,
        sa.or_(certain, Order.visitor_key == ""),
    )
    return sa.and_(OutboxMail.kind != "already_registered", booked.correlate(OutboxMail))


def check_mails_about(registration_id: int, *, by: Actor, now: datetime) -> None:
    """The same for mails that somebody with a link to this registration asks for; the office may go on."""
    if by.kind == "staff":
        return
    limit = LIMITS["mails_about_registration"]
    asked = sa.select(sa.func.count(AuditEntry.id)).where(
        AuditEntry.subject == "registration",
        AuditEntry.subject_id == registration_id,
        AuditEntry.act.in_(_MAILING_ACTS),
        AuditEntry.at > now - limit.over,
    )
    if (db.session.scalar(asked) or 0) >= limit.most:
        raise TooManyRequests()
