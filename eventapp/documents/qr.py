"""How does a ticket code, or a link that couples a phone, become a QR code?

A ticket code fills version 2 at the highest error correction exactly. Size and mask are fixed, so that all tickets look
alike and the same code always gives the same picture.
"""

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import MODE_ALPHA_NUM, QRData

Matrix = tuple[tuple[bool, ...], ...]

TICKET_SIZE = 25
QUIET_ZONE = 4
_TICKET_CODE = re.compile(r"T[0-9A-HJKMNP-TV-Z]{19}")
_MASK = 3


def matrix(code: str) -> Matrix:
    """The modules of a ticket code, row by row, without the quiet zone. Refuses anything else with ValueError."""
    if not _TICKET_CODE.fullmatch(code):
        raise ValueError("not a ticket code")
    picture: Any = QRCode(version=2, error_correction=ERROR_CORRECT_H, mask_pattern=_MASK, border=0)
    picture.add_data(QRData(code, mode=MODE_ALPHA_NUM))
    picture.make(fit=False)
    return _frozen(picture)


def readable(code: str) -> str:
    """A ticket code in groups of five, as people read it out and type it."""
    return " ".join(code[start : start + 5] for start in range(0, len(code), 5))


def svg(code: str) -> str:
    """The picture of a ticket code for a page: one path on white, with the code as its name for screen readers."""
    return _drawn(matrix(code), f"QR-code van het ticket {readable(code)}")


def svg_for_text(text: str, name: str = "QR-code") -> str:
    """The picture of any text, such as a link, at medium error correction; `name` is what a screen reader says."""
    return _drawn(matrix_for_text(text), name)


def matrix_for_text(text: str) -> Matrix:
    """The modules of any text at medium error correction, without the quiet zone; banks ask no more and no less."""
    picture: Any = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=_MASK, border=0)
    picture.add_data(text)
    picture.make(fit=True)
    return _frozen(picture)


def stretches(modules: Matrix) -> list[tuple[int, int, int]]:
    """The dark modules as level stretches of (column, row, length), to be drawn as one shape."""
    found: list[tuple[int, int, int]] = []
    for row, line in enumerate(modules):
        start = None
        for column, dark in enumerate((*line, False)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                found.append((start, row, column - start))
                start = None
    return found


def _frozen(picture: Any) -> Matrix:
    return tuple(tuple(map(bool, row)) for row in picture.get_matrix())


def _drawn(modules: Matrix, name: str) -> str:
    side = len(modules) + 2 * QUIET_ZONE
    path = "".join(
        f"M{column + QUIET_ZONE} {row + QUIET_ZONE}h{length}v1h-{length}z" for column, row, length in stretches(modules)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" '
        f'aria-label={quoteattr(name)} shape-rendering="crispEdges"><title>{escape(name)}</title>'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d="{path}"/></svg>'
    )
