"""May somebody from outside a circle come along to one of its meetings?"""

import sqlalchemy as sa

from eventapp.domain.errors import CircleMembersOnly, SatInBefore
from eventapp.domain.registrations import LIVE
from eventapp.extensions import db
from eventapp.models import Circle, Event, Registration
from eventapp.queries.circles import SOURCE, membership_at


def check_open(event: Event) -> None:
    """Refuses with CircleMembersOnly when its circle takes no guests. Says nothing about who asks."""
    if event.circle_id is not None and not db.session.get_one(Circle, event.circle_id).sit_in:
        raise CircleMembersOnly()


def check_once(registration: Registration) -> None:
    """For whoever proved the address: one meeting is enough to see what a circle is like. Refuses with SatInBefore."""
    event = registration.event
    if event.circle_id is None or membership_at(registration) is not None:
        return
    other = sa.exists().where(
        Registration.person_id == registration.person_id,
        Registration.event_id == Event.id,
        Registration.event_id != event.id,
        Registration.source != SOURCE,
        Registration.state.in_(LIVE),
        Registration.proven_at.is_not(None),
        Event.circle_id == event.circle_id,
    )
    if db.session.scalar(sa.select(other)):
        raise SatInBefore()
