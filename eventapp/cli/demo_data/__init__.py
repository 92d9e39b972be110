"""`eventapp demo-data`: a year of the association, invented from the first name to the last."""

import click
from flask import current_app
from flask.cli import with_appcontext

from eventapp.cli.demo_data.load import load_demo
from eventapp.cli.schema import require_schema


@click.command("demo-data")
@with_appcontext
def command() -> None:
    """Load the demo data into a database without events."""
    require_schema()
    if load_demo(now=current_app.config["CLOCK"]()):
        click.echo("the demo data has been loaded")
    else:
        click.echo("there are events already: nothing was changed")
