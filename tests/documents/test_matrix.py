"""The matrix of a series is read back: every page, every figure, and hostile names."""

import io

import openpyxl
import pytest

from eventapp.documents import signing_pdf
from eventapp.documents.matrix_pdf import to_pdf
from eventapp.documents.matrix_sheets import to_csv, to_xlsx
from tests.documents.examples import HOSTILE_NAMES, make_matrix, read_pdf, text_of


@pytest.mark.parametrize(
    ("people", "meetings", "pages"), [(0, 0, 1), (1, 5, 2), (25, 12, 2), (26, 12, 3), (26, 13, 5), (400, 12, 17)]
)
def test_people_and_meetings_are_broken_into_pages(people: int, meetings: int, pages: int) -> None:
    data = to_pdf(make_matrix(people, meetings))

    reader = read_pdf(data)
    assert len(reader.pages) == pages
    assert f"pagina {pages} van {pages}" in text_of(data, pages - 1)
    assert {(int(page.mediabox.width), int(page.mediabox.height)) for page in reader.pages} == {(841, 595)}


def test_head_and_days_stand_on_every_page() -> None:
    data = to_pdf(make_matrix(60, 5))

    for page in range(3):
        text = text_of(data, page)
        assert "Kenniskring HR seizoen 2026-2027 · 5 bijeenkomsten · vastgesteld" in text
        assert "Naam Organisatie 10-09 2026 24-09 vervalt 08-10 2026" in text
    assert "Achternaam059, Voornaam Stichting De Brêge N 3 van 4 75% 1" in text_of(data, 2)
    assert "Totaal aanwezig 60 60 60 0 180 van 240 75% 60" in text_of(data, 2)
    assert "Totaal aanwezig" not in text_of(data, 0)
    assert "Stichting De Brêge 60 180 van 240 75% 60" in text_of(data, 3)


def test_many_meetings_say_which_of_them_a_page_has() -> None:
    data = to_pdf(make_matrix(2, 20))

    assert "bijeenkomst 1 t/m 12 van 20" in text_of(data, 0)
    assert "bijeenkomst 13 t/m 20 van 20" in text_of(data, 1)


def test_an_empty_series_and_a_provisional_one_say_so() -> None:
    assert "Deze reeks heeft nog geen leden." in text_of(to_pdf(make_matrix(0, 0)))
    assert "voorlopig: nog niet alles is vastgesteld" in text_of(to_pdf(make_matrix(fixed=False)))


def test_workbook_holds_the_figures() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(make_matrix(2, 3))))

    people = [[cell.value for cell in row] for row in book["Mensen"].iter_rows()]
    organisations = [[cell.value for cell in row] for row in book["Organisaties"].iter_rows()]

    assert people[0][2:6] == ["10-09-2026", "24-09-2026 vervallen", "08-10-2026", "Aanwezig"]
    assert people[1] == ["Achternaam000, Voornaam", "Stichting De Brêge", "A", None, "N", 1, 2, 0.5, 0, 1, 1, 0]
    assert people[3] == ["Totaal", None, 2, None, 0, 2, 4, 0.5, 0, 2, 2, 0]
    assert organisations[1] == ["Stichting De Brêge", 2, 2, 4, 0.5, 0, 2, 2]
    assert "no-show" in str(list(book["Uitleg"].values))


def test_csv_holds_what_the_workbook_says_of_people() -> None:
    lines = to_csv(make_matrix(1, 3, name="=SUM(A1)")).decode("utf-8-sig").splitlines()

    assert lines[0].split(";")[2:6] == ["10-09-2026", "24-09-2026 vervallen", "08-10-2026", "Aanwezig"]
    assert lines[1] == "'=SUM(A1);Stichting De Brêge;A;;N;1;2;50;0;1;1;0"


def test_a_list_to_sign_has_the_meetings_ahead_and_who_is_expected() -> None:
    data = signing_pdf.to_pdf(make_matrix(16, 9, held=3))

    reader = read_pdf(data)
    assert len(reader.pages) == 4
    assert "om te tekenen · 6 bijeenkomsten" in text_of(data)
    assert "Naam Organisatie 22-10-2026 05-11-2026 19-11-2026 03-12-2026 17-12-2026" in text_of(data)
    assert "Achternaam000, Voornaam Stichting De Brêge afgemeld" in text_of(data)
    assert "Naam Organisatie 31-12-2026" in text_of(data, 2)
    assert "Er is geen bijeenkomst meer gepland." in text_of(signing_pdf.to_pdf(make_matrix(3, 3)))


@pytest.mark.parametrize("name", [*HOSTILE_NAMES, "@SUM(A1)"])
def test_hostile_names_are_names(name: str) -> None:
    sheet = make_matrix(1, 2, name=name)

    page = openpyxl.load_workbook(io.BytesIO(to_xlsx(sheet)))["Mensen"]

    assert page["A2"].data_type == "s"
    assert len(read_pdf(to_pdf(sheet)).pages) == 2


def test_the_same_matrix_gives_the_same_bytes() -> None:
    assert to_pdf(make_matrix(30)) == to_pdf(make_matrix(30))
    assert to_xlsx(make_matrix(30)) == to_xlsx(make_matrix(30))
