"""What an app asks its database, and how the database goes about it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from eventapp.extensions import db

# Each statement with its values.
Asked = list[tuple[str, Any]]
# The tables that grow with the years.
GROWING = frozenset(
    {
        "answers",
        "audit_log",
        "care_answers",
        "certificates",
        "choices",
        "circle_answers",
        "circle_members",
        "evaluation_invites",
        "fixed_presences",
        "hand_overs",
        "invitations",
        "invoice_lines",
        "invoices",
        "orders",
        "outbox",
        "owed_changes",
        "payment_attempts",
        "people",
        "person_addresses",
        "person_notes",
        "person_statuses",
        "photo_choices",
        "place_holds",
        "presences",
        "registration_labels",
        "registrations",
        "scans",
        "tickets",
        "waiting_entries",
    }
)


@contextmanager
def listening() -> Iterator[Asked]:
    """Every statement sent to the database meanwhile, with its values."""
    asked: Asked = []

    def on_execute(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT")):
            asked.append((statement, values))

    engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", on_execute)
    try:
        yield asked
    finally:
        sa.event.remove(engine, "before_cursor_execute", on_execute)


def read_through(
    asked: Asked, growing: frozenset[str], *, of_few: bool = False, known: dict[str, set[str]] | None = None
) -> dict[str, set[str]]:
    """Which of the growing tables each statement reads from beginning to end, as a table or as an index of it.

    An index of a few rows only, and one that is read in its order until a page is full, are no such thing. Inserts
    read nothing; SQLite names for them what it would look through if a key were broken. `of_few` where there are too
    few rows for PostgreSQL to bother with an index: it is told to take one wherever it can. `known` keeps what was
    explained before, for pages that ask the same.
    """
    sqlite = db.engine.dialect.name == "sqlite"
    explain = _of_sqlite if sqlite else _of_postgresql
    known = {} if known is None else known
    partial = {str(index.name) for table in db.metadata.sorted_tables for index in table.indexes if _is_partial(index)}
    found: dict[str, set[str]] = {}
    with db.engine.connect() as connection:
        if of_few and not sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")
        for statement, values in dict(asked).items():
            if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
                # SQLite plans without a look at the values.
                key = statement if sqlite else f"{statement} {values}"
                if key not in known:
                    read = explain(connection, statement, values, partial)
                    known[key] = {re.sub(r"_\d+$", "", name) for name in read}
                if known[key] & growing:
                    found[statement] = known[key] & growing
        connection.rollback()
    return found


def _is_partial(index: sa.Index) -> bool:
    return index.dialect_options["postgresql"].get("where") is not None


def _of_sqlite(connection: sa.Connection, statement: str, values: Any, partial: set[str]) -> Iterator[str]:
    plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    in_order = "LIMIT" in statement and not any("TEMP B-TREE FOR ORDER" in step for step in plan)
    for step in plan:
        if read := re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step):
            table, index = read.groups()
            if index is None or not (in_order or index in partial):
                yield table


def _of_postgresql(connection: sa.Connection, statement: str, values: Any, partial: set[str]) -> Iterator[str]:
    explained = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
    plan = explained if isinstance(explained, list) else json.loads(explained)
    yield from _whole_reads(plan[0]["Plan"], partial, in_order=False)


def _whole_reads(node: dict[str, Any], partial: set[str], *, in_order: bool) -> Iterator[str]:
    kind = node["Node Type"]
    # What must be sorted or counted first is read to its end, whatever limit stands above.
    in_order = (in_order or kind == "Limit") and not kind.startswith(("Sort", "Aggregate", "Hash"))
    if kind == "Seq Scan":
        yield node["Relation Name"]
    from_the_start = kind in ("Index Scan", "Index Only Scan") and "Index Cond" not in node
    if from_the_start and not in_order and node["Index Name"] not in partial:
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _whole_reads(below, partial, in_order=in_order)
