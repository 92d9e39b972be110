"""Many rows at once, by a condition, within the caller's transaction: how many were there?"""

from typing import Any

import sqlalchemy as sa

from eventapp.extensions import db


def update_rows(model: type[Any], where: sa.ColumnElement[bool], **values: Any) -> int:
    return changed(sa.update(model).where(where).values(**values))


def delete_rows(model: type[Any], where: sa.ColumnElement[bool]) -> int:
    return changed(sa.delete(model).where(where))


def changed(statement: Any) -> int:
    """Run it, and answer how many rows it touched."""
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
