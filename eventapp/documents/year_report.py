"""The report of a year as plain data: what page, PDF and Excel file are all made of."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from eventapp.documents.drawing import Drawing
from eventapp.domain.account import Figure, Key


class Form(StrEnum):
    """How a number reads: 1.140, 62 % or 7,9."""

    COUNT = "count"
    PERCENT = "percent"
    MEAN = "mean"


class Cell(NamedTuple):
    """What stands in a table: `number` for who counts on, `key` leads to what lies behind it."""

    text: str
    number: float | None = None
    key: Key | None = None
    form: Form = Form.COUNT

    @property
    def empty(self) -> bool:
        return self.number == 0


class Table(NamedTuple):
    """The first cell of a row says what the row is of. With `totals` the last row adds up what stands above it."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: bool = True


class Headline(NamedTuple):
    """The number of a section that goes first, with its words."""

    word: str
    cell: Cell


class Section(NamedTuple):
    """One figure: what it says first, what it means, the chart and the tables, and what each column counts."""

    figure: Figure
    title: str
    meaning: str
    headlines: tuple[Headline, ...]
    drawing: Drawing
    tables: tuple[Table, ...]
    columns: tuple[tuple[str, str], ...]


class YearReport(NamedTuple):
    """`standing` says whether the numbers are final, and what is still missing; `provisional` that they are not."""

    association: str
    year: int
    standing: str
    provisional: bool
    sections: tuple[Section, ...]
    printed_at: datetime

    @property
    def title(self) -> str:
        return f"Verantwoording {self.year}"
