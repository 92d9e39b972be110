"""How does a statement that hundreds ask at once reach the database? Made ready once, straight to the driver.

Composing a statement, keeping account of it and taking its result apart takes SQLAlchemy several times as long as the
database needs for a row. What SQLAlchemy knows of types, of errors and of who listens counts here as well.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Engine

from eventapp.extensions import IN_TRANSACTION, READING, begin_nothing, db

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
            return self.on(session.connection(), values)
        engines: Any = db.engines
        return self._alone(engines.get(READING) or engines[None], values)

    def write_alone(self, values: Mapping[str, Any]) -> list[Any]:
        """Run it as a transaction by itself, which is on disk when this answers; every row. Never within another."""
        engines: Any = db.engines
        return self._alone(engines[None], values)

    def _alone(self, engine: Engine, values: Mapping[str, Any]) -> list[Any]:
        if engine.dispatch.before_cursor_execute:
            # Somebody counts statements, such as a test.
            with engine.connect() as connection:
                begin_nothing(engine, connection.connection.dbapi_connection)
                return self.on(connection, values)
        made = self._made_for(engine.dialect)
        return made.rows(_ask(engine, made.sql, made.bound(values), answers=made.answers))

    def first(self, values: Mapping[str, Any] = _NOTHING) -> Any:
        """The first row, None when there is none."""
        rows = self.all(values)
        return rows[0] if rows else None

    def scalar(self, values: Mapping[str, Any] = _NOTHING) -> Any:
        """The first column of the first row, None when there is none."""
        rows = self.all(values)
        return rows[0][0] if rows else None

    def on(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Every row, as this connection sees them."""
        made = self._made_for(connection.dialect)
        return made.rows(send(connection, made.sql, made.bound(values), answers=made.answers))

    def _made_for(self, dialect: Dialect) -> "_Made":
        made = self._made.get(dialect.name)
        if made is None:
            made = self._made[dialect.name] = _make(self._statement, self._columns, dialect)
        return made


def send(connection: Connection, sql: str, values: Any = None, *, answers: bool = True) -> list[Any]:
    """Let the driver run this, with its own kind of values; the rows as it gives them, for what `answers` with rows.

    Errors rise as SQLAlchemy's own, and a connection that broke is not used again.
    """
    if connection.dispatch.before_cursor_execute:
        result = connection.exec_driver_sql(sql, values)
        return [tuple(row) for row in result] if answers else []
    try:
        return _run(connection.connection, sql, values, answers)
    except BaseException as error:
        connection._handle_dbapi_exception(error, sql, values, None, None)


def _ask(engine: Engine, sql: str, values: Any, *, answers: bool) -> list[Any]:
    """As `send`, on a connection right from the pool and for one statement that stands by itself.

    Making a Connection of SQLAlchemy's around it costs as much as the statement; one is made for an error only.
    """
    try:
        taken = engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        Connection._handle_dbapi_exception_noconnection(error, engine.dialect, engine)
    try:
        begin_nothing(engine, taken.dbapi_connection)
        return _run(taken, sql, values, answers)
    except BaseException as error:
        Connection(engine, taken, _has_events=False)._handle_dbapi_exception(error, sql, values, None, None)
    finally:
        taken.close()


def _run(connection: Any, sql: str, values: Any, answers: bool) -> list[Any]:
    cursor = connection.cursor()
    cursor.execute(sql, values or ())
    # Asking the cursor whether there are rows takes psycopg half as long as the statement did.
    rows: list[Any] = cursor.fetchall() if answers else []
    cursor.close()
    return rows


def named(dialect: Dialect) -> Dialect:
    """The dialect with names instead of places in its statements, on SQLite too, so that values are a mapping."""
    of_its_kind: Any = type(dialect)
    return of_its_kind(paramstyle="named") if dialect.name == "sqlite" else dialect


class _Made(NamedTuple):
    """The statement as a driver takes it, and what makes the driver's values of ours and ours of the driver's."""

    sql: str
    constants: Mapping[str, Any]
    sent_by: Mapping[str, Process | None]
    answers: bool
    read_by: tuple[tuple[int, Process], ...]
    row: Callable[..., Any]

    def bound(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """All its values as the driver takes them. Raises KeyError for one that the statement does not know."""
        bound = dict(self.constants)
        for name, value in values.items():
            process = self.sent_by[name]
            bound[name] = process(value) if process else value
        return bound

    def rows(self, found: list[Any]) -> list[Any]:
        """Rows as our types say them."""
        return [self.row(*one) for one in (map(self._read, found) if self.read_by else found)]

    def _read(self, row: Any) -> list[Any]:
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
    # Not `compiled.binds`: that knows those without a name of their own under two names.
    binds = {name: one for one, name in compiled.bind_names.items()}
    sent_by = {name: one.type.dialect_impl(dialect).bind_processor(dialect) for name, one in binds.items()}
    constants = {name: one.effective_value for name, one in binds.items() if not one.required}
    answered = list(statement.exported_columns)
    readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in answered]
    return _Made(
        sql=str(compiled),
        constants={name: p(value) if (p := sent_by[name]) else value for name, value in constants.items()},
        sent_by=sent_by,
        answers=bool(answered),
        read_by=tuple((place, read) for place, read in enumerate(readers) if read),
        row=namedtuple("Row", [getattr(column, "name", "") for column in answered], rename=True),  # type: ignore[misc]
    )
