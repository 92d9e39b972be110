"""Who is inside? One row per registration and session decides it, so that of two doors at once only one is first.

What doors without network report in whatever order is counted anew from the scans themselves.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Protocol

import sqlalchemy as sa

from eventapp.domain.admission import Action, Kept, Result, Stay
from eventapp.extensions import db, insert_into
from eventapp.models import Presence, Scan
from eventapp.straight import ReadyStatement


class Entry(Protocol):
    """Somebody who comes in: who, where, when and by which door."""

    @property
    def registration_id(self) -> int | None: ...
    @property
    def event_id(self) -> int: ...
    @property
    def session(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def device_id(self) -> int | None: ...


TABLE: sa.Table = Presence.__table__
_OF = sa.and_(TABLE.c.registration_id == sa.bindparam("of"), TABLE.c.session == sa.bindparam("during"))
ENTRY = ("registration_id", "event_id", "session", "first_in_at", "inside_since", "device_id")
_INSIDE = TABLE.c.inside_since.is_not(None)
_SCANS_OF = ReadyStatement(
    sa.select(
        Scan.scan_id, Scan.action, Scan.result, Scan.shown, Scan.undoes, Scan.counted_at.label("at"), Scan.device_id
    )
    .where(Scan.registration_id == sa.bindparam("of"), Scan.session == sa.bindparam("during"))
    .order_by(Scan.counted_at, Scan.id)
)
_LOOK = ReadyStatement(sa.select(TABLE.c.first_in_at).where(_OF))


def row_of(entry: Entry) -> dict[str, Any]:
    """What is written of somebody who comes in for the first time."""
    return _row(entry.registration_id, entry.event_id, entry.session, entry.at, entry.device_id)


def enter(*, registration_id: int, event_id: int, session: str, at: datetime, device_id: int | None) -> datetime | None:
    """Let somebody in: when they first came in, or None when they are inside already."""
    row = _row(registration_id, event_id, session, at, device_id)
    first: datetime | None = enter_ready(db.engine.dialect.name).scalar(row)
    return first


def _row(
    registration_id: int | None, event_id: int, session: str, at: datetime, device_id: int | None
) -> dict[str, Any]:
    return dict(zip(ENTRY, (registration_id, event_id, session, at, at, device_id), strict=True))


def enter_all(entries: Sequence[Entry]) -> dict[int, datetime]:
    """Let all these people in, each once and in this order; answers when they first came in.

    Who is inside already is left out.
    """
    if not entries:
        return {}
    rows = [row_of(one) for one in entries]
    statement = enter_statement(db.engine.dialect.name).returning(TABLE.c.registration_id)
    return {row.registration_id: row.first_in_at for row in db.session.execute(statement, rows)}


def first_came(registration_id: int, session: str) -> datetime | None:
    """When somebody first came in; None when nobody knows of it any more."""
    first: datetime | None = _LOOK.scalar({"of": registration_id, "during": session})
    return first


def leave(registration_id: int, session: str) -> bool:
    """Let somebody out; False when they were not inside."""
    return _changed(sa.update(TABLE).where(_OF, _INSIDE).values(inside_since=None), registration_id, session)


def scans_of(*, registration_id: int, event_id: int, session: str) -> list[Kept]:
    """What was scanned of somebody so far; nobody else changes it until this transaction ends.

    Who was marked as present without a scan counts as let in by hand.
    """
    values = {"registration_id": registration_id, "event_id": event_id, "session": session}
    row = _hold_ready(db.engine.dialect.name).first(values)
    found = [Kept(*one) for one in _SCANS_OF.all({"of": registration_id, "during": session})]
    if row.first_in_at and not any(scan.action in (Action.IN, Action.OVERRIDE, Action.SWAP) for scan in found):
        by_hand = Kept("", Action.OVERRIDE, Result.OVERRIDDEN, "", None, row.first_in_at, row.device_id)
        return [by_hand, *found]
    return found


def settle(stay: Stay, *, registration_id: int, session: str) -> None:
    """Write down what follows from all scans; only after `scans_of`."""
    if stay.first_in_at is None:
        statement: Any = sa.delete(TABLE).where(_OF)
    else:
        statement = sa.update(TABLE).where(_OF)
        statement = statement.values(
            first_in_at=stay.first_in_at, inside_since=stay.inside_since, device_id=stay.device_id
        )
    _changed(statement, registration_id, session)


def _changed(statement: Any, registration_id: int, session: str) -> bool:
    result: Any = db.session.execute(statement, {"of": registration_id, "during": session})
    return bool(result.rowcount)


@cache
def enter_ready(dialect: str) -> ReadyStatement:
    """Lets a row of somebody in; answers when they first came in, nothing when they are inside already."""
    return ReadyStatement(enter_statement(dialect), columns=ENTRY)


@cache
def enter_statement(dialect: str) -> Any:
    """The database decides who is first: the second finds somebody inside, and its update applies to nothing."""
    insert = insert_into(TABLE, dialect)
    return insert.on_conflict_do_update(
        index_elements=[TABLE.c.registration_id, TABLE.c.session],
        set_={
            "inside_since": insert.excluded.inside_since,
            "first_in_at": sa.func.coalesce(TABLE.c.first_in_at, insert.excluded.first_in_at),
            "device_id": insert.excluded.device_id,
        },
        where=TABLE.c.inside_since.is_(None),
    ).returning(TABLE.c.first_in_at)


@cache
def _hold_ready(dialect: str) -> ReadyStatement:
    """The row itself is the lock: written as it is, or made empty where there is none."""
    insert = insert_into(TABLE, dialect)
    held = insert.on_conflict_do_update(
        index_elements=[TABLE.c.registration_id, TABLE.c.session], set_={"event_id": TABLE.c.event_id}
    )
    return ReadyStatement(held.returning(TABLE.c.first_in_at, TABLE.c.device_id), columns=ENTRY[:3])
