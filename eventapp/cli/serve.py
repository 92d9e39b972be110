"""`eventapp serve`: production, with the settings of the environment."""

import os
import tempfile

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

import config
from eventapp.cli.addresses import is_loopback, require_free
from eventapp.cli.outside import mail_transport
from eventapp.cli.processes import ChildEnded, Family
from eventapp.cli.schema import require_schema
from eventapp.cli.server import own_command, web_command
from eventapp.extensions import db


@click.command("serve")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@click.option("--workers", envvar="WEB_CONCURRENCY", default=2, show_default=True, help="Processes that answer.")
@click.option("--threads", default=4, show_default=True, help="Threads in each of them.")
@click.option("--web-only", is_flag=True, help="Become the web server; something else runs `eventapp worker`.")
@with_appcontext
def command(host: str, port: int, workers: int, threads: int, web_only: bool) -> None:
    """Run the web server and a worker. Refuses an unsafe setting and a schema that is not at head.

    A socket that systemd opened (LISTEN_FDS) is served instead of host and port.
    """
    check_production(current_app)
    require_schema()
    db.engine.dispose()
    web = web_command(host, port, workers=workers, threads=threads)
    if web_only:
        # The same process: systemd hands its socket to this one and no other.
        os.execv(web[0], web)
    require_free(host, port)
    with tempfile.TemporaryDirectory(prefix="eventapp-") as shared:
        _run_both(web, {**os.environ, "PROMETHEUS_MULTIPROC_DIR": shared})


def _run_both(web: list[str], environment: dict[str, str]) -> None:
    try:
        with Family(environment) as family:
            family.start("web server", web)
            family.start("worker", own_command("worker"))
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
