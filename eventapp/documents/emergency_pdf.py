"""How does the list look with which a door goes on when telephones and network do not? Boxes to tick."""

from eventapp import wording
from eventapp.documents.emergency_list import EmergencyList, EmergencyRow
from eventapp.documents.fonts import Weight
from eventapp.documents.lettering import one_line, snug
from eventapp.documents.paper import BRAND, HEIGHT, INK, LINE, MM, SOFT_INK, WIDTH, Paper, Style
from eventapp.formatting import count_nl, moment

ROWS_PER_PAGE = 30
_BLANKS = 14

_MARGIN = 14 * MM
_CONTENT = WIDTH - 2 * _MARGIN
_FIRST_ROW = 40 * MM
_ROW = 7.8 * MM
_BLANK_ROW = 16 * MM
_FOOT = HEIGHT - 11 * MM
_BOX = 4.6 * MM
_NAME, _ORGANISATION, _ROOMS = 9 * MM, 74 * MM, 126 * MM
_GAP = 3 * MM

_HEAD = Style(Weight.SEMIBOLD, 8.5, BRAND)
_SMALL = Style(Weight.REGULAR, 8.5, SOFT_INK)


def to_pdf(listed: EmergencyList) -> bytes:
    """A4 pages of 30 names, and one page for who is not on it."""
    paper = Paper(title=f"Noodlijst {listed.event_title}", author=listed.association, subject=listed.when)
    pages = max(1, -(-len(listed.rows) // ROWS_PER_PAGE)) + 1
    summary = f"{count_nl(len(listed.rows), 'naam', 'namen')} · gemaakt op {moment(listed.printed_at)}"
    for page in range(pages - 1):
        _page_head(paper, listed, "Noodlijst voor de deur")
        _heads(paper)
        rows = listed.rows[page * ROWS_PER_PAGE : (page + 1) * ROWS_PER_PAGE]
        for place, row in enumerate(rows):
            _row(paper, _FIRST_ROW + place * _ROW, row)
        if not rows:
            paper.text(_MARGIN, _FIRST_ROW + 9 * MM, wording.NOBODY_ON_LIST, Style(size=11))
        _foot(paper, summary, page + 1, pages)
        paper.next_page()
    _page_head(paper, listed, "Zonder aanmelding")
    _blanks(paper)
    _foot(paper, summary, pages, pages)
    paper.next_page()
    return paper.finish()


def _page_head(paper: Paper, listed: EmergencyList, what: str) -> None:
    name = one_line(listed.association, Weight.SEMIBOLD, 9.5, 7, _CONTENT - 60 * MM)
    paper.text(_MARGIN, 13 * MM, name.lines[0], Style(Weight.SEMIBOLD, name.size, BRAND))
    paper.text_right(WIDTH - _MARGIN, 13 * MM, what, Style(Weight.SEMIBOLD, 9.5, BRAND))
    paper.rule(_MARGIN, 15.5 * MM, _CONTENT, colour=BRAND, thick=1.4)
    title = one_line(listed.event_title, Weight.BOLD, 16, 10, _CONTENT)
    paper.text(_MARGIN, 23.5 * MM, title.lines[0], Style(Weight.BOLD, title.size, INK))
    line = one_line(listed.when, Weight.REGULAR, 10, 8, _CONTENT)
    paper.text(_MARGIN, 29 * MM, line.lines[0], Style(Weight.REGULAR, line.size, SOFT_INK))


def _heads(paper: Paper) -> None:
    for x, word in ((_NAME, "Naam"), (_ORGANISATION, "Organisatie"), (_ROOMS, "Deelsessies")):
        paper.text(_MARGIN + x, _FIRST_ROW - 2.4 * MM, word, _HEAD)
    paper.rule(_MARGIN, _FIRST_ROW, _CONTENT, colour=BRAND, thick=0.8)


def _row(paper: Paper, top: float, row: EmergencyRow) -> None:
    middle = top + _ROW / 2
    _box(paper, middle, ticked=row.came)
    name_width = _ORGANISATION - _NAME - _GAP
    _cell(paper, _MARGIN + _NAME, middle, name_width, row.sort_name, Weight.SEMIBOLD)
    _cell(paper, _MARGIN + _ORGANISATION, middle, _ROOMS - _ORGANISATION - _GAP, row.organisation)
    said = row.note or " · ".join(row.rooms)
    weight = Weight.SEMIBOLD if row.note else Weight.REGULAR
    _cell(paper, _MARGIN + _ROOMS, middle, _CONTENT - _ROOMS, said, weight)
    paper.rule(_MARGIN, top + _ROW, _CONTENT, colour=LINE)


def _box(paper: Paper, middle: float, *, ticked: bool) -> None:
    left, top = _MARGIN + 0.6 * MM, middle - _BOX / 2
    corners = [(left, top), (left + _BOX, top), (left + _BOX, top + _BOX), (left, top + _BOX), (left, top)]
    paper.stroke(corners, INK, thick=0.9)
    if ticked:
        paper.tick(left + 0.8 * MM, top + _BOX - 0.9 * MM, 3 * MM, INK)


def _cell(paper: Paper, x: float, middle: float, width: float, text: str, weight: Weight = Weight.REGULAR) -> None:
    lines = snug(text, weight, (10, 8.5, 7), width, height=_ROW - 1)
    y = middle - lines.height / 2 + lines.step / 2 + lines.size * 0.34
    for line in lines.lines:
        paper.text(x, y, line, Style(weight, lines.size))
        y += lines.step


def _blanks(paper: Paper) -> None:
    """Room for who is not on the list; the office types it in afterwards."""
    paper.text(
        _MARGIN, _FIRST_ROW - 2.4 * MM, "Schrijf duidelijk: het ticket of de factuur gaat naar dit adres.", _HEAD
    )
    paper.rule(_MARGIN, _FIRST_ROW, _CONTENT, colour=BRAND, thick=0.8)
    for place in range(_BLANKS):
        top = _FIRST_ROW + place * _BLANK_ROW
        _box(paper, top + _BLANK_ROW / 2, ticked=False)
        for x, word in ((_NAME, "Naam"), (_ORGANISATION, "E-mailadres"), (_ROOMS, "Organisatie, of gast van")):
            paper.text(_MARGIN + x, top + 3.6 * MM, word, Style(Weight.REGULAR, 7, SOFT_INK))
        paper.rule(_MARGIN, top + _BLANK_ROW, _CONTENT, colour=LINE)


def _foot(paper: Paper, summary: str, page: int, pages: int) -> None:
    paper.text(_MARGIN, _FOOT, summary, _SMALL)
    paper.text_right(WIDTH - _MARGIN, _FOOT, f"pagina {page} van {pages}", _SMALL)
