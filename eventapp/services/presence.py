"""Who is inside? One row per registration and session decides it, so that of two doors at once only one is first."""

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from eventapp.extensions import db
from eventapp.models import Presence

_TABLE: sa.Table = Presence.__table__
_OF = sa.and_(_TABLE.c.registration_id == sa.bindparam("of"), _TABLE.c.session == sa.bindparam("during"))
_INSIDE = _TABLE.c.inside_since.is_not(None)
_LOOK = sa.select(_TABLE.c.first_in_at, _TABLE.c.inside_since).where(_OF)


def enter(*, registration_id: int, event_id: int, session: str, at: datetime, device_id: int) -> datetime | None:
    """Let somebody in: when they first came in, or None when they are inside already."""
    values = {
        "registration_id": registration_id,
        "event_id": event_id,
        "session": session,
        "first_in_at": at,
        "inside_since": at,
        "device_id": device_id,
    }
    first: datetime | None = db.session.scalar(_enter_statement(db.engine.dialect.name), values)
    return first


def first_came(registration_id: int, session: str) -> datetime | None:
    """When somebody who is inside first came in."""
    row = db.session.execute(_LOOK, {"of": registration_id, "during": session}).one()
    first: datetime | None = row.first_in_at
    return first


def came_earlier(registration_id: int, session: str, *, at: datetime, device_id: int) -> None:
    """Another door let this person in before: that admission is the one that counts."""
    inside_since = sa.case((_INSIDE, sa.bindparam("at", at, _TABLE.c.first_in_at.type)), else_=None)
    moved = sa.update(_TABLE).where(_OF).values(first_in_at=at, inside_since=inside_since, device_id=device_id)
    db.session.execute(moved, {"of": registration_id, "during": session})


def leave(registration_id: int, session: str) -> bool:
    """Let somebody out; False when they were not inside."""
    return _changed(sa.update(_TABLE).where(_OF, _INSIDE).values(inside_since=None), registration_id, session)


def undo_entry(registration_id: int, session: str, *, at: datetime) -> bool:
    """Take back the stay that began at this moment; False when no such stay is going on.

    A first entry leaves nothing behind, a later one leaves the earlier visit as it was.
    """
    stay = _TABLE.c.inside_since == at
    only = sa.delete(_TABLE).where(_OF, stay, _TABLE.c.first_in_at == at)
    later = sa.update(_TABLE).where(_OF, stay).values(inside_since=None)
    return _changed(only, registration_id, session) or _changed(later, registration_id, session)


def undo_leaving(registration_id: int, session: str) -> bool:
    """Put somebody back inside who was let out by mistake; False when they are inside already."""
    back = sa.update(_TABLE).where(_OF, ~_INSIDE).values(inside_since=_TABLE.c.first_in_at)
    return _changed(back, registration_id, session)


def _changed(statement: Any, registration_id: int, session: str) -> bool:
    result: Any = db.session.execute(statement, {"of": registration_id, "during": session})
    return bool(result.rowcount)


@cache
def _enter_statement(dialect: str) -> Any:
    """The database decides who is first: the second finds somebody inside, and its update applies to nothing."""
    insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(_TABLE)
    return insert.on_conflict_do_update(
        index_elements=[_TABLE.c.registration_id, _TABLE.c.session],
        set_={
            "inside_since": insert.excluded.inside_since,
            "first_in_at": sa.func.coalesce(_TABLE.c.first_in_at, insert.excluded.first_in_at),
            "device_id": insert.excluded.device_id,
        },
        where=_TABLE.c.inside_since.is_(None),
    ).returning(_TABLE.c.first_in_at)
