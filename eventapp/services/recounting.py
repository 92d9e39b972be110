"""The places of an event are divided otherwise: everybody who has one has one of their part, however many they are."""

import sqlalchemy as sa

from eventapp.domain.places import PoolRule
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import FORM, POOL, REST, Capacity, PlaceHold, Pool, Registration
from eventapp.services import holding, resizing


def recount(event_id: int) -> None:
    """After another division in forms and pools: let everybody hold what they need now, above size if need be.

    In a few statements for every part. The caller has locked every order for the event.
    """
    db.session.flush()
    holding.lock(holding.whole_row(event_id))
    rules = [pool.rule() for pool in db.session.scalars(_pools_of(event_id))]
    parts = sa.select(Capacity.id, Capacity.kind, Capacity.ref, Capacity.size).where(
        Capacity.event_id == event_id, Capacity.kind.in_((FORM, POOL))
    )
    for part in db.session.execute(parts.order_by(Capacity.id)).all():
        belongs = Registration.attends == part.ref if part.kind == FORM else _in_pool(part.ref, rules)
        _hold_exactly(part.id, sa.and_(Registration.event_id == event_id, Registration.counts, belongs))
        resizing.fit(Capacity.id == part.id, part.size, taken=resizing.holds())


def _pools_of(event_id: int) -> sa.Select[Pool]:
    return sa.select(Pool).where(Pool.event_id == event_id).order_by(Pool.position, Pool.id)


def _in_pool(ref: str, rules: list[PoolRule]) -> sa.ColumnElement[bool]:
    """Who is in this pool, which is the first that is for them; `rest` is for whom none is. See places.pool_for.

    Nobody is in a pool that is about to go.
    """
    before: list[sa.ColumnElement[bool]] = []
    for rule in rules:
        if str(rule.id) == ref:
            return sa.and_(_is_for(rule), *before)
        before.append(sa.not_(_is_for(rule)))
    return sa.and_(sa.true(), *before) if ref == REST else sa.false()


def _is_for(rule: PoolRule) -> sa.ColumnElement[bool]:
    of_group = sa.and_(
        Registration.function_group.is_not(None), Registration.function_group.in_(sorted(rule.function_groups))
    )
    return sa.or_(Registration.category.in_([Category(code) for code in sorted(rule.categories)]), of_group)


def _hold_exactly(capacity_id: int, who: sa.ColumnElement[bool]) -> None:
    """Everybody of these who has a place at the event holds one of this thing, and nobody else."""
    holders = sa.select(Registration.id).where(who, Registration.id.in_(sa.select(PlaceHold.registration_id)))
    held = sa.select(PlaceHold.registration_id).where(PlaceHold.capacity_id == capacity_id)
    others = sa.and_(PlaceHold.capacity_id == capacity_id, PlaceHold.registration_id.not_in(holders))
    db.session.execute(sa.delete(PlaceHold).where(others).execution_options(synchronize_session=False))
    missing = holders.where(Registration.id.not_in(held)).add_columns(sa.literal(capacity_id))
    db.session.execute(sa.insert(PlaceHold).from_select(["registration_id", "capacity_id"], missing))
