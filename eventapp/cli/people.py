"""`eventapp people`: lists of the office."""

from pathlib import Path

import click
from flask.cli import AppGroup

from eventapp.cli.importing import run_import

command = AppGroup("people", help="People and their statuses.")


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--skip-refused", is_flag=True, help="Take the good rows although others are refused.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
def import_file(file: Path, skip_refused: bool, dry_run: bool) -> None:
    """Add and change people of FILE, CSV or XLSX.

    The first row names the columns: voornaam, tussenvoegsel, achternaam, e-mail, functiegroep, organisatie,
    opgegeven tot, status, regio, van, tot. The same file twice changes nothing. When a row is refused, nothing is
    written and the exit code is 1.
    """
    run_import("people", file, skip_refused=skip_refused, dry_run=dry_run)
