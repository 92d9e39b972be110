"""Events: by address, and the list that the agenda and its feeds show."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.domain.events import (
    EventForm,
    EventKind,
    EventState,
    Field,
    RegistrationMode,
    Schedule,
    TargetGroup,
    Visibility,
    Window,
    window,
)
from eventapp.domain.places import Places
from eventapp.extensions import db
from eventapp.models import WHOLE_EVENT, Capacity, Event, EventField, EventSlug, EventTargetGroup, Round
from eventapp.queries.association import settings_seen
from eventapp.straight import ReadyStatement


class Glance(NamedTuple):
    """What tells whether a page made earlier still says the truth about an event, at the price of one small query.

    `settings` stands for those of the association.
    """

    id: int
    version: int
    updated_at: datetime
    state: EventState
    visibility: Visibility
    registration: RegistrationMode
    schedule: Schedule
    places: Places
    waiting_list: bool
    has_rounds: bool
    settings: str

    @property
    def opens_at(self) -> datetime | None:
        return self.schedule.opens_at

    def window(self, now: datetime) -> Window:
        """Whether one can register now, and if not, why not."""
        return window(self.state, self.registration, self.schedule, now=now)


_WITH_ALL = (
    selectinload(Event.prices),
    selectinload(Event.capacities),
    selectinload(Event.target_groups),
    selectinload(Event.fields),
)


@dataclass(frozen=True)
class AgendaFilter:
    """What the visitor asks of the agenda; `since` and `until` are moments, `text` any words."""

    kind: EventKind | None = None
    field: Field | None = None
    group: TargetGroup | None = None
    form: EventForm | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


def event_by_slug(slug: str) -> Event | None:
    """The event at this address, with its prices and places."""
    return db.session.scalar(sa.select(Event).where(Event.slug == slug).options(*_WITH_ALL))


def glance_at(slug: str) -> Glance | None:
    """The event at this address at a glance. Whatever its page says besides moves its version."""
    row = _GLANCE.first({"slug": slug})
    if row is None:
        return None
    places = Places(row.size, row.taken or 0, row.waiting or 0)
    return Glance(*(*row[:6], Schedule(*row[6:10]), places, row.waiting_list, bool(row.has_rounds), row.settings))


_GLANCE = ReadyStatement(
    sa.select(
        Event.id,
        Event.version,
        Event.updated_at,
        Event.state,
        Event.visibility,
        Event.registration,
        Event.starts_at,
        Event.ends_at,
        Event.opens_at,
        Event.closes_at,
        Event.waiting_list,
        Capacity.size,
        Capacity.taken,
        Capacity.waiting,
        sa.exists().where(Round.event_id == Event.id).label("has_rounds"),
        settings_seen(),
    )
    .outerjoin(Capacity, sa.and_(Capacity.event_id == Event.id, Capacity.kind == WHOLE_EVENT))
    .where(Event.slug == sa.bindparam("slug"))
)


def event_by_id(event_id: int) -> Event | None:
    return db.session.get(Event, event_id, options=_WITH_ALL)


def slug_now(old_slug: str) -> str | None:
    """The present address of an event that once was published at this one."""
    return db.session.scalar(
        sa.select(Event.slug).join(EventSlug, EventSlug.event_id == Event.id).where(EventSlug.slug == old_slug)
    )


def agenda_glance(wanted: AgendaFilter, *, now: datetime) -> Sequence[sa.Row[Any]]:
    """The agenda at a glance: id, version, updated_at, ends_at and cancelled_at. What a feed says moves one of them."""
    columns = (Event.id, Event.version, Event.updated_at, Event.ends_at, Event.cancelled_at)
    return db.session.execute(listed(sa.select(*columns), wanted, now=now).limit(1000)).all()


def pages(*, since: datetime) -> list[tuple[str, datetime]]:
    """The slug and last change of every event that strangers may see and that was not over by `since`."""
    shown = sa.select(Event.slug, Event.updated_at).where(
        Event.state != EventState.DRAFT, Event.visibility != Visibility.BESLOTEN, Event.ends_at > since
    )
    found = db.session.execute(shown.order_by(Event.starts_at, Event.id).limit(_MOST_PAGES))
    return [(slug, changed) for slug, changed in found]


# What one sitemap may hold, with room for the pages that are not events.
_MOST_PAGES = 49_000


def events_by_id(ids: Collection[int]) -> Sequence[Event]:
    """These events in the order of the agenda, with their fields."""
    found = sa.select(Event).where(Event.id.in_(ids)).order_by(Event.starts_at, Event.id)
    return db.session.scalars(found.options(selectinload(Event.fields), joinedload(Event.offered_by))).all()


def listed(query: Any, wanted: AgendaFilter, *, now: Any) -> Any:
    """Only events that the agenda shows: not over yet (or from `since`), first one first. `now` may be a parameter."""
    query = query.where(
        Event.state != EventState.DRAFT,
        Event.visibility != Visibility.BESLOTEN,
        Event.ends_at > (wanted.since or now),
    )
    if wanted.until:
        query = query.where(Event.starts_at < wanted.until)
    if wanted.kind:
        query = query.where(Event.kind == wanted.kind)
    if wanted.form:
        query = query.where(Event.form == wanted.form)
    if wanted.field:
        query = query.where(Event.id.in_(sa.select(EventField.event_id).where(EventField.code == wanted.field)))
    if wanted.group:
        query = query.where(
            Event.id.in_(sa.select(EventTargetGroup.event_id).where(EventTargetGroup.code == wanted.group))
        )
    for word in wanted.text.split()[:8]:
        text = Event.title + " " + Event.summary + " " + Event.city + " " + Event.description
        query = query.where(text.icontains(word, autoescape=True))
    return query.order_by(Event.starts_at, Event.id)
