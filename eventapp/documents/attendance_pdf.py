"""How does the attendance list look on paper, to sign at the door or to keep afterwards?

Drawn cell by cell on the canvas: a list of a thousand names is printed while the volunteer waits.
"""

from collections.abc import Iterator
from enum import Enum

from eventapp import wording
from eventapp.documents.attendance_list import AttendanceList, AttendanceRow
from eventapp.documents.fonts import Weight
from eventapp.documents.lettering import one_line, snug
from eventapp.documents.paper import BRAND, GOOD, HEIGHT, INK, LINE, MM, SOFT_INK, WIDTH, Paper, Style
from eventapp.formatting import amsterdam, clock, count_nl, moment, short_date

ROWS_PER_PAGE = 22

_MARGIN = 14 * MM
_CONTENT = WIDTH - 2 * _MARGIN
_FIRST_ROW = 45 * MM
_ROW = 10.3 * MM
_FOOT = HEIGHT - 11 * MM
_CELL_GAP = 3 * MM

_HEAD = Style(Weight.SEMIBOLD, 8.5, BRAND)
_SMALL = Style(Weight.REGULAR, 8.5, SOFT_INK)


class Column(Enum):
    """The columns of the printed list, with their headings."""

    NUMBER = "Nr"
    NAME = "Naam"
    ORGANISATION = "Organisatie"
    FUNCTION = "Functie"
    CATEGORY = "Categorie"
    CAME = "Aanwezig"
    SIGNATURE = "Handtekening"


# Widths in millimetres, 182 in all; which columns there are depends on room to sign and on whether anybody came yet.
_WIDTHS: dict[tuple[bool, bool], dict[Column, float]] = {
    (True, False): dict(zip(Column, (9, 45, 38, 31, 23, 0, 36), strict=True)),
    (False, True): dict(zip(Column, (9, 51, 46, 31, 23, 22, 0), strict=True)),
    (True, True): dict(zip(Column, (9, 39, 33, 29, 22, 18, 32), strict=True)),
    (False, False): dict(zip(Column, (9, 56, 53, 39, 25, 0, 0), strict=True)),
}
_WIDTHS_OF_NAMES: dict[Column, float] = dict(zip(Column, (9, 87, 86, 0, 0, 0, 0), strict=True))
_WIDTHS_AFTERWARDS: dict[Column, float] = dict(zip(Column, (9, 46, 42, 29, 23, 33, 0), strict=True))


