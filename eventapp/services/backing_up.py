"""How does everything get into one file, as it was at one moment, while people go on booking?"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import BinaryIO

import sqlalchemy as sa

from eventapp.documents.archive import ArchiveWriter
from eventapp.domain.archive import Contents, Manifest, Shape, line_of
from eventapp.models import Heartbeat
from eventapp.queries import health, plain_tables
from eventapp.transaction import transaction


def back_up(
    file: BinaryIO,
    *,
    program: str,
    now: datetime,
    without_special: bool = False,
    report: Callable[[Contents], None] = lambda _: None,
) -> Manifest:
    """Write an archive of the whole database to `file`, of which the schema must be at head.

    Everything is as it was at one moment. `without_special` leaves out what the law calls special personal data, and
    texts in which it may stand.
    `report` hears of each table that is done. Nobody waits for this, and it needs little more memory than one row.
    """
    left_out = plain_tables.special_tables() if without_special else frozenset()
    emptied = plain_tables.special_columns() if without_special else {}
    shapes = [shape for shape in plain_tables.shapes() if shape.name not in left_out]
    writer, tables = ArchiveWriter(file), []
    with plain_tables.snapshot() as connection:
        schema = plain_tables.revision(connection)
        for shape in shapes:
            tables.append(writer.add(shape, _lines(connection, shape, emptied.get(shape.name, frozenset()))))
            report(tables[-1])
        last = plain_tables.last_numbers(connection, shapes)
        database = connection.dialect.name
    tables = [_numbered(table, last.get(table.shape.name, 0)) for table in tables]
    texts = tuple(sorted(f"{table}.{column}" for table, columns in emptied.items() for column in columns))
    manifest = Manifest(schema, program, database, now, tuple(sorted(left_out)), tuple(tables), texts)
    writer.finish(manifest)
    return manifest


def note(*, now: datetime) -> None:
    """Let whoever watches see that the file is there and whole."""
    with transaction() as session:
        session.merge(Heartbeat(name=health.BACKUP, beat_at=now))


def _lines(connection: sa.Connection, shape: Shape, emptied: frozenset[str]) -> Iterator[bytes]:
    for row in plain_tables.rows(connection, shape, emptied=emptied):
        yield line_of(shape.columns, row)


def _numbered(table: Contents, last_number: int) -> Contents:
    return Contents(table.shape, table.rows, table.bytes, table.sha256, last_number)
