"""Figures and amounts as a file to count on: Excel and CSV, in which no name can act as a formula."""

import csv
import io
from datetime import date
from decimal import Decimal

from xlsxwriter import Workbook

from eventapp.documents.cells import SAFE, harmless
from eventapp.documents.money_sheet import Cell, MoneySheet
from eventapp.documents.script import clean
from eventapp.formatting import amsterdam

_WIDE, _NARROW = 36, 16


def to_xlsx(sheet: MoneySheet) -> bytes:
    """An Excel workbook; the same sheet gives the same bytes."""
    file = io.BytesIO()
    with Workbook(file, SAFE) as book:
        created = amsterdam(sheet.printed_at).replace(tzinfo=None)
        book.set_properties({"title": clean(sheet.title), "author": sheet.association, "created": created})
        page = book.add_worksheet(sheet.page)
        head = book.add_format({"bold": True, "font_color": "#ffffff", "bg_color": "#0b5563", "text_wrap": True})
        money, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "dd-mm-yyyy"})
        page.write_string(0, 0, clean(sheet.about))
        for column, heading in enumerate(sheet.heads):
            page.set_column(column, column, _NARROW if column else _WIDE)
            page.write_string(1, column, heading, head)
        for place, row in enumerate(sheet.rows, start=2):
            for column, value in enumerate(row):
                if isinstance(value, Decimal):
                    page.write_number(place, column, value, money)
                elif isinstance(value, date):
                    page.write_datetime(place, column, value, day)
                elif value:
                    page.write_string(place, column, clean(value))
        page.freeze_panes(2, 1)
        page.autofilter(1, 0, len(sheet.rows) + 1, len(sheet.heads) - 1)
    return file.getvalue()


def to_csv(sheet: MoneySheet) -> bytes:
    """The same for Dutch Excel: semicolons, decimal commas, UTF-8 with a byte order mark."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(sheet.heads)
    for row in sheet.rows:
        writer.writerow(map(_text, row))
    return file.getvalue().encode("utf-8-sig")


def _text(value: Cell) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    return harmless(clean(value))
