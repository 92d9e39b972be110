"""How migrations run: on one connection, with SQLite's foreign keys off while tables are rebuilt and checked after."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

engine = current_app.extensions["migrate"].db.engine
metadata = current_app.extensions["migrate"].db.metadata


def render_plain(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Migrations import nothing of ours: our column types are written as the plain ones below them."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        return f"sa.{item.impl!r}"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def same_type(_context: Any, _column: Any, inspected: Any, declared: Any, _rendered: Any) -> bool | None:
    """Our codes are text in the database: an Enum of 30 characters is a String of 30."""
    if isinstance(declared, sa.Enum) and isinstance(inspected, sa.String):
        return declared.length != inspected.length
    return None


def run() -> None:
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        driver = connection.connection.dbapi_connection
        if sqlite:
            # A rebuilt table is dropped, and with foreign keys on its children would go with it.
            driver.execute("PRAGMA foreign_keys=OFF")
            driver.execute("BEGIN")
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            compare_type=same_type,
            render_item=render_plain,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if sqlite:
            broken = driver.execute("PRAGMA foreign_key_check").fetchall()
            driver.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"the migration left rows without their parent: {broken[:5]}")


run()
