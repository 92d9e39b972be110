"""What does belonging to a circle say of somebody at a meeting: member, guest or observer, and what they said?"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain.circles import Given, MemberRole, belongs, counts
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import CircleMember, Event
from eventapp.queries.circles import given_in


class Belonging(NamedTuple):
    """How somebody belongs to the circle on the day of a meeting, and what they said of it that still counts."""

    role: MemberRole
    said: Given | None

    @property
    def stays_away(self) -> bool:
        return self.said is not None and self.said.answer.stays_away


class CircleFacts(NamedTuple):
    """All memberships of a circle by person, and all answers by membership and meeting."""

    members: Mapping[int, Sequence[CircleMember]]
    answers: Mapping[tuple[int, int], Given]

    def at(self, event: Event) -> dict[int, Belonging]:
        """Everybody who belongs to it on the day of this meeting, by person."""
        day, moved_at, event_id = local_date(event.starts_at), event.moved_at, event.id
        found = {}
        for person_id, own in self.members.items():
            if member := next((one for one in own if belongs(one.joined_on, one.left_on, day)), None):
                given = self.answers.get((member.id, event_id))
                found[person_id] = Belonging(member.role, given if counts(given, moved_at=moved_at) else None)
        return found


def circle_facts(circle_id: int | None) -> CircleFacts | None:
    """The facts of this circle; None for an event that is no meeting of one."""
    if circle_id is None:
        return None
    query = sa.select(CircleMember).where(CircleMember.circle_id == circle_id).order_by(CircleMember.id)
    rows = db.session.scalars(query.options(joinedload(CircleMember.person), joinedload(CircleMember.organisation)))
    members: dict[int, list[CircleMember]] = {}
    for member in rows:
        members.setdefault(member.person_id, []).append(member)
    return CircleFacts(members, given_in(circle_id))
