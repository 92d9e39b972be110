"""`eventapp people`: lists of the office."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from eventapp.domain.actors import SYSTEM
from eventapp.services import importing
from eventapp.services.importing import Fate

command = AppGroup("people", help="People and their statuses.")


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--skip-refused", is_flag=True, help="Take the good rows although others are refused.")
def import_file(file: Path, skip_refused: bool) -> None:
    """Add people and statuses from the CSV FILE.

    The first line names the columns: voornaam;tussenvoegsel;achternaam;e-mail;status;regio;van;tot. The same file
    twice changes nothing. When a row is refused, nothing is written and the exit code is 1.
    """
    now = current_app.config["CLOCK"]()
    try:
        report = importing.import_people(file.read_bytes(), skip_refused=skip_refused, by=SYSTEM, now=now)
    except importing.UnreadableFile as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    for row in report.rows:
        if row.fate == Fate.REFUSED:
            click.echo(f"line {row.line}: refused, {row.reason}", err=True)
    click.echo(", ".join(f"{report.count(fate)} {fate}" for fate in Fate))
    if not report.written:
        raise click.ClickException("nothing was written; correct the refused rows or use --skip-refused")
