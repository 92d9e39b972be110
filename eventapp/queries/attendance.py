"""Who is expected at an event, and who came? In the order of Dutch lists."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Breakout, Choice, Person, PhotoChoice, Presence, Registration

_WHOLE_EVENT = ""


@dataclass(frozen=True, slots=True)
class Attendee:
    """One line of the list; `first_in_at` is when somebody came in first, None for who did not come."""

    given_name: str
    infix: str
    family_name: str
    organisation: str
    function: str
    category: Category
    state: State
    first_in_at: datetime | None
    no_photo: bool = False
    speaks: bool = False


def attendees(event_id: int) -> list[Attendee]:
    """Everybody with a confirmed registration, and whoever came in without one; a single query over these columns."""
    return _attendees(event_id, _WHOLE_EVENT, sa.true(), sa.false())


def attendees_of(breakout: Breakout) -> list[Attendee]:
    """The same for one breakout: whoever chose or presents it, and whoever came in without."""
    mine = sa.and_(Choice.registration_id == Registration.id, Choice.breakout_id == breakout.id)
    return _attendees(breakout.event_id, breakout.slug, sa.exists().where(mine), sa.exists().where(mine, Choice.speaks))


def _attendees(
    event_id: int, session: str, expected: sa.ColumnElement[bool], speaks: sa.ColumnElement[bool]
) -> list[Attendee]:
    presence = sa.and_(Presence.registration_id == Registration.id, Presence.session == session)
    found = db.session.execute(
        sa.select(
            Person.given_name,
            Person.infix,
            Person.family_name,
            Registration.organisation_name,
            Registration.function,
            Registration.category,
            Registration.state,
            Presence.first_in_at,
            sa.func.coalesce(PhotoChoice.agreed, True).is_(False),
            speaks,
        )
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Presence, presence)
        .outerjoin(PhotoChoice, PhotoChoice.registration_id == Registration.id)
        .where(
            Registration.event_id == event_id,
            sa.or_(sa.and_(Registration.state == State.CONFIRMED, expected), Presence.first_in_at.is_not(None)),
        )
        .order_by(Person.sort_key, Registration.id)
    )
    return [Attendee(*tuple(row)) for row in found]
