"""The report of a year as an Excel workbook to count on: the main numbers first, then a sheet for every figure."""

import io

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from eventapp.documents.cells import SAFE
from eventapp.documents.script import clean
from eventapp.documents.year_report import Cell, Form, Section, Table, YearReport
from eventapp.formatting import amsterdam, moment

_WIDE, _NARROW = 40, 16
_NUMBER_FORMS = {Form.COUNT: "#,##0", Form.PERCENT: '0" %"', Form.MEAN: "0.0"}


class _Book:
    """The workbook with the looks of its cells."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.title: Format = book.add_format({"bold": True, "font_size": 14, "font_color": "#0b5563"})
        self.head: Format = book.add_format(
            {"bold": True, "font_color": "#ffffff", "bg_color": "#0b5563", "text_wrap": True}
        )
        self.wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.strong: Format = book.add_format({"bold": True})
        self.numbers = {form: book.add_format({"num_format": code}) for form, code in _NUMBER_FORMS.items()}

    def write(self, page: Worksheet, row: int, column: int, cell: Cell) -> None:
        if cell.number is None:
            page.write_string(row, column, clean(cell.text))
        else:
            page.write_number(row, column, cell.number, self.numbers[cell.form])


def to_xlsx(report: YearReport) -> bytes:
    """The workbook; the same report gives the same bytes."""
    file = io.BytesIO()
    with Workbook(file, SAFE) as book:
        created = amsterdam(report.printed_at).replace(tzinfo=None)
        book.set_properties({"title": report.title, "author": report.association, "created": created})
        looks = _Book(book)
        _overview(looks, book.add_worksheet("Overzicht"), report)
        for section in report.sections:
            # Excel takes 31 signs, and some signs not at all.
            _section(looks, book.add_worksheet(section.title[:31].strip()), section)
    return file.getvalue()


def _overview(looks: _Book, page: Worksheet, report: YearReport) -> None:
    page.set_column(0, 0, _WIDE)
    page.set_column(1, 1, _NARROW)
    page.set_column(2, 2, 90)
    page.write_string(0, 0, f"{report.title}, {clean(report.association)}", looks.title)
    page.write_string(1, 0, clean(report.standing))
    page.write_string(2, 0, f"Gemaakt op {moment(report.printed_at)}")
    for column, head in enumerate(("Wat", "Getal", "Zo telt het")):
        page.write_string(4, column, head, looks.head)
    row = 5
    for section in report.sections:
        for headline in section.headlines:
            page.write_string(row, 0, f"{section.title}: {headline.word}", looks.wrapped)
            looks.write(page, row, 1, headline.cell)
            page.write_string(row, 2, section.meaning, looks.wrapped)
            row += 1
    page.freeze_panes(5, 0)


def _section(looks: _Book, page: Worksheet, section: Section) -> None:
    page.set_column(0, 0, _WIDE)
    page.set_column(1, 12, _NARROW)
    page.write_string(0, 0, section.title, looks.title)
    page.write_string(1, 0, section.meaning)
    row = 3
    for table in section.tables:
        row = _table(looks, page, row, table) + 1
    for word, sentence in section.columns:
        page.write_string(row, 0, word, looks.strong)
        page.write_string(row, 1, sentence)
        row += 1


def _table(looks: _Book, page: Worksheet, row: int, table: Table) -> int:
    """Answers the row below it."""
    page.write_string(row, 0, table.title, looks.strong)
    for column, head in enumerate(table.heads):
        page.write_string(row + 1, column, head, looks.head)
    for down, cells in enumerate(table.rows, start=row + 2):
        for column, cell in enumerate(cells):
            looks.write(page, down, column, cell)
    return row + 2 + len(table.rows)
