"""Who is in a circle? Joining, being added by the office, and leaving; each is a row with its days."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp import formatting
from eventapp.domain.actors import Actor
from eventapp.domain.circles import MemberRole
from eventapp.domain.errors import AlreadyMember, CircleClosed, EndsBeforeStart, NotFound
from eventapp.domain.events import TargetGroup
from eventapp.domain.times import local_date
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.models import Circle, CircleMember, Organisation, Person
from eventapp.queries.calendars import feed_of
from eventapp.queries.circles import coming_meetings, open_membership
from eventapp.queries.membership import organisation_of
from eventapp.services import calendar_links, circle_meetings, people
from eventapp.services.audit import note
from eventapp.services.knowing import Somebody
from eventapp.transaction import transaction


class Newcomer(NamedTuple):
    """Who comes into a circle, for which organisation, and as what."""

    who: Somebody
    role: MemberRole = MemberRole.LID
    organisation_id: int | None = None
    function_group: TargetGroup | None = None
    by_hand: bool = False


def add_by_hand(circle_id: int, newcomer: Newcomer, *, first: date, by: Actor, now: datetime) -> int:
    """The office adds somebody, whatever their address proves, and answers the id of the membership.

    They get the mail with all dates, and a place at each. Refuses with NotFound, CircleClosed or AlreadyMember.
    """
    with transaction():
        circle = lock_circle(circle_id)
        member = join(circle, newcomer, first=first, by=by, now=now)
        member_id = member.id
    circle_meetings.follow(circle_id, now=now)
    return member_id


def join(circle: Circle, newcomer: Newcomer, *, first: date, by: Actor, now: datetime) -> CircleMember:
    """Within a transaction that locked the circle: a new membership from this day on, and the mail about it.

    Refuses with CircleClosed (it ended) or AlreadyMember.
    """
    if circle.ended_at is not None:
        raise CircleClosed()
    who = newcomer.who
    person = people.find_or_add(who.address, who.given_name, who.infix, who.family_name, now=now)
    if open_membership(circle.id, person.id, first):
        raise AlreadyMember()
    organisation = _organisation(newcomer, who.address)
    if newcomer.function_group and person.function_group is None:
        person.function_group = newcomer.function_group
    member = CircleMember(
        circle=circle,
        person=person,
        organisation=organisation,
        organisation_name=organisation.name if organisation else "",
        address=who.address,
        function_group=newcomer.function_group or person.function_group,
        role=newcomer.role,
        by_hand=newcomer.by_hand,
        joined_on=first,
        token=new_token(),
        created_at=now,
    )
    db.session.add(member)
    db.session.flush()
    facts: dict[str, Any] = {"circle": circle.name, "role": member.role.value, "first": first.isoformat()}
    note("circle_joined", "circle", circle.id, by=by, now=now, person_id=person.id, **facts)
    _welcome(member, now=now)
    return member


def leave(token: str, *, by: Actor, now: datetime) -> None:
    """Somebody leaves a circle with the link of their own page, from tomorrow on; coming places go back.

    Refuses with NotFound; twice is once.
    """
    member_id = db.session.scalar(sa.select(CircleMember.id).where(CircleMember.token == token))
    if member_id is None:
        raise NotFound()
    end(member_id, local_date(now), by=by, now=now)


def end(member_id: int, last: date, *, by: Actor, now: datetime) -> None:
    """Give a membership its last day, that day included; the places at later meetings go back.

    Whoever was never in it by then (the first day is later) leaves on the first day. Refuses with NotFound or, for a
    day long before, EndsBeforeStart.
    """
    with transaction():
        circle_id = db.session.scalar(sa.select(CircleMember.circle_id).where(CircleMember.id == member_id))
        circle = lock_circle(circle_id or 0)
        member = db.session.get_one(CircleMember, member_id, populate_existing=True)
        if last < member.joined_on - timedelta(days=1):
            raise EndsBeforeStart()
        last = max(last, member.joined_on)
        if member.left_on == last:
            return
        member.left_on = last
        facts: dict[str, Any] = {"circle": circle.name, "last": last.isoformat()}
        note("circle_left", "circle", circle.id, by=by, now=now, person_id=member.person_id, **facts)
        _goodbye(member, now=now)
        circle_id = circle.id
    circle_meetings.follow(circle_id, now=now)


def lock_circle(circle_id: int) -> Circle:
    """The circle as it is now; of two who change it or who is in it the second waits. Refuses with NotFound."""
    write_same = sa.update(Circle).where(Circle.id == circle_id).values(version=Circle.version)
    db.session.execute(write_same.execution_options(synchronize_session=False))
    circle = db.session.get(Circle, circle_id, populate_existing=True)
    if circle is None:
        raise NotFound()
    return circle


def _organisation(newcomer: Newcomer, address: str) -> Organisation | None:
    if newcomer.organisation_id is not None:
        return db.session.get_one(Organisation, newcomer.organisation_id)
    return organisation_of(address)


def recipient(member: CircleMember) -> Recipient:
    """The member, at the address they joined with."""
    return Recipient(member.address, full_name(member.person))


def full_name(person: Person) -> str:
    return formatting.full_name(person.given_name, person.infix, person.family_name)


def _welcome(member: CircleMember, *, now: datetime) -> None:
    """One mail with all dates, the page to answer on, and the subscription that holds everything."""
    by = Actor("person", member.address, member.person_id)
    calendar_links.make(member.address, by=by, now=now)
    feed = feed_of(member.address)
    day = member.joined_on
    write(
        "circle_joined",
        recipient(member),
        purpose=f"circle_joined-{member.id}",
        now=now,
        circle=member.circle,
        member=member,
        meetings=[one for one in coming_meetings(member.circle_id, now=now) if local_date(one.starts_at) >= day],
        feed=feed,
    )


def _goodbye(member: CircleMember, *, now: datetime) -> None:
    write(
        "circle_left",
        recipient(member),
        purpose=f"circle_left-{member.id}-{member.left_on}",
        now=now,
        circle=member.circle,
        member=member,
    )
