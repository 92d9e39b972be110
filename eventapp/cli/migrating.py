"""Migrations for whoever runs them: `eventapp db`, the demo and the tests. The rest starts lighter without."""

from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import Migrate
from flask_migrate.cli import db as command

from config import ROOT
from eventapp import create_app
from eventapp.extensions import db


def enable_migrations(app: Flask) -> Flask:
    """Let Flask-Migrate's commands work on this app."""
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    return app


def create_migrating_app() -> Flask:
    """The application, with migrations."""
    return enable_migrations(create_app())


# The commands of Flask-Migrate, `eventapp db …`, with an app that has them.
command.context_settings["obj"] = ScriptInfo(create_app=create_migrating_app)
