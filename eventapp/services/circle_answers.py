"""A member says ja, nee or verhinderd to one meeting, as often as they change their mind until it begins."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.circles import MeetingAnswer, belongs
from eventapp.domain.errors import NotFound, RegistrationClosed
from eventapp.domain.events import EventState, Window
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import CircleAnswer, CircleMember, Event
from eventapp.queries.orders import live_registration
from eventapp.services import circle_meetings, date_confirming
from eventapp.services.audit import note
from eventapp.services.circle_members import lock_circle
from eventapp.transaction import transaction


def answer(token: str, event_id: int, said: MeetingAnswer, *, reason: str = "", now: datetime) -> None:
    """Keep the answer; who stays away gives the place back, who comes after all gets one.

    The reason is kept with nee and verhinderd only. Refuses with NotFound (no member with this link, or no meeting
    during the membership) or RegistrationClosed (it began, or is off).
    """
    with transaction():
        member = _locked(token)
        event = db.session.get(Event, event_id)
        if event is None or event.circle_id != member.circle_id:
            raise NotFound()
        if not belongs(member.joined_on, member.left_on, local_date(event.starts_at)):
            raise NotFound()
        if event.state != EventState.PUBLISHED or now >= event.starts_at:
            raise RegistrationClosed(window=Window.PAST.value)
        kept = reason if said.stays_away else ""
        row = CircleAnswer(event_id=event_id, member_id=member.id, answer=said, reason=kept, answered_at=now)
        db.session.merge(row)
        by = Actor("person", member.address, member.person_id)
        note("circle_answered", "event", event_id, by=by, now=now, event_id=event_id, answer=said.value)
        circle_id, person_id = member.circle_id, member.person_id
    live = live_registration(event_id, person_id)
    registration_id = live.id if live and live.date_open and not said.stays_away else None
    db.session.rollback()
    if registration_id is not None:
        date_confirming.confirm_date(registration_id, by=by, now=now)
    circle_meetings.follow(circle_id, now=now)


def _locked(token: str) -> CircleMember:
    member: CircleMember | None = db.session.scalar(sa.select(CircleMember).where(CircleMember.token == token))
    if member is None:
        raise NotFound()
    lock_circle(member.circle_id)
    return db.session.get_one(CircleMember, member.id, populate_existing=True)
