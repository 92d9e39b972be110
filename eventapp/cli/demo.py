"""`eventapp demo`: the whole house on one machine, with demo data and without any account elsewhere."""

import os
import time
import urllib.request
from functools import partial
from http.client import HTTPException
from pathlib import Path

import click
from flask import Flask
from flask_migrate import upgrade

from config import INSTANCE, ROOT
from eventapp.cli import addresses, worker
from eventapp.cli.demo_data import names, staff
from eventapp.cli.demo_data.load import load_demo
from eventapp.cli.demo_data.payments import tell_sandbox
from eventapp.cli.demo_settings import demo_settings, kept_secret
from eventapp.cli.migrating import create_migrating_app
from eventapp.cli.processes import ChildEnded, Family
from eventapp.cli.server import WebServer, make_shareable, own_command, reloading_command
from eventapp.extensions import db
from eventapp.payments.gateway import GatewayError

START_SECONDS = 60
LOOK_AGAIN_SECONDS = 0.1
_LOCAL = "127.0.0.1"


@click.command("demo")
@click.option("--host", envvar="HOST", default=_LOCAL, show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@click.option("--reload", is_flag=True, envvar="EVENTAPP_RELOAD", help="Start again when code changes.")
def command(host: str, port: int, reload: bool) -> None:
    """Migrate, load the demo data once, and run web server, worker and Mollie sandbox until Ctrl-C."""
    if not addresses.is_loopback(host):
        click.secho(_WARNING.format(host=host), err=True, bold=True)
    addresses.require_free(host, port)
    sandbox_port = _sandbox_port(port)
    sandbox_url = addresses.base_url(_LOCAL, sandbox_port)
    os.environ.update(
        demo_settings(
            os.environ,
            base_url=addresses.base_url(host, port),
            sandbox_url=sandbox_url,
            secret=os.environ.get("SECRET_KEY") or kept_secret(INSTANCE / "demo-secret"),
            reload=reload,
        )
    )
    app = create_migrating_app()
    sandbox_file = _prepare(app)
    make_shareable(app)
    try:
        with Family(os.environ) as family:
            family.start(
                "Mollie sandbox", own_command("mollie-sandbox", "--port", str(sandbox_port), "--database", sandbox_file)
            )
            if reload:
                family.start("web server", reloading_command(host, port))
            else:
                family.fork("web server", WebServer(app, host, port).run)
            family.fork("worker", partial(worker.work_until_told, app))
            site = addresses.base_url(host, port)
            if _answers(family, sandbox_url) and _answers(family, f"{site}/healthz"):
                _tell_sandbox(app)
                click.echo(_welcome(app.config["PUBLIC_BASE_URL"], sandbox_url))
                family.watch()
    except ChildEnded as ended:
        raise click.ClickException(f"{ended}; everything was stopped") from ended
    click.echo("the demo has stopped")


_WARNING = (
    "warning: with HOST={host} everybody who can reach this machine can use the demo, sign in as anybody and read "
    "every mail. It is meant for this machine only."
)


def _sandbox_port(port: int) -> int:
    """The next one, so that addresses of payments made earlier keep working; any other when that is in use."""
    return port + 1 if addresses.is_free(_LOCAL, port + 1) else addresses.free_port(_LOCAL)


def _prepare(app: Flask) -> str:
    """Bring the database to head and load the demo data; answers where the sandbox keeps its payments."""
    with app.app_context():
        file = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
        folder = Path(file).parent if file else INSTANCE
        folder.mkdir(parents=True, exist_ok=True)
        upgrade(directory=str(ROOT / "migrations"))
        if load_demo(now=app.config["CLOCK"]()):
            click.echo("the demo data has been loaded")
        return str(folder / "mollie-sandbox.db")


def _tell_sandbox(app: Flask) -> None:
    """A sandbox that did not understand is no reason to stay away: only refunds of those payments then fail."""
    with app.app_context():
        try:
            tell_sandbox(app.config)
        except (GatewayError, OSError) as error:
            click.echo(f"the sandbox does not know the payments of the demo data: {error}", err=True)
        db.session.remove()
        db.engine.dispose()


def _answers(family: Family, url: str) -> bool:
    """Wait until a server answers; False when the end was asked for meanwhile. Raises ChildEnded."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while family.pause(LOOK_AGAIN_SECONDS):
        try:
            with direct.open(url, timeout=2):
                return True
        # Before a server listens, the system may connect us to our own port: our own words are then the answer.
        except (HTTPException, OSError) as error:
            if time.monotonic() > deadline:
                raise ChildEnded(f"nothing answers at {url} ({error})") from error
    return False


def _welcome(site: str, sandbox_url: str) -> str:
    """Where everything is, and as whom one can sign in."""
    places = {
        "site": site,
        "back office": f"{site}/beheer/",
        "mailbox": f"{site}/postvak",
        "Mollie sandbox": sandbox_url,
    }
    lines = ["", "DEMO", *(f"  {name:<16}{address}" for name, address in places.items()), ""]
    lines += [f"Sign in at {site}/inloggen; the link arrives in the mailbox.", ""]
    lines += [f"  {person.name:<22}{person.address:<40}{person.role or 'one event'}" for person in staff.STAFF]
    lines += [f"  {'two attendees':<22}{names.ONE_MAILBOX[-1]:<40}their registrations, at {site}/mijn"]
    lines += ["", "Register with an address of a member (free) or of anybody else (pays):", ""]
    lines += [f"  {name:<22}{address}" for name, address in staff.VISITORS]
    return "\n".join([*lines, "", "Ctrl-C ends the demo."])
