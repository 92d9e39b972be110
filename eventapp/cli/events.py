"""`eventapp events`: lists of events, and of who comes to one."""

from pathlib import Path

import click
from flask.cli import AppGroup

from eventapp.cli.importing import run_import
from eventapp.domain.events import EventKind
from eventapp.queries.events import event_by_slug

command = AppGroup("events", help="Events, and who comes.")
_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_skip = click.option("--skip-refused", is_flag=True, help="Take the good rows although others are refused.")
_dry = click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")


@command.command("import")
@_file
@click.option("--kind", type=click.Choice([kind.value for kind in EventKind]), help="Of rows that name none.")
@_skip
@_dry
def import_file(file: Path, kind: str | None, skip_refused: bool, dry_run: bool) -> None:
    """Make and change drafts of FILE: CSV, XLSX or a calendar (.ics).

    The columns are those of the example file in the back office. The same file twice changes nothing. When a row is
    refused, nothing is written and the exit code is 1.
    """
    run_import("events", file, skip_refused=skip_refused, dry_run=dry_run, kind=kind)


@command.command("import-registrations")
@click.argument("slug")
@_file
@click.option("--tell", is_flag=True, help="Mail everybody their ticket, the way to pay or their place in line.")
@_skip
@_dry
def import_registrations(slug: str, file: Path, tell: bool, skip_refused: bool, dry_run: bool) -> None:
    """Register the people of FILE, CSV or XLSX, for the event at SLUG.

    The columns are those of the example file in the back office. Who is registered already stays as they are. When a
    row is refused, nothing is written and the exit code is 1.
    """
    event = event_by_slug(slug)
    if event is None:
        raise click.ClickException(f"there is no event at {slug}")
    run_import("registrations", file, skip_refused=skip_refused, dry_run=dry_run, event_id=event.id, told=tell)
