"""Who is behind a session?"""

from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp.domain.actors import HOUSE, Actor, Grant, Own, Place, lasts
from eventapp.domain.mailings import Stream
from eventapp.domain.times import local_date
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.models import (
    Circle,
    Event,
    ExternalIdentity,
    Job,
    Mailing,
    Registration,
    StaffGrant,
    StaffMember,
    UserSession,
)


class LiveSession(NamedTuple):
    """Which address a browser proved, and when: a plain value that outlives the transaction it was read in."""

    id: int
    address: str
    created_at: datetime
    # The account elsewhere it was opened with, if it was, and the Microsoft tenant in which that is at home, else ''.
    identity_id: int | None = None
    tenant: str = ""


def live_session(token: str, *, now: datetime) -> LiveSession | None:
    """The session with this secret, unless it was ended or its time is over."""
    found = db.session.execute(
        sa.select(
            UserSession.id,
            UserSession.address,
            UserSession.created_at,
            UserSession.identity_id,
            sa.func.coalesce(ExternalIdentity.tenant_id, ""),
        )
        .outerjoin(ExternalIdentity, ExternalIdentity.id == UserSession.identity_id)
        .where(
            UserSession.token_digest == digest(token), UserSession.revoked_at.is_(None), UserSession.expires_at > now
        )
    ).one_or_none()
    return LiveSession(*found) if found else None


def staff_actor(address: str, *, now: datetime) -> Actor | None:
    """The member of staff with this address, as long as the account lasts and there is a role that counts."""
    today = local_date(now)
    rows = db.session.execute(
        sa.select(StaffMember, StaffGrant, Event.starts_at)
        .outerjoin(StaffGrant, StaffGrant.staff_id == StaffMember.id)
        .outerjoin(Event, Event.id == StaffGrant.event_id)
        .where(StaffMember.address == address)
    ).all()
    if not rows or not rows[0][0].active(today):
        return None
    member = rows[0][0]
    live = frozenset(_grant(grant) for _, grant, at in rows if grant is not None and grant_lasts(grant, at, today))
    roles = frozenset({member.role} if member.role else ())
    return Actor("staff", member.name or member.address, member.id, roles, live) if roles or live else None


def grant_lasts(grant: StaffGrant, event_at: datetime | None, today: date) -> bool:
    """Whether a role for one event or circle still counts; `event_at` is when that event begins."""
    return lasts(grant.ends_on, local_date(event_at) if event_at else None, today=today)


def _grant(row: StaffGrant) -> Grant:
    return Grant(row.role, row.event_id, row.circle_id)


def among(own: Own | None) -> sa.ColumnElement[bool]:
    """Whether an event is one of theirs, meetings of their circles among them; all of them are without `own`."""
    if own is None:
        return sa.true()
    return sa.or_(Event.id.in_(own.event_ids), Event.circle_id.in_(own.circle_ids))


def of_event_among(own: Own | None, event_id: sa.SQLColumnExpression[int | None]) -> sa.ColumnElement[bool]:
    """The same of what belongs to an event."""
    return sa.true() if own is None else event_id.in_(sa.select(Event.id).where(among(own)))


def place_of_event(slug: str) -> Place:
    """An event, with the circle of which it is a meeting; the house when there is none at this address."""
    return _place(sa.select(Event.id, Event.circle_id).where(Event.slug == slug))


def place_of_circle(slug: str) -> Place:
    """A circle."""
    return _place(sa.select(sa.null(), Circle.id).where(Circle.slug == slug))


def place_of_registration(registration_id: int) -> Place:
    """The event of a registration."""
    found = sa.select(Event.id, Event.circle_id).join(Registration, Registration.event_id == Event.id)
    return _place(found.where(Registration.id == registration_id))


def place_of_mailing(mailing_id: int) -> Place:
    """For whom a message is, when it is for the people of one event or circle; an announcement is of the house."""
    found = sa.select(Mailing.event_id, sa.func.coalesce(Mailing.circle_id, Event.circle_id))
    found = found.outerjoin(Event, Event.id == Mailing.event_id)
    return _place(found.where(Mailing.id == mailing_id, Mailing.stream != Stream.ANNOUNCEMENT))


def place_of_job(job_id: int) -> Place:
    """The event or circle of which a job makes something, as it was told when it was asked for."""
    told = db.session.scalar(sa.select(Job.parameters).where(Job.id == job_id)) or {}
    return Place(told.get("event_id"), told.get("circle"))


def _place(found: sa.Select[*tuple[Any, ...]]) -> Place:
    row = db.session.execute(found).one_or_none()
    return Place(row[0], row[1]) if row else HOUSE
