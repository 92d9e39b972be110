"""The rows that an import refused, as a file to correct and bring again, in which nothing can act as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from eventapp.documents.cells import harmless


def to_csv(headings: Sequence[str], rows: Iterable[tuple[int, Sequence[str], str]]) -> bytes:
    """For Dutch Excel: the columns as they came, then the line in the file and the reason.

    `rows` are line, cells and reason.
    """
    lines = [(*headings, "regel", "reden")]
    for number, cells, reason in rows:
        own = [*cells[: len(headings)], *[""] * (len(headings) - len(cells))]
        lines.append((*own, str(number), reason))
    return table(lines)


def table(lines: Iterable[Sequence[str]]) -> bytes:
    """Semicolons, UTF-8 with a byte order mark, formula signs behind an apostrophe."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";", lineterminator="\r\n").writerows(map(harmless, line) for line in lines)
    return file.getvalue().encode("utf-8-sig")
