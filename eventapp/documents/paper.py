"""How is something put on a sheet of A4? One thin layer over reportlab's canvas that all our PDFs draw with.

Places are in points from the top left corner, y downwards; a line of text stands on its y.
"""

import io
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from eventapp.documents.fonts import Weight, house
from eventapp.documents.lettering import runs, width_of
from eventapp.domain.association import Letterhead
from eventapp.domain.colours import ACCENT, BRAND

MM = 72 / 25.4
WIDTH, HEIGHT = A4

INK = "#1d2429"
SOFT_INK = "#56616a"
QUIET = "#f6f4ef"
LINE = "#d9d5cc"
GOOD = "#1e6b3a"
WHITE = "#ffffff"

# Text armour around every stream costs a quarter of the file and helps nobody since mail carries attachments encoded.
rl_config.useA85 = 0


class Style(NamedTuple):
    """Weight, size in points and colour of a line of text."""

    weight: Weight = Weight.REGULAR
    size: float = 10
    colour: str = INK


class Paper:
    """A PDF in the making: A4, upright or `landscape`, Dutch, the same bytes for the same drawing.

    An author who is a Letterhead has it printed in their own colours.
    """

    def __init__(self, *, title: str, author: str, subject: str, landscape: bool = False) -> None:
        self._file = io.BytesIO()
        self._width, self._height = (HEIGHT, WIDTH) if landscape else (WIDTH, HEIGHT)
        self._canvas = Canvas(
            self._file,
            pagesize=(self._width, self._height),
            invariant=1,
            pageCompression=1,
            lang="nl-NL",
            initialFontName=house(Weight.REGULAR).fontName,
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject(subject)
        self._canvas.setCreator(author)
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._colour = ""
        own = author if isinstance(author, Letterhead) else Letterhead(author)
        self._own = {BRAND: own.brand, ACCENT: own.accent}

    def text(self, x: float, y: float, line: str, style: Style) -> None:
        """Draw a line that begins at x."""
        document: Any = self._canvas._doc
        self._fill(style.colour)
        for run in runs(line, style.weight):
            size = style.size * run.scale
            done = 0
            for subset, codes in run.font.splitString(run.text, document):
                name = run.font.getSubsetInternalName(subset, document)
                self._write(f"BT {name} {size:.2f} Tf {x:.2f} {self._height - y:.2f} Td <{codes.hex()}> Tj ET")
                x += sum(map(run.font.widths.__getitem__, run.text[done : done + len(codes)])) * size
                done += len(codes)

    def text_right(self, x: float, y: float, line: str, style: Style) -> None:
        """Draw a line that ends at x."""
        self.text(x - width_of(line, style.weight, style.size), y, line, style)

    def text_centred(self, x: float, y: float, line: str, style: Style) -> None:
        """Draw a line with x in its middle."""
        self.text(x - width_of(line, style.weight, style.size) / 2, y, line, style)

    def rule(self, x: float, y: float, width: float, *, colour: str = LINE, thick: float = 0.6) -> None:
        """Draw a level line."""
        self.box(x, y - thick / 2, width, thick, colour)

    def dashes(self, y: float) -> None:
        """Draw a dashed line across the whole sheet, where it is to be folded or cut."""
        self._dashed(0, y, self._width, y)

    def dashes_down(self, x: float) -> None:
        """The same from head to foot."""
        self._dashed(x, 0, x, self._height)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle."""
        self._fill(colour)
        self._write(f"{x:.2f} {self._height - y - height:.2f} {width:.2f} {height:.2f} re f")

    def squares(self, x: float, y: float, module: float, stretches: list[tuple[int, int, int]]) -> None:
        """Fill horizontal stretches (column, row, length) of a grid of modules in black, as one shape."""
        self._fill("#000000")
        bottom = self._height - y
        parts = (
            f"{x + column * module:.3f} {bottom - (row + 1) * module:.3f} {length * module:.3f} {module:.3f} re"
            for column, row, length in stretches
        )
        self._write(" ".join(parts) + " f")

    def tick(self, x: float, y: float, size: float, colour: str) -> None:
        """Draw a check mark that stands on y; the house letter has none."""
        points = [(x + size * across, y - size * up) for across, up in ((0.0, 0.42), (0.36, 0.06), (1.0, 0.86))]
        self.stroke(points, colour, thick=size * 0.17)

    def stroke(self, points: Sequence[tuple[float, float]], colour: str, *, thick: float) -> None:
        """Draw a line from point to point with round ends."""
        (x, y), *more = points
        onwards = " ".join(f"{x:.2f} {self._height - y:.2f} l" for x, y in more)
        self._write(f"q {self._ink(colour)} RG {thick:.2f} w 1 J 1 j {x:.2f} {self._height - y:.2f} m {onwards} S Q")

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        """Fill a circle around this point: a line without length, with round ends."""
        self.stroke([(x, y), (x, y)], colour, thick=2 * radius)

    def entry(self, title: str) -> None:
        """Name the current page in the file's table of contents."""
        key = f"page-{self._canvas.getPageNumber()}"
        self._canvas.bookmarkPage(key)
        self._canvas.addOutlineEntry(title, key)

    def next_page(self) -> None:
        """End the current page."""
        self._canvas.showPage()
        self._colour = ""

    def finish(self) -> bytes:
        """End the file and hand it over."""
        self._canvas.save()
        return self._file.getvalue()

    def _dashed(self, x: float, y: float, x2: float, y2: float) -> None:
        line = f"{x:.2f} {self._height - y:.2f} m {x2:.2f} {self._height - y2:.2f} l"
        self._write(f"q {_rgb(LINE)} RG 0.6 w [2 3] 0 d {line} S Q")

    def _fill(self, colour: str) -> None:
        if colour != self._colour:
            self._write(f"{self._ink(colour)} rg")
            self._colour = colour

    def _ink(self, colour: str) -> str:
        return _rgb(self._own.get(colour, colour))

    def _write(self, operators: str) -> None:
        self._canvas._code.append(operators)


@lru_cache(maxsize=64)
def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[place : place + 2], 16) / 255:.3f}" for place in (1, 3, 5))
