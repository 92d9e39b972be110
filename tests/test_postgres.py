"""Is the PostgreSQL of the tests a real one, and does it leave nothing behind?"""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests.postgres import PostgresServer, running_postgres, start_postgres

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


def test_copies_a_template_database(server: PostgresServer) -> None:
    server.create("blank")
    _execute(server, "blank", "CREATE TABLE town (name text)", "INSERT INTO town VALUES ('Zwijndrecht')")

    server.create("copy", template="blank")
    _execute(server, "copy", "INSERT INTO town VALUES ('Éclair')")

    assert _names(server, "copy") == ["Zwijndrecht", "Éclair"]
    assert _names(server, "blank") == ["Zwijndrecht"]


def test_drops_a_database_that_is_still_in_use(server: PostgresServer) -> None:
    server.create("busy")
    connection = create_engine(server.url_for("busy")).connect()

    server.drop("busy")

    with pytest.raises(psycopg.OperationalError):
        _libpq(server, "busy")
    connection.invalidate()
    connection.engine.dispose()


def test_leaves_nothing_behind() -> None:
    server = start_postgres()
    address = server.url_for("postgres").replace("+psycopg", "")

    server.stop()

    assert not server.folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=2)


def _execute(server: PostgresServer, name: str, *statements: str) -> None:
    engine = create_engine(server.url_for(name))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _names(server: PostgresServer, name: str) -> list[str]:
    engine = create_engine(server.url_for(name))
    with engine.connect() as connection:
        names = list(connection.scalars(text("SELECT name FROM town ORDER BY name")))
    engine.dispose()
    return names


def _libpq(server: PostgresServer, name: str) -> None:
    psycopg.connect(server.url_for(name).replace("+psycopg", ""), connect_timeout=2).close()
