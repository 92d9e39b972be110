"""The answers to the questions of an event as a file to work on: Excel and CSV, in which no answer can act."""

import csv
import io

from xlsxwriter import Workbook

from eventapp.documents.answer_table import AnswerTable
from eventapp.documents.cells import SAFE, harmless
from eventapp.documents.script import clean
from eventapp.formatting import amsterdam

_NARROW, _WIDE = 18, 40


def to_xlsx(table: AnswerTable) -> bytes:
    """An Excel workbook with a filter on each column; the same table gives the same bytes."""
    file = io.BytesIO()
    with Workbook(file, SAFE) as book:
        printed_at = amsterdam(table.printed_at).replace(tzinfo=None)
        title = f"Antwoorden {clean(table.event_title)}"
        book.set_properties({"title": title, "author": table.association, "created": printed_at})
        sheet = book.add_worksheet("Antwoorden")
        look = {"bold": True, "font_color": "#ffffff", "bg_color": "#0b5563", "valign": "vcenter", "text_wrap": True}
        head = book.add_format(look)
        for column, heading in enumerate(table.heads):
            sheet.set_column(column, column, _WIDE if len(heading) > _NARROW or column == 0 else _NARROW)
            sheet.write_string(0, column, clean(heading), head)
        for place, row in enumerate(table.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(place, column, value)
                elif value:
                    sheet.write_string(place, column, clean(value))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(table.rows), len(table.heads) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    return file.getvalue()


def to_csv(table: AnswerTable) -> bytes:
    """The same for Dutch Excel: semicolons, UTF-8 with a byte order mark, formula signs behind an apostrophe."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    for row in (table.heads, *table.rows):
        writer.writerow(harmless(clean(value)) if isinstance(value, str) else value for value in row)
    return file.getvalue().encode("utf-8-sig")
