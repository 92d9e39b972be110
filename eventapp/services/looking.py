"""Who looked at which list of people? Kept for whoever has to account for it."""

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from eventapp.domain.actors import Actor
from eventapp.domain.looks import Looked, once_an_hour
from eventapp.domain.retention import TERMS
from eventapp.extensions import db
from eventapp.models import ListLook
from eventapp.services.changing_rows import delete_rows
from eventapp.transaction import transaction

_TABLE: sa.Table = ListLook.__table__
_COLUMNS = {"staff": "staff_id", "person": "person_id", "api": "token_id", "device": "token_id"}


def keep(looked: Looked, *, by: Actor, now: datetime) -> None:
    """Write down that somebody saw this list, or once more within the hour; one statement, in a transaction of its own.

    A file is a line each time.
    """
    assert by.id is not None
    values = dict.fromkeys(set(_COLUMNS.values())) | {
        "which": looked.at,
        _COLUMNS[by.kind]: by.id,
        "event_id": looked.event_id,
        "circle_id": looked.circle_id,
        "organisation_id": looked.organisation_id,
        "as_file": looked.as_file,
        "people": looked.people,
        "times": 1,
        "first_at": now,
        "last_at": now,
        "hour_key": once_an_hour(_COLUMNS[by.kind], by.id, looked, now),
    }
    with transaction() as session:
        session.execute(_statement(db.engine.dialect.name), values)


@cache
def _statement(dialect: str) -> Any:
    """The database decides whether this is the first look of the hour, so that two at once are one line."""
    insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(_TABLE)
    new, old = insert.excluded, _TABLE.c
    return insert.on_conflict_do_update(
        index_elements=[old.hour_key],
        set_={
            "times": old.times + 1,
            "people": sa.case((new.people > old.people, new.people), else_=old.people),
            "last_at": sa.case((new.last_at > old.last_at, new.last_at), else_=old.last_at),
        },
    )


def forget(*, now: datetime) -> int:
    """Within the caller's transaction: what is past its term goes."""
    return delete_rows(ListLook, ListLook.last_at < TERMS["looks"].before(now))
