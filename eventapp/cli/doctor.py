"""`eventapp doctor`: is everything as it should be, and if not, what is the reason?"""

import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import ScriptInfo
from sqlalchemy.exc import SQLAlchemyError

import config
from eventapp.cli.outside import mail_transport
from eventapp.cli.schema import unusable
from eventapp.cli.telling import tell
from eventapp.domain.errors import SignInUnavailable
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.mail.message import build
from eventapp.mail.transports import SendingFailed, SmtpTransport
from eventapp.models import OutboxMail
from eventapp.payments import settings as payment_settings
from eventapp.payments.choose import gateway_from
from eventapp.payments.gateway import GatewayError
from eventapp.queries import health, watching
from eventapp.queries.association import load_association
from eventapp.queries.on_invoice import unready_events

LEAST_FREE_BYTES = 500 * 1024 * 1024
CONNECT_SECONDS = 5
A_TENNER_CENTS = 1000


class Ailment(Exception):
    """What is wrong, in one line."""


@click.command("doctor")
@click.option("--mail-to", metavar="ADDRESS", default="", help="Also send a test message there.")
@click.option("--tell", "told", is_flag=True, help="Mail what is wrong to ALARM_TO.")
@click.pass_context
def command(ctx: click.Context, mail_to: str, told: bool) -> None:
    """Look at settings, database, places, mail, payments, worker and disk. Exit code 1 when something is wrong."""
    info = ctx.ensure_object(ScriptInfo)
    try:
        app = info.load_app()
    except config.UnsafeSetting as error:
        click.echo(f"fail  settings: {error}")
        ctx.exit(1)
    with app.app_context():
        now = app.config["CLOCK"]()
        ailments = _examine(now, mail_to)
        if ailments and told:
            _report("alarm", lambda: _tell(ailments, now))
        if ailments:
            ctx.exit(1)


def _examine(now: datetime, mail_to: str) -> list[str]:
    """Print a line per check; what is wrong. Without a database the checks that read it are left out."""
    found = [_report("settings", _settings), _report("database", _database)]
    if not found[-1]:
        found.append(_report("schema", _schema))
    if not any(found[1:]):
        found.append(_report("places", _places))
        found.append(_report("worker", lambda: _worker(now)))
        found.append(_report("tasks", _tasks))
        found.append(_report("backup", lambda: _backup(now)))
        found.append(_report("outbox", lambda: _outbox(now)))
        found.append(_report("invoices", lambda: _invoices(now)))
        if mail_to:
            found.append(_report("test message", lambda: _send_to(mail_to, now)))
    found += [_report("mail", _mail), _report("payments", _payments), _report("sign-in", _sign_in)]
    found += [_report("erasures", _erasures), _report("disk", _disk)]
    return [ailment for ailment in found if ailment]


def _report(name: str, check: Callable[[], str]) -> str:
    """Print how it is with this; what is wrong, and nothing when it is well."""
    try:
        click.echo(f"ok    {name}: {check()}")
        return ""
    except (Ailment, config.UnsafeSetting, payment_settings.UnsafeSetting) as ailment:
        found = f"{name}: {ailment}"
    except SQLAlchemyError as error:
        found = f"{name}: {unusable(error)}"
    finally:
        db.session.rollback()
    click.echo(f"fail  {found}")
    return found


def _tell(ailments: list[str], now: datetime) -> str:
    try:
        tell(ailments, settings=current_app.config, now=now)
    except (SendingFailed, ValueError) as error:
        raise Ailment(f"nobody was told: {error}") from error
    return f"told to {current_app.config['ALARM_TO']}"


def _settings() -> str:
    settings = current_app.config
    if settings["MOLLIE_API_KEY"]:
        payment_settings.check_settings(settings["MOLLIE_API_KEY"], settings["MOLLIE_API_ENDPOINT"])
    mail_transport(settings)
    return f"{'DEMO, ' if settings['DEMO'] else ''}{settings['PUBLIC_BASE_URL']}"


def _database() -> str:
    db.session.connection()
    return db.engine.dialect.name


def _schema() -> str:
    schema = health.schema()
    if not schema.at_head:
        present = ", ".join(sorted(schema.present)) or "nothing"
        wanted = ", ".join(sorted(schema.wanted))
        raise Ailment(f"at {present}, wanted {wanted}: run `eventapp db upgrade`")
    return f"at {', '.join(sorted(schema.present))}"


def _places() -> str:
    found = health.miscounts()
    if found:
        raise Ailment("; ".join(f"{miscount.event}: {miscount.problem}" for miscount in found))
    return "taken and waiting are what is held and who stands in line, everywhere"


def _worker(now: datetime) -> str:
    seen_at = health.worker_seen_at()
    if seen_at is None:
        raise Ailment("never seen: start `eventapp worker`")
    if health.worker_late(now=now):
        raise Ailment(f"last seen {seen_at:%Y-%m-%d %H:%M:%S} UTC")
    return f"seen {seen_at:%H:%M:%S} UTC"


