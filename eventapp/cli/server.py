"""How is the web server run: in this process with an app that is there already, or as a program of its own?"""

import gc
import sys

from flask import Flask
from gunicorn.app.base import BaseApplication

from eventapp import server_settings
from eventapp.extensions import db


class WebServer(BaseApplication):  # type: ignore[misc]
    """Gunicorn in this process. Its workers are forks of it, and so share the one app that was made."""

    def __init__(self, app: Flask, host: str, port: int, *, workers: int = 2, threads: int = 4) -> None:
        self._app = app
        self._given = {"bind": _bind(host, port), "workers": workers, "threads": threads, "preload_app": True}
        super().__init__()

    def load_config(self) -> None:
        for name, value in {**vars(server_settings), **self._given}.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The app, in the process that is to serve it."""
        with self._app.app_context():
            if db.engine.dialect.name == "postgresql":
                # Only here, as on SQLite nobody needs its driver.
                from eventapp.cli.silence import end_silence

                end_silence(db.engine, self._app.config["LONGEST_SILENCE_SECONDS"])
        return self._app


def make_shareable(app: Flask) -> None:
    """Before this process forks, outside any context of the app: close its connections, let what it is made of stay.

    A collection that walked through that would copy the pages which processes share, and hold up whoever waits.
    """
    with app.app_context():
        db.engine.dispose()
    gc.freeze()
    gc.enable()


def reloading_command(host: str, port: int) -> list[str]:
    """Gunicorn as a program of its own that makes the app again in its workers, whenever code changes."""
    command = [sys.executable, "-m", "gunicorn", "eventapp:create_app()", "--bind", _bind(host, port), "--reload"]
    return [*command, "--workers", "2", "--threads", "4", "--config", f"python:{server_settings.__name__}"]


def own_command(*words: str) -> list[str]:
    """A subcommand of this console script, run by the same Python."""
    return [sys.executable, "-m", "eventapp.cli", *words]


def _bind(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
