"""The numbers of one figure as cells and bars of the report."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from eventapp import wording
from eventapp.documents.charts import Bar
from eventapp.documents.year_report import Cell, Form
from eventapp.domain.account import Figure, Key, Totals, part
from eventapp.domain.proportions import percent

# Of codes, in their order.
Words = Mapping[Any, str]


class Goal(NamedTuple):
    """So many members, in that year."""

    members: int
    year: int


class YearNumbers(NamedTuple):
    """The numbers of one figure."""

    figure: Figure
    totals: Totals
    year: int
    goal: Goal

    def of(self, row: str, column: str) -> int:
        return self.totals.of(self.figure, row, column)

    def cell(self, row: str, column: str) -> Cell:
        """The number, which leads to what lies behind it unless that is nothing."""
        number = self.of(row, column)
        return Cell(count(number), number, Key(self.figure, row, column) if number else None)

    def cells(self, row: str, columns: Iterable[str]) -> list[Cell]:
        return [self.cell(row, column) for column in columns]

    def share(self, row: str, column: str, of: str) -> Cell:
        """One column as percents of another."""
        return percents(self.of(row, column), self.of(row, of))

    def there(self, words: Words, dimension: str = "") -> list[tuple[str, str]]:
        """Row and word of every code that has a number."""
        known = set(self.totals.rows(self.figure, dimension))
        return [(part(dimension, code) if dimension else code, word) for code, word in words.items() if code in known]

    def word(self, column: str) -> str:
        return wording.ACCOUNT_COLUMNS[self.figure, column].word


def row_of(word: str, cells: Iterable[Cell], *more: Cell) -> tuple[Cell, ...]:
    return (Cell(word), *cells, *more)


def of_whole(label: str, value: int, whole: int, of: str) -> Bar:
    return Bar(label, value, f"{count(value)} van {count(whole)} {of}", whole)


def percents(part_of: int, whole: int) -> Cell:
    found = percent(part_of, whole)
    return Cell("–") if found is None else Cell(f"{found} %", found, form=Form.PERCENT)


def count(number: int) -> str:
    return f"{number:,}".replace(",", ".")
