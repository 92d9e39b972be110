"""What is there to account for of a year? The meetings with what was counted at them, and the organisations and people
that were there; who was there is only what was fixed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp.domain.account import ALL, NO_MARKS, NONE, AccountYear, Figure, Key, Marks, Meeting, Totals, Visitor, part
from eventapp.domain.account_shares import shares_of_meeting, shares_of_organisation, totals
from eventapp.domain.events import EventKind, EventState
from eventapp.domain.presence import WAS_THERE
from eventapp.domain.pricing import Admission, Category, MembershipPeriod
from eventapp.domain.registrations import State
from eventapp.domain.times import from_local, local_date
from eventapp.extensions import db
from eventapp.models import (
    FORM,
    WHOLE_EVENT,
    Capacity,
    Event,
    EventField,
    EventPrice,
    EventTargetGroup,
    EventVisibility,
    FixedPresence,
    Membership,
    Organisation,
    OrganisationDomain,
    Registration,
    WaitingEntry,
)
from eventapp.queries.appreciation import marks_of

THERE = FixedPresence.status.in_(WAS_THERE)


def year_of(year: int, *, now: datetime) -> AccountYear:
    """The year as it stands today."""
    return AccountYear(year, local_date(now))


def held_in(year: AccountYear, *, now: datetime) -> sa.ColumnElement[bool]:
    """Of an event: it began in that year, went on, and is over."""
    return sa.and_(begun_in(year), Event.state == EventState.PUBLISHED, Event.ends_at <= now)


def held_ids(year: AccountYear, *, now: datetime) -> list[int]:
    return list(db.session.scalars(sa.select(Event.id).where(held_in(year, now=now))))


def begun_in(year: AccountYear) -> sa.ColumnElement[bool]:
    """Of an event: it begins in that year, on Dutch calendars."""
    first, beyond = from_local(year.first, time.min), from_local(year.last + timedelta(days=1), time.min)
    return sa.and_(Event.starts_at >= first, Event.starts_at < beyond)


def live_totals(year: AccountYear, *, now: datetime) -> Totals:
    """Every number as it follows from what is known now."""
    shares = [shares_of_meeting(one) for one in meetings(year, now=now)]
    shares += [shares_of_organisation(one, year) for one in visitors(year, now=now)]
    return totals([*shares, people_numbers(year, now=now)])


def meetings(year: AccountYear, *, now: datetime) -> list[Meeting]:
    """What was held, by day."""
    held = held_in(year, now=now)
    counted = _Counted(
        registered=_registered(held),
        attended=_fixed(held, THERE),
        no_show=_fixed(held, FixedPresence.no_show.is_(True)),
        waited=_waited(held),
        placed=_waited(held, Registration.state == State.CONFIRMED),
        marks=marks_of(held_ids(year, now=now), now=now),
    )
    groups, fields = _codes(EventTargetGroup, held), _codes(EventField, held)
    return [_meeting(row, groups, fields, counted) for row in _held_rows(held)]


class _Counted(NamedTuple):
    """How many, by event."""

    registered: Mapping[int, int]
    attended: Mapping[int, int]
    no_show: Mapping[int, int]
    waited: Mapping[int, int]
    placed: Mapping[int, int]
    marks: Mapping[int, Marks]


def _held_rows(held: sa.ColumnElement[bool]) -> Sequence[sa.Row]:
    admits = EventPrice.admission.in_((Admission.GRATIS, Admission.PRIJS))
    outsiders = sa.and_(EventPrice.event_id == Event.id, EventPrice.category == Category.NIET_LID, admits)
    whole = sa.and_(Capacity.event_id == Event.id, Capacity.kind == WHOLE_EVENT)
    # Hybrid without a limit to the whole of it has as many places as its two forms together.
    part = sa.orm.aliased(Capacity)
    of_forms = sa.select(sa.func.sum(part.size)).where(part.event_id == Event.id, part.kind == FORM)
    query = (
        sa.select(
            Event.id,
            Event.slug,
            Event.title,
            Event.starts_at,
            Event.kind,
            Event.form,
            Event.registration,
            Event.presence_fixed_at,
            sa.func.coalesce(Capacity.size, of_forms.scalar_subquery()).label("size"),
            EventVisibility.contribution,
            EventVisibility.heads,
            sa.exists().where(outsiders).label("open_to_outsiders"),
        )
        .outerjoin(Capacity, whole)
        .outerjoin(EventVisibility, EventVisibility.event_id == Event.id)
        .where(held)
    )
    return db.session.execute(query.order_by(Event.starts_at, Event.id)).all()


def _meeting(row: sa.Row, groups: Mapping[int, set[Any]], fields: Mapping[int, set[Any]], counted: _Counted) -> Meeting:
    return Meeting(
        id=row.id,
        slug=row.slug,
        title=row.title,
        day=local_date(row.starts_at),
        kind=row.kind,
        form=row.form,
        registration=row.registration,
        groups=frozenset(groups.get(row.id, ())),
        fields=frozenset(fields.get(row.id, ())),
        fixed=row.presence_fixed_at is not None,
        size=row.size,
        open_to_outsiders=bool(row.open_to_outsiders),
        contribution=row.contribution or "",
        heads=row.heads,
        registered=counted.registered.get(row.id, 0),
        attended=counted.attended.get(row.id, 0),
        no_show=counted.no_show.get(row.id, 0),
        waited=counted.waited.get(row.id, 0),
        placed=counted.placed.get(row.id, 0),
        marks=counted.marks.get(row.id, NO_MARKS),
    )


def _codes(table: type[EventTargetGroup | EventField], held: sa.ColumnElement[bool]) -> Mapping[int, set[Any]]:
    """Target groups or fields, by event."""
    found: dict[int, set[Any]] = defaultdict(set)
    for event_id, code in db.session.execute(sa.select(table.event_id, table.code).join(Event).where(held)):
        found[event_id].add(code)
    return found


def _registered(held: sa.ColumnElement[bool]) -> dict[int, int]:
    """Who kept a place to the end."""
    query = sa.select(Registration.event_id, sa.func.count()).join(Event, Event.id == Registration.event_id)
    return _by_event(query.where(held, Registration.state == State.CONFIRMED).group_by(Registration.event_id))


def _fixed(held: sa.ColumnElement[bool], which: sa.ColumnElement[bool]) -> dict[int, int]:
    query = sa.select(FixedPresence.event_id, sa.func.count()).join(Event, Event.id == FixedPresence.event_id)
    return _by_event(query.where(held, which).group_by(FixedPresence.event_id))


def _waited(held: sa.ColumnElement[bool], *which: sa.ColumnElement[bool]) -> dict[int, int]:
    """Who ever stood in line for the event, in whatever form or pool; the line for a breakout is not one."""
    number = sa.func.count(sa.distinct(Registration.id))
    query = (
        sa.select(Registration.event_id, number)
        .join(WaitingEntry, WaitingEntry.registration_id == Registration.id)
        .join(Event, Event.id == Registration.event_id)
        .where(held, WaitingEntry.breakout_id.is_(None), *which)
    )
    return _by_event(query.group_by(Registration.event_id))


def _by_event(query: sa.Select) -> dict[int, int]:
    return dict(db.session.execute(query).all())


def visitors(year: AccountYear, *, now: datetime) -> list[Visitor]:
    """Every organisation we know, with its periods and the days on which somebody of it was there, by id."""
    periods: dict[int, list[MembershipPeriod]] = defaultdict(list)
    known = sa.select(Membership.organisation_id, Membership.starts_on, Membership.ends_on, Membership.relation)
    for organisation_id, first, last, relation in db.session.execute(known):
        periods[organisation_id].append(MembershipPeriod(first, last, relation))
    days, before = _days(held_in(year, now=now)), _before(year)
    rows = db.session.execute(
        sa.select(Organisation.id, Organisation.name, Organisation.kind).order_by(Organisation.id)
    )
    return [
        Visitor(
            id=row.id,
            name=row.name,
            kind=row.kind,
            periods=tuple(periods[row.id]),
            days=frozenset(days[row.id]),
            before=before.get(row.id),
        )
        for row in rows
    ]


# For which one somebody came, else the one to which their mail domain belongs: at the general price a registration
# rests on no organisation. Retention keeps it when it empties the domain (services/forgetting.py).
CAME_FROM = sa.func.coalesce(Registration.organisation_id, OrganisationDomain.organisation_id)


def were_there(*columns: Any) -> sa.Select[Any]:
    """Of everybody who was at a meeting of our own, with the organisation they `CAME_FROM`."""
    return (
        sa.select(*columns)
        .select_from(Registration)
        .outerjoin(OrganisationDomain, OrganisationDomain.domain == Registration.mail_domain)
        .join(FixedPresence, FixedPresence.registration_id == Registration.id)
        .join(Event, Event.id == Registration.event_id)
        .where(THERE, Event.kind != EventKind.EXTERN)
    )


def _days(held: sa.ColumnElement[bool]) -> dict[int, set[date]]:
    found: dict[int, set[date]] = defaultdict(set)
    query = were_there(CAME_FROM, Event.starts_at).where(held, CAME_FROM.is_not(None))
    for organisation_id, starts_at in db.session.execute(query.distinct()):
        found[organisation_id].add(local_date(starts_at))
    return found


def _before(year: AccountYear) -> dict[int, date]:
    """The last day before this year."""
    last = sa.func.max(Event.starts_at, type_=Event.starts_at.type)
    earlier = (Event.starts_at < from_local(year.first, time.min), Event.state == EventState.PUBLISHED)
    query = were_there(CAME_FROM, last).where(*earlier, CAME_FROM.is_not(None)).group_by(CAME_FROM)
    return {organisation_id: local_date(at) for organisation_id, at in db.session.execute(query)}


def people_numbers(year: AccountYear, *, now: datetime) -> dict[Key, int]:
    """How many different people were there; each counts once, and once in every part in which they came."""
    held, number = held_in(year, now=now), sa.func.count(sa.distinct(Registration.person_id))
    outside = (Registration.category == Category.NIET_LID, CAME_FROM.is_(None))
    found = {
        Key(Figure.PEOPLE, ALL, "people"): db.session.scalar(were_there(number).where(held)) or 0,
        Key(Figure.OUTSIDERS, ALL, "unknown"): db.session.scalar(were_there(number).where(held, *outside)) or 0,
    }
    for dimension, column in (("category", Registration.category), ("group", Registration.function_group)):
        for code, people in db.session.execute(were_there(column, number).where(held).group_by(column)):
            found[Key(Figure.PEOPLE, part(dimension, code or NONE), "people")] = people
    return {key: people for key, people in found.items() if people}
