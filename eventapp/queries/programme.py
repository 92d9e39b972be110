"""What do other systems read: events as they are published, and who registered, page by page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import joinedload, selectinload

from eventapp.domain.events import EventState, Visibility
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import WHOLE_EVENT, Capacity, Event, Person, Presence, Registration

_LISTED = sa.and_(Event.state != EventState.DRAFT, Event.visibility != Visibility.BESLOTEN)
_WITH_ALL = (
    selectinload(Event.prices),
    selectinload(Event.capacities),
    selectinload(Event.target_groups),
    selectinload(Event.fields),
    joinedload(Event.offered_by),
)


# What stands on the waiting list of an event, counted.
_WAITING: Any = (
    sa.select(sa.func.count())
    .where(Registration.event_id == Event.id, Registration.state == State.WAITLISTED)
    .correlate(Event)
    .scalar_subquery()
)
_GLANCE = (
    sa.select(
        Event.id,
        Event.starts_at,
        Event.version,
        Event.updated_at,
        Capacity.size,
        Capacity.taken,
        _WAITING.label("waiting"),
    )
    .outerjoin(Capacity, sa.and_(Capacity.event_id == Event.id, Capacity.kind == WHOLE_EVENT))
    .where(_LISTED)
)


def listed_events(*, only: int | None, after: tuple[datetime, int] | None, limit: int) -> Sequence[Row]:
    """Everything published or cancelled at a glance, past events too, in order of time; closed ones are left out.

    Whatever the API says of an event moves something in its row. `only` keeps it to one event; `after` is the start and
    id of the last one seen.
    """
    query = _GLANCE
    if only is not None:
        query = query.where(Event.id == only)
    if after is not None:
        starts_at, event_id = after
        later = sa.and_(Event.starts_at == starts_at, Event.id > event_id)
        query = query.where(sa.or_(Event.starts_at > starts_at, later))
    return db.session.execute(query.order_by(Event.starts_at, Event.id).limit(limit)).all()


def listed_event(event_id: int) -> Row | None:
    """The event at a glance, unless it is a draft or closed."""
    return db.session.execute(_GLANCE.where(Event.id == event_id)).first()


def events_whole(ids: Sequence[int]) -> Sequence[Event]:
    """These events in order of time, with all that is published of them."""
    found = sa.select(Event).where(Event.id.in_(ids)).options(*_WITH_ALL)
    return db.session.scalars(found.order_by(Event.starts_at, Event.id)).all()


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