def to_pdf(attendance: AttendanceList) -> bytes:
    """The list as A4 pages of 22 names with the head repeated; the same list gives the same bytes."""
    paper = Paper(
        title=f"{attendance.heading} {attendance.event_title}", author=attendance.association, subject=attendance.when
    )
    columns = tuple(_columns(attendance))
    pages = max(1, -(-len(attendance.rows) // ROWS_PER_PAGE))
    several_days = _several_days(attendance)
    summary = _summary(attendance)
    for page in range(pages):
        _page_head(paper, attendance, columns)
        first = page * ROWS_PER_PAGE
        for place, row in enumerate(attendance.rows[first : first + ROWS_PER_PAGE]):
            _row(paper, _FIRST_ROW + place * _ROW, first + place + 1, row, columns, several_days)
        if not attendance.rows:
            line = wording.NOBODY_ON_LIST
            paper.text(_MARGIN, _FIRST_ROW + 9 * MM, line, Style(Weight.REGULAR, 11))
        _page_foot(paper, summary, f"pagina {page + 1} van {pages}")
        paper.next_page()
    return paper.finish()


def _columns(attendance: AttendanceList) -> Iterator[tuple[Column, float, float]]:
    """Each column with its left side and the width its text may take."""
    x = _MARGIN
    for column, width in _widths(attendance).items():
        if width:
            yield column, x, width * MM - _CELL_GAP
            x += width * MM


def _widths(attendance: AttendanceList) -> dict[Column, float]:
    if attendance.names_only:
        return _WIDTHS_OF_NAMES
    return _WIDTHS_AFTERWARDS if attendance.afterwards else _WIDTHS[attendance.room_to_sign, attendance.came > 0]


def _several_days(attendance: AttendanceList) -> bool:
    return len({amsterdam(row.came_at).date() for row in attendance.rows if row.came_at}) > 1


def _page_head(paper: Paper, attendance: AttendanceList, columns: tuple[tuple[Column, float, float], ...]) -> None:
    name = one_line(attendance.association, Weight.SEMIBOLD, 9.5, 7, _CONTENT - 40 * MM)
    paper.text(_MARGIN, 14 * MM, name.lines[0], Style(Weight.SEMIBOLD, name.size, BRAND))
    paper.text_right(WIDTH - _MARGIN, 14 * MM, attendance.heading, Style(Weight.SEMIBOLD, 9.5, BRAND))
    paper.rule(_MARGIN, 16.5 * MM, _CONTENT, colour=BRAND, thick=1.4)
    title = one_line(attendance.event_title, Weight.BOLD, 18, 11, _CONTENT)
    paper.text(_MARGIN, 25.5 * MM, title.lines[0], Style(Weight.BOLD, title.size, INK))
    facts = " · ".join(filter(None, (attendance.when, attendance.place)))
    line = one_line(facts, Weight.REGULAR, 10.5, 8, _CONTENT)
    paper.text(_MARGIN, 31.5 * MM, line.lines[0], Style(Weight.REGULAR, line.size, SOFT_INK))
    for column, x, width in columns:
        if column is Column.NUMBER:
            paper.text_right(x + width, _FIRST_ROW - 2.4 * MM, column.value, _HEAD)
        else:
            paper.text(x, _FIRST_ROW - 2.4 * MM, column.value, _HEAD)
    paper.rule(_MARGIN, _FIRST_ROW, _CONTENT, colour=BRAND, thick=0.8)


def _row(
    paper: Paper,
    top: float,
    number: int,
    row: AttendanceRow,
    columns: tuple[tuple[Column, float, float], ...],
    several_days: bool,
) -> None:
    middle = top + _ROW / 2
    for column, x, width in columns:
        match column:
            case Column.NUMBER:
                paper.text_right(x + width, middle + 3, str(number), _SMALL)
            case Column.NAME:
                _cell(paper, x, middle, width, row.sort_name, Weight.SEMIBOLD, (10.5, 9, 8))
            case Column.ORGANISATION:
                _cell(paper, x, middle, width, row.organisation)
            case Column.FUNCTION:
                _cell(paper, x, middle, width, row.function)
            case Column.CATEGORY:
                _category(paper, x, middle, width, row)
            case Column.CAME if row.status:
                _status(paper, x, middle, width, row, several_days)
            case Column.CAME:
                _presence(paper, x, middle, row, several_days)
    paper.rule(_MARGIN, top + _ROW, _CONTENT, colour=LINE)


def _cell(
    paper: Paper,
    x: float,
    middle: float,
    width: float,
    text: str,
    weight: Weight = Weight.REGULAR,
    sizes: tuple[float, ...] = (9.5, 8.5, 7.5),
) -> None:
    """Text of one to three lines, its middle on the middle of the row."""
    lines = snug(text, weight, sizes, width, height=_ROW - 1.4)
    style = Style(weight, lines.size)
    y = middle - lines.height / 2 + lines.step / 2 + lines.size * 0.34
    for line in lines.lines:
        paper.text(x, y, line, style)
        y += lines.step


def _category(paper: Paper, x: float, middle: float, width: float, row: AttendanceRow) -> None:
    """The category, with the remark under it in smaller letters."""
    if not row.note:
        _cell(paper, x, middle, width, row.category)
        return
    category = one_line(row.category, Weight.REGULAR, 9.5, 7.5, width)
    paper.text(x, middle - 1.5, category.lines[0], Style(Weight.REGULAR, category.size))
    note = one_line(row.note, Weight.REGULAR, 8, 6.5, width)
    paper.text(x, middle + 8.5, note.lines[0], Style(Weight.REGULAR, note.size, SOFT_INK))


def _status(paper: Paper, x: float, middle: float, width: float, row: AttendanceRow, several_days: bool) -> None:
    """How somebody stood, in words; with the mark and the time of who was there."""
    if row.came:
        paper.tick(x, middle + 3.4, 8, GOOD)
    if not row.came or not row.came_at:
        _cell(paper, x + 12, middle, width - 12, row.status)
        return
    word = one_line(row.status, Weight.REGULAR, 9.5, 7.5, width - 12)
    paper.text(x + 12, middle - 1, word.lines[0], Style(Weight.REGULAR, word.size))
    day = f"{short_date(row.came_at)[:5]} " if several_days else ""
    paper.text(x + 12, middle + 8.5, day + clock(row.came_at), Style(Weight.REGULAR, 8, SOFT_INK))


def _presence(paper: Paper, x: float, middle: float, row: AttendanceRow, several_days: bool) -> None:
    if not row.came:
        return
    paper.tick(x, middle + 3.4, 8, GOOD)
    if row.came_at is None:
        paper.text(x + 12, middle + 3.4, "ja", Style(Weight.REGULAR, 9.5))
        return
    paper.text(x + 12, middle + (0 if several_days else 3.4), clock(row.came_at), Style(Weight.REGULAR, 9.5))
    if several_days:
        paper.text(x + 12, middle + 9, short_date(row.came_at)[:5], Style(Weight.REGULAR, 8, SOFT_INK))


def _summary(attendance: AttendanceList) -> str:
    total = count_nl(len(attendance.rows), "naam", "namen")
    came = f", {attendance.came} aanwezig" if attendance.came else ""
    standing = f" · {attendance.standing}" if attendance.standing else ""
    return f"{total}{came}{standing} · gemaakt op {moment(attendance.printed_at)}"


def _page_foot(paper: Paper, summary: str, page: str) -> None:
    paper.text(_MARGIN, _FOOT, summary, _SMALL)
    paper.text_right(WIDTH - _MARGIN, _FOOT, page, _SMALL)
