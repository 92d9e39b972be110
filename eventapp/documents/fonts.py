"""Which letters do our PDFs print with, and how do they get into the file cheaply?

Atkinson Hyperlegible Next in three weights, DejaVu Sans for what it lacks; make puts the files under static/vendor/.
"""

import threading
import unicodedata
import zlib
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

FOLDER = Path(__file__).resolve().parents[2] / "static" / "vendor"

# These 31 fill the free places before the space in a font's first subset, so that nearly every Dutch document embeds
# the very same font program, which is then made once per process. Rarer letters go to a second, small subset.
_HOUSE_LETTERS = "éëèêïíöóüúäáàçñøåßÉËÖÜŠšćğı€–…’·"
_SECOND_SUBSET = 256


class Weight(Enum):
    """The weights of the house letter; the values are the names inside a PDF and the files they come from."""

    REGULAR = ("Atkinson", "AtkinsonHyperlegibleNext_400Regular.ttf", "DejaVuSans.ttf")
    SEMIBOLD = ("AtkinsonSemiBold", "AtkinsonHyperlegibleNext_600SemiBold.ttf", "DejaVuSans-Bold.ttf")
    BOLD = ("AtkinsonBold", "AtkinsonHyperlegibleNext_700Bold.ttf", "DejaVuSans-Bold.ttf")


class FontsMissing(RuntimeError):
    """A font file is not where make puts it."""


class HouseFont(TTFont):
    """A TrueType font that knows its characters and keeps what it embeds, safe for several documents at once."""

    def __init__(self, name: str, path: Path, *, first_letters: str) -> None:
        super().__init__(name, str(path), asciiReadable=int(bool(first_letters)), shapable=False)
        self._first_letters = first_letters
        self.widths: dict[str, float] = {chr(code): width / 1000 for code, width in self.face.charWidths.items()}
        self.characters = frozenset(chr(code) for code in self.face.charToGlyph)

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:
        """As in reportlab, after handing the first letters their fixed places in this document."""
        if self._first_letters and doc not in self.state:
            state = self._assignState(doc)
            super().splitString(self._first_letters, doc)
            state.nextCode = _SECOND_SUBSET
        if self._first_letters and text.isascii() and text.isprintable():
            return [(0, text.encode("ascii"))]
        return super().splitString(text, doc, encoding)

    def addObjects(self, doc: Any) -> None:
        """Write the font objects of one document, as reportlab does, from parts made once per process."""
        state = self.state[doc]
        state.frozen = 1
        for number, subset in enumerate(state.subsets):
            self._add_subset(doc, number, tuple(subset))
        del self.state[doc]

    def _add_subset(self, doc: Any, number: int, subset: tuple[int, ...]) -> None:
        internal_name = self.getSubsetInternalName(number, doc)[1:]
        base_name = (SUBSETN(number) + b"+" + self.face.name + self.face.subfontNameX).decode("ascii")
        parts = _embedded(self, subset, base_name)
        font = pdfdoc.PDFTrueTypeFont()
        font.Name, font.BaseFont = internal_name, base_name
        font.FirstChar, font.LastChar = 0, len(subset) - 1
        font.Widths = _Written(parts.widths)
        font.ToUnicode = doc.Reference(_stream(parts.to_unicode), "toUnicodeCMap:" + base_name)
        program = _stream(parts.program)
        program.dictionary["Length1"] = parts.program_length
        font.FontDescriptor = self._descriptor(doc, base_name, doc.Reference(program, "fontFile:" + base_name))
        doc.Reference(font, internal_name)
        doc.idToObject["BasicFonts"].dict[internal_name] = font

    def _descriptor(self, doc: Any, base_name: str, program: Any) -> Any:
        nonsymbolic, symbolic = 1 << 5, 1 << 2
        entries = {
            "Type": "/FontDescriptor",
            "Ascent": self.face.ascent,
            "CapHeight": self.face.capHeight,
            "Descent": self.face.descent,
            "Flags": self.face.flags & ~nonsymbolic | symbolic,
            "FontBBox": pdfdoc.PDFArray(self.face.bbox),
            "FontName": pdfdoc.PDFName(base_name),
            "ItalicAngle": self.face.italicAngle,
            "StemV": self.face.stemV,
            "FontFile2": program,
            "MissingWidth": self.face.defaultWidth,
        }
        return doc.Reference(pdfdoc.PDFDictionary(entries), "fontDescriptor:" + base_name)


@cache
def house(weight: Weight) -> HouseFont:
    """The house letter in a weight. Raises FontsMissing when make has not put the fonts in place."""
    name, file, _ = weight.value
    return _loaded(name, FOLDER / "atkinson-hyperlegible-next" / file, _HOUSE_LETTERS)


@cache
def spare(weight: Weight) -> HouseFont:
    """The letter for characters that the house letter lacks. Raises FontsMissing as `house` does."""
    file = weight.value[2]
    return _loaded(file.removesuffix(".ttf"), FOLDER / "dejavu" / file, "")


_fonts: dict[str, HouseFont] = {}
_making = threading.RLock()


def _loaded(name: str, path: Path, first_letters: str) -> HouseFont:
    with _making:  # two threads may ask for the first time at once, and must get the same font
        if name not in _fonts:
            if not path.is_file():
                raise FontsMissing(f"{path.name} is missing: run make")
            font = HouseFont(name, path, first_letters=first_letters)
            pdfmetrics.registerFont(font)
            _fonts[name] = font
        return _fonts[name]


class _Embedded(NamedTuple):
    """What one subset of one font adds to a file, ready to be written."""

    program: bytes
    program_length: int
    to_unicode: bytes
    widths: bytes


@lru_cache(maxsize=64)
def _embedded(font: HouseFont, subset: tuple[int, ...], base_name: str) -> _Embedded:
    with _making:  # the face reads its file with one shared position
        program = font.face.makeSubset(list(subset))
    widths = " ".join(str(round(font.face.getCharWidth(code))) for code in subset)
    return _Embedded(
        program=zlib.compress(program, 9),
        program_length=len(program),
        to_unicode=zlib.compress(_to_unicode(base_name, subset).encode("ascii"), 9),
        widths=f"[ {widths} ]".encode("ascii"),
    )


def _to_unicode(base_name: str, subset: tuple[int, ...]) -> str:
    """The table by which a reader copies text out of the file; joined Arabic forms come out as plain letters."""
    pairs = [f"<{place:02X}> <{_utf16(code)}>" for place, code in enumerate(subset) if code]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    tables = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        f"/CIDSystemInfo << /Registry ({base_name}) /Ordering ({base_name}) /Supplement 0 >> def\n"
        f"/CMapName /{base_name} def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<00> <{len(subset) - 1:02X}>\nendcodespacerange\n{tables}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


def _utf16(code: int) -> str:
    letter = chr(code)
    plain = unicodedata.normalize("NFKC", letter) if 0xFB50 <= code <= 0xFEFC else letter
    return plain.encode("utf-16-be").hex().upper()


class _Written(pdfdoc.PDFObject):
    """A PDF value whose text is already known."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    def format(self, document: Any) -> bytes:
        return self.text


def _stream(compressed: bytes) -> Any:
    stream = pdfdoc.PDFStream(content=compressed)
    stream.dictionary["Filter"] = pdfdoc.PDFArray([pdfdoc.PDFName("FlateDecode")])
    return stream
