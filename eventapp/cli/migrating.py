"""Migrations for whoever runs them: the console and the tests. The web server does without, and starts lighter."""

from flask import Flask
from flask_migrate import Migrate

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
