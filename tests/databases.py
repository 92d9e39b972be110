"""Databases that are blank again for each test without being made anew, one on SQLite and one on PostgreSQL.

Each keeps its address, so that apps, engines and their compiled statements can serve test after test.
"""

import shutil
from pathlib import Path
from typing import Protocol

import psycopg

from tests.postgres import PostgresServer

_RESETTING = Path(__file__).with_name("resetting.sql").read_text()
_NAME = "test"
# Tables are emptied in any order, and a lock that a test left behind is not waited for.
_OPTIONS = "-c session_replication_role=replica -c lock_timeout=2s"


class Database(Protocol):
    """One address, and the way back to what the migrations made there."""

    url: str

    def make_blank(self) -> None:
        """Undo whatever a test did, committed or not, to rows, numberings and tables."""


class SqliteDatabase:
    """A file that makes way for a copy of a migrated one. Who has the old file open still cannot touch the copy."""

    def __init__(self, migrated: Path) -> None:
        self._migrated = migrated
        self._file = migrated.with_name("test.db")
        self.url = f"sqlite:///{self._file}"

    def make_blank(self) -> None:
        for old in self._file.parent.glob(f"{self._file.name}*"):
            old.unlink()
        shutil.copyfile(self._migrated, self._file)


class PostgresDatabase:
    """A database whose filled tables are emptied. One whose schema a test changed is copied from its template again."""

    def __init__(self, server: PostgresServer, migrated: str) -> None:
        """Take the database of this name as the template; it gets a schema `resetting` next to what it has."""
        self._server = server
        self._migrated = migrated
        with self._connect(migrated) as connection:
            connection.execute(_RESETTING)
        server.create(_NAME, template=migrated)
        self._connection = self._connect(_NAME)
        self.url = server.url_for(_NAME)

    def make_blank(self) -> None:
        try:
            emptied = self._connection.execute("SELECT resetting.make_blank()").fetchone() == (True,)
        except psycopg.Error:
            # A table is gone, or somebody holds on to one.
            emptied = False
        if not emptied:
            self.copy_again()

    def close(self) -> None:
        """Let go of the database, as the server is about to stop."""
        self._connection.close()

    def copy_again(self) -> None:
        """Blank, and as new: nothing is left of what was deleted either."""
        self._connection.close()
        self._server.drop(_NAME)
        self._server.create(_NAME, template=self._migrated)
        self._connection = self._connect(_NAME)

    def _connect(self, name: str) -> psycopg.Connection:
        return psycopg.connect(self._server.libpq_url_for(name), autocommit=True, options=_OPTIONS)
