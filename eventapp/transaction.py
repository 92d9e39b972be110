"""How does a use case change the database? In one transaction that it owns: all of it, or nothing."""

import fcntl
import math
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import scoped_session

from eventapp.extensions import BUSY_SECONDS, IN_TRANSACTION, db


@contextmanager
def transaction() -> Iterator[scoped_session[Any]]:
    """Commit at the end of the outermost block, undo everything on any exception.

    Rows read before are expired, since they may be out of date, so what the guard knew travels on as plain values.
    SQLite begins as a writer at once, as it cannot turn a read into a write without risking a refusal. Raises
    RuntimeError when something was changed outside a transaction.
    """
    session = db.session
    if session.info.get(IN_TRANSACTION):
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("rows were changed outside a transaction")
    session.rollback()
    session.info[IN_TRANSACTION] = True
    try:
        with _writers_queue() as waited:
            if db.engine.dialect.name == "sqlite":
                _begin_as_writer(session.connection(), waited)
            yield session
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(IN_TRANSACTION, None)


_turn = Lock()
# When a writer of this process was refused last, by file.
_refused_at: dict[str, float] = {}
_HARDLY = 0.1


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


def _begin_as_writer(connection: Connection, waited: float) -> None:
    """Begin, after so many seconds in line; raises OperationalError when another program keeps the file locked.

    Each in the line would wait for that program as long as the one before did, and pages that only read would wait for
    them. So what was waited in line is taken off, and who comes after one who was refused hardly waits.
    """
    file = connection.engine.url.database or ""
    lately = time.monotonic() - _refused_at.get(file, -math.inf) < BUSY_SECONDS
    patience = max(0.0, min(BUSY_SECONDS - waited, _HARDLY if lately else BUSY_SECONDS))
    if lately or waited > 1:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={round(patience * 1000)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        _refused_at.pop(file, None)
    except OperationalError:
        _refused_at[file] = time.monotonic()
        raise
    finally:
        if lately or waited > 1:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


@contextmanager
def _writers_queue() -> Iterator[float]:
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
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield time.monotonic() - began
    finally:
        os.close(handle)
