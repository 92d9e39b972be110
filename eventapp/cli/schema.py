"""Is the database ready for this version of the program?"""

import click
from sqlalchemy.exc import SQLAlchemyError

from eventapp.extensions import db
from eventapp.queries import health


def require_schema() -> None:
    """Refuse with one clear line when the database does not answer or its schema is not at head."""
    try:
        at_head = health.schema().at_head
    except SQLAlchemyError as error:
        raise click.ClickException(f"DATABASE_URL: the database does not answer ({type(error).__name__})") from error
    finally:
        db.session.rollback()
    if not at_head:
        raise click.ClickException("the schema of the database is not at head: run `eventapp db upgrade`")
