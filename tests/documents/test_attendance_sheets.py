"""The attendance list as Excel and CSV is opened again; no name may have become a formula."""

import csv
import io
from datetime import datetime

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from eventapp.documents.attendance_list import AttendanceList
from eventapp.documents.attendance_sheets import to_csv, to_xlsx
from tests.documents.examples import HOSTILE_NAMES, MORNING, TRAP_NAMES, make_list, make_row

HEADINGS = ["Nr", "Naam", "Voluit", "Organisatie", "Functie", "Categorie", "Opmerking", "Aanwezig", "Tijd"]
FORMULAS = ("=1+1", "+31 6 0000", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "  =1+1", "\u200b=1+1")


def opened(attendance: AttendanceList) -> Worksheet:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(attendance)))
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    return sheet


def lines(attendance: AttendanceList) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv(attendance).decode("utf-8-sig"), newline=""), delimiter=";"))


def test_workbook_holds_the_rows_with_local_times() -> None:
    rows = (make_row(0, came=True, came_at=MORNING), make_row(1, note="zonder ticket"))

    found = [[cell.value for cell in row] for row in opened(make_list(rows)).iter_rows()]

    common = ["Stichting De Brêge", "Directeur-bestuurder", "Lid"]
    assert found == [
        HEADINGS,
        [1, *TRAP_NAMES[0], *common, None, "ja", datetime(2027, 4, 14, 9, 12)],
        [2, *TRAP_NAMES[1], *common, "zonder ticket", "nee", None],
    ]


def test_workbook_has_a_filter_and_keeps_its_head_in_sight() -> None:
    sheet = opened(make_list(5))

    assert sheet.auto_filter.ref == "A1:I6"
    assert sheet.freeze_panes == "C2"
    assert sheet["A1"].font.b is True
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize("text", [*FORMULAS, *HOSTILE_NAMES])
def test_text_in_a_workbook_is_never_a_formula_or_link(text: str) -> None:
    sheet = opened(make_list((make_row(sort_name=text, organisation=text, note="https://x.example"),)))

    assert {cell.data_type for cell in sheet[2][1:4]} == {"s"}
    assert [cell.hyperlink for cell in sheet[2]] == [None] * 9


@pytest.mark.parametrize("text", FORMULAS)
def test_formula_signs_in_csv_stand_behind_an_apostrophe(text: str) -> None:
    row = lines(make_list((make_row(sort_name=text, full_name=text, organisation=text),)))[1]

    assert {cell[0] for cell in row[1:4]} == {"'"}


def test_csv_is_made_for_dutch_excel() -> None:
    data = to_csv(make_list((make_row(1, organisation='De "Brêge"; noord', came=True, came_at=MORNING),)))

    assert data.startswith(b"\xef\xbb\xbfNr;Naam;")
    assert data.decode("utf-8-sig").split("\r\n")[1] == (
        '1;Yıldız, Fatma;Fatma Yıldız;"De ""Brêge""; noord";Directeur-bestuurder;Lid;;ja;14-04-2027 09:12'
    )


def test_names_with_traps_come_back_as_written() -> None:
    found = lines(make_list(len(TRAP_NAMES)))

    assert [tuple(row[1:3]) for row in found[1:]] == list(TRAP_NAMES)


def test_line_ends_in_a_name_do_not_break_the_row() -> None:
    found = lines(make_list((make_row(sort_name="Jan\r\nPiet;X\x00"),)))

    assert [row[1] for row in found[1:]] == ["Jan Piet;X"]


@pytest.mark.parametrize("rows", [0, 1, 200])
def test_every_size_has_a_head_and_its_rows(rows: int) -> None:
    attendance = make_list(rows)

    assert len(lines(attendance)) == rows + 1
    assert opened(attendance).max_row == rows + 1


def test_same_list_gives_the_same_bytes() -> None:
    assert to_xlsx(make_list(20)) == to_xlsx(make_list(20))
    assert to_csv(make_list(20)) == to_csv(make_list(20))
