"""What is an archive of everything? What it says of itself, and rows as lines of JSON that mean the same everywhere."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

FORMAT = "eventapp-archive"
VERSION = 1
MANIFEST = "manifest.json"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Kind(StrEnum):
    """What a column holds; how each is written stands in docs/archive.md."""

    INTEGER = "integer"
    TEXT = "text"
    BOOLEAN = "boolean"
    MOMENT = "moment"
    DATE = "date"
    JSON = "json"
    BYTES = "bytes"
    DECIMAL = "decimal"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    nullable: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A table by name; `numbered` is the column that the database numbers by itself, if there is one."""

    name: str
    columns: tuple[Column, ...]
    numbered: str | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What the archive holds of a table. `last_number` was given last, perhaps to a row that is gone by now."""

    shape: Shape
    rows: int
    bytes: int
    sha256: str
    last_number: int = 0

    @property
    def file(self) -> str:
        return file_of(self.shape.name)


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself; the tables stand in an order in which none points to a later one."""

    schema: str
    program: str
    database: str
    made_at: datetime
    left_out: tuple[str, ...]
    tables: tuple[Contents, ...]
    # Columns of which nothing is told, as table.column.
    emptied: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def file_of(table: str) -> str:
    """Where in the archive the rows of a table stand."""
    return f"tables/{table}.jsonl"


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as it stands in the archive."""
    said = {"format": FORMAT, "version": VERSION, **asdict(manifest), "made_at": manifest.made_at.isoformat()}
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def read_manifest(content: bytes) -> Manifest:
    """What an archive says of itself. Raises ValueError when that is not what we write."""
    try:
        said = json.loads(content)
        if (said["format"], said["version"]) != (FORMAT, VERSION):
            raise ValueError("another format")
        tables = tuple(_contents(table) for table in said["tables"])
        left_out = tuple(_name(name) for name in said["left_out"])
        emptied = tuple(".".join(map(_name, name.split(".", 1))) for name in said.get("emptied", ()))
        schema, program, database = (_text(said[name]) for name in ("schema", "program", "database"))
        return Manifest(schema, program, database, _moment(said["made_at"]), left_out, tables, emptied)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a manifest") from error


def _contents(said: Mapping[str, Any]) -> Contents:
    shape = said["shape"]
    columns = tuple(Column(_name(c["name"]), Kind(c["kind"]), c["nullable"] is True) for c in shape["columns"])
    numbered = shape["numbered"]
    if numbered is not None and numbered not in [column.name for column in columns]:
        raise ValueError("a numbered column that is not there")
    rows, size, last_number = (_count(said[name]) for name in ("rows", "bytes", "last_number"))
    return Contents(Shape(_name(shape["name"]), columns, numbered), rows, size, _text(said["sha256"]), last_number)


def _name(value: Any) -> str:
    """Names become names of files and columns, so nothing else than the likes of ours is taken."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise ValueError("not a name")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("not a count")
    return value


def line_of(columns: Sequence[Column], values: Iterable[Any]) -> bytes:
    """A row as one line of JSON, with its end."""
    row = {column.name: _written(column.kind, value) for column, value in zip(columns, values, strict=True)}
    try:
        line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        # Half of a character, as JSON columns may hold; no UTF-8 has it, its escape does.
        line = json.dumps(row, separators=(",", ":")).encode()
    return line + b"\n"


def row_of(columns: Sequence[Column], line: bytes) -> dict[str, Any]:
    """The values of a line by name, as the database takes them. Raises ValueError for what is no such row."""
    row = json.loads(line)
    if not isinstance(row, dict) or row.keys() != {column.name for column in columns}:
        raise ValueError("other columns")
    return {column.name: _read(column, row[column.name]) for column in columns}


def _written(kind: Kind, value: Any) -> Any:
    write = _WRITE.get(kind)
    return value if value is None or write is None else write(value)


def _read(column: Column, value: Any) -> Any:
    if column.kind == Kind.JSON or (value is None and column.nullable):
        return value
    wanted, read = _READ[column.kind]
    if type(value) is not wanted:
        raise ValueError("another kind of value")
    return read(value)


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC)


def _same(value: Any) -> Any:
    return value


_WRITE: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.MOMENT: lambda value: value.astimezone(UTC).isoformat(),
    Kind.DATE: lambda value: value.isoformat(),
    Kind.BYTES: lambda value: b64encode(value).decode(),
    Kind.DECIMAL: str,
}
_READ: Mapping[Kind, tuple[type, Callable[[Any], Any]]] = {
    Kind.INTEGER: (int, _same),
    Kind.TEXT: (str, _same),
    Kind.BOOLEAN: (bool, _same),
    Kind.MOMENT: (str, _moment),
    Kind.DATE: (str, date.fromisoformat),
    Kind.BYTES: (str, lambda value: b64decode(value, validate=True)),
    Kind.DECIMAL: (str, Decimal),
}
