"""An entry in somebody's calendar says something else from now on: its sequence goes up, once per change.

The database counts, so that of two changes at once neither gets the number of the other.
"""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.registrations import LIVE
from eventapp.extensions import db
from eventapp.models import Choice, Registration


def move(registration: Registration, *, now: datetime) -> None:
    """Within a transaction: another time, place, way of attending or breakout, or off."""
    registration.calendar_sequence = Registration.calendar_sequence + 1
    registration.calendar_changed_at = now
    db.session.flush()


def move_all_at(event_id: int, *, now: datetime) -> None:
    """Within a transaction that locked the orders: the same for everybody who comes, waits or still has to pay."""
    _step(sa.and_(Registration.event_id == event_id, Registration.state.in_(LIVE)), now=now)


def move_all_in(breakout_id: int, *, now: datetime) -> None:
    """Within a transaction that locked the orders: whoever chose or presents this breakout finds it in another room."""
    chose = sa.select(Choice.registration_id).where(Choice.breakout_id == breakout_id)
    _step(sa.and_(Registration.id.in_(chose), Registration.state.in_(LIVE)), now=now)


def _step(where: sa.ColumnElement[bool], *, now: datetime) -> None:
    """In one statement; what the session knows of these rows is read again."""
    stepped = sa.update(Registration).where(where)
    values = {"calendar_sequence": Registration.calendar_sequence + 1, "calendar_changed_at": now}
    db.session.execute(stepped.values(values).execution_options(synchronize_session=False))
    db.session.expire_all()
