"""Circles with dull defaults, and what a test of them reads back."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from eventapp.domain.circles import JoinPolicy, MeetingAnswer, MemberRole, Standing
from eventapp.domain.events import EventForm, EventKind
from eventapp.extensions import db
from eventapp.models import Circle, CircleMember, Event
from eventapp.queries.circles import attending_of, member_by_token
from eventapp.services import circle_answers, circle_joining, circle_members
from eventapp.services.knowing import Somebody
from tests.factories import NOW, OFFICE, make_event
from tests.reading import last_mail

TODAY = NOW.date()
MARIEKE = Somebody("marieke@zonnevlinder.example", "Marieke", "van der", "Meulen")
FATMA = Somebody("fatma@elders.example", "Fatma", "", "Yıldız")


def make_circle(*, policy: JoinPolicy = JoinPolicy.DIRECT, slug: str = "kenniskring-hr", **more: object) -> Circle:
    """A circle HR that anybody of a member joins at once."""
    values = {"name": "Kenniskring HR", "season": "2027", "created_at": NOW, "updated_at": NOW}
    circle = Circle(slug=slug, join_policy=policy, **(values | more))
    db.session.add(circle)
    db.session.commit()
    return circle


def make_meeting(circle: Circle, *, days: int = 30, **more: object) -> Event:
    """A meeting of this circle, online, so many days from now."""
    values = {"kind": EventKind.KENNISKRING, "form": EventForm.ONLINE, "title": f"{circle.name}: bijeenkomst"}
    return make_event(circle_id=circle.id, starts_at=NOW + timedelta(days=days), **(values | more))


def asks(circle: Circle, who: Somebody = MARIEKE, *, now: datetime = NOW) -> str:
    """Somebody fills in the form; answers the secret in the mail."""
    circle_joining.ask(circle.id, who, function_group=None, message="", visitor_key="v1", now=now)
    return last_mail("circle_confirm").text.split("/kringen/bevestigen/")[1].split()[0]


def joins(circle: Circle, who: Somebody = MARIEKE, *, now: datetime = NOW) -> str:
    """Somebody fills in the form and follows the link; answers the token of their page, '' when they have to wait."""
    return circle_joining.prove(asks(circle, who, now=now), now=now).member_token


def added(circle: Circle, who: Somebody = MARIEKE, *, role: MemberRole = MemberRole.LID, first: date = TODAY) -> str:
    """The office adds somebody; answers the token of their page."""
    newcomer = circle_members.Newcomer(who, role=role, by_hand=True)
    member_id = circle_members.add_by_hand(circle.id, newcomer, first=first, by=OFFICE, now=NOW)
    return db.session.get_one(CircleMember, member_id).token


def says(token: str, event: Event, answer: MeetingAnswer, *, reason: str = "", now: datetime = NOW) -> None:
    circle_answers.answer(token, event.id, answer, reason=reason, now=now)


def stands(token: str) -> list[Standing]:
    """How somebody stands towards each meeting of their circle, in order."""
    member = member_by_token(token)
    assert member is not None
    return [one.standing for one in attending_of(member)]


def members() -> list[tuple[str, date, date | None]]:
    """Everybody's first and last day, in the order in which they came."""
    rows = db.session.scalars(sa.select(CircleMember).order_by(CircleMember.id))
    return [(row.address, row.joined_on, row.left_on) for row in rows]
