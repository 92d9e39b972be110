"""The registration system of Vereniging Netwerk Kindcentra."""

from flask import Flask

from config import ROOT, Config
from eventapp import logs


def create_app(config: Config | None = None) -> Flask:
    """The application; a table of contents. Raises UnsafeSetting when a setting would put something at risk."""
    config = config or Config()
    config.check()
    app = Flask(
        __name__,
        root_path=str(ROOT / "eventapp"),
        template_folder=str(ROOT / "templates"),
        static_folder=None,
        instance_path=str(ROOT / "instance"),
    )
    app.config.from_object(config)
    if not app.testing:
        logs.configure(as_json=not app.config["DEMO"])
    _database(app)

    from eventapp import web

    web.init_app(app)
    return app


def _database(app: Flask) -> None:
    from eventapp.extensions import db, prepare_engine

    db.init_app(app)
    with app.app_context():
        import eventapp.models  # noqa: F401

        prepare_engine(db.engine)
