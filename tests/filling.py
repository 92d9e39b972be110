"""Rows for every table there is, made from what the models say, so that a new table is covered by itself."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.extensions import db
from eventapp.models.types import UTCDateTime

# Each kind of value with what makes it hard to carry: signs of any length, times in a summer hour, large numbers.
_TEXTS = ("", "Ĳsbrand ’t “Zoë”\nregel twee\u2028🙂", '{"a": 1}', "0012", "NULL", " rand ")
_NUMBERS = (1, 2, 50, 0, -7, 2**31 - 1)
_DAYS = (date(2027, 3, 28), date(2028, 2, 29), date(1999, 12, 31))
_JSON: tuple[Any, ...] = ({"naam": "Zoë \ud800", "leeg": None, "getal": 12.5, "groot": 2**60}, [], ["a", [1, None]], {})
_BYTES = (b"\x00\xff%PDF\n", b"", bytes(range(256)) * 40)
_MOMENT = datetime(2027, 10, 31, 1, 30, 0, 123456, tzinfo=UTC)
# A table of which no more rows can be found soon has as many as it has.
_ROWS, _ENOUGH, _TRIES = 3, 300, 10_000


def fill_every_table() -> dict[str, int]:
    """Put rows into every table of the empty SQLite database of this app; answers how many per table.

    Values are drawn until the database takes the row, so that whatever a table demands is met. Rows of a table that
    points to itself point to later ones too.
    """
    made: dict[str, list[dict[str, Any]]] = {}
    with db.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in db.metadata.sorted_tables:
            made[table.name] = _fill(connection, table, made)
        connection.commit()
    return {name: len(rows) for name, rows in made.items()}


def _fill(connection: sa.Connection, table: sa.Table, made: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    draw, rows = random.Random(table.name), []
    for tried in range(_TRIES):
        if rows and tried > _ENOUGH:
            break
        row = {column.name: _value(column, made, draw, len(rows) + 1) for column in table.columns}
        try:
            connection.execute(table.insert(), row)
        except IntegrityError:
            continue
        rows.append(row)
        if len(rows) == _ROWS:
            break
    assert rows, f"no row that {table.name} takes was found"
    return rows


def _value(column: sa.Column, made: dict[str, list[dict[str, Any]]], draw: random.Random, number: int) -> Any:
    if column is column.table.autoincrement_column:
        return number
    if column.nullable and draw.random() < 0.4:
        return None
    for key in column.foreign_keys:
        parent = key.column
        if parent.table is column.table:
            return draw.randint(1, _ROWS)
        return draw.choice(made[parent.table.name])[parent.name]
    return _any(column.type, draw)


def _any(type_: sa.types.TypeEngine, draw: random.Random) -> Any:
    if isinstance(type_, sa.Enum):
        return draw.choice(list(type_.enum_class))
    if isinstance(type_, UTCDateTime):
        return _MOMENT + timedelta(hours=draw.randint(-5000, 5000))
    if isinstance(type_, sa.String):
        return draw.choice((*_TEXTS, f"tekst {draw.random()}"))[: type_.length]
    pools = {sa.Boolean: (True, False), sa.Integer: _NUMBERS, sa.Date: _DAYS, sa.JSON: _JSON, sa.LargeBinary: _BYTES}
    return draw.choice(next(pool for kind, pool in pools.items() if isinstance(type_, kind)))
