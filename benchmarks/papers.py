"""Tickets, badges and attendance lists, beside their bare makers: reportlab with one typeface, csv, and XlsxWriter."""

import csv
import io
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime

import sqlalchemy as sa
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from xlsxwriter import Workbook

from benchmarks.measuring import MILLISECONDS, Databases, Measured, usual_seconds
from benchmarks.seeding import make_circle
from eventapp.documents import (
    attendance_pdf,
    attendance_sheets,
    badge_pdf,
    fonts,
    invoice_pdf,
    matrix_pdf,
    matrix_sheets,
    ticket_pdf,
    year_pdf,
    year_sheets,
)
from eventapp.documents.badge import BadgeData
from eventapp.documents.fonts import Weight
from eventapp.documents.year_numbers import Goal
from eventapp.documents.year_report import YearReport
from eventapp.documents.year_sections import sections
from eventapp.domain.account import AccountYear
from eventapp.domain.badges import SHEETS, SheetKind
from eventapp.domain.pricing import Category
from eventapp.domain.tickets import new_code
from eventapp.extensions import db
from eventapp.models import Circle, Event, Registration
from eventapp.queries.matrix import matrix_of
from eventapp.queries.year_closings import totals_of
from tests import crowds
from tests.accounting import fill_year
from tests.documents.examples import make_list, make_matrix, make_ticket
from tests.invoicing import paper

PEOPLE = 1000


