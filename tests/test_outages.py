"""Which errors pass by themselves, and which are bugs of ours?"""

import errno
import os
import socket
import sqlite3
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, InvalidRequestError, TimeoutError

from config import TestConfig
from eventapp.outages import is_full, is_outage


def refused(url: str, statement: str) -> DBAPIError:
    with pytest.raises(DBAPIError) as found, create_engine(url).begin() as connection:
        connection.execute(text(statement))
    return found.value


def of_postgresql(state: str) -> DBAPIError:
    return DBAPIError.instance("", {}, psycopg.errors.lookup(state)("…"), psycopg.Error)


@pytest.mark.parametrize("state", ["08006", "25006", "53100", "53300", "55P03", "57P01", "57P03", "58030"])
def test_postgresql_that_is_away_full_or_locked_passes(state: str):
    assert is_outage(of_postgresql(state))


@pytest.mark.parametrize("state", ["23505", "40P01", "42P01", "42601", "22001", "57014"])
def test_what_postgresql_says_of_our_statement_is_a_bug(state: str):
    assert not is_outage(of_postgresql(state))


def test_postgresql_that_cannot_be_reached_passes():
    assert is_outage(refused("postgresql+psycopg://nobody@127.0.0.1:9/nothing?connect_timeout=1", "SELECT 1"))


def test_connection_to_a_machine_that_vanishes_ends_within_half_a_minute():
    """What the system was told of the connection that our settings make; docs/reliability.md has the try itself."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = make_url(f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing")
        url = make_url(TestConfig(url.render_as_string()).SQLALCHEMY_DATABASE_URI)
        words = make_conninfo(host=url.host, port=url.port, **url.query)
        calling = PGconn.connect_start(words.encode())
        calling.connect_poll()
        calling.connect_poll()
        with socket.socket(fileno=os.dup(calling.socket)) as ours:
            unheard = ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
            idle = ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)
            asks = ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        calling.finish()

    assert (unheard, idle, asks) == (20_000, 10, 1)


def test_sqlite_that_is_locked_full_or_gone_passes(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/a.db"
    with sqlite3.connect(tmp_path / "a.db", isolation_level=None) as other:
        other.execute("CREATE TABLE things (name TEXT)")
        other.execute("BEGIN EXCLUSIVE")
        locked = refused(f"{url}?timeout=0", "INSERT INTO things VALUES ('a')")

    assert is_outage(locked)
    assert is_outage(refused("sqlite:////nowhere/at/all.db", "SELECT 1"))
    assert not is_outage(refused(f"sqlite:///{tmp_path}/b.db", "SELECT * FROM nothing"))


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (OSError(errno.ENOSPC, "full"), True),
        (OSError(errno.EROFS, "read-only"), False),
        (FileNotFoundError(errno.ENOENT, "gone"), False),
        (ConnectionResetError(errno.ECONNRESET, "reset"), False),
        (TimeoutError("the pool is empty"), True),
        (InvalidRequestError("This connection is closed"), True),
        (InvalidRequestError("something else"), False),
        (RuntimeError("a bug"), False),
        (None, False),
    ],
)
def test_what_else_passes(error: BaseException | None, passes: bool):
    assert is_outage(error) == passes


def test_a_disk_without_room_is_told_from_a_database_that_is_away(tmp_path: Path):
    small = create_engine(f"sqlite:///{tmp_path}/small.db")
    with pytest.raises(DBAPIError) as full, small.begin() as connection:
        connection.execute(text("PRAGMA max_page_count = 2"))
        connection.execute(text("CREATE TABLE things (content BLOB)"))
        connection.execute(text("INSERT INTO things VALUES (zeroblob(100000))"))

    assert (is_outage(full.value), is_full(full.value)) == (True, True)
    assert [is_full(of_postgresql(state)) for state in ("53100", "53300", "08006")] == [True, False, False]
    assert [is_full(OSError(code, "")) for code in (errno.ENOSPC, errno.EROFS, errno.EIO)] == [True, False, False]
