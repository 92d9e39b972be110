"""The list of a series to sign: who is expected against the meetings that are still to come, with room for a name."""

from collections.abc import Sequence

from eventapp.documents.fonts import Weight
from eventapp.documents.lettering import one_line
from eventapp.documents.matrix import MatrixSheet
from eventapp.documents.matrix_pdf import page_head
from eventapp.documents.paper import BRAND, INK, LINE, MM, QUIET, SOFT_INK, Paper, Style
from eventapp.domain.matrix import Mark, Row
from eventapp.domain.presence import EXCUSED
from eventapp.formatting import count_nl, moment, short_date

ROWS_PER_PAGE = 15
MEETINGS_PER_PAGE = 5

_WIDE, _HIGH = 297 * MM, 210 * MM
_MARGIN = 12 * MM
_CONTENT = _WIDE - 2 * _MARGIN
_NAME, _ORGANISATION = 56 * MM, 52 * MM
_SIGN = _CONTENT - _NAME - _ORGANISATION
_FIRST_ROW, _ROW = 38 * MM, 10 * MM
_FOOT = _HIGH - 9 * MM
_HEAD = Style(Weight.SEMIBOLD, 9, BRAND)
_SMALL = Style(Weight.REGULAR, 8, SOFT_INK)


def to_pdf(sheet: MatrixSheet) -> bytes:
    """Pages of 15 people and 5 meetings; grey where somebody is not expected. The same series gives the same bytes."""
    paper = Paper(
        title=f"Presentielijst {sheet.title}",
        author=sheet.association,
        subject=sheet.season or sheet.title,
        landscape=True,
    )
    ahead = [place for place, one in enumerate(sheet.matrix.columns) if not one.held and not one.meeting.cancelled]
    rows = [row for row in sheet.matrix.rows if any(row.marks[place] for place in ahead)]
    spans = [ahead[at : at + MEETINGS_PER_PAGE] for at in range(0, len(ahead), MEETINGS_PER_PAGE)] or [[]]
    parts = [(at, span) for span in spans for at in range(0, max(len(rows), 1), ROWS_PER_PAGE)]
    for number, (at, span) in enumerate(parts, start=1):
        page_head(paper, sheet, "om te tekenen", count_nl(len(ahead), "bijeenkomst", "bijeenkomsten"))
        _page(paper, sheet, rows[at : at + ROWS_PER_PAGE], span)
        printed = f"{count_nl(len(rows), 'naam', 'namen')} · gemaakt op {moment(sheet.printed_at)}"
        paper.text(_MARGIN, _FOOT, printed, _SMALL)
        paper.text_right(_WIDE - _MARGIN, _FOOT, f"pagina {number} van {len(parts)}", _SMALL)
        paper.next_page()
    return paper.finish()


def _page(paper: Paper, sheet: MatrixSheet, rows: Sequence[Row], span: Sequence[int]) -> None:
    if not rows:
        text = "Er is nog niemand lid." if span else "Er is geen bijeenkomst meer gepland."
        paper.text(_MARGIN, _FIRST_ROW + 8 * MM, text, Style(Weight.REGULAR, 11))
        return
    width = _SIGN / max(len(span), 3)
    below = _FIRST_ROW - 2 * MM
    paper.text(_MARGIN, below, "Naam", _HEAD)
    paper.text(_MARGIN + _NAME, below, "Organisatie", _HEAD)
    for turn, place in enumerate(span):
        starts_at = sheet.matrix.columns[place].meeting.starts_at
        paper.text(_left(turn, width), below, short_date(starts_at), _HEAD)
    paper.rule(_MARGIN, _FIRST_ROW, _CONTENT, colour=BRAND, thick=0.8)
    for number, row in enumerate(rows):
        _row(paper, _FIRST_ROW + number * _ROW, row, span, width)


def _left(turn: int, width: float) -> float:
    return _MARGIN + _NAME + _ORGANISATION + turn * width + 2 * MM


def _row(paper: Paper, top: float, row: Row, span: Sequence[int], width: float) -> None:
    base = top + _ROW / 2 + 3
    name = one_line(row.member.name, Weight.SEMIBOLD, 9.5, 7, _NAME - 2 * MM)
    paper.text(_MARGIN, base, name.lines[0], Style(Weight.SEMIBOLD, name.size, INK))
    organisation = one_line(row.organisation, Weight.REGULAR, 9, 6.5, _ORGANISATION - 2 * MM)
    paper.text(_MARGIN + _NAME, base, organisation.lines[0], Style(Weight.REGULAR, organisation.size))
    for turn, place in enumerate(span):
        _cell(paper, _left(turn, width), top, row.marks[place], width)
    paper.rule(_MARGIN, top + _ROW, _CONTENT, colour=LINE, thick=0.4)


def _cell(paper: Paper, x: float, top: float, mark: Mark | None, width: float) -> None:
    """Empty to sign in; grey for who has nothing to do there, with a word for who sent one."""
    paper.box(x - 2 * MM, top, 0.4, _ROW, LINE)
    excused = mark is not None and mark.status in EXCUSED
    if mark is None or excused:
        paper.box(x - 1 * MM, top + 0.8 * MM, width - 2 * MM, _ROW - 1.6 * MM, QUIET)
    if excused:
        paper.text(x + 1 * MM, top + _ROW / 2 + 3, "afgemeld", _SMALL)
