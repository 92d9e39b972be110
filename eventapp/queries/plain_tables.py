"""Every table as plain columns, for who copies all of them: what is in them at one moment, and how far they count."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from eventapp.domain.archive import Column, Kind, Shape
from eventapp.extensions import db
from eventapp.models.types import UTCDateTime

# Rows that are fetched at once; of those that hold files only a few, as they may be large.
_FETCHED, _FETCHED_FILES = 500, 4
# The first that fits counts: a code is text too.
_KINDS: tuple[tuple[type[sa.types.TypeEngine[Any]], Kind], ...] = (
    (UTCDateTime, Kind.MOMENT),
    (sa.Boolean, Kind.BOOLEAN),
    (sa.Integer, Kind.INTEGER),
    (sa.Date, Kind.DATE),
    (sa.JSON, Kind.JSON),
    (sa.LargeBinary, Kind.BYTES),
    (sa.Numeric, Kind.DECIMAL),
    (sa.String, Kind.TEXT),
)


def shapes() -> list[Shape]:
    """All tables of the models, in an order in which none points to a later one."""
    return [_shape(table) for table in db.metadata.sorted_tables]


def special_tables() -> frozenset[str]:
    """The tables that hold special personal data and nothing else, or files in which the office may have put it."""
    return frozenset(table.name for table in db.metadata.sorted_tables if table.info.get("special"))


def special_columns() -> dict[str, frozenset[str]]:
    """The columns of other tables in which special personal data may stand, by table.

    Texts go whole; of facts in JSON those that their `info` names.
    """
    found = {
        table.name: frozenset(column.name for column in table.columns if column.info.get("special"))
        for table in db.metadata.sorted_tables
    }
    return {name: columns for name, columns in found.items() if columns}


def _shape(table: sa.Table) -> Shape:
    columns = tuple(Column(column.name, _kind(column.type), bool(column.nullable)) for column in table.columns)
    numbered = table.autoincrement_column
    return Shape(table.name, columns, numbered.name if numbered is not None else None)


def _kind(type_: sa.types.TypeEngine[Any]) -> Kind:
    for wanted, kind in _KINDS:
        if isinstance(type_, wanted):
            return kind
    raise TypeError(f"columns of {type_!r} have no place in an archive yet")


def plain(shape: Shape) -> sa.TableClause:
    """The table as it can be read and written whatever the models say by now: codes are text."""
    columns = [sa.column(column.name, _plain_type(column)) for column in shape.columns]
    return sa.table(shape.name, *columns)


def _plain_type(column: Column) -> sa.types.TypeEngine[Any]:
    types: dict[Kind, sa.types.TypeEngine[Any]] = {
        Kind.INTEGER: sa.BigInteger(),
        Kind.TEXT: sa.Text(),
        Kind.BOOLEAN: sa.Boolean(),
        Kind.MOMENT: UTCDateTime(),
        Kind.DATE: sa.Date(),
        # Where a column may be empty, empty is what None means; elsewhere JSON's own null.
        Kind.JSON: sa.JSON(none_as_null=column.nullable),
        Kind.BYTES: sa.LargeBinary(),
        Kind.DECIMAL: sa.Numeric(),
    }
    return types[column.kind]


@contextmanager
def snapshot() -> Iterator[sa.Connection]:
    """A connection to which nothing changes any more, while others go on writing."""
    engine = db.engine
    if engine.dialect.name != "sqlite":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        yield connection


def revision(connection: sa.Connection) -> str:
    """The revision of the schema; '' of a database without tables."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    return ", ".join(connection.scalars(sa.text("SELECT version_num FROM alembic_version ORDER BY version_num")))


def rows(connection: sa.Connection, shape: Shape, *, emptied: frozenset[str] = frozenset()) -> Iterator[Sequence[Any]]:
    """All rows in the order of their keys, a few at a time; nothing special of the columns that are `emptied`."""
    table, keys = plain(shape), db.metadata.tables[shape.name].primary_key.columns.keys()
    files = any(column.kind == Kind.BYTES for column in shape.columns)
    texts = {column.name for column in shape.columns if column.name in emptied and column.kind == Kind.TEXT}
    told = [sa.literal("").label(column.name) if column.name in texts else column for column in table.columns]
    query = sa.select(*told).order_by(*(table.c[key] for key in keys))
    options = {"yield_per": _FETCHED_FILES if files else _FETCHED}
    for row in connection.execute(query, execution_options=options):
        yield _without_facts(row, shape, emptied - texts) if emptied - texts else tuple(row)


def _without_facts(row: Sequence[Any], shape: Shape, emptied: frozenset[str]) -> tuple[Any, ...]:
    columns = db.metadata.tables[shape.name].columns
    return tuple(
        {name: fact for name, fact in value.items() if name not in columns[column.name].info["special"]}
        if column.name in emptied
        else value
        for column, value in zip(shape.columns, row, strict=True)
    )


def last_numbers(connection: sa.Connection, tables: list[Shape]) -> dict[str, int]:
    """The number each numbered table gave last; a row with it may be gone again, and must not come back as another.

    On PostgreSQL the numbering is not part of the snapshot and may be ahead of it, which leaves a hole and no double.
    """
    numbered = {shape.name: shape.numbered for shape in tables if shape.numbered}
    if connection.dialect.name == "sqlite":
        return {name: _last_on_sqlite(connection, name, column) for name, column in numbered.items()}
    return {name: _last_on_postgresql(connection, name, column) for name, column in numbered.items()}


def _last_on_sqlite(connection: sa.Connection, name: str, column: str) -> int:
    """Only some tables keep it; the others go on after their highest row."""
    kept = None
    if counts_for_good(connection, name):
        kept = connection.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": name})
    highest = connection.scalar(sa.select(sa.func.max(sa.column(column))).select_from(sa.table(name)))
    return max(kept or 0, highest or 0)


def _last_on_postgresql(connection: sa.Connection, name: str, column: str) -> int:
    sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(name, column)))
    given = sa.text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")
    return connection.scalar(given) or 0


def counts_for_good(connection: sa.Connection, name: str) -> bool:
    """Whether SQLite gives a number of this table once only, also after its row has gone."""
    made = sa.text("SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table' AND name = :name")
    return bool(connection.scalar(made, {"name": name}))


def columns_by_table(connection: sa.Connection) -> dict[str, set[str]]:
    """What the database itself says it has, without the note of its revision."""
    found = sa.inspect(connection).get_multi_columns()
    return {name: {column["name"] for column in columns} for (_, name), columns in found.items() if name != _NOTE}


_NOTE = "alembic_version"


def filled(connection: sa.Connection, names: list[str]) -> list[str]:
    """Which of these tables have a row."""
    return [name for name in names if connection.scalar(sa.select(sa.text("1")).select_from(sa.table(name)).limit(1))]
