"""What does belonging to a circle say of somebody at a meeting: member, guest or observer, and what they said?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain.circles import Given, MemberRole, belongs, counts
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import CircleAnswer, CircleMember, Event


@dataclass(frozen=True)
class CircleFacts:
    """All memberships of a circle by person, and all answers by meeting and membership."""

    members: Mapping[int, Sequence[CircleMember]]
    answers: Mapping[tuple[int, int], Given]

    def member_on(self, event: Event, person_id: int) -> CircleMember | None:
        """The membership of this person on the day of this meeting."""
        day = local_date(event.starts_at)
        own = self.members.get(person_id, ())
        return next((one for one in own if belongs(one.joined_on, one.left_on, day)), None)

    def said(self, event: Event, member: CircleMember) -> Given | None:
        """What somebody said of this meeting, as long as that still counts."""
        given = self.answers.get((event.id, member.id))
        return given if counts(given, moved_at=event.moved_at) else None

    def stays_away(self, event: Event, member: CircleMember) -> bool:
        """Whether somebody said not to come."""
        given = self.said(event, member)
        return given is not None and given.answer.stays_away

    def is_guest(self, event: Event, person_id: int) -> bool:
        """Whether somebody comes along without belonging to the circle."""
        member = self.member_on(event, person_id)
        return member is None or member.role == MemberRole.GAST

    def is_observer(self, event: Event, person_id: int) -> bool:
        member = self.member_on(event, person_id)
        return member is not None and member.role == MemberRole.WAARNEMEND


def circle_facts(circle_id: int | None) -> CircleFacts | None:
    """The facts of this circle; None for an event that is no meeting of one."""
    if circle_id is None:
        return None
    query = sa.select(CircleMember).where(CircleMember.circle_id == circle_id).order_by(CircleMember.id)
    rows = db.session.scalars(query.options(joinedload(CircleMember.person), joinedload(CircleMember.organisation)))
    members: dict[int, list[CircleMember]] = {}
    for member in rows:
        members.setdefault(member.person_id, []).append(member)
    said = sa.select(CircleAnswer.event_id, CircleAnswer.member_id, CircleAnswer.answer, CircleAnswer.answered_at)
    said = said.join(CircleMember, CircleMember.id == CircleAnswer.member_id).where(CircleMember.circle_id == circle_id)
    answers = {(row[0], row[1]): Given(row[2], row[3]) for row in db.session.execute(said)}
    return CircleFacts(members, answers)
