"""`eventapp staff`: accounts of the back office, for when mail does not work yet or nobody can sign in."""

import click
from flask import current_app
from flask.cli import AppGroup

from eventapp.cli.schema import require_schema
from eventapp.domain.actors import SYSTEM, Role
from eventapp.domain.errors import NotFound
from eventapp.formatting import parse_address
from eventapp.links import Links
from eventapp.services import housekeeping, signing_in

group = AppGroup("staff", help="Accounts of the back office.")


@group.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", default="", help="The name that the log shows.")
def add(email: str, role: str, name: str) -> None:
    """Give EMAIL a role and print a one-time sign-in link."""
    require_schema()
    address = _address(email)
    housekeeping.add_staff(address, name=name, role=Role(role), by=SYSTEM, now=current_app.config["CLOCK"]())
    _print_link(address)


@group.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Print a one-time sign-in link for EMAIL, which works for an hour."""
    require_schema()
    _print_link(_address(email))


def _address(email: str) -> str:
    try:
        return parse_address(email)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="EMAIL") from error


def _print_link(address: str) -> None:
    try:
        token = signing_in.make_link(address, now=current_app.config["CLOCK"]())
    except NotFound as error:
        raise click.ClickException(f"{address} has no account in the back office") from error
    click.echo(Links(current_app.config["PUBLIC_BASE_URL"]).sign_in(token))
