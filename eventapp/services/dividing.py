"""The office divides the places of an event: pools for some, fysiek and online apart, the rest for all others."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import EventOver, NotFound, PoolsTooLarge
from eventapp.domain.events import EventForm, EventState, TargetGroup
from eventapp.domain.pricing import Category
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.models import FORM, POOL, REST, Capacity, Event, PlaceHold, Pool, WaitingEntry
from eventapp.services import holding, offering, recounting, resizing
from eventapp.services.audit import note
from eventapp.services.locks import lock_event, lock_orders_at
from eventapp.transaction import transaction

FORMS = (EventForm.FYSIEK, EventForm.ONLINE)


class PoolDetails(NamedTuple):
    """So many places for whoever is of one of these categories or function groups; `name` is how pages call them."""

    name: str
    size: int
    categories: frozenset[Category] = frozenset()
    function_groups: frozenset[TargetGroup] = frozenset()


def add_pool(event_id: int, details: PoolDetails, *, by: Actor, now: datetime) -> int:
    """A part more, in which whoever came counts already. Answers its id. Refuses with EventOver or PoolsTooLarge."""
    with transaction() as session:
        event = _open_event(event_id, now=now)
        _check_fits(event, details.size, besides=None)
        last = session.scalar(sa.select(sa.func.max(Pool.position)).where(Pool.event_id == event_id)) or 0
        pool = Pool(event_id=event_id, position=last + 1)
        session.add(pool)
        _write(pool, details)
        session.flush()
        _size(event_id, POOL, str(pool.id), details.size)
        _divided(event, by=by, now=now, name=details.name)
        pool_id = pool.id
    offering.pass_on(event_id, now=now, most=offering.AT_ONCE)
    return pool_id


def change_pool(pool_id: int, details: PoolDetails, *, by: Actor, now: datetime) -> None:
    """Another size or for others; nobody loses a place. Refuses with NotFound, EventOver or PoolsTooLarge."""
    with transaction():
        pool, event = _pool(pool_id, now=now)
        _check_fits(event, details.size, besides=pool_id)
        _write(pool, details)
        _size(event.id, POOL, str(pool_id), details.size)
        _divided(event, by=by, now=now, name=details.name)
        event_id = event.id
    offering.pass_on(event_id, now=now, most=offering.AT_ONCE)


def remove_pool(pool_id: int, *, by: Actor, now: datetime) -> None:
    """The part goes back to all; who waits for it waits for the event. Refuses with NotFound or EventOver."""
    with transaction() as session:
        pool, event = _pool(pool_id, now=now)
        event_id, name = event.id, pool.name
        session.delete(pool)
        session.flush()
        _divided(event, by=by, now=now, name=name)
        _drop(event_id, POOL, str(pool_id))
        if not _pools(event_id):
            _drop(event_id, POOL, REST)
    offering.pass_on(event_id, now=now, most=offering.AT_ONCE)


def divide_forms(event_id: int, sizes: Mapping[EventForm, int | None], *, by: Actor, now: datetime) -> None:
    """Places in the room and online apart; without any number there are only those of the event as a whole.

    Refuses with NotFound or EventOver.
    """
    with transaction():
        event = _open_event(event_id, now=now)
        divided = any(size is not None for size in sizes.values())
        for form in FORMS:
            if divided:
                _size(event_id, FORM, form.value, sizes.get(form))
            else:
                _drop(event_id, FORM, form.value)
        _divided(event, by=by, now=now)
    offering.pass_on(event_id, now=now, most=offering.AT_ONCE)


def fit_rest(event_id: int) -> None:
    """Within a transaction that locked the event: the rest has what no pool has, whatever changed."""
    pools = _pools(event_id)
    if not pools:
        return
    whole = db.session.scalar(sa.select(Capacity.size).where(Capacity.id == holding.whole_row(event_id)))
    _size(event_id, POOL, REST, None if whole is None else max(0, whole - sum(pools.values())))


def _divided(event: Event, *, by: Actor, now: datetime, **facts: str) -> None:
    """After another division: let everybody hold what they need now."""
    event_id = event.id
    fit_rest(event_id)
    recounting.recount(event_id)
    note("places_divided", "event", event_id, by=by, now=now, event_id=event_id, **facts)


def _open_event(event_id: int, *, now: datetime) -> Event:
    """The event, with all of its orders and then its places locked, in the order in which everybody does."""
    event = lock_event(event_id)
    if event.state == EventState.CANCELLED or event.ends_at <= now:
        raise EventOver()
    # The page in the agenda is made anew for browsers that kept the last one.
    event.updated_at = now
    db.session.flush()
    lock_orders_at(event_id)
    holding.lock(holding.whole_row(event_id))
    return event


def _pool(pool_id: int, *, now: datetime) -> tuple[Pool, Event]:
    event_id = db.session.scalar(sa.select(Pool.event_id).where(Pool.id == pool_id))
    if event_id is None:
        raise NotFound()
    event = _open_event(event_id, now=now)
    return db.session.get_one(Pool, pool_id, populate_existing=True), event


def _pools(event_id: int) -> dict[int, int]:
    """The size of each pool, by its id."""
    rows = db.session.execute(
        sa.select(Pool.id, Capacity.size)
        .join(Capacity, sa.and_(Capacity.kind == POOL, Capacity.ref == sa.cast(Pool.id, sa.String)))
        .where(Pool.event_id == event_id)
    )
    return {row.id: row.size or 0 for row in rows}


def _check_fits(event: Event, size: int, *, besides: int | None) -> None:
    if event.places.size is None:
        return
    others = sum(taken for pool_id, taken in _pools(event.id).items() if pool_id != besides)
    if others + size > event.places.size:
        raise PoolsTooLarge(left=max(0, event.places.size - others))


def _write(pool: Pool, details: PoolDetails) -> None:
    pool.name = details.name
    pool.categories = " ".join(sorted(details.categories))
    pool.function_groups = " ".join(sorted(details.function_groups))


def _row(event_id: int, kind: str, ref: str) -> int | None:
    own = sa.and_(Capacity.event_id == event_id, Capacity.kind == kind, Capacity.ref == ref)
    return db.session.scalar(sa.select(Capacity.id).where(own))


def _size(event_id: int, kind: str, ref: str, size: int | None) -> None:
    """Give this part so many places, and a row when it has none; nobody loses a place."""
    capacity_id = _row(event_id, kind, ref)
    if capacity_id is None:
        db.session.add(Capacity(event_id=event_id, kind=kind, ref=ref, size=size))
        db.session.flush()
    else:
        db.session.flush()
        resizing.resize_row(capacity_id, size)


def _drop(event_id: int, kind: str, ref: str) -> None:
    """This part is no more: nobody holds of it, and who stands in its line stands in that of the event."""
    capacity_id = _row(event_id, kind, ref)
    if capacity_id is None:
        return
    whole = holding.whole_row(event_id)
    assert whole is not None
    db.session.execute(sa.delete(PlaceHold).where(PlaceHold.capacity_id == capacity_id))
    line = sa.update(WaitingEntry).where(WaitingEntry.capacity_id == capacity_id)
    stood = sa.and_(WaitingEntry.capacity_id == capacity_id, WaitingEntry.state == EntryState.WAITING)
    number = db.session.scalar(sa.select(sa.func.count()).select_from(WaitingEntry).where(stood)) or 0
    db.session.execute(line.values(capacity_id=whole).execution_options(synchronize_session=False))
    holding.count_waiting(whole, number)
    db.session.execute(sa.delete(Capacity).where(Capacity.id == capacity_id))
    db.session.expire_all()
