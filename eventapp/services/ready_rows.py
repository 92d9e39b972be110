"""How do the rows of one act get into their tables while everybody waits? Made ready beforehand, to the last value.

Composing a statement and converting its values takes SQLAlchemy several times as long as the database needs to write
the row. Where hundreds book in the same minute, that is most of the time during which nobody else can.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp.extensions import db
from eventapp.straight import ReadyStatement, named, send

_NOTHING: Mapping[str, Any] = {}


class Row(NamedTuple):
    """A row to write: `values` by column, as the model takes them; of what is absent the default stands.

    `follows` says which columns hold the id of which earlier row of the same act, `later` which are told at writing.
    """

    name: str
    model: type[Any]
    values: Mapping[str, Any]
    follows: tuple[tuple[str, str], ...] = ()
    later: tuple[str, ...] = ()


class ReadyRows:
    """Rows that are written one after the other, on PostgreSQL in one round trip. Refuses what the types do.

    What is `asked` for one value, `of` these, is answered first, in that round trip too.
    """

    def __init__(self, rows: Sequence[Row], *, asked: Any = None, of: Mapping[str, Any] = _NOTHING) -> None:
        shapes = tuple(_Shape(row.name, row.model.__table__, (*row.values, *row.later), row.follows) for row in rows)
        self._family = _family(shapes, asked, db.engine.dialect.name)
        self._of = of
        self._values: dict[str, Any] = {}
        for row in rows:
            self._values |= self._family.bound(row.name, row.values)

    def write(self, later: Mapping[str, Mapping[str, Any]] = _NOTHING) -> tuple[Any, dict[str, int]]:
        """Insert them, with what is told `later` of those among them; answers what was asked, and the ids by name.

        IntegrityError rises as from any insert.
        """
        family, values = self._family, self._values
        for name in later.keys() & family.inserts.keys():
            values = values | family.bound(name, later[name])
        connection = db.session.connection()
        if family.at_once:
            [(answer, *found)] = send(connection, family.at_once, {**values, **self._of})
            return answer, dict(zip(family.inserts, found, strict=True))
        answer = family.asked.scalar(self._of) if family.asked else None
        ids: dict[str, int] = {}
        for name, insert in family.inserts.items():
            own = {place: values[place] for place in insert.places}
            for place, earlier in insert.follows:
                own[place] = ids[earlier]
            [(ids[name],)] = send(connection, insert.sql, own)
        return answer, ids


class _Shape(NamedTuple):
    """What the statement for a row depends on."""

    name: str
    table: sa.Table
    columns: tuple[str, ...]
    follows: tuple[tuple[str, str], ...]


class _Insert(NamedTuple):
    """One row: the names that its values have among those of all rows, and what makes the driver's values of ours."""

    sql: str
    places: tuple[str, ...]
    follows: tuple[tuple[str, str], ...]
    processors: Mapping[str, tuple[str, Callable[[Any], Any] | None]]


class _Family(NamedTuple):
    """The statements for rows of these shapes; `at_once` does them all where a statement can hold several."""

    asked: ReadyStatement | None
    inserts: Mapping[str, _Insert]
    at_once: str

    def bound(self, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values of one row as the driver takes them, by the names they have among those of all."""
        processors, bound = self.inserts[name].processors, {}
        for column, value in values.items():
            place, process = processors[column]
            bound[place] = process(value) if process else value
        return bound


@cache
def _family(shapes: tuple[_Shape, ...], asked: Any, _dialect: str) -> _Family:
    dialect = named(db.engine.dialect)
    inserts, written = {}, dict[str, sa.CTE]()
    for number, shape in enumerate(shapes):
        inserts[shape.name] = _insert(shape, number, dialect)
        if dialect.name == "postgresql":
            ids = {column: sa.select(written[earlier].c.id).scalar_subquery() for column, earlier in shape.follows}
            statement = sa.insert(shape.table).values(_values(shape, number, dialect) | ids)
            written[shape.name] = statement.returning(shape.table.c.id).cte(f"row_{number}")
    if not written:
        return _Family(asked if asked is None else ReadyStatement(asked), inserts, "")
    # PostgreSQL locks a row, as the question may, in nothing less than a statement of its own.
    answer = sa.null() if asked is None else sa.select(*asked.cte("asked").c).scalar_subquery()
    ids_of_all = [sa.select(one.c.id).scalar_subquery() for one in written.values()]
    return _Family(None, inserts, str(sa.select(answer, *ids_of_all).compile(dialect=dialect)))


def _insert(shape: _Shape, number: int, dialect: sa.Dialect) -> _Insert:
    table = shape.table
    values = _values(shape, number, dialect)
    ids: dict[str, Any] = {column: sa.bindparam(_place(number, column)) for column, _ in shape.follows}
    return _Insert(
        sql=str(sa.insert(table).values(values | ids).returning(table.c.id).compile(dialect=dialect)),
        places=tuple(_place(number, column) for column in shape.columns),
        follows=tuple((_place(number, column), earlier) for column, earlier in shape.follows),
        processors={
            column: (_place(number, column), table.c[column].type.dialect_impl(dialect).bind_processor(dialect))
            for column in shape.columns
        },
    )


def _values(shape: _Shape, number: int, dialect: sa.Dialect) -> dict[str, Any]:
    """What is given of a row as parameters, and its defaults written out: a statement of few parameters is kept by
    psycopg, which would take one of many apart each time.
    """
    given = {name: sa.bindparam(_place(number, name), type_=shape.table.c[name].type) for name in shape.columns}
    absent = [column for column in shape.table.c if column.default is not None and column.name not in shape.columns]
    return {column.name: _written_out(column, dialect) for column in absent} | given


def _written_out(column: sa.Column[Any], dialect: sa.Dialect) -> Any:
    default: Any = column.default
    if not default.is_scalar:
        raise TypeError(f"{column} has a default that is made anew for each row, so it has to be given")
    value = sa.literal(default.arg, type_=column.type)
    return sa.literal_column(str(value.compile(dialect=dialect, compile_kwargs={"literal_binds": True})))


def _place(number: int, column: str) -> str:
    return f"{column}_{number}"
