"""How does the report of a year look on paper? A section after the other, each with its chart, tables and meanings."""

from collections.abc import Iterator

from eventapp.documents.drawing import Anchor, Box, Drawing, Path, Tone, Words
from eventapp.documents.fonts import Weight
from eventapp.documents.lettering import Block, block, one_line
from eventapp.documents.paper import (
    ACCENT,
    BRAND,
    HEIGHT,
    INK,
    LINE,
    MM,
    QUIET,
    SOFT_INK,
    WHITE,
    WIDTH,
    Paper,
    Style,
)
from eventapp.documents.year_report import Cell, Headline, Section, Table, YearReport
from eventapp.formatting import moment

_MARGIN = 18 * MM
_CONTENT = WIDTH - 2 * _MARGIN
_TOP, _BOTTOM = 26 * MM, HEIGHT - 20 * MM
_ROW, _HEAD = 6.2 * MM, 9 * MM
_GAP = 5 * MM
_TEXT = Style(Weight.REGULAR, 9.5)
_SMALL = Style(Weight.REGULAR, 8.5, SOFT_INK)
_TONES = {
    Tone.BRAND: BRAND,
    Tone.TINT: "#cfe0e3",
    Tone.ACCENT: ACCENT,
    Tone.INK: INK,
    Tone.SOFT: SOFT_INK,
    Tone.LINE: LINE,
    Tone.PAPER: WHITE,
}


def to_pdf(report: YearReport) -> bytes:
    """The report as A4 pages; the same report gives the same bytes."""
    sheet = _Sheet(report)
    sheet.opening()
    for section in report.sections:
        sheet.section(section)
    return sheet.finish()


class _Sheet:
    """The page in the making: `y` is where the next thing goes, and what does not fit begins a new page."""

    def __init__(self, report: YearReport) -> None:
        self.report, self.page, self.y = report, 1, _TOP
        self.paper = Paper(title=report.title, author=report.association, subject=report.standing)
        self._head()

    def opening(self) -> None:
        """The title, where the numbers stand, and the first number of every section."""
        self.paper.text(_MARGIN, self.y + 6 * MM, self.report.title, Style(Weight.BOLD, 24))
        self.y += 14 * MM
        self.text(self.report.standing, Style(Weight.SEMIBOLD, 11, BRAND))
        self.y += _GAP
        for section in self.report.sections:
            first = section.headlines[0]
            self.paper.text_right(_MARGIN + 22 * MM, self.y + 5 * MM, first.cell.text, Style(Weight.BOLD, 13))
            words = one_line(first.word, Weight.REGULAR, 11, 8, _CONTENT - 26 * MM)
            self.paper.text(_MARGIN + 26 * MM, self.y + 5 * MM, words.lines[0], Style(Weight.REGULAR, words.size))
            self.paper.rule(_MARGIN, self.y + 7.4 * MM, _CONTENT)
            self.y += 8 * MM
        self.y += _GAP

    def section(self, section: Section) -> None:
        """A section stays together with its chart; its tables may go on."""
        self.room(30 * MM + _scaled(section.drawing))
        self.paper.entry(section.title)
        self.paper.text(_MARGIN, self.y + 6 * MM, section.title, Style(Weight.BOLD, 15, BRAND))
        self.paper.rule(_MARGIN, self.y + 8.5 * MM, _CONTENT, colour=BRAND, thick=0.8)
        self.y += 11 * MM
        self.text(section.meaning, _TEXT)
        self.y += 2 * MM
        self.headlines(section.headlines)
        self.drawing(section.drawing)
        for table in section.tables:
            self.table(table)
        for word, sentence in section.columns:
            self.text(f"{word}: {sentence}", _SMALL)
        self.y += 2 * _GAP

    def headlines(self, found: tuple[Headline, ...]) -> None:
        x = _MARGIN
        for one in found:
            self.paper.text(x, self.y + 6 * MM, one.cell.text, Style(Weight.BOLD, 16))
            words = one_line(one.word, Weight.REGULAR, 9.5, 7, _CONTENT / 2 - 6 * MM)
            self.paper.text(x, self.y + 10.5 * MM, words.lines[0], Style(Weight.REGULAR, words.size, SOFT_INK))
            x += _CONTENT / 2
        self.y += 15 * MM

    def drawing(self, drawing: Drawing) -> None:
        draw(self.paper, drawing, x=_MARGIN, y=self.y)
        self.y += _scaled(drawing) + _GAP

    def table(self, table: Table) -> None:
        """Its head again on every page it comes to."""
        widths = _widths(table)
        self.room(_ROW * 3 + _HEAD)
        self.paper.text(_MARGIN, self.y + 4 * MM, table.title, Style(Weight.SEMIBOLD, 10.5))
        self.y += 5.5 * MM
        self._table_head(table, widths)
        for place, cells in enumerate(table.rows):
            if self.room(_ROW):
                self._table_head(table, widths)
            self._row(cells, widths, strong=table.totals and place == len(table.rows) - 1)
        self.y += _GAP

    def text(self, text: str, style: Style) -> None:
        """A paragraph of as many lines as it needs."""
        lines: Block = block(text, style.weight, (style.size,), _CONTENT, height=60 * MM, leading=1.35)
        self.room(lines.height)
        for line in lines.lines:
            self.y += lines.step
            self.paper.text(_MARGIN, self.y - lines.step * 0.25, line, style)
        self.y += 1 * MM

    def room(self, height: float) -> bool:
        """Begin a new page when this does not fit any more; whether it did."""
        if self.y + height <= _BOTTOM:
            return False
        self._foot()
        self.paper.next_page()
        self.page, self.y = self.page + 1, _TOP
        self._head()
        return True

    def finish(self) -> bytes:
        self._foot()
        self.paper.next_page()
        return self.paper.finish()

    def _table_head(self, table: Table, widths: list[float]) -> None:
        for (x, width), head in zip(_columns(widths), table.heads, strict=True):
            lines = block(head, Weight.SEMIBOLD, (8.5, 7.5, 6.5), width, height=_HEAD - 1 * MM, leading=1.15)
            y = self.y + _HEAD - 2.2 * MM - lines.step * (len(lines.lines) - 1)
            for line in lines.lines:
                write = self.paper.text if x == _MARGIN else self.paper.text_right
                write(x if x == _MARGIN else x + width, y, line, Style(Weight.SEMIBOLD, lines.size, BRAND))
                y += lines.step
        self.y += _HEAD
        self.paper.rule(_MARGIN, self.y, _CONTENT, colour=INK, thick=0.8)

    def _row(self, cells: tuple[Cell, ...], widths: list[float], *, strong: bool) -> None:
        weight = Weight.SEMIBOLD if strong else Weight.REGULAR
        for place, ((x, width), cell) in enumerate(zip(_columns(widths), cells, strict=True)):
            line = one_line(cell.text, weight, 9.5, 7, width)
            style = Style(weight, line.size, SOFT_INK if place and cell.empty else INK)
            if place and cell.empty and not strong:
                self.paper.box(x + width - 7 * MM, self.y + 0.7 * MM, 8 * MM, _ROW - 1.4 * MM, QUIET)
            if place:
                self.paper.text_right(x + width, self.y + 4.3 * MM, line.lines[0], style)
            else:
                self.paper.text(x, self.y + 4.3 * MM, line.lines[0], style)
        self.y += _ROW
        self.paper.rule(_MARGIN, self.y, _CONTENT)

    def _head(self) -> None:
        name = one_line(self.report.association, Weight.SEMIBOLD, 9.5, 7, _CONTENT - 60 * MM)
        self.paper.text(_MARGIN, 14 * MM, name.lines[0], Style(Weight.SEMIBOLD, name.size, BRAND))
        self.paper.text_right(WIDTH - _MARGIN, 14 * MM, self.report.title, Style(Weight.SEMIBOLD, 9.5, BRAND))
        self.paper.rule(_MARGIN, 16.5 * MM, _CONTENT, colour=BRAND, thick=1.4)

    def _foot(self) -> None:
        state = "Voorlopig. " if self.report.provisional else ""
        self.paper.text(_MARGIN, HEIGHT - 11 * MM, f"{state}Gemaakt op {moment(self.report.printed_at)}", _SMALL)
        self.paper.text_right(WIDTH - _MARGIN, HEIGHT - 11 * MM, f"pagina {self.page}", _SMALL)


