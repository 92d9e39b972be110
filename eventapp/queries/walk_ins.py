"""Who came in without having registered, and are they inside?"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Presence, Registration

_SHOWN = 200


def inside(registration_id: int) -> bool:
    """Whether somebody is at the event now."""
    mine = sa.exists().where(
        Presence.registration_id == registration_id, Presence.session == "", Presence.inside_since.is_not(None)
    )
    return bool(db.session.scalar(sa.select(mine)))


def never_inside(event_id: int) -> set[int]:
    """The ids of registrations with a sure place whom nobody let in yet."""
    came = sa.exists().where(
        Presence.registration_id == Registration.id, Presence.session == "", Presence.first_in_at.is_not(None)
    )
    sure = sa.select(Registration.id).where(Registration.event_id == event_id, Registration.state == State.CONFIRMED)
    return set(db.session.scalars(sure.where(~came)))


def walk_ins_at(event_id: int, *, source: str) -> Sequence[Registration]:
    """Who was taken in at the door of this event, the last one first."""
    theirs = sa.select(Registration).where(Registration.event_id == event_id, Registration.source == source)
    in_order = theirs.order_by(Registration.id.desc()).limit(_SHOWN)
    return db.session.scalars(in_order.options(joinedload(Registration.person))).all()
