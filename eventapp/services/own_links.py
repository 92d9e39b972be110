""" "Al aangemeld? Stuur mij mijn link": the links of one address to one event, mailed without telling who is known."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain.errors import NotFound, TooManyRequests
from eventapp.domain.limits import LIMITS, Limit
from eventapp.domain.registrations import LIVE
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.models import Event, OneTimeLink, Order, Registration
from eventapp.services import mails
from eventapp.transaction import transaction

# A row that opens nothing: it counts, for known and unknown alike.
_ASKED = "my_link"
_ONCE_IN = timedelta(hours=1)


def send(event_id: int, address: str, *, visitor_key: str, now: datetime) -> None:
    """Mail this address its links, or that it has none here: the answer and the work are the same.

    Asking again within the hour mails nothing more. Refuses with NotFound or TooManyRequests.
    """
    with transaction():
        event = db.session.get(Event, event_id)
        if event is None:
            raise NotFound()
        found = _registrations(event_id, address)
        here = (OneTimeLink.subject_id == event_id, OneTimeLink.address == address)
        if _asked(_ONCE_IN, now, *here):
            return
        _check_not_too_many(address, visitor_key, now)
        asked = _count(event_id, address, visitor_key, now)
        kind = "my_link" if found else "my_link_unknown"
        to = mails.to_person(found[0]) if found else Recipient(address)
        write(kind, to, purpose=f"my_link-{asked}", now=now, event_id=event_id, event=event, registrations=found)


def _registrations(event_id: int, address: str) -> Sequence[Registration]:
    """With all that the mail says of them, so that it takes no more statements for who has some."""
    mine = (Registration.event_id == event_id, Registration.address == address, Registration.state.in_(LIVE))
    booked = joinedload(Registration.order).joinedload(Order.booker)
    found = sa.select(Registration).options(joinedload(Registration.person), booked, joinedload(Registration.tickets))
    return db.session.scalars(found.where(*mine).order_by(Registration.id)).unique().all()


def _check_not_too_many(address: str, visitor_key: str, now: datetime) -> None:
    _check(LIMITS["my_link_to_mailbox"], now, OneTimeLink.address == address)
    if visitor_key:
        _check(LIMITS["my_link_by_visitor"], now, OneTimeLink.visitor_key == visitor_key)


def _check(limit: Limit, now: datetime, whose: sa.ColumnElement[bool]) -> None:
    if _asked(limit.over, now, whose) >= limit.most:
        raise TooManyRequests()


def _asked(within: timedelta, now: datetime, *which: sa.ColumnElement[bool]) -> int:
    asked = sa.select(sa.func.count(OneTimeLink.id)).where(
        OneTimeLink.purpose == _ASKED, OneTimeLink.created_at > now - within, *which
    )
    return db.session.scalar(asked) or 0


def _count(event_id: int, address: str, visitor_key: str, now: datetime) -> str:
    """One more; answers what names it."""
    name = digest(new_token())
    asked = OneTimeLink(
        token_digest=name, purpose=_ASKED, subject_id=event_id, address=address, visitor_key=visitor_key
    )
    asked.created_at = asked.expires_at = now
    db.session.add(asked)
    return name
