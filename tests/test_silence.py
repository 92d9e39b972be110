"""A statement that PostgreSQL does not answer: who asked hears so, and who asks next gets an answer of their own."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DataError, OperationalError

from config import TestConfig
from eventapp.cli.silence import end_silence
from eventapp.outages import is_outage
from tests.databases import PostgresDatabase

pytestmark = pytest.mark.postgres


@pytest.fixture
def engine(postgres_database: PostgresDatabase) -> Iterator[Engine]:
    """It has one connection at a time, so that whoever comes next gets the one that the last gave back."""
    engine = create_engine(postgres_database.url, pool_size=1, max_overflow=0)
    end_silence(engine, 0.3)
    yield engine
    engine.dispose()


def server_process(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)


def test_silence_ends_as_an_outage_and_its_connection_is_not_used_again(engine: Engine):
    before = server_process(engine)

    with pytest.raises(OperationalError) as silence, engine.begin() as connection:
        connection.execute(text("SELECT pg_sleep(20)"))

    assert (is_outage(silence.value), silence.value.connection_invalidated) == (True, True)
    assert server_process(engine) not in (before, 0)


def test_a_refusal_keeps_the_connection(engine: Engine):
    before = server_process(engine)

    with pytest.raises(DataError), engine.begin() as connection:
        connection.execute(text("SELECT 1 / 0"))

    assert server_process(engine) == before


def test_a_lock_says_so_before_it_is_taken_for_silence(postgres_database: PostgresDatabase):
    settings = TestConfig(postgres_database.url)
    engine = create_engine(settings.SQLALCHEMY_DATABASE_URI)

    with engine.connect() as connection:
        waits = text("SELECT extract(epoch FROM current_setting('lock_timeout')::interval)")
        seconds = float(connection.scalar(waits) or 0)
    engine.dispose()

    assert 0 < seconds < settings.LONGEST_SILENCE_SECONDS