def run(databases: Databases) -> Iterator[Measured]:
    """The bare PDF has as many pages, each with the lines of text that ours has and nothing drawn."""
    people = databases.dose(PEOPLE, 100)
    tickets = [make_ticket(code=new_code(), holder=f"Voornaam van Achternaam{number}") for number in range(people)]
    times = databases.dose(20, 3)
    one = usual_seconds(lambda: ticket_pdf.ticket_pdf([make_ticket(code=new_code())]), times)
    yield _measured("one ticket as PDF", one, usual_seconds(lambda: _bare_pdf(1, 20), times))
    bill = paper()
    invoice = usual_seconds(lambda: invoice_pdf.invoice_pdf(bill), times)
    yield _measured("one invoice as PDF", invoice, usual_seconds(lambda: _bare_pdf(1, 40), times))
    many = usual_seconds(lambda: ticket_pdf.ticket_pdf(tickets), 1)
    memory = f"{_kilobytes(lambda: ticket_pdf.ticket_pdf(tickets)) / people:.1f} kB of memory a page"
    yield _measured(f"{people:,} tickets in one PDF", many, usual_seconds(lambda: _bare_pdf(people, 20), 1), memory)
    yield from _badges(people)
    attendance = make_list(people)
    cells = [(row.sort_name, row.organisation, row.function, row.category) for row in attendance.rows]
    for what, ours, bare in (
        ("PDF", lambda: attendance_pdf.to_pdf(attendance), lambda: _bare_pdf(people // 25, 100)),
        ("CSV", lambda: attendance_sheets.to_csv(attendance), lambda: _bare_csv(cells)),
        ("XLSX", lambda: attendance_sheets.to_xlsx(attendance), lambda: _bare_xlsx(cells)),
    ):
        found = usual_seconds(ours, databases.dose(5, 2)), usual_seconds(bare, databases.dose(5, 2))
        yield _measured(f"attendance list of {people:,} as {what}", *found)
    yield from _matrix(databases.dose(400, 50), databases)
    yield from _account(databases.dose(40, 5), databases)


def _matrix(people: int, databases: Databases) -> Iterator[Measured]:
    """Twelve meetings of a circle, read and drawn; a bare file holds the same number of cells."""
    meetings = 12
    for kind in databases.kinds:
        with databases.app(kind):
            yield _reading(kind, meetings, people, databases.dose(5, 2))
    sheet = make_matrix(people, meetings)
    names = [(f"Voornaam van Achternaam{number}", *("A" for _ in range(meetings))) for number in range(people)]
    what, times = f"matrix of {meetings} meetings x {people} people", databases.dose(5, 2)
    drawn = usual_seconds(lambda: matrix_pdf.to_pdf(sheet), times)
    yield _measured(f"{what} as PDF", drawn, usual_seconds(lambda: _bare_pdf(people // 25, 25 * meetings), times))
    book = usual_seconds(lambda: matrix_sheets.to_xlsx(sheet), times)
    yield _measured(f"{what} as XLSX", book, usual_seconds(lambda: _bare_xlsx(names), times))


def _reading(kind: str, meetings: int, people: int, times: int) -> Measured:
    """From the rows to every figure; bare is reading as many rows in one statement for each meeting."""
    circle_id = make_circle(meetings, people)
    circle, now = db.session.get_one(Circle, circle_id), datetime.now(UTC)
    assert len(matrix_of(circle, now=now).rows) == people
    plain = sa.select(Registration.id, Registration.person_id, Registration.state, Registration.organisation_name)
    events = list(db.session.scalars(sa.select(Event.id).where(Event.circle_id == circle_id)))

    def bare() -> None:
        for event_id in events:
            db.session.execute(plain.where(Registration.event_id == event_id)).all()

    ours = usual_seconds(lambda: matrix_of(circle, now=now), times)
    what = f"matrix of {meetings} meetings x {people} people from the database"
    return Measured(what, kind, ours * 1000, usual_seconds(bare, times) * 1000, MILLISECONDS)


def _account(events: int, databases: Databases) -> Iterator[Measured]:
    """The report of a year, counted and drawn; bare is one grouped count over its registrations, and the same pages."""
    seats, times = databases.dose(100, 10), databases.dose(5, 2)
    what = f"report of a year of {events} events x {seats} people"
    year, now = AccountYear(2026, date(2027, 1, 11)), datetime(2027, 1, 11, 9, tzinfo=UTC)
    report = None
    for kind in databases.kinds:
        with databases.app(kind):
            fill_year(events=events, seats=seats, people=4 * seats)
            crowds.analyse()
            count = sa.select(Registration.event_id, Registration.state, sa.func.count()).group_by(
                Registration.event_id, Registration.state
            )
            bare = usual_seconds(lambda count=count: db.session.execute(count).all(), times)
            ours = usual_seconds(lambda: totals_of(year, now=now), times)
            yield Measured(f"{what} counted", kind, ours * 1000, bare * 1000, MILLISECONDS)
            made = sections(totals_of(year, now=now), year=2026, goal=Goal(160, 2028))
            report = YearReport("Vereniging", 2026, "", True, made, now)
    assert report is not None
    for name, ours, bare in (
        ("PDF", lambda: year_pdf.to_pdf(report), lambda: _bare_pdf(14, 60)),
        ("XLSX", lambda: year_sheets.to_xlsx(report), lambda: _bare_xlsx([("x", "1", "2")] * 300)),
    ):
        yield _measured(f"{what} as {name}", usual_seconds(ours, times), usual_seconds(bare, times))


def _badges(people: int) -> Iterator[Measured]:
    """Ten to a sheet, each with its own code; the bare sheets hold the same number of lines."""
    names = [(f"Voornaam{number}", f"van Achternaam{number}") for number in range(people)]
    badges = [BadgeData(*name, "Stichting De Brêge", Category.LID, "Lid", new_code()) for name in names]

    def draw() -> bytes:
        return badge_pdf.badge_pdf(badges, SHEETS[SheetKind.L4784], event_title="Themadag", association="Vereniging")

    memory = f"{_kilobytes(draw) / people:.1f} kB of memory a badge"
    bare = usual_seconds(lambda: _bare_pdf(people // 10, 50), 1)
    yield _measured(f"{people:,} badges in one PDF", usual_seconds(draw, 1), bare, memory)


def _measured(what: str, ours: float, bare: float, more: str = "") -> Measured:
    return Measured(what, "", ours * 1000, bare * 1000, MILLISECONDS, more)


def _kilobytes(act: Callable[[], object]) -> float:
    """The most memory it held at once."""
    tracemalloc.start()
    act()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1024


def _bare_pdf(pages: int, lines: int) -> bytes:
    name = fonts.house(Weight.REGULAR).fontName
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(fonts.house(Weight.REGULAR))
    file = io.BytesIO()
    canvas = Canvas(file)
    for page in range(pages):
        canvas.setFont(name, 10)
        for line in range(lines):
            canvas.drawString(50, 800 - 7 * line, f"Regel {line} van bladzijde {page}")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _bare_csv(cells: Sequence[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows(cells)
    return file.getvalue()


def _bare_xlsx(cells: Sequence[Sequence[str]]) -> bytes:
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(cells):
            sheet.write_row(number, 0, row)
    return file.getvalue()
