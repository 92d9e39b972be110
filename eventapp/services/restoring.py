"""How does an archive come back, into an empty database of either kind? All of it, or nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from eventapp.documents.archive import ArchiveReader
from eventapp.domain.archive import MANIFEST, Contents, Manifest, row_of
from eventapp.domain.errors import (
    DamagedArchive,
    DatabaseNotEmpty,
    NewerArchive,
    OtherSchema,
    ReferencesBroken,
    RestoreRefused,
)
from eventapp.extensions import run
from eventapp.queries import health, plain_tables
from eventapp.transaction import transaction

# Rows written with one statement, and how much of the archive they may take: some hold whole files.
_MOST_ROWS, _MOST_BYTES = 500, 8 * 1024 * 1024
_NAMED = 5


def restore(path: Path, *, report: Callable[[Contents], None] = lambda _: None) -> Manifest:
    """Fill the empty database with what the archive holds; `report` hears of each table that is done.

    The database must have the schema of the archive. Refuses with NoArchive, DamagedArchive, NewerArchive, OtherSchema,
    DatabaseNotEmpty, RestoreRefused or ReferencesBroken. Everything happens in one transaction in which all constraints
    and triggers hold, so whatever breaks it off leaves the database empty. Nobody else can use it meanwhile.
    """
    with ArchiveReader(path) as archive:
        if archive.manifest.schema not in health.known_revisions():
            raise NewerArchive(schema=archive.manifest.schema)
        archive.verify()
        try:
            _fill(archive, report)
        except IntegrityError as error:
            raise ReferencesBroken() from error
        return archive.manifest


def _fill(archive: ArchiveReader, report: Callable[[Contents], None]) -> None:
    with transaction() as session:
        connection = session.connection()
        _check_schema(archive.manifest, connection)
        names = sorted(table.shape.name for table in archive.manifest.tables)
        sqlite = connection.dialect.name == "sqlite"
        constraints = [] if sqlite else _hold_all(connection, names)
        _check_empty(connection, names)
        if sqlite:
            # Rows may point to later ones; the end of the transaction checks.
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in archive.manifest.tables:
            _write(archive, table)
            report(table)
        _settle(connection, constraints)
        for table in archive.manifest.tables:
            _count_on(connection, table)


def _check_schema(manifest: Manifest, connection: sa.Connection) -> None:
    """The columns are compared as well: what the archive says of itself is no more than that."""
    present = plain_tables.revision(connection)
    if present != manifest.schema:
        raise OtherSchema(archive=manifest.schema, database=present or "geen")
    there = plain_tables.columns_by_table(connection)
    said = {table.shape.name: {column.name for column in table.shape.columns} for table in manifest.tables}
    if said != {name: columns for name, columns in there.items() if name not in manifest.left_out}:
        raise DamagedArchive(where=MANIFEST)


def _check_empty(connection: sa.Connection, names: list[str]) -> None:
    filled = plain_tables.filled(connection, names)
    if filled:
        more = [] if len(filled) <= _NAMED else ["…"]
        raise DatabaseNotEmpty(tables=", ".join(filled[:_NAMED] + more))


def _hold_all(connection: sa.Connection, names: list[str]) -> list[tuple[str, str]]:
    """On PostgreSQL: nobody else reads or writes, and references are checked at the end. Answers which were changed.

    Only for this transaction: `_settle` makes them as they were.
    """
    listed = ", ".join(_quoted(connection, name) for name in names)
    connection.exec_driver_sql(f"LOCK TABLE {listed} IN ACCESS EXCLUSIVE MODE")
    found = connection.execute(
        sa.text(
            "SELECT c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
            " WHERE k.contype = 'f' AND NOT k.condeferrable AND k.connamespace = current_schema()::regnamespace"
        )
    )
    constraints = [(_quoted(connection, table), _quoted(connection, name)) for table, name in found]
    for table, name in constraints:
        connection.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED")
    return constraints


def _settle(connection: sa.Connection, constraints: list[tuple[str, str]]) -> None:
    if constraints:
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table, name in constraints:
        connection.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE")


def _quoted(connection: sa.Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)


def _write(archive: ArchiveReader, table: Contents) -> None:
    insert = sa.insert(plain_tables.plain(table.shape))
    for some in _batches(archive, table):
        try:
            run(insert, some)
        except DBAPIError as error:
            raise RestoreRefused(table=table.shape.name) from error


def _batches(archive: ArchiveReader, table: Contents) -> Iterator[list[dict[str, Any]]]:
    some: list[dict[str, Any]] = []
    size = 0
    for line in archive.lines(table):
        try:
            some.append(row_of(table.shape.columns, line))
        except (ValueError, RecursionError) as error:
            raise DamagedArchive(where=table.file) from error
        size += len(line)
        if len(some) >= _MOST_ROWS or size >= _MOST_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


def _count_on(connection: sa.Connection, table: Contents) -> None:
    """The next row gets a number that no row ever had."""
    if not table.shape.numbered or not table.last_number:
        return
    name, last = table.shape.name, table.last_number
    if connection.dialect.name != "sqlite":
        sequence = sa.func.pg_get_serial_sequence(name, table.shape.numbered)
        connection.execute(sa.select(sa.func.setval(sequence, last)))
    elif plain_tables.counts_for_good(connection, name):
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
        connection.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), {"name": name, "last": last}
        )
