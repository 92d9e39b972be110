"""The console script in a test: with the test's own app, or in a process of its own."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from click.testing import Result
from flask import Flask

from eventapp.cli import main
from tests.made_ready import started

ROOT = Path(__file__).resolve().parents[2]
SECRET = "only-for-tests-only-for-tests-only-for-tests"
_SETTINGS = {
    "DATABASE_URL",
    "EVENTAPP_DEMO",
    "EVENTAPP_RELOAD",
    "HOST",
    "MOLLIE_API_ENDPOINT",
    "MOLLIE_API_KEY",
    "PORT",
    "PUBLIC_BASE_URL",
    "SECRET_KEY",
    "SMTP_URL",
    "WEB_CONCURRENCY",
}


def run(app: Flask, *words: str) -> Result:
    """Run a command on this app."""
    return app.test_cli_runner().invoke(main, words)


def clean_environment(**settings: str) -> dict[str, str]:
    """The environment of this process without settings of ours, and with these."""
    return {**{name: value for name, value in os.environ.items() if name not in _SETTINGS}, **settings}


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    returncode: int | None
    stdout: str
    stderr: str


def run_outside(*words: str, **settings: str) -> Done:
    """Run a command as an administrator would, with these settings and no others."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = started(words, clean_environment(**settings), out=out, err=err)
        process.join(120)
        if process.is_alive():
            process.kill()
        return Done(process.exitcode, out.read_text(), err.read_text())
