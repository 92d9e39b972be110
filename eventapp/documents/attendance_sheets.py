"""The attendance list as a file to work on: Excel and CSV, in which no name can act as a formula."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from xlsxwriter import Workbook

from eventapp.documents.attendance_list import AttendanceList
from eventapp.documents.cells import SAFE, harmless
from eventapp.documents.script import clean
from eventapp.formatting import amsterdam

# Heading and width in characters.
_COLUMNS = (
    ("Nr", 6),
    ("Naam", 34),
    ("Voluit", 34),
    ("Organisatie", 36),
    ("Functie", 24),
    ("Categorie", 18),
    ("Opmerking", 24),
    ("Aanwezig", 11),
    ("Tijd", 17),
)
_AFTERWARDS = (*_COLUMNS, ("Status", 22))


def to_xlsx(attendance: AttendanceList) -> bytes:
    """The list as an Excel workbook with a filter on each column; the same list gives the same bytes."""
    file = io.BytesIO()
    with Workbook(file, SAFE) as book:
        printed_at = amsterdam(attendance.printed_at).replace(tzinfo=None)
        title = clean(attendance.event_title)
        book.set_properties(
            {"title": f"Presentielijst {title}", "author": attendance.association, "created": printed_at}
        )
        sheet = book.add_worksheet("Presentielijst")
        head = book.add_format({"bold": True, "font_color": "#ffffff", "bg_color": "#0b5563", "valign": "vcenter"})
        time = book.add_format({"num_format": "dd-mm-yyyy hh:mm", "align": "left"})
        columns = _AFTERWARDS if attendance.afterwards else _COLUMNS
        for column, (heading, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, head)
        for place, (number, *texts, came_at, status) in enumerate(_lines(attendance), start=1):
            sheet.write_number(place, 0, number)
            for column, text in enumerate(texts, start=1):
                if text:
                    sheet.write_string(place, column, text)
            if came_at:
                sheet.write_datetime(place, len(_COLUMNS) - 1, came_at, time)
            if attendance.afterwards:
                sheet.write_string(place, len(_COLUMNS), status)
        sheet.set_row(0, 22)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(attendance.rows), len(columns) - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L" + title.replace("&", "&&")[:120] + "&Rpagina &P van &N")
    return file.getvalue()


def to_csv(attendance: AttendanceList) -> bytes:
    """The list for Dutch Excel: semicolons, UTF-8 with a byte order mark, formula signs behind an apostrophe."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(heading for heading, _ in (_AFTERWARDS if attendance.afterwards else _COLUMNS))
    for number, *texts, came_at, status in _lines(attendance):
        time = came_at.strftime("%d-%m-%Y %H:%M") if came_at else ""
        writer.writerow((number, *map(harmless, texts), time, *((status,) if attendance.afterwards else ())))
    return file.getvalue().encode("utf-8-sig")


def _lines(
    attendance: AttendanceList,
) -> Iterator[tuple[int, str, str, str, str, str, str, str, datetime | None, str]]:
    """The rows in the order of the columns, times on Dutch clocks."""
    for number, row in enumerate(attendance.rows, start=1):
        yield (
            number,
            clean(row.sort_name),
            clean(row.full_name),
            clean(row.organisation),
            clean(row.function),
            clean(row.category),
            clean(row.note),
            "ja" if row.came else "nee",
            amsterdam(row.came_at).replace(tzinfo=None, second=0, microsecond=0) if row.came_at else None,
            row.status,
        )
