"""Who was forgotten before? Known again by a keyed hash, in an import and in a backup that was put back.

The keys and the place of the file beside the database come with the engine (config.py): the database holds neither.
"""

import logging
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from eventapp.domain.erasing import mark_of
from eventapp.extensions import db
from eventapp.models import Erasure, Person, PersonAddress
from eventapp.queries.among import among
from eventapp.transaction import transaction

log = logging.getLogger(__name__)
_MARK = 64


def remember(addresses: Iterable[PersonAddress], *, now: datetime) -> None:
    """Within the caller's transaction. Who was forgotten before is so from the last time on."""
    for known in addresses:
        db.session.merge(Erasure(mark=mark_of(_keys()[0], known.address, known.name_key), erased_at=now))


def forgotten_among(known: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these addresses with a name key that were forgotten."""
    marks = {mark_of(key, *one): one for one in known for key in _keys()}
    found = sa.select(Erasure.mark).join(*among(((mark,) for mark in marks), Erasure.mark))
    return {marks[mark] for mark in db.session.scalars(found)}


def write_beside() -> None:
    """Put what the database and the file know together into the file, whole or not at all.

    Outside any transaction. A database that is lost takes its last erasures along; the file beside it has them. What
    cannot be written now is written the coming night.
    """
    path = _beside()
    if path is None:
        return
    try:
        _write(path)
    except OSError as error:
        log.warning("the file of erasures cannot be written: %s", error.strerror)


def _write(path: Path) -> None:
    lines = sorted({f"{mark} {at.isoformat()}" for mark, at in _both(path).items()})
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("".join(f"{line}\n" for line in lines))
    unfinished.replace(path)


def take_in() -> None:
    """Let the database know what the file beside it knows."""
    path = _beside()
    if path is not None:
        known = _both(path)
        with transaction() as session:
            for mark, at in known.items():
                session.merge(Erasure(mark=mark, erased_at=at))


def returned() -> list[int]:
    """The ids of people who were forgotten and are known again as they were before: a backup brought them back.

    Who came by again of their own accord proved an address after it, or was made known after it, and stays. When an
    address that nobody proved was added is not kept: then it counts since when the person is known.
    """
    at = dict(db.session.execute(sa.select(Erasure.mark, Erasure.erased_at)).all())
    if not at:
        return []
    people = sa.select(
        Person.id,
        sa.func.coalesce(PersonAddress.proven_at, Person.created_at).label("since"),
        PersonAddress.address,
        PersonAddress.name_key,
    )
    found = set()
    for row in db.session.execute(people.join(PersonAddress).where(Person.erased_at.is_(None))):
        marks = (mark_of(key, row.address, row.name_key) for key in _keys())
        if any(mark in at and row.since < at[mark] for mark in marks):
            found.add(row.id)
    return sorted(found)


def _both(path: Path) -> dict[str, datetime]:
    """Each mark with the last time of the two: a backup may hold an older one than the file."""
    lines = path.read_text().splitlines() if path.exists() else []
    known = {line[:_MARK]: datetime.fromisoformat(line[_MARK + 1 :]) for line in lines if len(line) > _MARK}
    for row in db.session.execute(sa.select(Erasure.mark, Erasure.erased_at)).all():
        known[row.mark] = max(row.erased_at, known.get(row.mark, row.erased_at))
    return known


def _keys() -> tuple[bytes, ...]:
    keys: tuple[bytes, ...] = db.engine.get_execution_options()["erasure_keys"]
    return keys


def _beside() -> Path | None:
    named = db.engine.get_execution_options()["erasures_file"]
    return Path(named) if named else None
