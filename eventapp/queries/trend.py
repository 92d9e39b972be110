"""How fast does an event fill: its registrations day by day, and where its predecessor stood at the same point?"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp.domain.actors import Own
from eventapp.domain.events import EventKind, EventState, RegistrationMode
from eventapp.domain.registrations import HOLDING, State
from eventapp.domain.times import MIDNIGHT, from_local, local_date
from eventapp.extensions import db
from eventapp.models import Event, Registration
from eventapp.queries.access import among

DAYS = 28


class Trend(NamedTuple):
    """Registrations per day, the oldest first, today last; `before` is how many held a place at the previous event of
    this kind as long before it, None when there was none.
    """

    days: tuple[int, ...] = (0,) * DAYS
    before: int | None = None

    @property
    def week(self) -> int:
        """How many came in the last seven days."""
        return sum(self.days[-7:])


def coming(*, now: datetime, own: Own | None, limit: int) -> Sequence[Event]:
    """What comes first, with its places; drafts and what is called off not among them."""
    found = sa.select(Event).where(Event.state == EventState.PUBLISHED, Event.ends_at > now, among(own))
    found = found.order_by(Event.starts_at, Event.id).limit(limit)
    return db.session.scalars(found.options(selectinload(Event.capacities))).all()


def trends(events: Sequence[Event], *, now: datetime) -> dict[int, Trend]:
    """Of each of these events, by id: three statements however many registrations there are."""
    if not events:
        return {}
    days, before = _per_day([one.id for one in events], now), _before(events, now)
    none = Trend()
    return {one.id: Trend(days.get(one.id, none.days), before.get(one.id)) for one in events}


def _per_day(event_ids: Sequence[int], now: datetime) -> dict[int, tuple[int, ...]]:
    """One pass over the index of event and moment, which ends four weeks ago."""
    today = local_date(now)
    begins = [from_local(today - timedelta(days=back), MIDNIGHT) for back in range(DAYS)]
    day = sa.case(*((Registration.created_at >= begin, back) for back, begin in enumerate(begins)))
    counted = (
        sa.select(Registration.event_id, day.label("back"), sa.func.count())
        .where(
            Registration.event_id.in_(event_ids),
            Registration.created_at >= begins[-1],
            Registration.state != State.EXPIRED,
        )
        .group_by(Registration.event_id, sa.text("back"))
    )
    found: dict[int, list[int]] = {}
    for event_id, back, number in db.session.execute(counted):
        found.setdefault(event_id, [0] * DAYS)[DAYS - 1 - back] = number
    return {event_id: tuple(numbers) for event_id, numbers in found.items()}


def _before(events: Sequence[Event], now: datetime) -> dict[int, int]:
    """Of how many the place at the previous one was asked for by the same point, among those who kept it."""
    known = _predecessors(now)
    pairs = [(one, earlier) for one in events if (earlier := known.get((one.kind, one.circle_id)))]
    if not pairs:
        return {}
    numbers = [
        sa.select(sa.func.count())
        .where(
            Registration.event_id == earlier.id,
            Registration.created_at <= earlier.starts_at - (one.starts_at - now),
            Registration.state.in_(HOLDING),
        )
        .scalar_subquery()
        for one, earlier in pairs
    ]
    row = db.session.execute(sa.select(*numbers)).one()
    return {one.id: number for (one, _), number in zip(pairs, row, strict=True)}


def _predecessors(now: datetime) -> dict[tuple[EventKind, int | None], sa.Row[Any]]:
    """The last event that is over of each kind and circle."""
    latest = sa.func.row_number().over(
        partition_by=(Event.kind, Event.circle_id), order_by=(Event.starts_at.desc(), Event.id.desc())
    )
    over = sa.and_(Event.state == EventState.PUBLISHED, Event.registration == RegistrationMode.HIER)
    ranked = (
        sa.select(Event.id, Event.starts_at, Event.kind, Event.circle_id, latest.label("latest"))
        .where(over, Event.ends_at <= now)
        .subquery()
    )
    rows = db.session.execute(sa.select(ranked).where(ranked.c.latest == 1))
    return {(row.kind, row.circle_id): row for row in rows}
