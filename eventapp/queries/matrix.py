"""The meetings of a circle against its people, as it stands now."""

from collections.abc import Iterable
from datetime import datetime

from eventapp import formatting
from eventapp.domain.circles import MemberRole
from eventapp.domain.events import EventState
from eventapp.domain.matrix import Mark, Matrix, Meeting, Member, Stay, build
from eventapp.domain.presence import WAS_THERE, PresenceStatus, is_no_show
from eventapp.models import Circle, CircleMember, Event
from eventapp.queries.attendance import Attendee, everybody
from eventapp.queries.circle_facts import CircleFacts, circle_facts
from eventapp.queries.circles import meetings_of


def matrix_of(circle: Circle, *, now: datetime) -> Matrix:
    """Everybody who is or was a member, and whoever came along; one query for the circle and two for each meeting."""
    facts = circle_facts(circle.id)
    assert facts is not None
    events = meetings_of(circle.id)
    guests: dict[int, Attendee] = {}
    marks: dict[tuple[int, int], Mark] = {}
    for event in events:
        marks |= _told(event, facts)
        for one in everybody(event, now=now, circle=facts):
            known = marks.get((one.person_id, event.id))
            # Of who registered twice, having been there goes before everything.
            if one.status is None or (known and known.status in WAS_THERE):
                continue
            marks[one.person_id, event.id] = Mark(one.status, is_no_show(one.status, promised=one.promised))
            if one.person_id not in facts.members:
                guests[one.person_id] = one
    people = [*_members(facts), *_guests(guests.values())]
    return build(list(map(_meeting, events)), people, marks, now=now)


def _meeting(event: Event) -> Meeting:
    off, fixed = event.state == EventState.CANCELLED, event.presence_fixed_at is not None
    return Meeting(event.id, event.starts_at, event.ends_at, cancelled=off, fixed=fixed)


def _told(event: Event, facts: CircleFacts) -> dict[tuple[int, int], Mark]:
    """Who sent word without ever having a place, for example as it was full."""
    told = Mark(PresenceStatus.MET_BERICHT)
    return {(person_id, event.id): told for person_id, one in facts.at(event).items() if one.stays_away}


def _members(facts: CircleFacts) -> list[Member]:
    """By name; somebody who came back is one row with several stays."""
    ordered = sorted(facts.members.items(), key=lambda item: (item[1][0].person.sort_key, item[0]))
    return [Member(person_id, _name(rows[0].person), tuple(map(_stay, rows))) for person_id, rows in ordered]


def _stay(member: CircleMember) -> Stay:
    name = member.organisation.name if member.organisation else member.organisation_name
    return Stay(member.joined_on, member.left_on, name, counts=member.role == MemberRole.LID)


def _guests(found: Iterable[Attendee]) -> list[Member]:
    return [Member(one.person_id, _name(one), organisation=one.organisation) for one in found]


def _name(person: object) -> str:
    parts = (getattr(person, name) for name in ("given_name", "infix", "family_name"))
    return formatting.sort_name(*parts) or "(gewist)"
