"""Who gets a role for one event or one circle, until when, and how is it taken back?"""

from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.domain.actors import CIRCLE_ROLES, EVENT_ROLES, Actor, Grant
from eventapp.domain.errors import AccountEnded, NotAllowed, NotFound
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import Circle, Event, StaffGrant, StaffMember
from eventapp.services.audit import note
from eventapp.transaction import transaction


class Colleague(NamedTuple):
    """To whom a role is given; the name counts for an account that is made with it."""

    address: str
    name: str = ""


def give(to: Colleague, grant: Grant, *, ends_on: date | None, by: Actor, now: datetime) -> int:
    """A role for one event or circle, to an account that is made when there is none; answers the id of the row.

    Given again it gets the new last day. Refuses with NotAllowed for a role that cannot be given for such a thing,
    NotFound when it is not there, AccountEnded when the account of this address has ended or begins later.
    """
    if grant.role not in (EVENT_ROLES if grant.event_id is not None else CIRCLE_ROLES):
        raise NotAllowed()
    try:
        return _give(to, grant, ends_on=ends_on, by=by, now=now)
    except IntegrityError:
        # Somebody gave the same in this very moment: now it is there.
        return _give(to, grant, ends_on=ends_on, by=by, now=now)


def _give(to: Colleague, grant: Grant, *, ends_on: date | None, by: Actor, now: datetime) -> int:
    with transaction() as session:
        _check_there(grant)
        member = _account(to, by=by, now=now)
        known = sa.select(StaffGrant).where(
            StaffGrant.staff_id == member.id,
            StaffGrant.role == grant.role,
            StaffGrant.event_id.is_not_distinct_from(grant.event_id),
            StaffGrant.circle_id.is_not_distinct_from(grant.circle_id),
        )
        row = session.scalar(known)
        if row is None:
            row = StaffGrant(staff_id=member.id, created_at=now, **vars(grant))
            session.add(row)
        row.ends_on = ends_on
        session.flush()
        _note("role_given", row, by=by, now=now)
        return row.id


def _check_there(grant: Grant) -> None:
    there = db.session.get(Event, grant.event_id) if grant.event_id else db.session.get(Circle, grant.circle_id)
    if there is None:
        raise NotFound()


def _account(to: Colleague, *, by: Actor, now: datetime) -> StaffMember:
    member = db.session.scalar(sa.select(StaffMember).where(StaffMember.address == to.address))
    if member is None:
        member = StaffMember(address=to.address, name=to.name, created_at=now)
        db.session.add(member)
        db.session.flush()
        note("staff_added", "staff", member.id, by=by, now=now)
    elif not member.active(local_date(now)):
        raise AccountEnded()
    return member


def take_back(grant_id: int, *, event_id: int | None = None, by: Actor, now: datetime) -> None:
    """End a role for one thing at once: the next page that is asked for does not come any more.

    With `event_id` only a role for that event. Refuses with NotFound; so does the second time.
    """
    with transaction() as session:
        row = session.get(StaffGrant, grant_id)
        if row is None or (event_id is not None and row.event_id != event_id):
            raise NotFound()
        _note("role_taken_back", row, by=by, now=now)
        session.delete(row)


def take_all_back(staff_id: int, *, by: Actor, now: datetime) -> None:
    """Within the transaction that ends the account: who gets one again begins without roles of before."""
    for row in db.session.scalars(sa.select(StaffGrant).where(StaffGrant.staff_id == staff_id)):
        _note("role_taken_back", row, by=by, now=now)
        db.session.delete(row)


def _note(act: str, row: StaffGrant, *, by: Actor, now: datetime) -> None:
    member = db.session.get_one(StaffMember, row.staff_id)
    subject, subject_id = ("circle", row.circle_id) if row.event_id is None else ("event", row.event_id)
    whom = member.name or member.address
    note(act, subject, subject_id, by=by, now=now, event_id=row.event_id, role=row.role.value, whom=whom)
