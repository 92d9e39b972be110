"""The house for tests: a migrated blank database per test, on SQLite and on a real PostgreSQL, and apps on it."""

import gc
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from zlib import crc32

import hypothesis
import pytest
from flask import Flask
from flask_migrate import upgrade
from jinja2 import BytecodeCache, FileSystemBytecodeCache

from config import TestConfig
from eventapp import create_app
from eventapp.cli.migrating import enable_migrations
from eventapp.extensions import db
from tests.apps import AppPool
from tests.databases import Database, PostgresDatabase, SqliteDatabase
from tests.oidc import oidc_process, provider  # noqa: F401
from tests.once import made_once
from tests.postgres import PostgresServer, start_postgres
from tests.shop import shop, shop_sandbox  # noqa: F401

# What waits for servers, browsers and each other: begun early, or one worker ends up alone with it.
_BROWSERS = "browser"
_WAITING = ("race", "cli", "bad_days", "api")
# What takes long as one file goes first among those that only calculate, for the same reason; then the rooms where a
# file takes some seconds. The others are done at once, and fill the gaps of the end.
_LONG_ROOMS = ("stateful",)
_LARGE_ROOMS = ("services", "web")
_LONG_FILES = ("test_growth", "test_migrations", "test_who_may_what", "test_others", "test_archive", "test_erasing")
# So many files that calculate go between two that wait, so that at any time some worker has something to calculate.
_BETWEEN = 2
# These share a house with the whole demo in it and what axe has seen there: half a minute of work for each worker.
_TOGETHER = f"tests/{_BROWSERS}/"
# Tests of pages and of what mails say tell little of a database that those of services did not: each goes to one of
# them, half to either. So do the cases of a test of services that has a table of them: that test itself goes to both.
# `make test PAGES=both` takes each on both, as does pytest by itself.
_PAGES = ("web", "test_mail_links", "test_kinds")
_TABLES = ("services",)
_PAGES_ONCE = os.environ.get("PAGES") == "once"


# What takes long on a busy machine is not wrong.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)
def pytest_collectstart(collector: pytest.Collector) -> None:
    """Let each worker import other files first, so that in a fresh clone each file is compiled by one of them only.

    Pytest compiles tests in its own way, and keeps that; it takes longer than everything else of collecting.
    """
    worker = getattr(collector.config, "workerinput", None)
    room = Path(__file__).parent
    if worker is None or collector.path != room or collector.config.args != [room.name]:
        return
    files = sorted(room.glob("*/test_*.py"))
    first = len(files) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for file in files[first:] + files[:first]:
        # Of what cannot be imported collecting itself says why.
        with suppress(Exception):
            import_module(f"tests.{file.parent.name}.{file.stem}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _PAGES_ONCE:
        there = Counter(map(_of_either, items))
        cases = _cases(there)
        twice = [item for item in items if there[_of_either(item)] > 1 and _is_second(item, cases)]
        config.hook.pytest_deselected(items=twice)
        items[:] = [item for item in items if item not in set(twice)]
    items[:] = _in_turns(items)


def _in_turns(items: list[pytest.Item]) -> list[pytest.Item]:
    """File by file: first the browsers, which are one long piece of work, then those that wait among the others."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    order = [file for file in files if file.parent.name == _BROWSERS]
    waiting = [file for file in files if file.parent.name in _WAITING]
    others = sorted((file for file in files if file not in {*order, *waiting}), key=_shortness)
    while waiting or others:
        order += waiting[:1] + others[:_BETWEEN]
        del waiting[:1], others[:_BETWEEN]
    return [item for file in order for item in files[file]]


def _shortness(file: Path) -> int:
    room = file.parent.name
    return 0 if file.stem in _LONG_FILES or room in _LONG_ROOMS else 1 if room in _LARGE_ROOMS else 2


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Files as a whole to one worker, and those that need a browser all to the same one."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class LoadRoomScheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _TOGETHER if nodeid.startswith(_TOGETHER) else super()._split_scope(nodeid)

    return LoadRoomScheduling(config, log)


def _is_second(item: pytest.Item, cases: dict[str, list[str]]) -> bool:
    """Whether this is left to the other database; which one follows from its name, or its place in its table."""
    database = item.callspec.params.get("database_url") if hasattr(item, "callspec") else None
    if database is None or item.get_closest_marker("both_databases"):
        return False
    name = _of_either(item)
    if item.path.parent.name in _PAGES or item.path.stem in _PAGES:
        chosen = crc32(name.encode())
    elif item.path.parent.name in _TABLES and len(table := cases[_function(name)]) > 1:
        chosen = crc32(_function(name).encode()) + table.index(name)
    else:
        return False
    return database != ("sqlite", "postgres")[chosen % 2]


def _cases(names: Iterable[str]) -> dict[str, list[str]]:
    """The cases of each test, in the order of its table."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(_function(name), []).append(name)
    return found


def _function(name: str) -> str:
    return name.partition("[")[0]


def _of_either(item: pytest.Item) -> str:
    """What a test is called whatever its database."""
    return item.nodeid.replace("sqlite", "").replace("postgres", "")


def pytest_collection_finish() -> None:
    # What was imported and collected stays until the end, and is not gone through for garbage again and again; and as
    # little of what comes after it is garbage in a circle, that is looked for less often.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of our own."""
    server = start_postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def of_all_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what is made once."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def sqlite_blank(of_all_workers: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, to copy."""
    migrated = made_once(of_all_workers / "migrated.db", lambda file: _migrate(f"sqlite:///{file}"))
    return Path(shutil.copy(migrated, tmp_path_factory.mktemp("sqlite") / "blank.db"))


@pytest.fixture(scope="session")
def sqlite_database(sqlite_blank: Path) -> SqliteDatabase:
    return SqliteDatabase(sqlite_blank)


@pytest.fixture(scope="session")
def postgres_database(postgres: PostgresServer) -> Iterator[PostgresDatabase]:
    postgres.create("blank")
    _migrate(postgres.url_for("blank"))
    database = PostgresDatabase(postgres, "blank")
    yield database
    database.close()


def _migrate(url: str) -> None:
    app = enable_migrations(create_app(TestConfig(url)))
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a blank migrated database, once on SQLite and once on PostgreSQL."""
    database: Database = request.getfixturevalue(f"{request.param}_database")
    database.make_blank()
    return database.url


@pytest.fixture(scope="session")
def compiled_templates(of_all_workers: Path) -> BytecodeCache:
    """What templates were compiled to, for apps of every worker: it takes longer than drawing a page from them."""
    folder = of_all_workers / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture(scope="session")
def app_pool(compiled_templates: BytecodeCache) -> Iterator[AppPool]:
    pool = AppPool(compiled_templates)
    yield pool
    pool.close()


@pytest.fixture
def make_app(database_url: str, app_pool: AppPool) -> Iterator[Callable[..., Flask]]:
    """Make an app on this test's database; settings by keyword."""

    def make(**settings: object) -> Flask:
        return app_pool.lend(database_url, **settings)

    yield make
    app_pool.take_back()


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
