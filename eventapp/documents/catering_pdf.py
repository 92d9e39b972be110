"""What does the kitchen get on paper? Counts and remarks, and no names."""

from collections.abc import Iterator

from eventapp.documents.catering_sheet import CateringSheet
from eventapp.documents.fonts import Weight
from eventapp.documents.lettering import one_line, snug
from eventapp.documents.paper import BRAND, HEIGHT, INK, LINE, MM, SOFT_INK, WIDTH, Paper, Style
from eventapp.formatting import moment

_MARGIN = 18 * MM
_CONTENT = WIDTH - 2 * _MARGIN
_TOP, _BOTTOM = 40 * MM, HEIGHT - 20 * MM
_LINE = 8 * MM
_COUNT = 16 * MM


def to_pdf(sheet: CateringSheet) -> bytes:
    """The sheet as A4 pages; the same sheet gives the same bytes."""
    paper = Paper(title=f"Catering {sheet.event_title}", author=sheet.association, subject=sheet.when)
    y = _head(paper, sheet)
    for style, count, text in _lines(sheet):
        needed = 14 * MM if count is _HEADING else _LINE
        if y + needed > _BOTTOM:
            _foot(paper, sheet)
            paper.next_page()
            y = _head(paper, sheet)
        y = _draw(paper, y, style, count, text)
    _foot(paper, sheet)
    paper.next_page()
    return paper.finish()


# Where a line would have a number, a heading has this.
_HEADING = -1


def _lines(sheet: CateringSheet) -> Iterator[tuple[Style, int | None, str]]:
    yield Style(Weight.REGULAR, 11), None, sheet.summary
    for section in sheet.sections:
        yield Style(Weight.BOLD, 13, BRAND), _HEADING, section.title
        for count, text in section.lines:
            yield Style(Weight.REGULAR, 11), count, text


def _draw(paper: Paper, y: float, style: Style, count: int | None, text: str) -> float:
    """One line, or a remark of up to three; answers where the next begins."""
    if count == _HEADING:
        paper.text(_MARGIN, y + 9 * MM, text, style)
        paper.rule(_MARGIN, y + 11 * MM, _CONTENT, colour=BRAND, thick=0.8)
        return y + 12 * MM
    left = _MARGIN if count is None else _MARGIN + _COUNT
    if count is not None:
        paper.text_right(_MARGIN + 10 * MM, y + 5.6 * MM, str(count), Style(Weight.BOLD, 12, INK))
    lines = snug(text, style.weight, (style.size, 9.5, 8.5), _CONTENT - (left - _MARGIN), height=3 * style.size * 1.4)
    below = y + 5.6 * MM
    for line in lines.lines:
        paper.text(left, below, line, Style(style.weight, lines.size))
        below += lines.step
    end = below - lines.step + 2.4 * MM
    paper.rule(_MARGIN, end, _CONTENT, colour=LINE)
    return end


def _head(paper: Paper, sheet: CateringSheet) -> float:
    name = one_line(sheet.association, Weight.SEMIBOLD, 9.5, 7, _CONTENT - 40 * MM)
    paper.text(_MARGIN, 14 * MM, name.lines[0], Style(Weight.SEMIBOLD, name.size, BRAND))
    paper.text_right(WIDTH - _MARGIN, 14 * MM, "Catering", Style(Weight.SEMIBOLD, 9.5, BRAND))
    paper.rule(_MARGIN, 16.5 * MM, _CONTENT, colour=BRAND, thick=1.4)
    title = one_line(sheet.event_title, Weight.BOLD, 18, 11, _CONTENT)
    paper.text(_MARGIN, 25.5 * MM, title.lines[0], Style(Weight.BOLD, title.size, INK))
    facts = one_line(" · ".join(filter(None, (sheet.when, sheet.place))), Weight.REGULAR, 10.5, 8, _CONTENT)
    paper.text(_MARGIN, 31.5 * MM, facts.lines[0], Style(Weight.REGULAR, facts.size, SOFT_INK))
    return _TOP


def _foot(paper: Paper, sheet: CateringSheet) -> None:
    small = Style(Weight.REGULAR, 8.5, SOFT_INK)
    line = f"Aantallen zonder namen. Vernietig dit blad na de bijeenkomst. Gemaakt op {moment(sheet.printed_at)}"
    paper.text(_MARGIN, HEIGHT - 11 * MM, line, small)
