"""Which circles are there, who is in them, and how does everybody stand towards the meetings?"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.domain.circles import Given, MemberRole, RequestState, Standing, belongs, standing
from eventapp.domain.events import EventKind, EventState, Visibility
from eventapp.domain.registrations import HOLDING, LIVE, State
from eventapp.domain.school_holidays import Holiday
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import (
    Circle,
    CircleAnswer,
    CircleMember,
    CircleRequest,
    Event,
    PersonAddress,
    Registration,
    SchoolHoliday,
    StaffGrant,
)
from eventapp.queries.access import grant_lasts

# What a registration of a member says of where it came from.
SOURCE = "circle"


class Attending(NamedTuple):
    """One member and one meeting: how they stand, and what they said with it."""

    member: CircleMember
    event: Event
    standing: Standing
    reason: str
    registration: Registration | None


def circle_by_slug(slug: str) -> Circle | None:
    return db.session.scalar(
        sa.select(Circle)
        .where(Circle.slug == slug)
        .options(selectinload(Circle.groups), selectinload(Circle.coordinators), selectinload(Circle.hosts))
    )


def circle_by_id(circle_id: int) -> Circle | None:
    return db.session.get(Circle, circle_id)


def public_circles() -> Sequence[Circle]:
    """The circles that everybody may know of and that go on, by name."""
    shown = sa.and_(Circle.ended_at.is_(None), Circle.visibility != Visibility.BESLOTEN)
    found = sa.select(Circle).where(shown).order_by(Circle.name, Circle.id)
    return db.session.scalars(found.options(selectinload(Circle.groups))).all()


def office_circles(own: Collection[int] | None = None) -> Sequence[Circle]:
    """All circles, or these only, those that go on first."""
    found = sa.select(Circle).order_by(Circle.ended_at.is_not(None), Circle.name, Circle.season.desc(), Circle.id)
    if own is not None:
        found = found.where(Circle.id.in_(own))
    return db.session.scalars(found).all()


def running(circle: Circle, today: date) -> list[StaffGrant]:
    """Who runs this circle on this day."""
    return [row for row in circle.coordinators if row.staff.active(today) and grant_lasts(row, None, today)]


def successor_of(circle_id: int) -> Circle | None:
    """The circle of the next season."""
    return db.session.scalar(sa.select(Circle).where(Circle.follows_id == circle_id).order_by(Circle.id).limit(1))


def meetings_of(circle_id: int, *, drafts: bool = False) -> Sequence[Event]:
    """The meetings of a circle, first one first; cancelled ones too."""
    found = sa.select(Event).where(Event.circle_id == circle_id).order_by(Event.starts_at, Event.id)
    return db.session.scalars(found if drafts else found.where(Event.state != EventState.DRAFT)).all()


def without_circle(kind: EventKind, *, now: datetime) -> Sequence[Event]:
    """Events of this kind that are still to come and belong to no circle, first one first; drafts too."""
    alone = sa.and_(Event.circle_id.is_(None), Event.kind == kind, Event.starts_at > now)
    found = sa.select(Event).where(alone, Event.state != EventState.CANCELLED)
    return db.session.scalars(found.order_by(Event.starts_at, Event.id)).all()


def coming_meetings(circle_id: int, *, now: datetime) -> list[Event]:
    """The meetings that are still to come and go on."""
    return [one for one in meetings_of(circle_id) if one.state == EventState.PUBLISHED and one.starts_at > now]


def next_meetings(circle_ids: Collection[int], *, now: datetime, listed_only: bool = False) -> dict[int, Event]:
    """Of each of these circles the first meeting that is still to come and goes on; `listed_only`: that all may see."""
    coming = sa.and_(Event.circle_id.in_(circle_ids), Event.state == EventState.PUBLISHED, Event.starts_at > now)
    found = sa.select(Event).where(coming).order_by(Event.starts_at.desc(), Event.id.desc())
    if listed_only:
        found = found.where(Event.visibility != Visibility.BESLOTEN)
    return {one.circle_id: one for one in db.session.scalars(found) if one.circle_id is not None}


def members_of(circle_id: int) -> list[CircleMember]:
    """Everybody who is or was in it, in the order of lists."""
    found = sa.select(CircleMember).where(CircleMember.circle_id == circle_id)
    rows = db.session.scalars(found.options(joinedload(CircleMember.person), joinedload(CircleMember.circle))).all()
    return sorted(rows, key=lambda row: (row.person.sort_key, row.person_id, row.joined_on, row.id))


def members_on(circle_id: int, day: date) -> list[CircleMember]:
    """Who is in it on this day."""
    return [row for row in members_of(circle_id) if belongs(row.joined_on, row.left_on, day)]


def member_by_token(token: str) -> CircleMember | None:
    """Whose page of the circle this link opens."""
    found = sa.select(CircleMember).where(CircleMember.token == token)
    return db.session.scalar(found.options(joinedload(CircleMember.person), joinedload(CircleMember.circle)))


def open_membership(circle_id: int, person_id: int, day: date) -> CircleMember | None:
    """The membership that somebody has on this day, or that begins later."""
    found = sa.select(CircleMember).where(CircleMember.circle_id == circle_id, CircleMember.person_id == person_id)
    ends_later = sa.or_(CircleMember.left_on.is_(None), CircleMember.left_on >= day)
    return db.session.scalar(found.where(ends_later).order_by(CircleMember.id.desc()).limit(1))


def memberships_at(address: str) -> list[CircleMember]:
    """The memberships of the people at this address, joined with it; ended ones too."""
    people = sa.select(PersonAddress.person_id).where(PersonAddress.address == address)
    found = sa.select(CircleMember).where(CircleMember.person_id.in_(people), CircleMember.address == address)
    rows = db.session.scalars(found.options(joinedload(CircleMember.person), joinedload(CircleMember.circle))).all()
    return sorted(rows, key=lambda row: (row.circle.name, row.id))


def requests_of(circle_id: int) -> Sequence[CircleRequest]:
    """Who waits for a yes, the longest first."""
    waiting = CircleRequest.state == RequestState.AWAITING_APPROVAL
    found = sa.select(CircleRequest).where(CircleRequest.circle_id == circle_id, waiting)
    return db.session.scalars(found.order_by(CircleRequest.id)).all()


def requests_in(circle_ids: Collection[int]) -> dict[int, int]:
    """How many wait for a yes in each of these circles."""
    found = sa.select(CircleRequest.circle_id, sa.func.count()).group_by(CircleRequest.circle_id)
    waiting = sa.and_(CircleRequest.circle_id.in_(circle_ids), CircleRequest.state == RequestState.AWAITING_APPROVAL)
    return {row[0]: row[1] for row in db.session.execute(found.where(waiting))}


def waiting_requests(own: Collection[int] | None) -> int:
    """How many wait for a yes in all circles together, or in these only."""
    found = sa.select(sa.func.count()).where(CircleRequest.state == RequestState.AWAITING_APPROVAL)
    if own is not None:
        found = found.where(CircleRequest.circle_id.in_(own))
    return db.session.scalar(found) or 0


def membership_at(registration: Registration) -> CircleMember | None:
    """The membership on which this registration for a meeting of a circle rests; None for anybody else's."""
    return membership_for(registration.event, registration.person_id)


