"""Is the database there, and ready for this version of the program?"""

import click
from sqlalchemy.exc import SQLAlchemyError

from eventapp.extensions import db
from eventapp.outages import is_outage
from eventapp.queries import health


def require_schema() -> None:
    """Refuse with one clear line when the database cannot be used or its schema is not at head."""
    try:
        at_head = health.schema().at_head
    except SQLAlchemyError as error:
        raise click.ClickException(unusable(error)) from error
    finally:
        db.session.rollback()
    if not at_head:
        raise click.ClickException("the schema of the database is not at head: run `eventapp db upgrade`")


def is_away(error: Exception) -> bool:
    """Whether a command failed because the database cannot be reached, is locked or full."""
    return isinstance(error, SQLAlchemyError) and is_outage(error)


def unusable(error: Exception) -> str:
    """One line for the administrator: the driver's reason, without the way to it, of which an address may be part."""
    said = str(getattr(error, "orig", None) or error).partition("\n")[0]
    return f"DATABASE_URL: the database cannot be used: {said.rpartition(': ')[2].strip()}"
