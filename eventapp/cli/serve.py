"""`eventapp serve`: production, with the settings of the environment."""

import os
import tempfile
from functools import partial

import click
from flask import Flask

import config
from eventapp import create_app
from eventapp.cli import worker
from eventapp.cli.addresses import is_loopback, require_free
from eventapp.cli.outside import mail_transport
from eventapp.cli.processes import ChildEnded, Family
from eventapp.cli.schema import require_schema
from eventapp.cli.server import WebServer, make_shareable


@click.command("serve")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@click.option("--workers", envvar="WEB_CONCURRENCY", default=2, show_default=True, help="Processes that answer.")
@click.option("--threads", default=4, show_default=True, help="Threads in each of them.")
@click.option("--web-only", is_flag=True, help="Become the web server; something else runs `eventapp worker`.")
def command(host: str, port: int, workers: int, threads: int, web_only: bool) -> None:
    """Run the web server and a worker. Refuses an unsafe setting and a schema that is not at head.

    A socket that systemd opened (LISTEN_FDS) is served instead of host and port.
    """
    web = partial(WebServer, host=host, port=port, workers=workers, threads=threads)
    if web_only:
        # This very process: systemd hands its socket to it and no other.
        web(_safe_app()).run()
        return
    with tempfile.TemporaryDirectory(prefix="eventapp-") as shared:
        # The library that counts requests looks at this once, when making the app imports it.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared
        app = _safe_app()
        require_free(host, port)
        _run_both(app, web(app))


def _safe_app() -> Flask:
    """The one app of all processes that serve."""
    app = create_app()
    with app.app_context():
        check_production(app)
        require_schema()
    make_shareable(app)
    return app


def _run_both(app: Flask, web: WebServer) -> None:
    try:
        with Family(os.environ) as family:
            family.fork("web server", web.run)
            family.fork("worker", partial(worker.work_until_told, app))
            family.watch()
    except ChildEnded as ended:
        raise click.ClickException(f"{ended}; everything was stopped") from ended


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
