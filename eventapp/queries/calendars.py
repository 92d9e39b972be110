"""Whose calendar is behind a link, and what is in it?"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.domain.calendars import OFF_STAYS, OWN_REACHES_BACK, still_shown
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import CalendarFeed, Event, Registration
from eventapp.queries.member import ids_at


def feed_by_token(token: str) -> CalendarFeed | None:
    """The subscription that this link opens."""
    return db.session.scalar(sa.select(CalendarFeed).where(CalendarFeed.token == token))


def feed_of(address: str) -> CalendarFeed | None:
    """The subscription to what is at this address, once somebody made one."""
    return db.session.scalar(sa.select(CalendarFeed).where(CalendarFeed.address == address))


def own_registrations(address: str, *, now: datetime) -> list[Registration]:
    """What belongs in the calendar of who owns this address: what lies ahead, what was, and for a while what is off."""
    recent = sa.or_(Event.ends_at > now - OWN_REACHES_BACK, Registration.cancelled_at > now - 2 * OFF_STAYS)
    found: Sequence[Registration] = db.session.scalars(
        sa.select(Registration)
        .join(Registration.event)
        .where(
            Registration.person_id.in_(ids_at(address)),
            Registration.address == address,
            Registration.state != State.EXPIRED,
            recent,
        )
        .order_by(Event.starts_at, Registration.id)
        .options(joinedload(Registration.event), joinedload(Registration.person), selectinload(Registration.tickets))
    ).all()
    return [one for one in found if _shown(one, now=now)]


def _shown(registration: Registration, *, now: datetime) -> bool:
    event = registration.event
    off = [moment for moment in (registration.cancelled_at, event.cancelled_at) if moment]
    return still_shown(ends_at=event.ends_at, off_at=max(off, default=None), reaches_back=OWN_REACHES_BACK, now=now)
