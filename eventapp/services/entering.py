"""How is what doors scan all day, somebody who comes in, written down with as little as can be?

Both rows, who is inside and the scan, or neither. Whoever is inside already, and a scan that was kept before, are left
to the whole way (`admitting`), which knows what to answer.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.extensions import db, insert_into
from eventapp.models import Scan
from eventapp.services import presence
from eventapp.straight import ReadyStatement
from eventapp.transaction import few_statements, in_transaction

_SCANS: sa.Table = Scan.__table__
_COLUMNS = tuple(column.name for column in _SCANS.c if column.name != "id")


def come_in(scan: Mapping[str, Any], presence_row: Mapping[str, Any]) -> datetime | None:
    """Let somebody in and keep the row of the scan that did so: when they first came in, which goes into it.

    None when there is more to it, or when somebody else's transaction is under way; then nothing was written.
    """
    if in_transaction():
        return None
    try:
        at_once = _in_one if db.engine.dialect.name == "postgresql" else _in_two
        return at_once(scan, presence_row)
    except _MoreToIt:
        return None


class _MoreToIt(Exception):
    """Inside already, or kept before; whatever was written is undone."""


def _in_one(scan: Mapping[str, Any], presence_row: Mapping[str, Any]) -> datetime | None:
    """One statement is a transaction by itself, which spares BEGIN, COMMIT and one more way there and back.

    Of two doors at once one waits for the row of the other, and then finds nobody to let in. A scan that was kept
    before breaks its unique index, which undoes the entry as well.
    """
    asked = {f"scan_{name}": value for name, value in scan.items() if name != "first_scanned_at"}
    try:
        kept = _entry_and_scan().write_alone({**presence_row, **asked})
    except IntegrityError as before:
        raise _MoreToIt from before
    return kept[0][0] if kept else None


def _in_two(scan: Mapping[str, Any], presence_row: Mapping[str, Any]) -> datetime:
    """SQLite has no such statement, and none of them is far away."""
    with few_statements() as connection:
        entered = presence.enter_ready("sqlite").on(connection, presence_row)
        if not entered:
            raise _MoreToIt
        first: datetime = entered[0][0]
        if not keep_ready("sqlite").on(connection, {**scan, "first_scanned_at": first}):
            raise _MoreToIt
        return first


@cache
def keep_ready(dialect: str) -> ReadyStatement:
    """Keeps a scan; answers its id, nothing when it was kept before."""
    return ReadyStatement(keep_statement(dialect), columns=_COLUMNS)


@cache
def keep_statement(dialect: str) -> Any:
    """The same, for many."""
    insert = insert_into(_SCANS, dialect)
    return insert.on_conflict_do_nothing(index_elements=[_SCANS.c.scan_id]).returning(_SCANS.c.id)


@cache
def _entry_and_scan() -> ReadyStatement:
    """Keeps the scan of whoever it lets in, and of nobody else."""
    columns = {name: sa.bindparam(name, type_=presence.TABLE.c[name].type) for name in presence.ENTRY}
    entered = presence.enter_statement("postgresql").values(columns).cte("entered")
    kept = [name for name in _COLUMNS if name != "first_scanned_at"]
    values = [sa.bindparam(f"scan_{name}", type_=_SCANS.c[name].type) for name in kept]
    scan = sa.select(*values, entered.c.first_in_at).select_from(entered)
    insert = sa.insert(_SCANS).from_select([*kept, "first_scanned_at"], scan, include_defaults=False)
    return ReadyStatement(insert.returning(_SCANS.c.first_scanned_at))
