"""The house for tests: a migrated blank database per test, on SQLite and on a real PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from config import TestConfig
from eventapp import create_app
from eventapp.cli.migrating import enable_migrations
from eventapp.extensions import db
from tests.postgres import PostgresServer, start_postgres
from tests.shop import shop, shop_sandbox  # noqa: F401


@pytest.fixture(scope="session")
def sqlite_blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; every test works on its own copy."""
    path = tmp_path_factory.mktemp("blank") / "blank.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of our own with the migrated template database `blank`."""
    server = start_postgres()
    server.create("blank")
    _migrate(server.url_for("blank"))
    yield server
    server.stop()


def _migrate(url: str) -> None:
    app = enable_migrations(create_app(TestConfig(url)))
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh migrated database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_blank"), tmp_path / "test.db")
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"t{abs(hash((request.node.nodeid, str(tmp_path)))):x}"
    server.create(name, template="blank")
    yield server.url_for(name)
    server.drop(name)


@pytest.fixture
def make_app(database_url: str) -> Iterator[Callable[..., Flask]]:
    """Make an app on this test's database; settings by keyword."""
    apps: list[Flask] = []

    def make(**settings: object) -> Flask:
        apps.append(create_app(TestConfig(database_url, **settings)))
        return apps[-1]

    yield make
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The app with its context pushed, for tests of services and queries."""
    app = make_app()
    with app.app_context():
        yield app


@pytest.fixture
def now():
    """The moment at which tests happen, unless they say otherwise."""
    return TestConfig.NOW
