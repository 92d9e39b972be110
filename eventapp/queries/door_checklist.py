"""Is the door of an event ready to open? What has to be there, and what is not yet."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.actors import Scope
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import ApiToken, Event, Registration


class Checklist(NamedTuple):
    """`coupled` and `uncoupled` are phones that were not closed off; `desks` those of them that find names offline.

    `unrehearsed` did not prove yet that they work; what failed in a rehearsal stands in the list of phones. `walk_ins`
    take in who did not register. `newer` is how many came or went since the paper list.
    """

    coupled: int
    uncoupled: int
    unrehearsed: tuple[str, ...]
    desks: tuple[str, ...]
    walk_ins: tuple[str, ...]
    listed_at: datetime | None
    newer: int


def before_opening(event: Event, devices: Iterable[ApiToken]) -> Checklist:
    """How it stands with the phones and the paper of this event."""
    open_ones = [device for device in devices if device.revoked_at is None]
    coupled = [device for device in open_ones if device.coupled_at is not None]
    return Checklist(
        coupled=len(coupled),
        uncoupled=len(open_ones) - len(coupled),
        unrehearsed=tuple(device.name for device in coupled if device.rehearsed_at is None),
        desks=tuple(device.name for device in open_ones if Scope.NAMES in device.scope_set),
        walk_ins=tuple(device.name for device in coupled if Scope.WALK_INS in device.scope_set),
        listed_at=event.emergency_list_at,
        newer=_since(event.id, event.emergency_list_at) if event.emergency_list_at else 0,
    )


def _since(event_id: int, moment: datetime) -> int:
    changed = sa.or_(
        sa.and_(Registration.state == State.CONFIRMED, Registration.confirmed_at > moment),
        sa.and_(Registration.confirmed_at.is_not(None), Registration.cancelled_at > moment),
    )
    return db.session.scalar(sa.select(sa.func.count()).where(Registration.event_id == event_id, changed)) or 0
