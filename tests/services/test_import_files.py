"""Reading lists: every file that spreadsheets write, and none that would hurt."""

import io
import os
import subprocess
import sys
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook

from eventapp.domain.errors import (
    ColumnsMissing,
    DomainError,
    FileTooLarge,
    OldSpreadsheet,
    TooManyRows,
    UnreadableFile,
)
from eventapp.services.importing import files
from eventapp.services.importing.files import LOST, MOST_BYTES, Columns, as_text, read_sheet

COLUMNS = Columns({"naam": ("wie",), "e-mail": ("e-mailadres",), "van": ()}, required=("naam", "e-mail"))
HEAD = "naam;e-mail;van\n"
ROW = "Zoë;zoe@spruit.example;31-12-2027\n"


def xlsx(*rows: tuple) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        (HEAD + ROW).encode(),
        (HEAD + ROW).encode("utf-8-sig"),
        (HEAD + ROW).encode("cp1252"),
        (HEAD + ROW).encode("utf-16"),
        (HEAD + ROW).replace(";", ",").encode(),
        (HEAD + ROW).replace(";", "\t").encode("utf-16"),
        (HEAD + ROW).replace("\n", "\r\n").encode(),
        ("\n;;\n" + HEAD.upper() + ";;\n\n" + ROW).encode(),
        ("Wie;E-mailadres;van;\n" + ROW).encode(),
        ("sep=;\r\n" + HEAD + ROW).encode("utf-8-sig"),
        ('"sep=,"\n' + (HEAD + ROW).replace(";", ",")).encode(),
        xlsx(("naam", "e-mail", "van"), ("Zoë", "zoe@spruit.example", "31-12-2027")),
    ],
)
def test_every_spreadsheet_says_the_same(content):
    sheet = read_sheet(content, COLUMNS)

    assert [dict(line.values) for line in sheet.lines] == [
        {"naam": "Zoë", "e-mail": "zoe@spruit.example", "van": "31-12-2027"}
    ]


def test_a_row_in_another_encoding_loses_its_own_signs_only():
    long = "Daniëlle Cécile Noël Zoë;zoe@spruit.example;31-12-2027\n"
    content = (HEAD + ROW).encode() + long.encode("cp1252") + ROW.encode()

    sheet = read_sheet(content, COLUMNS)

    lost = long.partition(";")[0].translate(dict.fromkeys(map(ord, "ëé"), LOST))
    assert [line.values["naam"] for line in sheet.lines] == ["Zoë", lost, "Zoë"]


def test_lines_are_numbered_as_a_spreadsheet_shows_them_and_unknown_columns_are_named():
    sheet = read_sheet(b"naam;schoenmaat;e-mail\n\nA;41;a@b.example\n'=B;;b@b.example\n", COLUMNS)

    assert [line.number for line in sheet.lines] == [3, 4]
    assert (sheet.ignored, sheet.lines[1].values["naam"]) == (("schoenmaat",), "=B")


def test_a_workbook_gives_dates_as_days_whole_numbers_plain_and_formulas_not_at_all():
    sheet = read_sheet(
        xlsx(("naam", "e-mail", "van"), (12.0, '="a"&"b"', datetime(2027, 12, 31)), (None, None, None)), COLUMNS
    )

    line = sheet.lines[0]
    assert (dict(line.values), line.formulas) == ({"naam": "12", "e-mail": "", "van": "2027-12-31"}, {"e-mail"})
    assert len(sheet.lines) == 1


def with_row(number: int) -> bytes:
    """A workbook whose last row says to be that one."""
    packed, file = zipfile.ZipFile(io.BytesIO(xlsx(("naam", "e-mail"), ("Zoë", "zoe@spruit.example")))), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in packed.namelist():
            content = packed.read(name).replace(b"</sheetData>", b'<row r="%d" ht="15"/></sheetData>' % number)
            changed.writestr(name, content)
    return file.getvalue()


def test_a_stray_row_at_the_end_of_a_sheet_does_no_harm():
    assert [line.number for line in read_sheet(with_row(60_000), COLUMNS).lines] == [2]


def test_a_row_that_no_sheet_has_is_refused_by_whoever_reads_it(monkeypatch):
    monkeypatch.setattr(files, "_LAST_ROW", 1000)

    for reading in (lambda: read_sheet(with_row(99_999_999_999), COLUMNS), lambda: as_text(with_row(99_999_999_999))):
        with pytest.raises(TooManyRows):
            reading()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", UnreadableFile),
        (b"%PDF-1.7\n\0\0", UnreadableFile),
        (b"PK\x03\x04 not a zip", UnreadableFile),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OldSpreadsheet),
        (b"Geachte heer,\n", ColumnsMissing),
        (xlsx(("naam", "adres"), ("a", "b")), ColumnsMissing),
        (b"x" * (MOST_BYTES + 1), FileTooLarge),
    ],
    ids=["empty", "pdf", "no zip", "old Excel", "a letter", "other columns", "too large"],
)
def test_what_is_no_list_is_refused(content, refusal):
    with pytest.raises(DomainError) as refused:
        read_sheet(content, COLUMNS)

    assert type(refused.value) is refusal


def test_a_bomb_is_refused():
    file = io.BytesIO(xlsx(("naam", "e-mail"), ("Zoë", "zoe@spruit.example")))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("xl/media/image1.png", bytes(101 * 1024 * 1024))

    with pytest.raises(DomainError) as refused:
        read_sheet(file.getvalue(), COLUMNS)

    assert type(refused.value) is UnreadableFile


# Ten thousand million signs from a few hundred, and a file of this machine.
GROWING = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 11))
TRICKS = {
    "grows": f'<!DOCTYPE x [<!ENTITY e0 "x">{GROWING}<!ENTITY e "&e10;">]>',
    "reads a file": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{__file__}">]>',
}
# Where something stands that is read, by part.
READ = {"xl/workbook.xml": '"Sheet"', "xl/worksheets/sheet1.xml": ">Zo&#235;<", "docProps/core.xml": ">openpyxl<"}
READING = """
import sys
from eventapp.domain.errors import DomainError
from eventapp.services.importing.files import Columns, read_sheet
try:
    lines = read_sheet(bytes.fromhex(sys.argv[1]), Columns({"naam": (), "e-mail": ()}, required=("naam",))).lines
    print([line.values["naam"] for line in lines])
except DomainError as refusal:
    print(type(refusal).__name__)
"""


def with_trick(part: str, doctype: str) -> bytes:
    packed, file = zipfile.ZipFile(io.BytesIO(xlsx(("naam", "e-mail"), ("Zoë", "zoe@spruit.example")))), io.BytesIO()
    with zipfile.ZipFile(file, "w") as changed:
        for name in packed.namelist():
            content = packed.read(name).decode()
            if name == part:
                assert READ[part] in content
                content = doctype + content.replace(READ[part], f"{READ[part][0]}&e;{READ[part][-1]}")
            changed.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("with_lxml", ["True", "False"])
@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("part", READ)
def test_tricks_of_xml_grow_nothing_and_read_no_file(part: str, trick: str, with_lxml: str) -> None:
    """In a process of its own, as openpyxl chooses its parser when it is imported. What it read past, it read past."""
    asked = [sys.executable, "-c", READING, with_trick(part, TRICKS[trick]).hex()]

    told = subprocess.run(
        asked, env={**os.environ, "OPENPYXL_LXML": with_lxml}, capture_output=True, text=True, timeout=60, check=False
    )

    assert told.stdout.strip() in ("UnreadableFile", "['Zoë']", "['']"), told.stderr
