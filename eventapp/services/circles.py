"""How does the office keep a circle: what it says of itself, its meetings from a rule, and its next season?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from eventapp.domain.actors import Actor, Role
from eventapp.domain.circles import JoinPolicy
from eventapp.domain.errors import ChangedMeanwhile, SlugTaken
from eventapp.domain.event_details import slug_for
from eventapp.domain.events import EventForm, EventKind, Field, TargetGroup, Visibility
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import Circle, CircleGroup, CircleHost, Event, StaffGrant
from eventapp.queries.circles import running
from eventapp.services.audit import note
from eventapp.services.circle_members import lock_circle
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


def details_of(circle: Circle, *, today: date) -> CircleDetails:
    """What the circle says of itself now, with who runs it on this day."""
    return CircleDetails(
        **{name: getattr(circle, name) for name in _PLAIN},
        slug=circle.slug,
        groups=frozenset(row.code for row in circle.groups),
        coordinators=frozenset(row.staff_id for row in running(circle, today)),
        hosts=frozenset(row.organisation_id for row in circle.hosts),
    )


def add_circle(details: CircleDetails, *, by: Actor, now: datetime) -> str:
    """A new circle; answers its slug, which the name gives when none is asked for. Refuses with SlugTaken."""
    with transaction():
        return add_within(details, follows=None, by=by, now=now).slug


def change_circle(circle_id: int, details: CircleDetails, *, version: int, by: Actor, now: datetime) -> str:
    """Save what differs and answer the slug; meetings keep what they say.

    Refuses with NotFound, SlugTaken, or ChangedMeanwhile when somebody saved since `version`.
    """
    with transaction():
        circle = lock_circle(circle_id)
        if circle.version != version:
            raise ChangedMeanwhile()
        before = details_of(circle, today=local_date(now))
        circle.slug = _free_slug(details, circle_id)
        _copy(details, circle, now=now)
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


def add_within(details: CircleDetails, *, follows: Circle | None, by: Actor, now: datetime) -> Circle:
    """Within a transaction: the new circle itself. Refuses with SlugTaken."""
    circle = Circle(slug=_free_slug(details, None), created_at=now, updated_at=now)
    circle.follows_id = follows.id if follows else None
    _copy(details, circle, now=now)
    db.session.add(circle)
    db.session.flush()
    note("circle_added", "circle", circle.id, by=by, now=now, name=circle.name, season=circle.season)
    return circle


def _copy(details: CircleDetails, circle: Circle, *, now: datetime) -> None:
    for name in _PLAIN:
        setattr(circle, name, getattr(details, name))
    _exchange(circle.groups, CircleGroup, "code", details.groups)
    _exchange(
        circle.coordinators,
        StaffGrant,
        "staff_id",
        details.coordinators,
        role=Role.KRINGCOORDINATOR,
        created_at=now,
    )
    for row in circle.coordinators:
        if row.ends_on is not None and row.ends_on < local_date(now):
            # Whose time had ended runs it anew.
            row.ends_on = None
    _exchange(circle.hosts, CircleHost, "organisation_id", details.hosts)


def _exchange(rows: list[Any], model: type[Any], name: str, wanted: Collection[Any], **more: object) -> None:
    """Take away the rows whose value is not wanted, add one for each that is not there."""
    present = {getattr(row, name) for row in rows}
    rows[:] = [row for row in rows if getattr(row, name) in wanted]
    rows.extend(model(**{name: value}, **more) for value in sorted(set(wanted) - present))


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
