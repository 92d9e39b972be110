"""The matrix of a series as a file to work on: Excel with people, organisations and what counts; CSV with people."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook

from eventapp.documents.cells import SAFE, harmless
from eventapp.documents.matrix import EXPLAINED, MatrixSheet, legend, letter
from eventapp.documents.script import clean
from eventapp.domain.matrix import Score
from eventapp.formatting import amsterdam, short_date

_TOTALS = ("Aanwezig", "Van", "%", "Met bericht", "Afwezig", "No-show", "Als gast")


def to_xlsx(sheet: MatrixSheet) -> bytes:
    """Three sheets; figures are numbers, and no name can act as a formula. The same matrix gives the same bytes."""
    file = io.BytesIO()
    with Workbook(file, SAFE) as book:
        created = amsterdam(sheet.printed_at).replace(tzinfo=None)
        book.set_properties({"title": clean(sheet.title), "author": sheet.association, "created": created})
        head = book.add_format({"bold": True, "font_color": "#ffffff", "bg_color": "#0b5563", "valign": "vcenter"})
        percent = book.add_format({"num_format": "0%"})
        _people(book.add_worksheet("Mensen"), sheet, head, percent)
        _organisations(book.add_worksheet("Organisaties"), sheet, head, percent)
        _explained(book.add_worksheet("Uitleg"), sheet)
    return file.getvalue()


def to_csv(sheet: MatrixSheet) -> bytes:
    """The people for Dutch Excel: semicolons, UTF-8 with a byte order mark, formula signs behind an apostrophe."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(("Naam", "Organisatie", *_days(sheet), *_TOTALS))
    for row in sheet.matrix.rows:
        score, percentage = row.score, row.score.percentage
        figures = (score.present, score.held, "" if percentage is None else percentage, score.excused, score.absent)
        names = (harmless(clean(row.member.name)), harmless(clean(row.organisation)))
        writer.writerow((*names, *map(letter, row.marks), *figures, score.no_shows, score.beside))
    return file.getvalue().encode("utf-8-sig")


def _days(sheet: MatrixSheet) -> list[str]:
    meetings = [column.meeting for column in sheet.matrix.columns]
    return [short_date(one.starts_at) + (" vervallen" if one.cancelled else "") for one in meetings]


def _people(page: Any, sheet: MatrixSheet, head: Any, percent: Any) -> None:
    columns, days = sheet.matrix.columns, _days(sheet)
    _heads(page, ("Naam", "Organisatie", *days, *_TOTALS), (34, 36, *(11 for _ in days), *(11 for _ in _TOTALS)), head)
    first = 2 + len(columns)
    for place, row in enumerate(sheet.matrix.rows, start=1):
        page.write_string(place, 0, clean(row.member.name))
        page.write_string(place, 1, clean(row.organisation))
        for column, mark in enumerate(row.marks, start=2):
            if text := letter(mark):
                page.write_string(place, column, text)
        _score(page, place, first, row.score, percent)
    last = len(sheet.matrix.rows) + 1
    page.write_string(last, 0, "Totaal")
    for column, one in enumerate(columns, start=2):
        if one.held:
            page.write_number(last, column, one.score.present)
    _score(page, last, first, sheet.matrix.total, percent)
    page.freeze_panes(1, 1)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _organisations(page: Any, sheet: MatrixSheet, head: Any, percent: Any) -> None:
    _heads(page, ("Organisatie", "Leden", *_TOTALS[:-1]), (40, 9, *(11 for _ in _TOTALS[:-1])), head)
    for place, (name, people, score) in enumerate(sheet.matrix.organisations, start=1):
        page.write_string(place, 0, clean(name) or "(geen organisatie)")
        page.write_number(place, 1, people)
        _score(page, place, 2, score, percent, beside=False)
    page.freeze_panes(1, 1)


def _explained(page: Any, sheet: MatrixSheet) -> None:
    lines = [f"{sheet.title}, {sheet.standing}", EXPLAINED, *(f"{key}: {words}" for key, words in legend())]
    page.set_column(0, 0, 110)
    for place, line in enumerate(lines):
        page.write_string(place, 0, clean(line))


def _heads(page: Any, heads: Sequence[str], widths: Sequence[int], style: Any) -> None:
    for column, (heading, width) in enumerate(zip(heads, widths, strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, heading, style)
    page.set_row(0, 22)


def _score(page: Any, place: int, column: int, score: Score, percent: Any, *, beside: bool = True) -> None:
    figures = [score.present, score.held, None, score.excused, score.absent, score.no_shows]
    for offset, figure in enumerate([*figures, score.beside] if beside else figures):
        if figure is not None:
            page.write_number(place, column + offset, figure)
    if score.held:
        page.write_number(place, column + 2, score.present / score.held, percent)
