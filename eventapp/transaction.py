"""How does a use case change the database? In one transaction that it owns: all of it, or nothing."""

import fcntl
import math
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, scoped_session

from eventapp.extensions import BUSY_SECONDS, IN_TRANSACTION, db
from eventapp.straight import send


class WritersBusy(Exception):
    """Others wrote for longer than this one would wait; nothing was done."""


@contextmanager
def transaction(*, patience: float | None = None) -> Iterator[scoped_session[Any]]:
    """Commit at the end of the outermost block, undo everything on any exception.

    Rows read before are expired, since they may be out of date, so what the guard knew travels on as plain values.
    SQLite begins as a writer at once, as it cannot turn a read into a write without risking a refusal. For what can be
    written later as well, `patience` is how many seconds that may take before WritersBusy. Raises RuntimeError when
    something was changed outside a transaction.
    """
    session = db.session()
    if IN_TRANSACTION in session.info:
        yield db.session
        return
    _forget_what_was_read(session)
    session.info[IN_TRANSACTION] = True
    try:
        # Undone as well before the next in line has its turn: who waited long finds the file free, or is refused.
        with _writers_queue(patience) as waited, _all_or_nothing(session):
            if db.engine.dialect.name == "sqlite":
                _begin_as_writer(session.connection(), waited, patience)
            yield db.session
    finally:
        session.info.pop(IN_TRANSACTION, None)


@contextmanager
def few_statements() -> Iterator[Connection]:
    """As `transaction()`, for ready statements alone (`ReadyStatement.on`); never within one.

    It needs no session: that and what SQLAlchemy does around its commit take 0.2 ms.
    """
    if db.session.registry.has():
        _forget_what_was_read(db.session())
    with _writers_queue(None) as waited, db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            _begin_as_writer(connection, waited, None)
        yield connection
        # Closing undoes whatever was not committed, still before the next in line has its turn.
        send(connection, "COMMIT", answers=False)


def in_transaction() -> bool:
    """Whether somebody's `transaction()` is under way here."""
    return bool(db.session.registry.has() and IN_TRANSACTION in db.session().info)


def _forget_what_was_read(session: Session) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("rows were changed outside a transaction")
    session.rollback()


@contextmanager
def _all_or_nothing(session: Session) -> Iterator[None]:
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


_turn = Lock()
# When a writer of this process was refused last, by file.
_refused_at: dict[str, float] = {}
_HARDLY = 0.1
_LOOK_AGAIN = 0.01


@contextmanager
def in_turn() -> Iterator[None]:
    """On SQLite, let those of this process who prepare a lot and then write do so one after another.

    Its threads share one interpreter: whoever holds the only lock there is would wait for those who prepare, and all
    processes with them. On PostgreSQL writers wait for rows only, so nobody waits here. Never within a transaction.
    """
    if db.engine.dialect.name != "sqlite":
        yield
        return
    with _turn:
        yield


def _begin_as_writer(connection: Connection, waited: float, patience: float | None) -> None:
    """Begin, after so many seconds in line; raises OperationalError when another program keeps the file locked.

    Each in the line would wait for that program as long as the one before did, and pages that only read would wait for
    them. So what was waited in line is taken off, and who comes after one who was refused hardly waits.
    """
    file = connection.engine.url.database or ""
    lately = time.monotonic() - _refused_at.get(file, -math.inf) < BUSY_SECONDS
    longest = BUSY_SECONDS if patience is None else patience
    left = max(0.0, min(longest - waited, _HARDLY if lately else BUSY_SECONDS))
    shorter = lately or waited > 1 or patience is not None
    if shorter:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={round(left * 1000)}")
    try:
        send(connection, "BEGIN IMMEDIATE", answers=False)
        _refused_at.pop(file, None)
    except OperationalError as refused:
        if patience is not None and getattr(refused.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            # Not waiting long says nothing about how long others should.
            raise WritersBusy from refused
        _refused_at[file] = time.monotonic()
        raise
    finally:
        if shorter:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


@contextmanager
def _writers_queue(patience: float | None) -> Iterator[float]:
    """Let SQLite's writers stand in line; gives how many seconds that took.

    Its own busy handler sleeps and tries again, which starves the unlucky; a file lock queues the writers of all
    threads and processes. PostgreSQL needs nothing of the kind.
    """
    path = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or not path or path == ":memory:":
        yield 0
        return
    began = time.monotonic()
    handle = os.open(path + ".queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if patience is None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        else:
            _stand_in_line(handle, until=began + patience)
        yield time.monotonic() - began
    finally:
        os.close(handle)


def _stand_in_line(handle: int, *, until: float) -> None:
    """A file lock cannot be waited for with an end, so look whether it is free again and again."""
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            if time.monotonic() >= until:
                raise WritersBusy from taken
            time.sleep(_LOOK_AGAIN)
