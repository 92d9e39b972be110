"""Many of what is there: every row copied so often by a few statements, with keys, secrets and addresses of its own.

What a model says of a table is enough, so that a new table or column comes along by itself.
"""

import itertools
import string
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from eventapp.extensions import db
from eventapp.models.types import UTCDateTime

# What there is one of, or what a page counts on being as it is.
_KEPT = frozenset(
    {
        "closed_months",
        "erasures",
        "heartbeats",
        "invoice_series",
        "invoice_sweeps",
        "mail_texts",
        "periodic_tasks",
        "revenue_rules",
        "school_holidays",
        "settings",
        "staff",
        "staff_grants",
        "sweep_reports",
        "user_sessions",
        "year_closings",
        "year_totals",
    }
)
_SQLITE = ("PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-200000", "BEGIN")
_POSTGRESQL = ("SET session_replication_role = replica", "SET maintenance_work_mem = '128MB'")
# Of long texts and files copies have the beginning: a thousand mails weigh what their index entries do.
_BEGINNING = 100
# What begins a secret of a copy, another one each time, so that copies of copies differ too.
_marks = itertools.cycle(string.ascii_lowercase)
_PEOPLES = ("people", "orders", "registrations")
# What belongs to people without saying so by a key.
_LOOSE = frozenset({"audit_log", "calendar_feeds", "dead_addresses", "external_identities", "mail_preferences"})


def more_people(times: int) -> None:
    """So many times the people, with all that is theirs, at the same events."""
    tables = [table for table in _all() if table.name in _LOOSE or _reaches(table, set(_PEOPLES))]
    _multiply(tables, times)


def more_of_everything(times: int, *, days_back: int = 0) -> None:
    """So many times what there is, events and all, each copy so many days before the one before it."""
    _multiply(_all(), times, days_back=days_back)


def analyse() -> None:
    """Let PostgreSQL see what it holds now, as it does by itself in time. Nobody does so for SQLite."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")


def _all() -> list[sa.Table]:
    return [table for table in db.metadata.sorted_tables if table.name not in _KEPT]


def _reaches(table: sa.Table, wanted: set[str]) -> bool:
    if table.name in wanted:
        return True
    parents = {key.column.table for key in table.foreign_keys} - {table}
    return any(_reaches(parent, wanted) for parent in parents)


def _multiply(tables: list[sa.Table], times: int, *, days_back: int = 0) -> None:
    """The rows that are there are the first of so many; keys of copies lie a stride apart, as do keys to copies."""
    sqlite, mark = db.engine.dialect.name == "sqlite", next(_marks)
    db.session.remove()
    with db.engine.connect() as connection:
        # Keys are right by the way they are made; checking a million of them takes longer than writing them.
        for setting in _SQLITE if sqlite else _POSTGRESQL:
            connection.exec_driver_sql(setting)
        stride = 1 + max(
            connection.scalar(sa.select(sa.func.max(table.c.id))) or 0 for table in tables if "id" in table.c
        )
        copied = {table.name for table in tables}
        for table in tables:
            indexes = sorted(table.indexes, key=lambda index: str(index.name))
            for index in indexes:
                index.drop(connection)
            connection.execute(_copies(table, copied, times, stride, mark, days_back, sqlite=sqlite))
            for index in indexes:
                index.create(connection)
        if not sqlite:
            _number_on(connection, tables)
        connection.commit()
        # Not a connection to be used again, with these settings.
        connection.invalidate()


def _copies(
    table: sa.Table, copied: set[str], times: int, stride: int, mark: str, days_back: int, *, sqlite: bool
) -> sa.Insert:
    start: Any = sa.select(sa.literal(1).label("n"))
    numbers = start.cte("numbers", recursive=True)
    numbers = numbers.union_all(sa.select(numbers.c.n + 1).where(numbers.c.n < times - 1))
    n = numbers.c.n
    shifted = {column.name for column in table.columns if _is_key(column, copied)}
    marked = {column.name for column in table.columns if column.name.endswith(("address", "domain"))} | _to_mark(
        table, shifted
    )
    values: list[Any] = []
    for column in table.columns:
        if column.name in shifted:
            values.append(column + n * stride)
        elif column.name in marked or column.name in ("sort_key", "family_name"):
            values.append(_marked(column, mark, n))
        elif isinstance(column.type, sa.Text | sa.LargeBinary):
            values.append(sa.func.substr(column, 1, _BEGINNING))
        elif days_back and isinstance(column.type, UTCDateTime):
            values.append(_earlier(column, n * days_back, sqlite=sqlite))
        else:
            values.append(column)
    return sa.insert(table).from_select(
        [column.name for column in table.columns],
        sa.select(*values).select_from(sa.join(table, numbers, sa.true())),
        include_defaults=False,
    )


def _is_key(column: Any, copied: set[str]) -> bool:
    if column.foreign_keys:
        return any(key.column.table.name in copied for key in column.foreign_keys)
    return (
        isinstance(column.type, sa.Integer)
        and (column.primary_key or column.name == "subject_id")
        and column.name not in ("line", "year")
    )


def _to_mark(table: sa.Table, shifted: set[str]) -> set[str]:
    """One text of each set of columns that must be unique, unless a key in it makes it so."""
    uniques: list[Iterable[Any]] = [
        part.columns for part in table.constraints if isinstance(part, (sa.UniqueConstraint, sa.PrimaryKeyConstraint))
    ]
    uniques += [index.columns for index in table.indexes if index.unique]
    found = set()
    for columns in uniques:
        names = [column.name for column in columns]
        if not shifted.intersection(names):
            found.add(next(column.name for column in columns if type(column.type) is sa.String))
    return found


def _marked(column: Any, mark: str, n: Any) -> Any:
    return sa.func.substr(sa.literal(mark) + sa.cast(n, sa.String) + "-" + column, 1, column.type.length or 1000)


def _earlier(column: Any, days: Any, *, sqlite: bool) -> Any:
    if sqlite:
        # As the driver writes them, with the fraction of a second behind.
        return sa.func.datetime(column, sa.literal("-") + sa.cast(days, sa.String) + " days") + ".000000"
    return column - days * sa.literal_column("interval '1 day'")


def _number_on(connection: sa.Connection, tables: list[sa.Table]) -> None:
    """What is written next gets a number that no copy has; SQLite sees to that itself."""
    for table in tables:
        if "id" in table.c:
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))"
            )
