"""Which rows are in a file that the office brings? CSV as spreadsheets write it, and XLSX; nothing else is believed."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from operator import is_not
from typing import Any, NamedTuple

from eventapp.domain.errors import ColumnsMissing, FileTooLarge, OldSpreadsheet, TooManyRows, UnreadableFile
from eventapp.domain.import_rows import RowRefused
from eventapp.domain.names import fold

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 50_000
# A sheet ends here. Many a file holds one stray row at the end, with nothing but a height.
_LAST_ROW = 1_048_576
# What a sound workbook of so many rows may unpack to. zipfile reads no more of an entry than it declares.
_MOST_UNPACKED = 100 * 1024 * 1024
_MOST_ENTRIES = 500
_MOST_COLUMNS = 60
_OLE = b"\xd0\xcf\x11\xe0"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# A first line that tells Excel, and no column, what stands between the cells.
_SEPARATOR = re.compile(r'"?sep=', re.IGNORECASE)
# Stands where a sign was that nobody can read any more.
LOST = "\ufffd"
# An error in the XML is a SyntaxError, of whichever parser openpyxl finds.
_BROKEN = (zipfile.BadZipFile, SyntaxError, KeyError, ValueError, TypeError, OSError, IndexError)

Cells = tuple[str, ...]


class Columns(NamedTuple):
    """The columns of a list, each with other names it goes by; `required` must be in the first row.

    Only the `long` ones keep their line breaks.
    """

    names: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    long: frozenset[str] = frozenset()

    def called(self, heading: str) -> str | None:
        """Which column a heading means."""
        plain = _plain(heading)
        return next((name for name, more in self.names.items() if plain in map(_plain, (name, *more))), None)


@dataclass(frozen=True)
class Line:
    """A row that holds anything; `number` is where a spreadsheet shows it, `formulas` the columns that compute.

    `problem` is why it cannot be taken, when reading the file says so already.
    """

    number: int
    values: Mapping[str, str]
    cells: Cells
    formulas: frozenset[str] = frozenset()
    problem: RowRefused | None = None


class Sheet(NamedTuple):
    """What a file says. `headings` are those of the file; `ignored` are the ones that mean nothing to us."""

    headings: Cells
    ignored: Cells
    lines: tuple[Line, ...]


def read_sheet(content: bytes, columns: Columns) -> Sheet:
    """The rows of a file, empty ones left out.

    Refuses with FileTooLarge, OldSpreadsheet, UnreadableFile, TooManyRows or ColumnsMissing.
    """
    if len(content) > MOST_BYTES:
        raise FileTooLarge(most=MOST_BYTES // 1024 // 1024)
    if content.startswith(_OLE):
        raise OldSpreadsheet()
    rows = _from_xlsx(content) if content.startswith(b"PK") else _from_csv(content, columns)
    headings: list[str | None] | None = None
    found: list[Line] = []
    for number, cells, computed in rows:
        if not any(cells):
            continue
        if headings is None:
            headings = _known_headings(cells, columns)
            head = cells
            continue
        if len(found) == MOST_ROWS:
            raise TooManyRows(most=MOST_ROWS)
        found.append(_line(number, cells, computed, headings, columns.long))
    if headings is None:
        raise UnreadableFile()
    ignored = tuple(_flat(text) for text, name in zip(head, headings, strict=True) if text and name is None)
    return Sheet(head, ignored, tuple(found))


def as_text(content: bytes) -> str:
    """The rows of a file with tabs between the cells, as a spreadsheet pastes them; a text file as it is.

    Refuses with FileTooLarge, OldSpreadsheet or UnreadableFile.
    """
    if len(content) > MOST_BYTES:
        raise FileTooLarge(most=MOST_BYTES // 1024 // 1024)
    if content.startswith(_OLE):
        raise OldSpreadsheet()
    if not content.startswith(b"PK"):
        text = decoded(content)
        if "\0" in text:
            raise UnreadableFile()
        return text
    file = io.StringIO(newline="")
    csv.writer(file, delimiter="\t", lineterminator="\n").writerows(
        map(_flat, cells) for _, cells, _ in _from_xlsx(content)
    )
    return file.getvalue()


def _known_headings(cells: Cells, columns: Columns) -> list[str | None]:
    headings = [columns.called(text) for text in cells]
    missing = [name for name in columns.required if name not in headings]
    if missing:
        raise ColumnsMissing(columns=", ".join(missing))
    return headings


def _line(
    number: int, cells: Cells, computed: Sequence[int], headings: Sequence[str | None], long: frozenset[str]
) -> Line:
    values: dict[str, str] = {}
    for name, text in zip(headings, cells, strict=False):
        if name and not values.get(name):
            values[name] = text if name in long or "\n" not in text else _flat(text)
    formulas = frozenset(name for place in computed if place < len(headings) and (name := headings[place]))
    return Line(number, values, cells, formulas)


def _from_csv(content: bytes, columns: Columns) -> Iterator[tuple[int, Cells, Sequence[int]]]:
    text = decoded(content)
    if "\0" in text:
        raise UnreadableFile()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, columns))
    number = 1
    try:
        for row in reader:
            if number > 1 or not _SEPARATOR.match(row[0] if row else ""):
                yield number, tuple(map(tidy, row)), ()
            number = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile() from error


def decoded(content: bytes) -> str:
    """A file as text. Excel's "Unicode text" is UTF-16, its plain CSV is windows-1252; everybody else writes UTF-8.

    Where one row was pasted in another encoding, the signs of that row are lost, not those of all others.
    """
    try:
        return content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        pass
    if any(map(_is_utf_8, content.split(b"\n"))):
        return content.decode("utf-8-sig", errors="replace")
    return content.decode("cp1252", errors="replace")


def _is_utf_8(line: bytes) -> bool:
    """Whether a line can be nothing else: plain ASCII is everything at once, and chance hardly makes sound UTF-8."""
    try:
        return not line.isascii() and bool(line.decode())
    except UnicodeDecodeError:
        return False


def _delimiter(text: str, columns: Columns) -> str:
    """The one that makes most columns of the first line that holds anything."""
    lines = (line for line in text.splitlines() if line.strip(" ;,\t") and not _SEPARATOR.match(line))
    first = next(lines, "")
    return max(";,\t", key=lambda sign: sum(columns.called(part.strip('"')) is not None for part in first.split(sign)))


def _from_xlsx(content: bytes) -> Iterator[tuple[int, Cells, Sequence[int]]]:
    """The first sheet. Values that a formula computed are not believed: the cell counts as computed and empty."""
    # Loaded here, because it brings along much that only an import needs.
    from openpyxl import load_workbook
    from openpyxl.cell.read_only import EMPTY_CELL
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _refuse_bomb(content)
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # What the file says of its own size may be wrong, and would cut rows off.
        sheet.reset_dimensions()
        nothing = (EMPTY_CELL,) * _MOST_COLUMNS
        for number, row in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), start=1):
            if number > _LAST_ROW:
                # openpyxl gives an empty row for each number that the file passes over, whatever number comes next.
                raise TooManyRows(most=MOST_ROWS)
            if not any(map(is_not, row, nothing)):
                yield number, (), ()
                continue
            computed = [place for place, cell in enumerate(row) if cell.data_type == "f"]
            yield number, _without_tail(tuple(map(_cell_text, row))), computed
    except (*_BROKEN, InvalidFileException) as error:
        raise UnreadableFile() from error


def _refuse_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        entries = packed.infolist()
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise UnreadableFile()


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None or cell.data_type in ("f", "e"):
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds") if value.time() != time() else value.date().isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return tidy(str(value))


def _without_tail(cells: Cells) -> Cells:
    filled = [place for place, text in enumerate(cells) if text]
    return cells[: filled[-1] + 1] if filled else ()


def tidy(text: str) -> str:
    """A cell without control characters and the apostrophe that keeps spreadsheets from computing; line breaks stay."""
    plain = _flat(text) if text.isprintable() else "\n".join(map(_flat, text.splitlines())).strip()
    return plain[1:] if len(plain) > 1 and plain[0] == "'" and plain[1] in "=+-@" else plain


def _flat(text: str) -> str:
    """On one line, with single spaces."""
    shown = text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)
    return " ".join(shown.split())


def _plain(heading: str) -> str:
    return "".join(char for char in fold(heading) if char.isalnum())
