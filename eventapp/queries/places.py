"""What is full for somebody like this? The same rows that refuse, in the order in which they are taken."""

from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.events import EventForm, TargetGroup
from eventapp.domain.places import Places, PoolRule, pool_for
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import FORM, POOL, REST, WHOLE_EVENT, Capacity, Pool


class Part(NamedTuple):
    """One limited thing of an event. `kind` is event, form or pool; `name` is how the office calls a pool, else ''.

    `ref` is the form, the id of the pool, or "rest".
    """

    capacity_id: int
    kind: str
    ref: str
    name: str
    places: Places


class PlacesFor(NamedTuple):
    """What somebody needs one of, all at once; `full` is what would refuse, None when there is a place."""

    parts: tuple[Part, ...]

    @property
    def full(self) -> Part | None:
        return next((part for part in self.parts if part.places.full), None)

    @property
    def left(self) -> int | None:
        """How many like this still fit; None is no limit."""
        limited = [part.places.left for part in self.parts if part.places.left is not None]
        return min(limited, default=None)


class Division(NamedTuple):
    """All limited things of an event, and for whom its pools are."""

    parts: tuple[Part, ...]
    rules: tuple[PoolRule, ...]

    def of(self, category: Category | None, function_group: TargetGroup | None, attends: EventForm) -> PlacesFor:
        """The event as a whole, its places in this form, and the pool for this category and function group.

        Without a category, since only the address will tell it, there is no pool yet.
        """
        refs = {WHOLE_EVENT: "", FORM: attends.value}
        if category is not None:
            pool = pool_for(self.rules, category.value, function_group.value if function_group else None)
            refs[POOL] = REST if pool is None else str(pool)
        return PlacesFor(tuple(part for part in self.parts if part.ref == refs.get(part.kind)))


def division_of(event_id: int) -> Division:
    """How the places of an event are divided now."""
    return Division(tuple(parts_of(event_id)), tuple(pool.rule() for pool in pools_of(event_id)))


def places_for(event_id: int, category: Category, function_group: TargetGroup | None, attends: EventForm) -> PlacesFor:
    """What somebody like this needs one of."""
    return division_of(event_id).of(category, function_group, attends)


def parts_of(event_id: int) -> list[Part]:
    """Everything into which the places of an event are divided, the event as a whole first."""
    name = sa.func.coalesce(Pool.name, "")
    rows = db.session.execute(
        sa.select(Capacity, name.label("name"))
        .outerjoin(Pool, sa.and_(Capacity.kind == POOL, Capacity.ref == sa.cast(Pool.id, sa.String)))
        .where(Capacity.event_id == event_id, Capacity.kind.in_((WHOLE_EVENT, FORM, POOL)))
        .order_by(Capacity.id)
    )
    return [Part(row.Capacity.id, row.Capacity.kind, row.Capacity.ref, row.name, row.Capacity.places) for row in rows]


def pools_of(event_id: int) -> list[Pool]:
    """The pools of an event, in the order in which they are tried."""
    own = sa.select(Pool).where(Pool.event_id == event_id).order_by(Pool.position, Pool.id)
    return list(db.session.scalars(own))
