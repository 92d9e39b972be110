"""Who looked at which list of people? Kept for whoever has to account for it.

Nobody waits for it: where SQLite's one writer is somebody else for long, a line goes into a file beside the database,
and from there into the database by a worker.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.domain.actors import Actor
from eventapp.domain.looks import Looked, PeopleList, once_an_hour
from eventapp.domain.retention import TERMS
from eventapp.extensions import db, insert_into
from eventapp.models import ListLook
from eventapp.services.changing_rows import delete_rows
from eventapp.transaction import WritersBusy, transaction

log = logging.getLogger(__name__)
# How long a page waits for its line, in seconds.
_PATIENCE = 0.2
_MOMENTS = ("first_at", "last_at")
_TABLE: sa.Table = ListLook.__table__
_COLUMNS = {"staff": "staff_id", "person": "person_id", "api": "token_id", "device": "token_id"}


def keep(looked: Looked, *, by: Actor, now: datetime) -> None:
    """Write down that somebody saw this list, or once more within the hour; one statement, in a transaction of its own.

    A file is a line each time. When others write for longer than a page may wait, it is written soon afterwards.
    """
    assert by.id is not None
    values = dict.fromkeys(set(_COLUMNS.values())) | {
        "which": looked.at,
        _COLUMNS[by.kind]: by.id,
        "event_id": looked.event_id,
        "circle_id": looked.circle_id,
        "organisation_id": looked.organisation_id,
        "as_file": looked.as_file,
        "people": looked.people,
        "times": 1,
        "first_at": now,
        "last_at": now,
        "hour_key": once_an_hour(_COLUMNS[by.kind], by.id, looked, now),
    }
    try:
        with transaction(patience=_PATIENCE) as session:
            session.execute(_statement(db.engine.dialect.name), values)
    except WritersBusy:
        _put_aside(values)


def _put_aside(values: dict[str, Any]) -> None:
    path = _aside()
    assert path is not None
    plain = values | {name: values[name].isoformat() for name in _MOMENTS}
    with _locked(path) as file:
        file.write(json.dumps(plain) + "\n")
        file.flush()
        os.fsync(file.fileno())


def write_what_waits() -> int:
    """What was put aside goes into the database; answers how many lines.

    What ends this between the commit and emptying the file makes lines be written twice, rather than never.
    """
    path = _aside()
    if path is None or not path.exists() or not path.stat().st_size:
        return 0
    with ExitStack() as until_emptied:
        # One's turn to write comes first: who puts a line aside waits for the file, and may not wait for that.
        with transaction() as session:
            file = until_emptied.enter_context(_locked(path))
            file.seek(0)
            written = sum(_written(session, line) for line in file)
        file.truncate(0)
    return written


def _written(session: Any, line: str) -> bool:
    """Whether this line is in now; one of somebody or something that has gone since is not, and stops no other."""
    try:
        values = json.loads(line)
        values |= {name: datetime.fromisoformat(values[name]) for name in _MOMENTS}
        with session.begin_nested():
            session.execute(_statement(db.engine.dialect.name), values | {"which": PeopleList(values["which"])})
    except (ValueError, IntegrityError):
        log.exception("a look at a list of people was put aside and could not be written down")
        return False
    return True


def _aside() -> Path | None:
    """The file beside the database; on PostgreSQL writers wait for rows only, and nothing is put aside."""
    file = db.engine.url.database
    return Path(f"{file}.looks") if db.engine.dialect.name == "sqlite" and file else None


@contextmanager
def _locked(path: Path) -> Iterator[IO[str]]:
    """To add to it, or to read it and empty it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


@cache
def _statement(dialect: str) -> Any:
    """The database decides whether this is the first look of the hour, so that two at once are one line."""
    insert = insert_into(_TABLE, dialect)
    new, old = insert.excluded, _TABLE.c
    return insert.on_conflict_do_update(
        index_elements=[old.hour_key],
        set_={
            "times": old.times + 1,
            "people": sa.case((new.people > old.people, new.people), else_=old.people),
            "first_at": sa.case((new.first_at < old.first_at, new.first_at), else_=old.first_at),
            "last_at": sa.case((new.last_at > old.last_at, new.last_at), else_=old.last_at),
        },
    )


def forget(*, now: datetime) -> int:
    """Within the caller's transaction: what is past its term goes."""
    return delete_rows(ListLook, ListLook.last_at < TERMS["looks"].before(now))
