"""The bare extension objects, and how a database connection behaves."""

import select
from typing import TYPE_CHECKING, Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Connection, CursorResult, Engine, Executable, MetaData, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# FULL: what was promised to a person (a place, a payment, a scan) is on disk when we say so.
# secure_delete: what was erased is overwritten in the file as well, not only let go of.
# How long whoever finds the file locked waits; one's turn in the line of writers counts (`transaction.py`).
BUSY_SECONDS = 10
_SQLITE_PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={BUSY_SECONDS * 1000}",
    "secure_delete=ON",
)


class Base(DeclarativeBase):
    """What every model is made of: SQLAlchemy's own.

    Flask-SQLAlchemy's `db.Model` brings eight annotations as text, which SQLAlchemy evaluates twice for each of more
    than a hundred models at every start; and nobody could check what is asked of a model.
    """

    metadata = MetaData(naming_convention=NAMING)
    if TYPE_CHECKING:
        __table__: ClassVar[Table]


# Under this name the engine stands once more on PostgreSQL, for what reads outside a transaction.
READING = "reading"
# What a session's info says while `transaction()` is open.
IN_TRANSACTION = "in_transaction"


class _Session(Session):
    """What reads outside `transaction()` sees what is committed, statement by statement.

    On PostgreSQL a transaction at READ COMMITTED would show the same and cost BEGIN and ROLLBACK; and after a ROLLBACK
    psycopg prepares all its statements anew. On SQLite nothing begins before somebody says so.
    """

    def get_bind(
        self,
        mapper: Any = None,
        clause: Any = None,
        bind: Engine | Connection | None = None,
        **more: Any,
    ) -> Engine | Connection:
        if bind is None and not self.info.get(IN_TRANSACTION) and (reading := self._db.engines.get(READING)):
            return reading
        return super().get_bind(mapper, clause, bind, **more)


db = SQLAlchemy(model_class=Base, session_options={"class_": _Session})
csrf = CSRFProtect()


def run(statement: Executable, values: Any = None) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement of columns on a hot path, within what the session is doing.

    The session's own `execute` looks for objects to load and costs two to three times as much. As it does, this first
    writes what the session has pending; unlike it, this leaves loaded objects as they are.
    """
    session = db.session()
    session.flush()
    return session.connection().execute(statement, values)


def insert_into(table: Any, dialect: str) -> Any:
    """An insert that can say what happens when the row is there already: each of our databases has one of its own."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


def prepare_engine(engine: Engine) -> None:
    """Make each database behave as we count on, in the context of the app whose engine it is."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)


def _prepare_postgresql(engine: Engine) -> None:
    """Keep a way to read without a transaction, and notice connections that the server has closed meanwhile.

    SQLAlchemy's own way to it (`isolation_level`) takes ten times as long, with each connection that is taken.
    """
    engines: Any = db.engines
    engines[READING] = reading = engine.execution_options()

    @event.listens_for(reading, "engine_connect")
    def on_reading(connection: Connection) -> None:
        begin_nothing(reading, connection.connection.dbapi_connection)

    @event.listens_for(engine, "checkin")
    def on_return(connection: Any, _record: Any) -> None:
        # Whoever takes it next may want to write.
        if connection is not None and connection.autocommit and not connection.closed:
            connection.autocommit = False

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: Any, _record: Any, _proxy: Any) -> None:
        # A server says nothing to a connection at rest but goodbye. Looking for that costs no round trip.
        goodbye = select.poll()
        goodbye.register(connection.fileno(), select.POLLIN)
        if goodbye.poll(0):
            raise DisconnectionError("closed by the server")


def begin_nothing(engine: Engine, driver: Any) -> None:
    """Let this connection of the driver's answer without a transaction until it goes back; SQLite's do so anyway."""
    if engine.dialect.name == "postgresql":
        driver.autocommit = True


def _prepare_sqlite(engine: Engine) -> None:
    """Make SQLite keep its foreign keys, and begin a transaction when we say so and not before.

    Listening to every BEGIN of SQLAlchemy would make each statement look for listeners.
    """

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
