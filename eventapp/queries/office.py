"""What does the office need to see: its events with their filling, who works there, and what else it keeps?"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.domain.actors import Own
from eventapp.domain.events import EventState
from eventapp.domain.pricing import Relation
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import (
    ApiToken,
    Circle,
    Event,
    Membership,
    Organisation,
    PendingDetails,
    Registration,
    StaffGrant,
    StaffMember,
)
from eventapp.queries.access import among, of_event_among


def coming_events(*, now: datetime, own: Own | None = None) -> Sequence[Event]:
    """What is still to come or going on, drafts not among them; first one first."""
    coming = sa.select(Event).where(Event.state != EventState.DRAFT, Event.ends_at > now, among(own))
    return db.session.scalars(coming.order_by(Event.starts_at).options(selectinload(Event.capacities))).all()


class FirstSteps(NamedTuple):
    """How far a new house is: whether there ever was an event, its organisations, and colleagues besides the first."""

    events: bool
    organisations: int
    colleagues: int


def first_steps() -> FirstSteps:
    """What a page says on which nothing is planned."""
    organisations = sa.select(sa.func.count(Organisation.id)).scalar_subquery()
    accounts = sa.select(sa.func.count(StaffMember.id)).scalar_subquery()
    row = db.session.execute(sa.select(sa.select(Event.id).exists(), organisations, accounts)).one()
    return FirstSteps(bool(row[0]), row[1], max(0, row[2] - 1))


def past_events(*, now: datetime, own: Own | None = None) -> Sequence[Event]:
    """What is over, last one first."""
    past = sa.select(Event).where(Event.state != EventState.DRAFT, Event.ends_at <= now, among(own))
    newest = past.order_by(Event.starts_at.desc()).limit(200)
    return db.session.scalars(newest.options(selectinload(Event.capacities))).all()


def draft_events(own: Own | None = None) -> Sequence[Event]:
    """Drafts, by date."""
    drafts = sa.select(Event).where(Event.state == EventState.DRAFT, among(own))
    return db.session.scalars(drafts.order_by(Event.starts_at).options(selectinload(Event.capacities))).all()


def waiting_events() -> frozenset[int]:
    """The ids of events of which changes wait to be carried through."""
    return frozenset(db.session.scalars(sa.select(PendingDetails.event_id)))


def counts_by_state(event_id: int | None = None, own: Own | None = None) -> dict[State, int]:
    """How many registrations are in each state that occurs, of one event or of all."""
    counted = sa.select(Registration.state, sa.func.count()).where(of_event_among(own, Registration.event_id))
    if event_id is not None:
        counted = counted.where(Registration.event_id == event_id)
    return {row.state: row[1] for row in db.session.execute(counted.group_by(Registration.state))}


def members_to_choose() -> list[tuple[int, str]]:
    """Id and name of every organisation that is or was a member, for deciding about a claim."""
    was = sa.exists().where(Membership.organisation_id == Organisation.id, Membership.relation == Relation.LID)
    members = sa.select(Organisation.id, Organisation.name).where(was)
    return [(key, name) for key, name in db.session.execute(members.order_by(Organisation.name))]


def grants_of_event(event_id: int) -> Sequence[StaffGrant]:
    """Roles for this event alone, by name; those that ended among them."""
    rows = sa.select(StaffGrant).join(StaffMember).where(StaffGrant.event_id == event_id)
    by_name = rows.order_by(StaffMember.name, StaffMember.address, StaffGrant.id)
    return db.session.scalars(by_name.options(joinedload(StaffGrant.staff))).all()


class GivenRole(NamedTuple):
    """A role for one event or circle, with what that is called and, of an event, when it is."""

    grant: StaffGrant
    thing: str
    at: datetime | None


def grants() -> dict[int, list[GivenRole]]:
    """Every role for one event or circle by the id of who has it, the latest first."""
    rows = db.session.execute(
        sa.select(StaffGrant, sa.func.coalesce(Event.title, Circle.name), Event.starts_at)
        .outerjoin(Event, Event.id == StaffGrant.event_id)
        .outerjoin(Circle, Circle.id == StaffGrant.circle_id)
        .order_by(StaffGrant.id.desc())
    )
    found: dict[int, list[GivenRole]] = {}
    for grant, thing, at in rows:
        found.setdefault(grant.staff_id, []).append(GivenRole(grant, thing, at))
    return found


def staff() -> Sequence[StaffMember]:
    """Everybody with an account, ended ones among them, by name."""
    return db.session.scalars(sa.select(StaffMember).order_by(StaffMember.name, StaffMember.address)).all()


def api_tokens() -> Sequence[ApiToken]:
    """Tokens of programs, newest first; door phones are listed with their event."""
    return db.session.scalars(sa.select(ApiToken).where(ApiToken.event_id.is_(None)).order_by(ApiToken.id.desc())).all()


def door_devices(event_id: int) -> Sequence[ApiToken]:
    """Phones that were coupled or invited for this event, newest first."""
    return db.session.scalars(
        sa.select(ApiToken).where(ApiToken.event_id == event_id).order_by(ApiToken.id.desc())
    ).all()
