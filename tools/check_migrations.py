"""Do the migrations lead to the tables that the models describe? Tried on an empty SQLite file."""

import tempfile

from flask_migrate import check, upgrade

from config import TestConfig
from eventapp import create_app
from eventapp.cli.migrating import enable_migrations
from eventapp.extensions import db

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="migrations-") as folder:
        app = enable_migrations(create_app(TestConfig(f"sqlite:///{folder}/scratch.db")))
        with app.app_context():
            upgrade()
            check()
            db.engine.dispose()
