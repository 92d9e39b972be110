"""How does a row get into its table while everybody waits for the lock? Made ready beforehand, to the last value.

Composing a statement and converting its values takes SQLAlchemy several times as long as the database needs to write
the row. Where hundreds book in the same minute, that is most of the time during which nobody else can.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from eventapp.extensions import db
from eventapp.straight import named, send


class ReadyRow:
    """A row of a table, all but what only the writing itself tells, such as the id of another row."""

    def __init__(self, model: type[Any], values: Mapping[str, Any]) -> None:
        """`values` by column, as the model takes them; what is absent has its default. Refuses what the types do."""
        self._insert = _insert_into(model.__table__, db.engine.dialect.name)
        self._values = self._insert.blank() | self._insert.bound(values)

    def write(self, **more: Any) -> int:
        """Insert it, with these columns besides; answers its id. IntegrityError rises as from any insert."""
        values = self._values | self._insert.bound(more)
        [(new_id,)] = send(db.session.connection(), self._insert.sql, values)
        return int(new_id)


def unsaid(model: type[Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What a new row holds in the columns of which nothing was said, all but its id."""
    insert = _insert_into(model.__table__, db.engine.dialect.name)
    whole = dict.fromkeys(insert.processors) | insert.defaulted()
    return {name: value for name, value in whole.items() if name not in said}


@dataclass(frozen=True)
class _Insert:
    """The statement that writes a whole row, and what makes the driver's values of ours."""

    sql: str
    processors: Mapping[str, Callable[[Any], Any] | None]
    defaults: Mapping[str, Any]

    def blank(self) -> dict[str, Any]:
        """Every column at its default, for the driver."""
        return dict.fromkeys(self.processors) | self.bound(self.defaulted())

    def defaulted(self) -> dict[str, Any]:
        """The columns that have a default, with it."""
        return {name: default(None) if callable(default) else default for name, default in self.defaults.items()}

    def bound(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """These values as the driver takes them."""
        return {name: process(value) if (process := self.processors[name]) else value for name, value in values.items()}


@cache
def _insert_into(table: sa.Table, _dialect: str) -> _Insert:
    dialect = named(db.engine.dialect)
    columns = [column for column in table.c if column.name != "id"]
    values = {column.name: sa.bindparam(column.name, type_=column.type) for column in columns}
    statement = sa.insert(table).values(values).returning(table.c.id)
    return _Insert(
        sql=str(statement.compile(dialect=dialect)),
        processors={column.name: column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns},
        defaults={column.name: column.default.arg for column in columns if isinstance(column.default, _PLAIN)},
    )


_PLAIN = (sa.sql.schema.ScalarElementColumnDefault, sa.sql.schema.CallableColumnDefault)
