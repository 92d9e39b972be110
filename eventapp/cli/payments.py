"""`eventapp payments`: ask the provider again."""

import click
from flask import current_app
from flask.cli import AppGroup

from eventapp.payments.choose import gateway_from
from eventapp.services import settling

command = AppGroup("payments", help="Payments and the provider.")


@command.command("reconcile")
@click.option("--all", "everything", is_flag=True, help="Also everything that was paid in the last 90 days.")
def reconcile(everything: bool) -> None:
    """Ask the provider about payments under way and apply what changed."""
    gateway = gateway_from(current_app.config)
    if gateway is None:
        raise click.ClickException("MOLLIE_API_KEY is not set: there is no provider to ask")
    now = current_app.config["CLOCK"]()
    asked = settling.reconcile(gateway, now=now)
    if everything:
        asked += settling.reconcile(gateway, now=now, nightly=True)
    click.echo(f"{asked} payments asked about and settled")
