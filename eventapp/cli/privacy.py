"""`eventapp privacy`: forget what is no longer needed."""

from dataclasses import asdict

import click
from flask import current_app
from flask.cli import AppGroup

from eventapp.services import erasing, forgetting

command = AppGroup("privacy", help="Personal data and how long it is kept.")


@command.command("sweep")
@click.option("--dry-run", is_flag=True, help="Count what would go and change nothing.")
def sweep(dry_run: bool) -> None:
    """Empty or remove personal data that is past its term; the worker does this every night."""
    swept = forgetting.sweep(now=current_app.config["CLOCK"](), dry_run=dry_run)
    for name, count in asdict(swept).items():
        click.echo(f"{name:<14}{count:>6}")
    click.echo(f"{'would go' if dry_run else 'gone':<14}{swept.total:>6}")


@command.command("replay")
def replay() -> None:
    """Forget again whom a backup brought back; `eventapp restore` does this by itself when the schema is at head."""
    click.echo(f"forgotten again: {erasing.replay(now=current_app.config['CLOCK']())}")
