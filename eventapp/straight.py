"""How does a statement that hundreds ask at once reach the database? Made ready once, straight to the driver.

Composing a statement, keeping account of it and taking its result apart takes SQLAlchemy several times as long as the
database needs for a row. What SQLAlchemy knows of types, of errors and of who listens counts here as well.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect

from eventapp.extensions import IN_TRANSACTION, READING, db

Process = Callable[[Any], Any]
_NOTHING: Mapping[str, Any] = {}


class ReadyStatement:
    """A statement of columns that stays the same, built at import; its values are its bound parameters, by name.

    Rows are tuples with the names of their columns. As with `run`, what the session has pending is written first, and
    what it has loaded stays as it is. Outside a transaction nothing else needs a session, and none is made.
    """

    def __init__(self, statement: Any, *, columns: Iterable[str] = ()) -> None:
        """`columns` are those that an insert or update sets to values of these names."""
        self._statement = statement
        self._columns = list(columns)
        self._made: dict[str, _Made] = {}

    def all(self, values: Mapping[str, Any] = _NOTHING) -> list[Any]:
        """Every row."""
        session = db.session() if db.session.registry.has() else None
        if session is not None and (IN_TRANSACTION in session.info or session.in_transaction()):
            session.flush()
            return self._rows(session.connection(), values)
        engines: Any = db.engines
        with (engines.get(READING) or engines[None]).connect() as connection:
            return self._rows(connection, values)

    def first(self, values: Mapping[str, Any] = _NOTHING) -> Any:
        """The first row, None when there is none."""
        rows = self.all(values)
        return rows[0] if rows else None

    def scalar(self, values: Mapping[str, Any] = _NOTHING) -> Any:
        """The first column of the first row, None when there is none."""
        rows = self.all(values)
        return rows[0][0] if rows else None

    def _rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        dialect = connection.dialect
        made = self._made.get(dialect.name)
        if made is None:
            made = self._made[dialect.name] = _make(self._statement, self._columns, dialect)
        return [made.row(*one) for one in map(made.read, send(connection, made.sql, made.bound(values)))]


def send(connection: Connection, sql: str, values: Any = None) -> list[Any]:
    """Let the driver run this, with its own kind of values; answers the rows as it gives them.

    Errors rise as SQLAlchemy's own, and a connection that broke is not used again.
    """
    if connection.dispatch.before_cursor_execute:
        # Somebody counts statements, such as a test.
        result = connection.exec_driver_sql(sql, values)
        return [tuple(row) for row in result] if result.returns_rows else []
    cursor: Any = None
    try:
        cursor = connection.connection.cursor()
        cursor.execute(sql, values or ())
        rows: list[Any] = cursor.fetchall() if cursor.description else []
    except BaseException as error:
        connection._handle_dbapi_exception(error, sql, values, cursor, None)
    cursor.close()
    return rows


def named(dialect: Dialect) -> Dialect:
    """The dialect with names instead of places in its statements, on SQLite too, so that values are a mapping."""
    of_its_kind: Any = type(dialect)
    return of_its_kind(paramstyle="named") if dialect.name == "sqlite" else dialect


@dataclass(frozen=True, slots=True)
class _Made:
    """The statement as a driver takes it, and what makes the driver's values of ours and ours of the driver's."""

    sql: str
    constants: Mapping[str, Any]
    sent_by: Mapping[str, Process | None]
    read_by: tuple[tuple[int, Process], ...]
    row: Callable[..., Any]

    def bound(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """All its values as the driver takes them. Raises KeyError for one that the statement does not know."""
        bound = dict(self.constants)
        for name, value in values.items():
            process = self.sent_by[name]
            bound[name] = process(value) if process else value
        return bound

    def read(self, row: Any) -> Any:
        """A row as our types say it."""
        if not self.read_by:
            return row
        values = list(row)
        for place, process in self.read_by:
            values[place] = process(values[place])
        return values


def _make(statement: Any, columns: list[str], dialect: Dialect) -> _Made:
    dialect = named(dialect)
    compiled = statement.compile(dialect=dialect, column_keys=columns or None)
    written_each_time = compiled.post_compile_params | compiled.literal_execute_params
    if compiled.insert_prefetch or compiled.update_prefetch or written_each_time:
        raise TypeError(f"defaults and lists need SQLAlchemy itself, so `run`: {compiled}")
    sent_by = {name: one.type.dialect_impl(dialect).bind_processor(dialect) for name, one in compiled.binds.items()}
    constants = {name: one.effective_value for name, one in compiled.binds.items() if not one.required}
    answered = list(statement.exported_columns)
    readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in answered]
    return _Made(
        sql=str(compiled),
        constants={name: p(value) if (p := sent_by[name]) else value for name, value in constants.items()},
        sent_by=sent_by,
        read_by=tuple((place, read) for place, read in enumerate(readers) if read),
        row=namedtuple("Row", [getattr(column, "name", "") for column in answered], rename=True),  # type: ignore[misc]
    )
