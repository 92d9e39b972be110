"""Who is expected at an event, and who came? In the order of Dutch lists."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Person, Presence, Registration

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


def attendees(event_id: int) -> list[Attendee]:
    """Everybody with a confirmed registration, and whoever came in without one; a single query over these columns."""
    presence = sa.and_(Presence.registration_id == Registration.id, Presence.session == _WHOLE_EVENT)
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
        )
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Presence, presence)
        .where(
            Registration.event_id == event_id,
            sa.or_(Registration.state == State.CONFIRMED, Presence.first_in_at.is_not(None)),
        )
        .order_by(Person.sort_key, Registration.id)
    )
    return [Attendee(*row) for row in found]
