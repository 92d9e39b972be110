"""The report of a year is read back from paper and from Excel: every number, what it means, and a year of nothing."""

import io

import openpyxl

from eventapp import wording
from eventapp.documents.charts import Bar, bars, grid, line_to_goal
from eventapp.documents.drawing import Box, Words
from eventapp.documents.year_numbers import Goal
from eventapp.documents.year_pdf import to_pdf
from eventapp.documents.year_report import YearReport
from eventapp.documents.year_sections import sections
from eventapp.documents.year_sheets import to_xlsx
from eventapp.domain.account import Figure, Key, Totals
from eventapp.domain.events import EventKind, Field, TargetGroup
from eventapp.domain.organisation_kinds import OrganisationKind
from tests.documents.examples import read_pdf
from tests.factories import NOW

FULL = Totals(
    {
        Key(Figure.MEETINGS, "rvt", "hr"): 1234,
        Key(Figure.MEETINGS, "rvt", "all"): 1234,
        Key(Figure.MEETINGS, "all", "hr"): 1234,
        Key(Figure.MEETINGS, "all", "all"): 1234,
        Key(Figure.REACH, "kinderopvang", "members"): 8,
        Key(Figure.REACH, "kinderopvang", "took_part"): 5,
        Key(Figure.REACH, "all", "members"): 8,
        Key(Figure.REACH, "all", "took_part"): 5,
        Key(Figure.REACH, "all", "never"): 3,
        Key(Figure.NO_SHOW, "webinar", "no_show"): 1,
        Key(Figure.NO_SHOW, "webinar", "expected"): 8,
        Key(Figure.WAITING, "all", "waited"): 9,
        Key(Figure.WAITING, "all", "places"): 18,
        Key(Figure.APPRECIATION, "webinar", "total-2026"): 47,
        Key(Figure.APPRECIATION, "webinar", "answers-2026"): 6,
        Key(Figure.APPRECIATION, "webinar", "asked-2026"): 12,
        Key(Figure.APPRECIATION, "webinar", "total-2025"): 40,
        Key(Figure.APPRECIATION, "webinar", "answers-2025"): 5,
        Key(Figure.MEMBERS, "all", "end"): 24,
        Key(Figure.MEMBERS, "year:2026", "end"): 24,
        Key(Figure.VISIBILITY, "extern", "heads"): 250,
    }
)
# Every row there can be, so that the longest report is made too.
OVERFULL = Totals(
    {
        **{Key(Figure.ATTENDANCE, f"kind:{kind}", "registered"): 1234567 for kind in EventKind},
        **{Key(Figure.NO_SHOW, kind.value, "expected"): 1234567 for kind in EventKind},
        **{Key(Figure.OUTSIDERS, kind.value, "organisations"): 1234567 for kind in OrganisationKind},
        **{Key(Figure.MEETINGS, group, field): 123 for group in (*TargetGroup, "none") for field in (*Field, "none")},
        Key(Figure.MEETINGS, "all", "none"): 123,
    }
)


def report(numbers: Totals, *, provisional: bool = True) -> YearReport:
    made = sections(numbers, year=2026, goal=Goal(160, 2028))
    standing = wording.year_provisional(over=True, unfixed=2) if provisional else "Afgesloten"
    return YearReport("Vereniging Netwerk Kindcentra", 2026, standing, provisional, made, NOW)


def on_paper(numbers: Totals) -> str:
    pages = read_pdf(to_pdf(report(numbers))).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def in_book(numbers: Totals) -> dict[str, list[list[object]]]:
    """The rows of every sheet."""
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(report(numbers))))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


SAID = (
    "Verantwoording 2026",
    "Van 2 bijeenkomsten is de presentie nog niet vastgesteld",
    "Raad van toezicht 0 1.234 0 0 0 0 1.234",
    "41 van 42 vakjes nog leeg",
    "Kinderopvang 8 5 0 0 63 %",
    "Webinar 1 8 13 %",
    "Webinar – – – 8,0 7,8 6 50 %",
    "leden; het doel is 160 in 2028",
    "Extern 0 0 0 250",
)


def test_paper_says_every_number_and_explains_every_figure_and_column():
    text = on_paper(FULL)

    assert [line for line in SAID if line not in text] == []
    together = text.replace(" ", "")
    meanings = (*wording.ACCOUNT_FIGURES.values(), *wording.ACCOUNT_COLUMNS.values())
    assert [one.word for one in meanings if one.sentence.replace(" ", "") not in together] == []


def test_year_of_nothing_and_a_year_of_everything_are_drawn():
    nothing, everything = on_paper(Totals()), on_paper(OVERFULL)

    assert "Voorlopig. Gemaakt op" in nothing
    assert "42 van 42 vakjes nog leeg" in nothing
    assert "Geen doelgroep" in everything
    assert "1.234.567" in everything
    assert to_pdf(report(FULL)) == to_pdf(report(FULL))


def test_workbook_holds_numbers_to_count_on():
    book = in_book(FULL)

    reach = next(row for row in book["Bereik onder de leden"] if row[0] == "Kinderopvang")
    marks = next(row for row in book["Waardering"] if row[0] == "Webinar")
    assert reach[1:6] == [8, 5, 0, 0, 63]
    assert marks[1:7] == ["–", "–", "–", 8, 7.8, 6]
    assert len(book) == len(Figure) + 1
    overview = book["Overzicht"]
    assert ["Bereik onder de leden: bereik", 63] in [row[:2] for row in overview]
    assert [row[0] for row in in_book(Totals())["Bereik onder de leden"]][5] == "Alle leden"


def test_number_leads_to_its_rows_and_zero_to_nothing():
    reach = next(one for one in report(FULL).sections if one.figure == Figure.REACH)

    keys = {cell.text: cell.key for cell in reach.tables[0].rows[0][1:3]}

    assert keys == {
        "8": Key(Figure.REACH, "kinderopvang", "members"),
        "5": Key(Figure.REACH, "kinderopvang", "took_part"),
    }
    assert [cell.key for cell in reach.tables[0].rows[0][3:]] == [None, None, None]


def test_charts_keep_within_their_sheet_and_show_empty_cells():
    numbers = [("Raad van toezicht", (0, 3)), ("Bestuurder", (12, 0))]
    drawn = [
        grid(("HR", "ICT"), numbers, alt="x"),
        bars([Bar("Webinar", 31, "31 van 44", 44), Bar("ALV", 0, "0 van 0")], alt="x"),
        bars([], alt="x"),
        line_to_goal([("2025", 200), ("2026", 0)], goal=160, goal_words="doel", alt="x"),
        line_to_goal([("2026", 0)], goal=1, goal_words="doel", alt="x"),
    ]

    for drawing in drawn:
        for box in (shape for shape in drawing.shapes if isinstance(shape, Box)):
            assert box.width > 0
            assert 0 <= box.x + 4 <= box.x + box.width <= drawing.width + 4
            assert 0 <= box.y + 4 <= box.y + box.height <= drawing.height + 4
    assert [shape.text for shape in drawn[0].shapes if isinstance(shape, Words)][-2:] == ["Bestuurder", "12"]
