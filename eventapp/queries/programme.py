"""What do other systems read: events as they are published, and who registered, page by page."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import joinedload, selectinload

from eventapp.domain.events import EventState, Visibility
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, Person, Presence, Registration

_LISTED = sa.and_(Event.state != EventState.DRAFT, Event.visibility != Visibility.BESLOTEN)
_WITH_ALL = (
    selectinload(Event.prices),
    selectinload(Event.capacities),
    selectinload(Event.target_groups),
    selectinload(Event.fields),
    joinedload(Event.offered_by),
)


def listed_events(*, only: int | None, after: tuple[datetime, int] | None, limit: int) -> Sequence[Event]:
    """Everything published or cancelled, past events too, in order of time; closed ones are nobody's business.

    `only` keeps it to one event; `after` is the start and id of the last one seen.
    """
    query = sa.select(Event).where(_LISTED).options(*_WITH_ALL)
    if only is not None:
        query = query.where(Event.id == only)
    if after is not None:
        starts_at, event_id = after
        later = sa.and_(Event.starts_at == starts_at, Event.id > event_id)
        query = query.where(sa.or_(Event.starts_at > starts_at, later))
    return db.session.scalars(query.order_by(Event.starts_at, Event.id).limit(limit)).all()


def listed_event(event_id: int) -> Event | None:
    """The event, unless it is a draft or closed."""
    return db.session.scalar(sa.select(Event).where(_LISTED, Event.id == event_id).options(*_WITH_ALL))


def waiting(event_ids: Sequence[int]) -> dict[int, int]:
    """How many stand on the waiting list, per event that has one."""
    counted = (
        sa.select(Registration.event_id, sa.func.count().label("number"))
        .where(Registration.event_id.in_(event_ids), Registration.state == State.WAITLISTED)
        .group_by(Registration.event_id)
    )
    return {row.event_id: row.number for row in db.session.execute(counted)}


def registrations(event_id: int, *, after: int, limit: int) -> Sequence[Row]:
    """Registrations of an event in order of arrival, from the one after this id, with when they first came in."""
    presence = sa.and_(Presence.registration_id == Registration.id, Presence.session == "")
    return db.session.execute(
        sa.select(
            Registration.id,
            Registration.state,
            Registration.category,
            Registration.price_cents,
            Person.given_name,
            Person.infix,
            Person.family_name,
            Registration.address.label("email"),
            Registration.organisation_name.label("organisation"),
            Registration.function,
            Registration.attends,
            Registration.created_at,
            Registration.confirmed_at,
            Registration.cancelled_at,
            Presence.first_in_at.label("first_scanned_at"),
        )
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Presence, presence)
        .where(Registration.event_id == event_id, Registration.id > after)
        .order_by(Registration.id)
        .limit(limit)
    ).all()
