"""`eventapp backup` and `eventapp restore`: everything in one file, and back."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from eventapp import wording
from eventapp.cli.schema import require_schema, unusable
from eventapp.domain.archive import Contents
from eventapp.domain.errors import DomainError
from eventapp.extensions import db
from eventapp.queries import health
from eventapp.services import erasing
from eventapp.services.backing_up import back_up, note
from eventapp.services.restoring import restore


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--without-special", is_flag=True, help="Leave out diets and needs, to hand the archive to others.")
@with_appcontext
def backup_command(file: Path, without_special: bool) -> None:
    """Write everything to FILE, a zip described in docs/archive.md, while people go on booking.

    FILE must not exist yet; it appears when it is whole, readable by its owner only.
    """
    require_schema()
    now = current_app.config["CLOCK"]()
    try:
        with _new_file(file) as written:
            manifest = back_up(
                written,
                program=version("eventapp"),
                now=now,
                without_special=without_special,
                report=_report,
            )
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    if not without_special:
        note(now=now)
    click.echo(wording.archive_made(manifest, str(file), file.stat().st_size))


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore_command(file: Path) -> None:
    """Fill the empty database of DATABASE_URL with what FILE holds; all of it, or nothing.

    Make the tables first with `eventapp db upgrade`, and start neither web server nor worker before the end.
    """
    try:
        manifest = restore(file, report=_report)
    except DomainError as error:
        raise click.ClickException(wording.refusal(error)) from error
    except SQLAlchemyError as error:
        raise click.ClickException(unusable(error)) from error
    at_head = health.schema().at_head
    db.session.rollback()
    click.echo(wording.archive_put_back(manifest, at_head=at_head))
    if at_head and (again := erasing.replay(now=current_app.config["CLOCK"]())):
        click.echo(wording.forgotten_again(again))


def _report(table: Contents) -> None:
    if line := wording.archived_table(table):
        click.echo(line)


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that is there whole or not at all, and for its owner only. Raises FileExistsError."""
    if os.path.lexists(path):
        raise FileExistsError(None, "dit bestand bestaat al, kies een andere naam")
    handle, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.rename(unfinished, path)
    except BaseException:
        os.unlink(unfinished)
        raise