def _widths(table: Table) -> list[float]:
    """The first column takes what the numbers leave; numbers stand close together in a narrow table."""
    numbers = len(table.heads) - 1
    each = min(26 * MM, _CONTENT * 0.68 / max(1, numbers))
    return [_CONTENT - each * numbers, *[each] * numbers]


def _columns(widths: list[float]) -> Iterator[tuple[float, float]]:
    """Each column's left side, and the width its text may take."""
    x = _MARGIN
    for width in widths:
        yield x, width - 2 * MM
        x += width


_SCALE = 0.95


def _scaled(drawing: Drawing) -> float:
    return drawing.height * _SCALE


def draw(paper: Paper, drawing: Drawing, *, x: float, y: float) -> None:
    """Put the chart on the sheet with its left upper corner there."""
    for shape in drawing.shapes:
        colour = _TONES[shape.tone]
        match shape:
            case Box():
                left, top = x + shape.x * _SCALE, y + shape.y * _SCALE
                paper.box(left, top, shape.width * _SCALE, shape.height * _SCALE, colour)
            case Path():
                points = [(x + across * _SCALE, y + down * _SCALE) for across, down in shape.points]
                paper.stroke(points, colour, thick=shape.thick * _SCALE)
            case Words():
                _write(paper, shape, x + shape.x * _SCALE, y + shape.y * _SCALE)


def _write(paper: Paper, words: Words, x: float, y: float) -> None:
    weight = Weight.SEMIBOLD if words.strong else Weight.REGULAR
    style = Style(weight, words.size * _SCALE, _TONES[words.tone])
    write = {Anchor.START: paper.text, Anchor.MIDDLE: paper.text_centred, Anchor.END: paper.text_right}[words.anchor]
    write(x, y, words.text, style)
