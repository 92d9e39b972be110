"""How does the database find the rows that have one of hundreds of values? It gets them as one parameter, and joins.

With `IN` each value is a parameter of its own. PostgreSQL keeps its plan for such a statement, and compares every row
with each of the values in turn where the table was small when it made that plan: that is quick for a dozen values.
"""

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class _Rows(GenericFunction[Any]):
    """A row for each element of a list in JSON."""

    name = "rows_of_json"
    inherit_cache = True


@compiles(_Rows)
def _as_sqlite(element: _Rows, compiler: Any, **more: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(_Rows, "postgresql")
def _as_postgresql(element: _Rows, compiler: Any, **more: Any) -> str:
    return f"json_array_elements(CAST({compiler.process(element.clauses, **more)} AS JSON))"


def among(values: Iterable[tuple[Any, ...]], *columns: Any) -> tuple[Any, Any]:
    """What to `join`: these values as a table, and that a row has them in these columns, texts or numbers."""
    told = json.dumps(sorted(set(values)), ensure_ascii=False)
    table = _Rows(sa.literal(told, sa.Text)).table_valued(sa.column("value", sa.JSON), name="asked")
    parts = [table.c.value[number] for number in range(len(columns))]
    return table, sa.and_(*(column == _typed(part, column) for column, part in zip(columns, parts, strict=True)))


def _typed(part: Any, column: Any) -> Any:
    return part.as_integer() if isinstance(column.type, sa.Integer) else part.as_string()