def membership_for(event: Event, person_id: int) -> CircleMember | None:
    """Somebody's membership of the circle on the day of this meeting of it."""
    if event.circle_id is None:
        return None
    day = local_date(event.starts_at)
    found = open_membership(event.circle_id, person_id, day)
    return found if found and belongs(found.joined_on, found.left_on, day) else None


def given_in(circle_id: int) -> dict[tuple[int, int], Given]:
    """What the members of a circle said of its meetings, by the ids of member and event."""
    found = sa.select(CircleAnswer.member_id, CircleAnswer.event_id, CircleAnswer.answer, CircleAnswer.answered_at)
    rows = db.session.execute(found.join(Event).where(Event.circle_id == circle_id))
    return {(member_id, event_id): Given(answer, at) for member_id, event_id, answer, at in rows}


def given_of(member_id: int, event_id: int) -> Given | None:
    """What one member said of one meeting."""
    row = db.session.get(CircleAnswer, (event_id, member_id))
    return Given(row.answer, row.answered_at) if row else None


def attending(event: Event) -> list[Attending]:
    """Everybody who is in the circle on the day of this meeting, with how they stand."""
    assert event.circle_id is not None
    answers, live = _facts(event.id)
    members = members_on(event.circle_id, local_date(event.starts_at))
    return [_attending(member, event, answers, live) for member in members]


