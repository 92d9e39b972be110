"""Does everybody hold one of each breakout they chose, and of the form and the pool they belong to?"""

from typing import Any

import sqlalchemy as sa

from eventapp.domain.places import pool_for
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.models import (
    BREAKOUT,
    FORM,
    POOL,
    REST,
    WHOLE_EVENT,
    Capacity,
    Choice,
    PlaceHold,
    Pool,
    Registration,
    WaitingEntry,
)

Held = tuple[int, str, str]


def superfluous_and_missing() -> tuple[list[Held], list[Held]]:
    """What is held for nothing, and what should be held and is not: the registration with kind and ref of the part."""
    of_parts = sa.select(PlaceHold.registration_id, Capacity.kind, Capacity.ref).join(
        Capacity, Capacity.id == PlaceHold.capacity_id
    )
    held = _rows(of_parts.where(Capacity.kind.in_((BREAKOUT, FORM, POOL))))
    wanted = _rows(_chosen()) | _rows(_offered()) | _rows(_forms()) | _pools()
    return sorted(held - wanted), sorted(wanted - held)


def _rows(query: sa.Select[int, str, str]) -> set[Held]:
    return {(row[0], row[1], row[2]) for row in db.session.execute(query)}


def _holders() -> sa.Select[int]:
    """Whoever holds a place of the event; without one, as an unconfirmed registration may be, nothing else is held."""
    whole = sa.select(PlaceHold.registration_id).join(Capacity, Capacity.id == PlaceHold.capacity_id)
    return whole.where(Capacity.kind == WHOLE_EVENT)


def _chosen() -> sa.Select[int, str, str]:
    ref = sa.cast(Choice.breakout_id, sa.String)
    taken = sa.select(Choice.registration_id, sa.literal(BREAKOUT), ref)
    return taken.where(
        Choice.breakout_id.is_not(None), Choice.speaks.is_(False), Choice.registration_id.in_(_holders())
    )


def _offered() -> sa.Select[int, str, str]:
    ref = sa.cast(WaitingEntry.breakout_id, sa.String)
    return sa.select(WaitingEntry.registration_id, sa.literal(BREAKOUT), ref).where(
        WaitingEntry.breakout_id.is_not(None),
        WaitingEntry.state == EntryState.OFFERED,
        WaitingEntry.registration_id.in_(_holders()),
    )


def _forms() -> sa.Select[int, str, str]:
    row = sa.and_(
        Capacity.event_id == Registration.event_id,
        Capacity.kind == FORM,
        Capacity.ref == sa.cast(Registration.attends, sa.String),
    )
    own = sa.select(Registration.id, Capacity.kind, Capacity.ref).join(Capacity, row)
    return own.where(Registration.id.in_(_holders()))


def _pools() -> set[Held]:
    """The rule decides, as it does when the place is taken."""
    rules: dict[int, list[Any]] = {}
    for pool in db.session.scalars(sa.select(Pool).order_by(Pool.position, Pool.id)):
        rules.setdefault(pool.event_id, []).append(pool.rule())
    divided = sa.select(
        Registration.id, Registration.event_id, Registration.category, Registration.function_group
    ).where(Registration.event_id.in_(rules), Registration.id.in_(_holders()))
    found = set()
    for row in db.session.execute(divided):
        pool_id = pool_for(rules[row.event_id], row.category.value, row.function_group and row.function_group.value)
        found.add((row.id, POOL, REST if pool_id is None else str(pool_id)))
    return found
