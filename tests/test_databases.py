"""Does a test find a blank database and an app as new, whatever the test before it did to them?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from jinja2 import FileSystemBytecodeCache

from config import TestConfig
from eventapp.extensions import db
from tests.apps import AppPool
from tests.databases import Database
from tests.factories import make_event

# Nobody connects to these.
FILE, OTHER_FILE = "sqlite:////nowhere/at/all.db", "sqlite:////nowhere/else.db"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    database: Database = request.getfixturevalue(f"{request.param}_database")
    database.make_blank()
    return database


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[AppPool]:
    pool = AppPool(FileSystemBytecodeCache(str(tmp_path)))
    yield pool
    pool.close()


@pytest.fixture
def engine(database: Database) -> Iterator[sa.Engine]:
    engine = sa.create_engine(database.url)
    yield engine
    engine.dispose()


def event_ids(pool: AppPool, database: Database) -> list[int]:
    """The ids of all events after one was added."""
    with pool.lend(database.url).app_context():
        make_event()
        ids = list(db.session.scalars(sa.text("SELECT id FROM events")))
    pool.take_back()
    return ids


def test_rows_are_gone_and_numbered_from_one_again(database: Database, pool: AppPool):
    first = event_ids(pool, database)

    database.make_blank()

    assert event_ids(pool, database) == first == [1]


def test_what_the_migrations_wrote_is_there_again(database: Database, engine: sa.Engine):
    with engine.begin() as connection:
        before = connection.execute(sa.text("SELECT * FROM alembic_version")).all()
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'other'"))
    engine.dispose()

    database.make_blank()

    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT * FROM alembic_version")).all() == before


def test_changed_tables_are_as_before(database: Database, engine: sa.Engine):
    tables = sa.inspect(engine).get_multi_columns()
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE event_slugs"))
        connection.execute(sa.text("ALTER TABLE people ADD COLUMN shoe_size integer"))
    engine.dispose()

    database.make_blank()

    assert str(sa.inspect(engine).get_multi_columns()) == str(tables)


def test_forgotten_connection_holds_nothing_up(database: Database, engine: sa.Engine, pool: AppPool):
    forgotten = engine.connect()
    forgotten.execute(sa.text("UPDATE alembic_version SET version_num = 'other'"))

    database.make_blank()

    assert event_ids(pool, database) == [1]
    forgotten.invalidate()
    forgotten.close()


def test_app_is_lent_again_without_the_settings_of_the_last_test(pool: AppPool):
    first = pool.lend(FILE, DEMO=True, CLOCK=lambda: None)
    first.config["DEMO"] = "perhaps"
    pages = first.extensions["kept_pages"]
    pool.take_back()

    again = pool.lend(FILE, DEMO=True)

    assert again is first
    assert (again.config["DEMO"], again.config["CLOCK"]()) == (True, TestConfig.NOW)
    assert again.extensions["kept_pages"] is not pages


def test_apps_are_not_shared_within_a_test_or_between_settings(pool: AppPool):
    apps = [pool.lend(FILE), pool.lend(FILE), pool.lend(FILE, DEMO=True)]
    pool.take_back()

    others = [pool.lend(OTHER_FILE), pool.lend(FILE, PUBLIC_BASE_URL="https://evenementen.example")]

    assert len({id(app) for app in apps + others}) == 5


def test_app_that_a_test_changed_is_not_lent_again(pool: AppPool):
    changed = pool.lend(FILE)
    changed.add_url_rule("/extra", "extra", lambda: "extra")
    pool.take_back()

    assert pool.lend(FILE) is not changed