def attending_of(member: CircleMember) -> list[Attending]:
    """The meetings while this member is in the circle, with how they stand."""
    days = [(event, local_date(event.starts_at)) for event in meetings_of(member.circle_id)]
    inside = [event for event, day in days if belongs(member.joined_on, member.left_on, day)]
    return [_attending(member, event, *_facts(event.id, member)) for event in inside]


def guests_at(event: Event) -> list[Registration]:
    """Who comes without being in the circle."""
    members = {one.member.person_id for one in attending(event)}
    live = sa.and_(Registration.event_id == event.id, Registration.state.in_(LIVE))
    rows = db.session.scalars(sa.select(Registration).where(live).options(joinedload(Registration.person))).all()
    guests = [row for row in rows if row.person_id not in members]
    return sorted(guests, key=lambda row: (row.person.sort_key, row.id))


def _facts(
    event_id: int, member: CircleMember | None = None
) -> tuple[dict[int, CircleAnswer], dict[int, Registration]]:
    """Answers by member and live registrations by person, of everybody or of one member."""
    answers = sa.select(CircleAnswer).where(CircleAnswer.event_id == event_id)
    live = sa.select(Registration).where(Registration.event_id == event_id, Registration.state.in_(LIVE))
    if member is not None:
        answers = answers.where(CircleAnswer.member_id == member.id)
        live = live.where(Registration.person_id == member.person_id)
    return (
        {row.member_id: row for row in db.session.scalars(answers)},
        {row.person_id: row for row in db.session.scalars(live)},
    )


def _attending(
    member: CircleMember, event: Event, answers: dict[int, CircleAnswer], live: dict[int, Registration]
) -> Attending:
    row, registration = answers.get(member.id), live.get(member.person_id)
    given = Given(row.answer, row.answered_at) if row else None
    stands = standing(
        given,
        holds=registration is not None and registration.state in HOLDING,
        waits=registration is not None and registration.state == State.WAITLISTED,
        moved_at=event.moved_at,
    )
    return Attending(member, event, stands, row.reason if row else "", registration)


def headcounts(circle_ids: Sequence[int], day: date) -> dict[int, int]:
    """How many members each circle has on this day; guests and observers not counted."""
    inside = sa.and_(
        CircleMember.circle_id.in_(circle_ids),
        CircleMember.role == MemberRole.LID,
        CircleMember.joined_on <= day,
        sa.or_(CircleMember.left_on.is_(None), CircleMember.left_on >= day),
    )
    found = sa.select(CircleMember.circle_id, sa.func.count()).where(inside).group_by(CircleMember.circle_id)
    return {row[0]: row[1] for row in db.session.execute(found)}


def holidays() -> list[Holiday]:
    """Every school holiday the office keeps, by date."""
    found = sa.select(SchoolHoliday).order_by(SchoolHoliday.first_on, SchoolHoliday.region, SchoolHoliday.id)
    return [Holiday(row.name, row.region, row.first_on, row.last_on, row.source) for row in db.session.scalars(found)]


def holiday_rows() -> Sequence[SchoolHoliday]:
    """The same as rows, to edit."""
    found = sa.select(SchoolHoliday).order_by(SchoolHoliday.first_on, SchoolHoliday.region, SchoolHoliday.id)
    return db.session.scalars(found).all()
