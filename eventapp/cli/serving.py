"""How do web server and worker begin, from one app that was examined?"""

import os
import tempfile
from functools import partial

import click
from flask import Flask

import config
from eventapp import create_app
from eventapp.cli.addresses import is_loopback, require_free
from eventapp.cli.outside import mail_transport
from eventapp.cli.schema import require_schema
from eventapp.cli.server import WebServer, make_shareable


def serve_pages(host: str, port: int, *, workers: int, threads: int) -> None:
    """Become the web server: this very process, as systemd hands its socket to it and no other."""
    WebServer(_safe_app(), host, port, workers=workers, threads=threads).run()


def serve_and_work(host: str, port: int, *, workers: int, threads: int) -> None:
    """Run the web server and a worker beside each other until the end is asked for."""
    # Here, as a process that only answers has no use for it.
    from eventapp.cli import worker
    from eventapp.cli.processes import ChildEnded, Family

    with tempfile.TemporaryDirectory(prefix="eventapp-") as shared:
        # The library that counts requests looks at this once, when making the app imports it.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared
        app = _safe_app()
        require_free(host, port)
        web = WebServer(app, host, port, workers=workers, threads=threads)
        try:
            with Family(os.environ) as family:
                family.fork("web server", web.run)
                family.fork("worker", partial(worker.work_until_told, app))
                family.watch()
        except ChildEnded as ended:
            raise click.ClickException(f"{ended}; everything was stopped") from ended


def _safe_app() -> Flask:
    """The one app of all processes that serve."""
    app = create_app()
    with app.app_context():
        check_production(app)
        require_schema()
    make_shareable(app)
    return app


def check_production(app: Flask) -> None:
    """Refuse with UnsafeSetting what is fine in a demo or on one's own machine only."""
    settings = app.config
    if settings["DEMO"]:
        raise config.UnsafeSetting("EVENTAPP_DEMO is set: the demo is started with `make demo`, never in production")
    base = settings["PUBLIC_BASE_URL"]
    if base.startswith("http://") and not is_loopback(base):
        raise config.UnsafeSetting("PUBLIC_BASE_URL is http: outside this machine only https is safe")
    if settings["MOLLIE_API_ENDPOINT"] and not settings["MOLLIE_API_KEY"]:
        raise config.UnsafeSetting("MOLLIE_API_ENDPOINT is set without MOLLIE_API_KEY")
    if mail_transport(settings) is None:
        click.echo("SMTP_URL is not set: mail stays in the outbox", err=True)
