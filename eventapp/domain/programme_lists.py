"""Which breakouts does a list from a spreadsheet hold? Cells with tabs or semicolons between them."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from eventapp.domain.names import fold

MOST_ROWS = 200
COLUMNS = ("ronde", "titel", "zaal", "sprekers", "plaatsen", "doelgroep", "omschrijving")
_ALSO = {
    "rondes": "ronde",
    "deelsessie": "titel",
    "sessie": "titel",
    "ruimte": "zaal",
    "spreker": "sprekers",
    "door": "sprekers",
    "aantal": "plaatsen",
    "aantal plaatsen": "plaatsen",
    "capaciteit": "plaatsen",
    "voor wie": "doelgroep",
    "beschrijving": "omschrijving",
    "toelichting": "omschrijving",
}
_LONGEST = {"titel": 200, "zaal": 100, "sprekers": 300, "doelgroep": 200, "omschrijving": 5000}
_MOST_PLACES = 100_000
_RANGE = re.compile(r"(\d+) ?(?:-|–|t/m|tot en met) ?(\d+)")
_BETWEEN = re.compile(r" ?(?:[+,&/]|\ben\b) ?")


class RowProblem(StrEnum):
    """Why a row cannot become a breakout."""

    NO_TITLE = "no_title"
    NO_ROUND = "no_round"
    UNKNOWN_ROUND = "unknown_round"
    BAD_SIZE = "bad_size"
    TOO_LONG = "too_long"
    TWICE = "twice"


@dataclass(frozen=True)
class Row:
    """One row: what it says per column, and what that comes to. `number` counts from 1, as a spreadsheet shows it.

    `rounds` are ids; `size` None is no limit.
    """

    number: int
    cells: Mapping[str, str]
    rounds: frozenset[int] = frozenset()
    size: int | None = None
    problems: tuple[RowProblem, ...] = field(default=())

    @property
    def title(self) -> str:
        return self.cells.get("titel", "")


def read_rows(
    text: str, rounds: Sequence[tuple[int, str]], *, present: Collection[tuple[str, frozenset[int]]] = ()
) -> list[Row]:
    """Every row that holds anything. `rounds` are ids and titles in the order of the day.

    A round is named by its number or title, "2+3" is a breakout that goes on. The same title in another round is a
    repeat; in the same round, in the list or among those `present`, it is there twice.
    """
    seen = [(fold(title), of) for title, of in present]
    found = []
    for number, cells in _cells(text):
        row = _read(number, cells, rounds)
        key = fold(row.title)
        if row.title and any(title == key and of & row.rounds for title, of in seen):
            row = Row(number, cells, row.rounds, row.size, (*row.problems, RowProblem.TWICE))
        seen.append((key, row.rounds))
        found.append(row)
    return found


def _cells(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    delimiter = "\t" if "\t" in text else ";"
    headings: list[str | None] | None = None
    reader = csv.reader(io.StringIO(text.strip("\n"), newline=""), delimiter=delimiter)
    number = 0
    for number, raw in enumerate(reader, start=1):
        cells = [" ".join(cell.split()) for cell in raw]
        if not any(cells):
            continue
        if headings is None:
            named = [_column(cell) for cell in cells]
            if "titel" in named and len(set(named) - {None}) > 1:
                headings = named
                continue
            headings = list(COLUMNS)
        yield number, {name: cell for name, cell in zip(headings, cells, strict=False) if name}


def _column(heading: str) -> str | None:
    plain = fold(heading)
    return plain if plain in COLUMNS else _ALSO.get(plain)


def _read(number: int, cells: Mapping[str, str], rounds: Sequence[tuple[int, str]]) -> Row:
    problems = []
    if not cells.get("titel"):
        problems.append(RowProblem.NO_TITLE)
    named = _rounds(cells.get("ronde", ""), rounds)
    if not cells.get("ronde"):
        problems.append(RowProblem.NO_ROUND)
    elif named is None:
        problems.append(RowProblem.UNKNOWN_ROUND)
    size = cells.get("plaatsen", "")
    fits = not size or (size.isascii() and size.isdecimal() and int(size[:9]) <= _MOST_PLACES)
    if not fits:
        problems.append(RowProblem.BAD_SIZE)
    if any(len(cells.get(name, "")) > most for name, most in _LONGEST.items()):
        problems.append(RowProblem.TOO_LONG)
    return Row(number, cells, named or frozenset(), int(size) if size and fits else None, tuple(problems))


def _rounds(typed: str, rounds: Sequence[tuple[int, str]]) -> frozenset[int] | None:
    """The rounds that a cell names; None when one of them is not there."""
    by_name = {fold(title): round_id for round_id, title in rounds}
    by_number = {str(number): round_id for number, (round_id, _) in enumerate(rounds, start=1)}
    plain = fold(typed)
    if plain in by_name:
        return frozenset({by_name[plain]})
    bare = re.sub(r"\brondes?\b ?", "", plain)
    spread = _RANGE.sub(lambda found: "+".join(map(str, range(int(found[1]), min(int(found[2]), 99) + 1))), bare)
    ids = [by_name.get(part) or by_number.get(part) for part in _BETWEEN.split(spread.strip())]
    return None if None in ids else frozenset(one for one in ids if one)
