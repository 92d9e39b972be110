"""What has to be known before another system's booking is written? Columns, since hundreds may ask at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp.domain.events import EventState, RegistrationMode, Schedule, Visibility, Window, window
from eventapp.domain.invitations import InvitationState
from eventapp.domain.places import Places
from eventapp.domain.registrations import LIVE
from eventapp.extensions import db
from eventapp.models import (
    WHOLE_EVENT,
    Capacity,
    Event,
    EventBlock,
    EventSlug,
    Invitation,
    PersonAddress,
    Question,
    Registration,
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What decides about going on. `asks`: the event asks its people something; `invited`: this address was."""

    event_id: int
    calendar_uid: str
    version: int
    state: EventState
    registration: RegistrationMode
    schedule: Schedule
    places: Places
    asks: bool
    invited: bool

    def window(self, now: datetime) -> Window:
        """Whether one can register now, and if not, why not."""
        return window(self.state, self.registration, self.schedule, now=now)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody with this name at this address, and their live registration at the event if they have one."""

    id: int
    live_registration_id: int | None


# By what is never given twice and the version: whatever changes an event moves that.
_KEPT: dict[tuple[str, int], Event] = {}
_MOST_KEPT = 100
# Built once: composing a statement costs more than answering it.
_AT_SLUG = sa.func.coalesce(
    sa.select(Event.id).where(Event.slug == sa.bindparam("slug")).scalar_subquery(),
    sa.select(EventSlug.event_id).where(EventSlug.slug == sa.bindparam("slug")).scalar_subquery(),
)
_OUTLOOK: Any = (
    sa.select(
        Event.id,
        Event.calendar_uid,
        Event.version,
        Event.state,
        Event.registration,
        Event.starts_at,
        Event.ends_at,
        Event.opens_at,
        Event.closes_at,
        Capacity.size,
        Capacity.taken,
        Capacity.waiting,
        sa.or_(
            sa.exists().where(Question.event_id == Event.id, Question.closed_at.is_(None)),
            sa.exists().where(EventBlock.event_id == Event.id),
        ).label("asks"),
        sa.exists()
        .where(
            Invitation.event_id == Event.id,
            Invitation.address == sa.bindparam("address"),
            Invitation.state == InvitationState.INVITED,
        )
        .label("invited"),
    )
    .select_from(Event)
    .outerjoin(Capacity, sa.and_(Capacity.event_id == Event.id, Capacity.kind == WHOLE_EVENT))
    .where(
        Event.id == _AT_SLUG,
        Event.state != EventState.DRAFT,
        Event.visibility != Visibility.BESLOTEN,
    )
)
_KNOWN: Any = (
    sa.select(PersonAddress.person_id, Registration.id)
    .outerjoin(
        Registration,
        sa.and_(
            Registration.person_id == PersonAddress.person_id,
            Registration.event_id == sa.bindparam("event_id"),
            Registration.state.in_(sorted(LIVE)),
        ),
    )
    .where(PersonAddress.address == sa.bindparam("address"), PersonAddress.name_key == sa.bindparam("name_key"))
)


def outlook(slug: str, address: str) -> Outlook | None:
    """The event now or once at this slug, for whoever has this address; None for drafts and closed events."""
    row = db.session.execute(_OUTLOOK, {"slug": slug, "address": address}).first()
    if row is None:
        return None
    return Outlook(
        row.id,
        row.calendar_uid,
        row.version,
        row.state,
        row.registration,
        Schedule(*row[5:9]),
        Places(row.size, row.taken or 0, row.waiting or 0),
        bool(row.asks),
        bool(row.invited),
    )


def event_as_seen(seen: Outlook) -> Event:
    """The event with its prices, in no session; each process reads it once per version.

    Between this and the lock it may change, so whoever writes compares the version again.
    """
    key = (seen.calendar_uid, seen.version)
    kept = _KEPT.get(key)
    if kept is not None:
        return kept
    event = db.session.get_one(Event, seen.event_id, options=[selectinload(Event.prices)], populate_existing=True)
    db.session.expunge(event)
    if event.version == seen.version:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = event
    return event


def known_person(event_id: int, address: str, name_key: str) -> KnownPerson | None:
    """Who has this name at this address."""
    row = db.session.execute(_KNOWN, {"event_id": event_id, "address": address, "name_key": name_key}).first()
    return KnownPerson(*row) if row else None