def _tasks() -> str:
    failing = health.failing_tasks()
    if failing:
        raise Ailment("; ".join(f"{name}: {error}" for name, error in failing))
    return "none failed at its last run"


def _backup(now: datetime) -> str:
    made_at = health.backup_made_at()
    if made_at is None:
        return "none by `eventapp backup` so far"
    if now - made_at > health.BACKUP_LATE_AFTER:
        raise Ailment(f"the last by `eventapp backup` is of {made_at:%Y-%m-%d %H:%M:%S} UTC")
    return f"made {made_at:%Y-%m-%d %H:%M:%S} UTC"


def _outbox(now: datetime) -> str:
    stuck = health.stuck_mails(now=now)
    if stuck:
        raise Ailment(f"{stuck} mails were given up or wait for more than an hour")
    return "nothing stuck"


def _invoices(now: datetime) -> str:
    """Whether every coming event that allows it can be paid for on an invoice; without a provider it has to be."""
    lacks = "; ".join(f"{found.event.slug} lacks {found.missing}" for found in unready_events(now=now))
    if lacks and not current_app.config["MOLLIE_API_KEY"]:
        raise Ailment(f"no MOLLIE_API_KEY and no invoices, so nobody can pay: {lacks}")
    return f"not offered, payment is online only: {lacks}" if lacks else "can be issued wherever they are offered"


def _mail() -> str:
    """Whether the mail server lets us in, with the certificate, name and password that a mail needs."""
    url = current_app.config["SMTP_URL"]
    if mail_transport(current_app.config) is None:
        raise Ailment("SMTP_URL is not set: mail stays in the outbox")
    if not url:
        return "to the mailbox page of the demo"
    host = urlsplit(url).hostname
    try:
        with SmtpTransport(url, timeout=CONNECT_SECONDS) as server:
            server.sign_in()
    except SendingFailed as error:
        raise Ailment(f"SMTP_URL: {host}: {error}") from error
    return f"{host} lets us in"


def _send_to(address: str, now: datetime) -> str:
    transport = mail_transport(current_app.config)
    if transport is None:
        raise Ailment("there is no way to send it")
    words = "This message was sent by `eventapp doctor` to see whether mail arrives.\n"
    mail = OutboxMail(
        to_address=address,
        to_name="",
        subject="eventapp doctor",
        text=words,
        html=f"<p>{words}</p>",
        attachments=[],
        message_id=f"<{new_token()}@{load_association().calendar_domain}>",
    )
    try:
        message = build(mail, transport.letterhead, now=now)
        db.session.rollback()
        with transport:
            transport.send(message)
    except (SendingFailed, ValueError) as error:
        raise Ailment(f"did not leave: {error}") from error
    return f"handed over for {address}"


def _payments() -> str:
    settings: Any = current_app.config
    gateway = gateway_from(settings)
    if gateway is None:
        return "no MOLLIE_API_KEY: nothing can be paid online"
    try:
        offered = {method.id for method in gateway.methods(A_TENNER_CENTS)}
    except GatewayError as error:
        raise Ailment(f"MOLLIE_API_KEY: {error}") from error
    absent = [method for method in settings["MOLLIE_METHODS"] if method not in offered]
    if absent:
        raise Ailment(f"MOLLIE_METHODS: not switched on at the provider: {', '.join(absent)}")
    return f"{gateway.mode} key, {', '.join(settings['MOLLIE_METHODS'])}"


def _sign_in() -> str:
    """Whether the provider of sign-in answers; that it knows us shows only when somebody signs in."""
    settings = current_app.config
    if not settings["ENTRA_CLIENT_ID"]:
        return "by mail; no ENTRA_CLIENT_ID"
    # Slow to import, and no other command needs it.
    from eventapp.openid.metadata import Directory

    try:
        issuer = Directory(settings["OIDC_DISCOVERY_URL"]).metadata().issuer
    except SignInUnavailable as refusal:
        raise Ailment(f"OIDC_DISCOVERY_URL or ENTRA_TENANT: {refusal.facts['why']}") from refusal
    return f"by mail and at {issuer}"


def _erasures() -> str:
    """Whether who asked to be forgotten can be kept beside the database, for a backup that is put back."""
    file = current_app.config["ERASURES_FILE"]
    if not file:
        return "no ERASURES_FILE: a backup that is put back brings back who was forgotten since"
    path = Path(file)
    readable = not path.exists() or os.access(path, os.R_OK)
    # Folders that are not there yet are made with it.
    folder = next(one for one in path.parents if one.exists())
    if not (readable and os.access(folder, os.W_OK | os.X_OK)):
        raise Ailment(f"ERASURES_FILE: {path} cannot be written by this user")
    return f"kept in {path}"


def _disk() -> str:
    folder = watching.data_folder()
    if not folder.exists():
        raise Ailment(f"DATABASE_URL: there is no folder {folder}")
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise Ailment(f"{free // 1024**2} MB free where {folder} is")
    return f"{free / 1024**3:.1f} GB free"
