"""The matrix of a series on paper: A4 on its side, the head on every page, many meetings in pieces."""

from collections.abc import Sequence

from eventapp.documents.fonts import Weight
from eventapp.documents.lettering import block, one_line
from eventapp.documents.matrix import EXPLAINED, NO_SHOW, MatrixSheet, legend, letter, out_of, percent
from eventapp.documents.paper import BRAND, GOOD, INK, LINE, MM, QUIET, SOFT_INK, Paper, Style
from eventapp.documents.script import clean
from eventapp.domain.matrix import Column, Row, Score
from eventapp.domain.presence import PresenceStatus
from eventapp.formatting import count_nl, moment, short_date

ROWS_PER_PAGE = 25
MEETINGS_PER_PAGE = 12

_WIDE, _HIGH = 297 * MM, 210 * MM
_MARGIN = 12 * MM
_CONTENT = _WIDE - 2 * _MARGIN
_NAME, _ORGANISATION, _CELL = 52 * MM, 44 * MM, 9.4 * MM
_FIRST_ROW = 41 * MM
_ROW = 5.6 * MM
_FOOT = _HIGH - 9 * MM
# Heading and width of the totals, which end at the right edge.
_TOTALS = (("Aanwezig", 23 * MM), ("%", 12 * MM), ("Bericht", 13 * MM), ("No-show", 14 * MM))
_HEAD = Style(Weight.SEMIBOLD, 8, BRAND)
_BODY = Style(Weight.REGULAR, 8.5)
_SMALL = Style(Weight.REGULAR, 8, SOFT_INK)


