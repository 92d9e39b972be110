"""Apps that serve test after test: registering hundreds of routes and compiling templates takes longer than most tests.

Only an app that is as it was when it was made is lent again. All apps of one database share its engine, and with it the
statements that SQLAlchemy has compiled.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from sqlalchemy import Engine

from config import TestConfig
from eventapp import create_app
from eventapp.extensions import db
from eventapp.payments.silence import Silence
from eventapp.web.api.limits import Counts
from eventapp.web.keeping import Kept
from tests.publishing import published

# Settings that are asked for with each request only; any other makes an app of its own.
_READ_LATE = ("CLOCK",)
_MOST_IDLE = 16
_MOST_ENGINES = 8
# A server has a hundred connections for all apps together. A connection of PostgreSQL that is new costs it as much as
# hundreds of statements, and tests with many threads would make as many as they have threads each time.
_MOST_CONNECTIONS = 15


class AppPool:
    """The apps of one worker, by database address and settings. They share these compiled templates."""

    def __init__(self, templates: BytecodeCache) -> None:
        self._templates = templates
        self._engines: list[_Engines] = []
        self._idle: list[_Kept] = []
        self._lent: list[_Kept] = []

    def lend(self, url: str, **settings: Any) -> Flask:
        """An app that nobody else uses until `take_back`, also when asked for the same again."""
        late = {name: settings.pop(name) for name in _READ_LATE if name in settings}
        kept = next((kept for kept in self._idle if kept.made_for == (url, settings)), None)
        if kept:
            self._idle.remove(kept)
        else:
            kept = _Kept(url, settings)
            # Of code that `make assets` saw all templates are compiled already.
            kept.app.jinja_env.bytecode_cache = kept.app.jinja_env.bytecode_cache or self._templates
            self._share_engines(kept.app)
        self._lent.append(kept)
        kept.app.config.update(late)
        return kept.app

    def take_back(self) -> None:
        """The test is over: end its connections, and keep what it left unchanged."""
        self._idle += [kept for kept in self._lent if kept.restored()]
        self._lent.clear()
        self._keep(_MOST_IDLE)

    def close(self) -> None:
        """End the connections of all apps."""
        self.take_back()
        self._keep(0)

    def _keep(self, most: int) -> None:
        while len(self._idle) > most:
            self._idle.pop(0).end_connections()

    def _share_engines(self, app: Flask) -> None:
        """Give this app the engines of an earlier one that reaches the same database in the same way."""
        made_with = (app.config["SQLALCHEMY_DATABASE_URI"], app.config["SQLALCHEMY_ENGINE_OPTIONS"])
        with app.app_context():
            known = next((known for known in self._engines if known.made_with == made_with), None)
            if known:
                self._engines.remove(known)
                db.engines.update(known.engines)
            # The one used last stands last.
            self._engines.append(known or _Engines(made_with, dict(db.engines)))
            del self._engines[:-_MOST_ENGINES]


@dataclass(frozen=True)
class _Engines:
    """What Flask-SQLAlchemy made of an address and options, by name."""

    made_with: tuple[str, dict[str, object]]
    engines: dict[str | None, Engine]


class _Kept:
    """An app and how it was when it was made."""

    def __init__(self, url: str, settings: dict[str, Any]) -> None:
        self.made_for = (url, settings)
        self.app = create_app(TestConfig(url, **settings))
        self.app.after_request(published)
        self._config = dict(self.app.config)
        self._parts = self._parts_now()

    def restored(self) -> bool:
        """Put back what tests may change, and say whether everything else is as it was."""
        self.app.config.clear()
        self.app.config.update(self._config)
        self.app.extensions["kept_pages"] = Kept()
        self.app.extensions["kept_answers"] = Kept()
        self.app.extensions["api_counts"] = Counts()
        self.app.extensions["provider_silence"] = Silence()
        self.app.extensions.pop("known_association", None)
        with self.app.app_context():
            pool, dialect = db.engine.pool, db.engine.dialect.name
        unchanged = self._parts_now() == self._parts and pool.checkedout() == 0
        # A file of SQLite is about to be replaced; PostgreSQL's connections are good for the next test.
        if dialect == "sqlite" or pool.checkedin() > _MOST_CONNECTIONS or not unchanged:
            self.end_connections()
        return unchanged

    def end_connections(self) -> None:
        with self.app.app_context():
            db.engine.dispose()

    def _parts_now(self) -> tuple[Any, ...]:
        app = self.app
        hooks = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
        return (
            app.wsgi_app,
            dict(app.view_functions),
            dict(app.jinja_env.globals),
            dict(app.jinja_env.filters),
            [{blueprint: list(functions) for blueprint, functions in hook.items()} for hook in hooks],
        )
