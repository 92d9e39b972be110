"""Which meetings does a circle have: a series from a rule, one that was in the agenda already, and its next season?"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import ChangedMeanwhile, CircleClosed, EmptySeries
from eventapp.domain.event_details import EventDetails, slug_for
from eventapp.domain.event_kinds import default_lines
from eventapp.domain.events import EventForm, EventState
from eventapp.domain.pricing import Admission
from eventapp.domain.series import a_year_later, moments
from eventapp.domain.times import AMSTERDAM, local_date
from eventapp.extensions import db
from eventapp.models import Circle, Event
from eventapp.queries.circles import meetings_of, members_on
from eventapp.services import circle_meetings, organising
from eventapp.services.audit import note
from eventapp.services.circle_members import Newcomer, join, lock_circle
from eventapp.services.circles import add_within, details_of
from eventapp.services.knowing import Somebody
from eventapp.services.locks import lock_event
from eventapp.transaction import transaction


class Series(NamedTuple):
    """Meetings alike but for their day. `capacity` None is unlimited; the clock is the Dutch one."""

    days: Sequence[date]
    begins: time
    ends: time
    title: str = ""
    form: EventForm = EventForm.ONLINE
    venue: str = ""
    city: str = ""
    online_url: str = ""
    capacity: int | None = None


def plan_series(circle_id: int, series: Series, *, publish: bool, by: Actor, now: datetime) -> int:
    """Meetings on these days, all of them or none; answers how many. A day on which it meets already gets no second.

    Refuses with NotFound, CircleClosed, EmptySeries (no day left) or NotPublishable.
    """
    with transaction():
        circle = lock_circle(circle_id)
        if circle.ended_at is not None:
            raise CircleClosed()
        taken = days_taken(circle_id)
        days = sorted({day for day in series.days if day not in taken})
        if not days:
            raise EmptySeries()
        for day in days:
            _add_meeting(circle, _details(circle, series, day), publish=publish, by=by, now=now)
        note("series_planned", "circle", circle_id, by=by, now=now, meetings=len(days))
        return len(days)


def publish_drafts(circle_id: int, *, by: Actor, now: datetime) -> int:
    """Put every draft of the circle that lies ahead in the agenda; answers how many. Refuses with NotPublishable."""
    with transaction():
        lock_circle(circle_id)
        drafts = [
            one.id
            for one in meetings_of(circle_id, drafts=True)
            if one.state == EventState.DRAFT and one.starts_at > now
        ]
        for event_id in drafts:
            organising.publish_event(event_id, by=by, now=now)
        return len(drafts)


def take_in(circle_id: int, event_ids: Collection[int], *, by: Actor, now: datetime) -> int:
    """Make meetings of events that stood in the agenda by themselves; answers how many. Members get their places.

    One that belongs to another circle by now, or is over, is left as it is. Refuses with NotFound or CircleClosed.
    """
    with transaction():
        circle = lock_circle(circle_id)
        if circle.ended_at is not None:
            raise CircleClosed()
        taken = 0
        for event_id in sorted(event_ids):
            event = lock_event(event_id)
            if event.circle_id is None and event.starts_at > now and event.state != EventState.CANCELLED:
                event.circle_id, event.version, event.updated_at = circle_id, event.version + 1, now
                note("event_taken_in", "event", event_id, by=by, now=now, event_id=event_id, circle=circle.name)
                taken += 1
    circle_meetings.follow(circle_id, now=now)
    return taken


def next_season(
    circle_id: int, *, season: str, meetings: Collection[int], with_members: bool, by: Actor, now: datetime
) -> str:
    """A circle of its own for the next season: the same in everything, these meetings 52 weeks later as drafts.

    Members of today go along from the first of them on, and hear of it. Answers the slug. Refuses with NotFound or
    ChangedMeanwhile (it was continued already).
    """
    with transaction():
        old = lock_circle(circle_id)
        if db.session.scalar(sa.select(Circle.id).where(Circle.follows_id == circle_id)):
            raise ChangedMeanwhile()
        details = replace(details_of(old, today=local_date(now)), season=season, slug=slug_for(f"{old.name} {season}"))
        new = add_within(details, follows=old, by=by, now=now)
        days = [local_date(now)]
        for event in meetings_of(circle_id):
            if event.id in meetings:
                days.append(_copy_meeting(new, event, by=by, now=now))
        first = min(days[1:], default=days[0])
        if with_members:
            _take_along(old, new, first=max(first, local_date(now)), by=by, now=now)
        return new.slug


def days_taken(circle_id: int) -> set[date]:
    """The days on which the circle meets, drafts included, cancelled meetings not."""
    found = meetings_of(circle_id, drafts=True)
    return {local_date(one.starts_at) for one in found if one.state != EventState.CANCELLED}


def _details(circle: Circle, series: Series, day: date) -> EventDetails:
    starts_at, ends_at = moments(day, series.begins, series.ends)
    return EventDetails(
        title=f"{circle.name}: {series.title}" if series.title else circle.name,
        kind=circle.kind,
        form=series.form,
        starts_at=starts_at,
        ends_at=ends_at,
        slug=_meeting_slug(circle, day),
        venue=series.venue,
        city=series.city,
        online_url=series.online_url,
        summary=circle.summary,
        description=circle.description,
        contact=circle.contact,
        visibility=circle.visibility,
        capacity=series.capacity,
        target_groups=frozenset(row.code for row in circle.groups),
        fields=frozenset({circle.field}),
        prices=frozenset(line for line in default_lines(circle.kind) if line.admission != Admission.NIET),
    )


def _meeting_slug(circle: Circle, day: date) -> str:
    """An address that says which meeting it is, or '' where that is in use, so that the title gives another."""
    slug = f"{circle.slug[:60]}-{day.isoformat()}"
    return "" if db.session.scalar(sa.select(Event.id).where(Event.slug == slug)) else slug


def _add_meeting(circle: Circle, details: EventDetails, *, publish: bool, by: Actor, now: datetime) -> None:
    slug = organising.create_event(details, by=by, now=now)
    event = db.session.scalars(sa.select(Event).where(Event.slug == slug)).one()
    event.circle_id = circle.id
    db.session.flush()
    if publish:
        organising.publish_event(event.id, by=by, now=now)


def _copy_meeting(circle: Circle, event: Event, *, by: Actor, now: datetime) -> date:
    (day,) = a_year_later([local_date(event.starts_at)])
    clock = event.starts_at.astimezone(AMSTERDAM).time()
    starts_at, _ = moments(day, clock, clock)
    details = replace(
        organising.details_of(event),
        slug=_meeting_slug(circle, day),
        starts_at=starts_at,
        ends_at=starts_at + (event.ends_at - event.starts_at),
        opens_at=None,
        closes_at=None,
    )
    _add_meeting(circle, details, publish=False, by=by, now=now)
    return day


def _take_along(old: Circle, new: Circle, *, first: date, by: Actor, now: datetime) -> None:
    for member in members_on(old.id, local_date(now)):
        if member.person.erased_at is not None or not member.address:
            continue
        person = member.person
        newcomer = Newcomer(
            Somebody(member.address, person.given_name, person.infix, person.family_name),
            role=member.role,
            organisation_id=member.organisation_id,
            function_group=member.function_group,
            by_hand=member.by_hand,
        )
        join(new, newcomer, first=first, by=by, now=now)
