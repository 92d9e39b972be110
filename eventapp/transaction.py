"""How does a use case change the database? In one transaction that it owns: all of it, or nothing."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import scoped_session

from eventapp.extensions import db


@contextmanager
def transaction() -> Iterator[scoped_session[Any]]:
    """Commit at the end of the outermost block, undo everything on any exception.

    First ends the reading transaction of the request: SQLite cannot turn a read into a write without risking a
    refusal. Rows read before are expired, so what the guard knew travels on as plain values. Raises RuntimeError when
    something was changed outside a transaction, since that would be lost.
    """
    session = db.session
    if session.info.get("in_transaction"):
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("rows were changed outside a transaction")
    session.rollback()
    session.info["in_transaction"] = True
    try:
        with _writers_queue():
            session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            yield session
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("in_transaction", None)


@contextmanager
def _writers_queue() -> Iterator[None]:
    """Let SQLite's writers stand in line.

    Its own busy handler sleeps and tries again, which starves the unlucky; a file lock queues the writers of all
    threads and processes. PostgreSQL needs nothing of the kind.
    """
    path = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or not path or path == ":memory:":
        yield
        return
    handle = os.open(path + ".queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
