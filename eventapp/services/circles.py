"""How does the office keep a circle: what it says of itself, its meetings from a rule, and its next season?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.circles import JoinPolicy
from eventapp.domain.errors import ChangedMeanwhile, CircleClosed, EmptySeries, SlugTaken
from eventapp.domain.event_details import EventDetails, slug_for
from eventapp.domain.events import EventForm, EventKind, EventState, Field, TargetGroup, Visibility
from eventapp.domain.pricing import Admission, default_lines
from eventapp.domain.series import a_year_later, moments
from eventapp.domain.times import AMSTERDAM, local_date
from eventapp.extensions import db
from eventapp.models import Circle, CircleCoordinator, CircleGroup, CircleHost, Event
from eventapp.queries.circles import meetings_of, members_on
from eventapp.services import organising
from eventapp.services.audit import note
from eventapp.services.circle_members import Newcomer, join, lock_circle
from eventapp.services.knowing import Somebody
from eventapp.transaction import transaction

# Addresses under /kringen and /beheer/kringen that no circle may hide.
RESERVED = frozenset({"nieuw", "lid", "bevestigen"})


@dataclass(frozen=True)
class CircleDetails:
    """Everything the office fills in about a circle; coordinators are ids of staff, hosts of organisations."""

    name: str
    slug: str = ""
    season: str = ""
    kind: EventKind = EventKind.KENNISKRING
    field: Field = Field.ALGEMEEN
    form: EventForm = EventForm.ONLINE
    visibility: Visibility = Visibility.OPENBAAR
    join_policy: JoinPolicy = JoinPolicy.DIRECT
    sit_in: bool = True
    summary: str = ""
    description: str = ""
    contact: str = ""
    groups: frozenset[TargetGroup] = frozenset()
    coordinators: frozenset[int] = frozenset()
    hosts: frozenset[int] = frozenset()


_PLAIN = (
    "name",
    "season",
    "kind",
    "field",
    "form",
    "visibility",
    "join_policy",
    "sit_in",
    "summary",
    "description",
    "contact",
)


@dataclass(frozen=True)
class Series:
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


def details_of(circle: Circle) -> CircleDetails:
    """What the circle says of itself now."""
    return CircleDetails(
        **{name: getattr(circle, name) for name in _PLAIN},
        slug=circle.slug,
        groups=frozenset(row.code for row in circle.groups),
        coordinators=frozenset(row.staff_id for row in circle.coordinators),
        hosts=frozenset(row.organisation_id for row in circle.hosts),
    )


def add_circle(details: CircleDetails, *, by: Actor, now: datetime) -> str:
    """A new circle; answers its slug, which the name gives when none is asked for. Refuses with SlugTaken."""
    with transaction():
        return _add(details, follows=None, by=by, now=now).slug


def change_circle(circle_id: int, details: CircleDetails, *, version: int, by: Actor, now: datetime) -> str:
    """Save what differs and answer the slug; meetings keep what they say.

    Refuses with NotFound, SlugTaken, or ChangedMeanwhile when somebody saved since `version`.
    """
    with transaction():
        circle = lock_circle(circle_id)
        if circle.version != version:
            raise ChangedMeanwhile()
        before = details_of(circle)
        circle.slug = _free_slug(details, circle_id)
        _copy(details, circle)
        circle.version, circle.updated_at = version + 1, now
        _move_pages(circle_id, now=now)
        changed = [name for name in vars(before) if getattr(before, name) != getattr(details, name)]
        note("circle_changed", "circle", circle_id, by=by, now=now, changed=changed)
        return circle.slug


def end_circle(circle_id: int, *, by: Actor, now: datetime) -> None:
    """Off the list: nobody joins any more. Who is in it and what is planned stays. Twice is once."""
    with transaction():
        circle = lock_circle(circle_id)
        if circle.ended_at is None:
            circle.ended_at = circle.updated_at = now
            circle.version += 1
            _move_pages(circle_id, now=now)
            note("circle_ended", "circle", circle_id, by=by, now=now)


def _move_pages(circle_id: int, *, now: datetime) -> None:
    """The pages of its meetings name the circle, so what was kept of them is out of date."""
    ahead = sa.update(Event).where(Event.circle_id == circle_id, Event.ends_at > now)
    db.session.execute(ahead.values(version=Event.version + 1).execution_options(synchronize_session=False))


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
        details = replace(details_of(old), season=season, slug=slug_for(f"{old.name} {season}"))
        new = _add(details, follows=old, by=by, now=now)
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


def _add(details: CircleDetails, *, follows: Circle | None, by: Actor, now: datetime) -> Circle:
    circle = Circle(slug=_free_slug(details, None), created_at=now, updated_at=now)
    circle.follows_id = follows.id if follows else None
    _copy(details, circle)
    db.session.add(circle)
    db.session.flush()
    note("circle_added", "circle", circle.id, by=by, now=now, name=circle.name, season=circle.season)
    return circle


def _copy(details: CircleDetails, circle: Circle) -> None:
    for name in _PLAIN:
        setattr(circle, name, getattr(details, name))
    _exchange(circle.groups, CircleGroup, "code", details.groups)
    _exchange(circle.coordinators, CircleCoordinator, "staff_id", details.coordinators)
    _exchange(circle.hosts, CircleHost, "organisation_id", details.hosts)


def _exchange(rows: list[Any], model: type[Any], name: str, wanted: Collection[Any]) -> None:
    """Take away the rows whose value is not wanted, add one for each that is not there."""
    present = {getattr(row, name) for row in rows}
    rows[:] = [row for row in rows if getattr(row, name) in wanted]
    rows.extend(model(**{name: value}) for value in sorted(set(wanted) - present))


def _free_slug(details: CircleDetails, own_id: int | None) -> str:
    """The slug as asked for, or one made of the name that is still free."""
    if details.slug:
        if details.slug in RESERVED or _in_use(details.slug, own_id):
            raise SlugTaken(slug=details.slug)
        return details.slug
    base = slug_for(details.name)
    candidates = [base, *(f"{base}-{number}" for number in range(2, 1000))]
    return next(slug for slug in candidates if slug not in RESERVED and not _in_use(slug, own_id))


def _in_use(slug: str, own_id: int | None) -> bool:
    found = db.session.scalar(sa.select(Circle.id).where(Circle.slug == slug))
    return found is not None and found != own_id


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
