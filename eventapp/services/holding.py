"""Taking and giving back places: the one spot in the code where `taken` and `waiting` change."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from eventapp.domain.errors import BreakoutFull, DomainError, EventFull, OrganisationFull
from eventapp.domain.organisation_places import counts
from eventapp.domain.places import pool_for
from eventapp.domain.registrations import HOLDING, State
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db, insert_into
from eventapp.models import (
    BREAKOUT,
    FORM,
    ORGANISATION,
    POOL,
    REST,
    WHOLE_EVENT,
    Capacity,
    Choice,
    Event,
    Organisation,
    PlaceHold,
    Pool,
    Registration,
    WaitingEntry,
)
from eventapp.straight import ReadyStatement


@dataclass(frozen=True)
class _Row:
    """A limited thing that a registration needs: which row, and what kind of thing with which reference."""

    id: int
    kind: str
    ref: str


def take(registration: Registration, *, force: bool = False, called: bool = False) -> None:
    """Hold exactly what this registration needs: take what is missing, give back what it needs no more.

    Refuses with EventFull, BreakoutFull, or OrganisationFull when it is one more than its organisation has free. While
    others wait for a thing it is full for everybody but who is `called` from a line. What was taken before a refusal is
    undone with the transaction or savepoint of whoever asked. The update is the lock and the check at once, so it
    stands as late as possible. The row of the event as a whole comes first, whatever changes: of two who change
    several rows, for a group even in turns, one waits there. `force` goes above the size knowingly and is for the
    office only.
    """
    db.session.flush()
    rows = _rows_of(registration.event_id)
    needed = _needed(registration, rows)
    held = {hold.capacity_id: hold for hold in registration.holds}
    of_organisation = {one: hold for one, hold in held.items() if one not in rows}
    surplus = held.keys() - of_organisation.keys() - needed
    changing = surplus | (needed - held.keys())
    whole = next((row.id for row in rows.values() if row.kind == WHOLE_EVENT), None)
    if of_organisation or takes_of_organisation(registration) or (changing and whole not in changing):
        lock(whole)
    for capacity_id in sorted(changing, key=lambda one: (one != whole, one)):
        if capacity_id in surplus:
            _give_back(registration, held[capacity_id])
        else:
            _take_one(registration, capacity_id, force=force, called=called, refusal=_full(rows[capacity_id]))
    _of_organisation(registration, of_organisation, force=force, called=called)
    db.session.flush()


def take_whole(registration_id: int, event_id: int) -> bool:
    """Hold one place of the event as a whole, for who was just written and takes none of an organisation's.

    False when there is more to decide, as the event has parts or no place is left: nothing was done, `take` sees to it.
    Most of a crowd are like this, and here nothing is asked between their rows and the update that everybody waits for.
    """
    if db.engine.dialect.name == "postgresql":
        return _WHOLE_AND_HOLD.scalar({"event": event_id, "registration": registration_id}) is not None
    capacity_id = _WHOLE.scalar({"event": event_id})
    if capacity_id is not None:
        _HOLD.all({"registration_id": registration_id, "capacity_id": capacity_id})
    return capacity_id is not None


def needed_by(registration: Registration) -> list[int]:
    """Which rows somebody like this takes one of, in the order of taking; those of organisations aside."""
    rows = _rows_of(registration.event_id)
    return sorted(_needed(registration, rows), key=lambda one: (rows[one].kind != WHOLE_EVENT, one))


def _rows_of(event_id: int) -> dict[int, _Row]:
    """Every limited thing of an event but the free places of organisations, by id."""
    return {row.id: _Row(*row) for row in _ROWS.all({"event": event_id})}


_ROWS = ReadyStatement(
    sa.select(Capacity.id, Capacity.kind, Capacity.ref).where(
        Capacity.event_id == sa.bindparam("event"), Capacity.kind != ORGANISATION
    )
)


def _needed(registration: Registration, rows: dict[int, _Row]) -> set[int]:
    """Which of these this registration is to hold one of."""
    if not registration.counts:
        return set()
    kinds = {row.kind for row in rows.values()}
    refs = {
        WHOLE_EVENT: {""},
        FORM: {registration.attends.value},
        POOL: {_pool_ref(registration)} if POOL in kinds else set(),
        BREAKOUT: _breakouts_of(registration) if BREAKOUT in kinds else set(),
    }
    return {row.id for row in rows.values() if row.ref in refs[row.kind]}


def _breakouts_of(registration: Registration) -> set[str]:
    """The breakouts chosen, and one that is on offer from a waiting list, by the reference of their places."""
    chosen = sa.select(Choice.breakout_id).where(
        Choice.registration_id == registration.id, Choice.breakout_id.is_not(None), Choice.speaks.is_(False)
    )
    offered = sa.select(WaitingEntry.breakout_id).where(
        WaitingEntry.registration_id == registration.id,
        WaitingEntry.breakout_id.is_not(None),
        WaitingEntry.state == EntryState.OFFERED,
    )
    return {str(one) for one in db.session.scalars(chosen.union(offered))}


def _pool_ref(registration: Registration) -> str:
    pools = db.session.scalars(sa.select(Pool).where(Pool.event_id == registration.event_id).order_by(Pool.position))
    group = registration.function_group.value if registration.function_group else None
    found = pool_for((pool.rule() for pool in pools), registration.category.value, group)
    return REST if found is None else str(found)


def _full(row: _Row) -> DomainError:
    if row.kind == BREAKOUT:
        return BreakoutFull(breakout_id=int(row.ref), capacity_id=row.id)
    return EventFull(capacity_id=row.id, kind=row.kind)


def has_place(registration: Registration) -> bool:
    """Whether somebody has a place to do something with: until an address is proven there may be none held for it."""
    unheld = registration.state == State.AWAITING_CONFIRMATION and registration.counts and not registration.holds
    return registration.state in HOLDING and not unheld


def takes_of_organisation(registration: Registration) -> bool:
    """Whether it takes one of the free places of its organisation, where the event has a limit to those."""
    return counts(
        category=registration.category,
        price_cents=registration.agreed_cents,
        organisation_id=registration.organisation_id,
    )


def _of_organisation(registration: Registration, held: dict[int, PlaceHold], *, force: bool, called: bool) -> None:
    """The free place of its organisation, last of all: under the lock on the event, which covers these rows."""
    needs = takes_of_organisation(registration)
    if not needs and not held:
        return
    # Read under the lock on the event: nobody resizes anything of it before this ends.
    size = db.session.scalar(sa.select(Event.free_per_organisation).where(Event.id == registration.event_id))
    wanted = None
    if needs and size is not None:
        assert registration.organisation_id is not None
        wanted = row_of_organisation(registration.event_id, registration.organisation_id, size)
    for capacity_id in held.keys() - {wanted}:
        _give_back(registration, held[capacity_id])
    if wanted is not None and wanted not in held:
        name = db.session.get_one(Organisation, registration.organisation_id).name
        _take_one(
            registration,
            wanted,
            force=force,
            called=called,
            refusal=OrganisationFull(organisation=name, capacity_id=wanted),
        )


def whole_row(event_id: int) -> int | None:
    """The row of the event as a whole."""
    return db.session.scalar(sa.select(Capacity.id).where(Capacity.event_id == event_id, Capacity.kind == WHOLE_EVENT))


def row_of_organisation(event_id: int, organisation_id: int, size: int | None) -> int:
    """The row of this organisation at the event, made when there is none."""
    ref = str(organisation_id)
    mine = sa.select(Capacity.id).where(
        Capacity.event_id == event_id, Capacity.kind == ORGANISATION, Capacity.ref == ref
    )
    if found := db.session.scalar(mine):
        return found
    row = {
        "event_id": event_id,
        "kind": ORGANISATION,
        "ref": ref,
        "size": size,
        "taken": 0,
        "allowance": 0,
        "waiting": 0,
    }
    insert = insert_into(Capacity, db.engine.dialect.name)
    db.session.execute(insert.values(row).on_conflict_do_nothing())
    return db.session.scalars(mine).one()


def lock(capacity_id: int | None) -> None:
    """Hold this row until the end of the transaction, by writing what it says already."""
    db.session.execute(only(Capacity.id == capacity_id).values(taken=Capacity.taken))


def only(where: sa.ColumnElement[bool]) -> sa.Update:
    """An update of capacity rows that leaves what the session has loaded alone."""
    return sa.update(Capacity).where(where).execution_options(synchronize_session=False)


def _take_one(registration: Registration, capacity_id: int, *, force: bool, called: bool, refusal: DomainError) -> None:
    """Written as columns, with statements that are built once: everybody else waits meanwhile."""
    if _taking(force=force, called=called).scalar({"row": capacity_id}) is None:
        raise refusal
    _HOLD.all({"registration_id": registration.id, "capacity_id": capacity_id})
    db.session.expire(registration, ["holds"])


_HOLD = ReadyStatement(sa.insert(PlaceHold.__table__), columns=("registration_id", "capacity_id"))


@cache
def _taking(*, force: bool, called: bool) -> ReadyStatement:
    """One more taken of the row `row`, when there is one to take."""
    return ReadyStatement(_one_more(_PLACES.c.id == sa.bindparam("row"), force=force, called=called))


def _one_more(where: sa.ColumnElement[bool], *, force: bool = False, called: bool = False) -> Any:
    rows = _PLACES.c
    update = sa.update(_PLACES).where(where).values(taken=rows.taken + 1)
    if force:
        above = rows.taken + 1 - rows.size
        update = update.values(allowance=sa.case((above > rows.allowance, above), else_=rows.allowance))
    else:
        update = update.where(sa.or_(rows.size.is_(None), rows.taken < rows.size))
        if not called:
            update = update.where(rows.waiting == 0)
    return update.returning(rows.id)


_PLACES = Capacity.__table__
_PART = _PLACES.alias("part")
_TAKEN = _one_more(
    sa.and_(
        _PLACES.c.event_id == sa.bindparam("event"),
        _PLACES.c.kind == WHOLE_EVENT,
        ~sa.exists().where(
            _PART.c.event_id == sa.bindparam("event"), _PART.c.kind != WHOLE_EVENT, _PART.c.kind != ORGANISATION
        ),
    )
)
_WHOLE = ReadyStatement(_TAKEN)
_TAKEN_ONE = _TAKEN.cte("taken")
_WHOLE_AND_HOLD = ReadyStatement(
    sa.insert(PlaceHold.__table__)
    .from_select(
        ["registration_id", "capacity_id"], sa.select(sa.bindparam("registration", type_=sa.Integer), _TAKEN_ONE.c.id)
    )
    .returning(PlaceHold.__table__.c.capacity_id)
)


def _give_back(registration: Registration, hold: PlaceHold) -> None:
    db.session.execute(only(Capacity.id == hold.capacity_id).values(taken=Capacity.taken - 1))
    registration.holds.remove(hold)


def release(registration: Registration) -> None:
    """Give back every place this registration holds; without any it does nothing."""
    for hold in sorted(registration.holds, key=lambda hold: hold.capacity_id):
        _give_back(registration, hold)
    db.session.flush()


def empty(capacity_id: int) -> None:
    """Nobody holds or awaits one of this any more; the caller has locked its row."""
    db.session.flush()
    db.session.execute(sa.delete(PlaceHold).where(PlaceHold.capacity_id == capacity_id))
    db.session.execute(only(Capacity.id == capacity_id).values(taken=0, waiting=0))
    db.session.expire_all()


def release_organisation(registration: Registration) -> None:
    """Give back only the free place of its organisation, when it holds one."""
    lock(whole_row(registration.event_id))
    for hold in [hold for hold in registration.holds if hold.capacity.kind == ORGANISATION]:
        _give_back(registration, hold)
    db.session.flush()


def hand_on(giver: Registration, taker: Registration) -> None:
    """Let another registration at the same event hold what this one holds; nobody can come in between."""
    for hold in list(giver.holds):
        giver.holds.remove(hold)
        taker.holds.append(PlaceHold(capacity_id=hold.capacity_id))
    db.session.flush()


def count_waiting(capacity_id: int, change: int) -> None:
    """So many more, or less, stand in line for this thing; while anybody does, it is full for newcomers.

    The row of the event as a whole is locked before, as in `take`.
    """
    event_id = sa.select(Capacity.event_id).where(Capacity.id == capacity_id).scalar_subquery()
    db.session.execute(
        only(sa.and_(Capacity.event_id == event_id, Capacity.kind == WHOLE_EVENT)).values(taken=Capacity.taken)
    )
    db.session.execute(only(Capacity.id == capacity_id).values(waiting=Capacity.waiting + change))