def to_pdf(sheet: MatrixSheet) -> bytes:
    """Pages of 25 people and 12 meetings, then the organisations; the same matrix gives the same bytes."""
    title = f"Presentie {sheet.title}"
    paper = Paper(title=title, author=sheet.association, subject=sheet.season or sheet.title, landscape=True)
    rows, columns = sheet.matrix.rows, sheet.matrix.columns
    spans = [range(at, min(at + MEETINGS_PER_PAGE, len(columns))) for at in range(0, len(columns), MEETINGS_PER_PAGE)]
    spans = spans or [range(0)]
    parts = [(at, span) for at in range(0, max(len(rows), 1), ROWS_PER_PAGE) for span in spans]
    pages = len(parts) + (1 + (len(sheet.matrix.organisations) - 1) // ROWS_PER_PAGE if rows else 0)
    for number, (at, span) in enumerate(parts, start=1):
        page_head(paper, sheet, _part_of(span, columns), sheet.standing)
        _people(paper, sheet, rows[at : at + ROWS_PER_PAGE], span, last=at + ROWS_PER_PAGE >= len(rows))
        _page_foot(paper, sheet, f"pagina {number} van {pages}")
        paper.next_page()
    for number in range(len(parts), pages):
        page_head(paper, sheet, "Per organisatie", sheet.standing)
        at = (number - len(parts)) * ROWS_PER_PAGE
        _organisations(paper, sheet.matrix.organisations[at : at + ROWS_PER_PAGE])
        _page_foot(paper, sheet, f"pagina {number + 1} van {pages}")
        paper.next_page()
    return paper.finish()


def _part_of(span: range, columns: Sequence[Column]) -> str:
    """Which meetings stand on a page, when they do not all fit on one."""
    if len(span) == len(columns):
        return count_nl(len(columns), "bijeenkomst", "bijeenkomsten")
    return f"bijeenkomst {span.start + 1} t/m {span.stop} van {len(columns)}"


def page_head(paper: Paper, sheet: MatrixSheet, *parts: str) -> None:
    """The head of a page about a series, with what stands on it."""
    name = one_line(sheet.association, Weight.SEMIBOLD, 9.5, 7, _CONTENT - 50 * MM)
    paper.text(_MARGIN, 12 * MM, name.lines[0], Style(Weight.SEMIBOLD, name.size, BRAND))
    paper.text_right(_WIDE - _MARGIN, 12 * MM, "Presentie van de reeks", Style(Weight.SEMIBOLD, 9.5, BRAND))
    paper.rule(_MARGIN, 14.5 * MM, _CONTENT, colour=BRAND, thick=1.4)
    title = one_line(sheet.title, Weight.BOLD, 16, 10, _CONTENT)
    paper.text(_MARGIN, 22 * MM, title.lines[0], Style(Weight.BOLD, title.size))
    facts = " · ".join(filter(None, (sheet.season, *parts)))
    paper.text(_MARGIN, 27 * MM, clean(facts), Style(Weight.REGULAR, 9.5, SOFT_INK))


def _people(paper: Paper, sheet: MatrixSheet, rows: Sequence[Row], span: range, *, last: bool) -> None:
    columns = [sheet.matrix.columns[place] for place in span]
    _heads(paper, columns)
    if not sheet.matrix.rows:
        paper.text(_MARGIN, _FIRST_ROW + 8 * MM, "Deze reeks heeft nog geen leden.", Style(Weight.REGULAR, 11))
    y = _FIRST_ROW
    for row in rows:
        _row(paper, y, row, span)
        y += _ROW
    if last and sheet.matrix.rows:
        _totals(paper, y, "Totaal aanwezig", columns, sheet.matrix.total)


def _heads(paper: Paper, columns: Sequence[Column]) -> None:
    """Day and month, with the year below where it is clear; cancelled meetings say so."""
    below = _FIRST_ROW - 2 * MM
    paper.text(_MARGIN, below, "Naam", _HEAD)
    paper.text(_MARGIN + _NAME, below, "Organisatie", _HEAD)
    for place, column in enumerate(columns):
        middle = _middle(place)
        day, month, year = short_date(column.meeting.starts_at).split("-")
        paper.text_centred(middle, below - 3.4 * MM, f"{day}-{month}", _HEAD)
        word = "vervalt" if column.meeting.cancelled else year
        paper.text_centred(middle, below, word, Style(Weight.REGULAR, 7, SOFT_INK))
    _right(paper, below, [heading for heading, _ in _TOTALS], _HEAD)
    paper.rule(_MARGIN, _FIRST_ROW, _CONTENT, colour=BRAND, thick=0.8)


def _middle(place: int) -> float:
    return _MARGIN + _NAME + _ORGANISATION + (place + 0.5) * _CELL


def _row(paper: Paper, top: float, row: Row, span: range) -> None:
    base = top + _ROW / 2 + 3
    name = one_line(row.member.name, Weight.SEMIBOLD, 8.5, 6.5, _NAME - 2 * MM)
    paper.text(_MARGIN, base, name.lines[0], Style(Weight.SEMIBOLD, name.size))
    organisation = one_line(row.organisation, Weight.REGULAR, 8.5, 6.5, _ORGANISATION - 2 * MM)
    paper.text(_MARGIN + _NAME, base, organisation.lines[0], Style(Weight.REGULAR, organisation.size))
    for place, meeting in enumerate(span):
        mark = row.marks[meeting]
        if mark and mark.status == PresenceStatus.AANWEZIG:
            paper.tick(_middle(place) - 3, base, 7, GOOD)
        elif text := letter(mark):
            weight = Weight.SEMIBOLD if text == NO_SHOW else Weight.REGULAR
            paper.text_centred(_middle(place), base, text, Style(weight, 8.5, INK))
    _score(paper, base, row.score)
    paper.rule(_MARGIN, top + _ROW, _CONTENT, colour=LINE, thick=0.4)


def _score(paper: Paper, base: float, score: Score) -> None:
    texts = (out_of(score), percent(score), str(score.excused or ""), str(score.no_shows or ""))
    _right(paper, base, texts, _BODY)


def _right(paper: Paper, y: float, texts: Sequence[str], style: Style) -> None:
    """The texts in the columns of the totals, in the order in which they are read."""
    x = _WIDE - _MARGIN - sum(width for _, width in _TOTALS)
    for text, (_, width) in zip(texts, _TOTALS, strict=True):
        x += width
        paper.text_right(x, y, text, style)


def _totals(paper: Paper, top: float, label: str, columns: Sequence[Column], total: Score) -> None:
    paper.box(_MARGIN, top, _CONTENT, _ROW, QUIET)
    base = top + _ROW / 2 + 3
    paper.text(_MARGIN, base, label, Style(Weight.SEMIBOLD, 8.5))
    for place, column in enumerate(columns):
        if column.held:
            paper.text_centred(_middle(place), base, str(column.score.present), Style(Weight.SEMIBOLD, 8.5))
    _score(paper, base, total)


def _organisations(paper: Paper, rows: Sequence[tuple[str, int, Score]]) -> None:
    below = _FIRST_ROW - 2 * MM
    paper.text(_MARGIN, below, "Organisatie", _HEAD)
    paper.text_right(_MARGIN + _NAME + _ORGANISATION + 20 * MM, below, "Leden", _HEAD)
    _right(paper, below, [heading for heading, _ in _TOTALS], _HEAD)
    paper.rule(_MARGIN, _FIRST_ROW, _CONTENT, colour=BRAND, thick=0.8)
    y = _FIRST_ROW
    for name, people, score in rows:
        base = y + _ROW / 2 + 3
        line = one_line(name or "(geen organisatie)", Weight.SEMIBOLD, 8.5, 6.5, _NAME + _ORGANISATION)
        paper.text(_MARGIN, base, line.lines[0], Style(Weight.SEMIBOLD, line.size))
        paper.text_right(_MARGIN + _NAME + _ORGANISATION + 20 * MM, base, str(people), _BODY)
        _score(paper, base, score)
        paper.rule(_MARGIN, y + _ROW, _CONTENT, colour=LINE, thick=0.4)
        y += _ROW


def _page_foot(paper: Paper, sheet: MatrixSheet, page: str) -> None:
    marks = ", ".join(f"{key} {words}" for key, words in legend() if words != "aanwezig")
    explained = block(EXPLAINED, Weight.REGULAR, (8,), _CONTENT, height=8 * MM)
    for number, line in enumerate(explained.lines):
        paper.text(_MARGIN, _FOOT - 11.6 * MM + number * explained.step, line, _SMALL)
    paper.tick(_MARGIN, _FOOT - 4.2 * MM, 6, GOOD)
    paper.text(_MARGIN + 4 * MM, _FOOT - 4.2 * MM, f"aanwezig, {marks}", _SMALL)
    printed = f"{count_nl(len(sheet.matrix.rows), 'naam', 'namen')} · gemaakt op {moment(sheet.printed_at)}"
    paper.text(_MARGIN, _FOOT, printed, _SMALL)
    paper.text_right(_WIDE - _MARGIN, _FOOT, page, _SMALL)
