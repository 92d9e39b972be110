"""How does a badge look, and how do badges lie on a sheet of labels?

Everything on a badge is laid out for a label of 80 by 50 millimetres: it shrinks with a smaller one, and grows by a
quarter at most on a larger one.
"""

from collections.abc import Sequence
from typing import NamedTuple

from eventapp import wording
from eventapp.documents.badge import COLOURS, BadgeData
from eventapp.documents.fonts import Weight
from eventapp.documents.lettering import Block, balanced, block, one_line, width_of
from eventapp.documents.paper import INK, MM, SOFT_INK, WHITE, Paper, Style
from eventapp.documents.qr import QUIET_ZONE, TICKET_SIZE, matrix, stretches
from eventapp.domain.badges import Sheet

NO_PHOTO = wording.NO_PHOTOS
_NO_PHOTO_COLOUR = "#a3211b"
_USUAL_WIDTH, _USUAL_HEIGHT = 80 * MM, 50 * MM
_GROWS = 1.25
_WITH_HEAD = 0.9
_MARGIN, _GAP = 4.5 * MM, 3 * MM
_HEAD = 5.6 * MM
_BAND = 6.5 * MM
# With its quiet zone. 33 modules on the smallest are still a third of a millimetre each.
_CODE, _SMALLEST_CODE = 23 * MM, 11 * MM
_FIRST_NAME = (28, 25, 22, 19, 16, 13, 11)
_SURNAME = (16, 14.5, 13, 11.5, 10)
_LEADING = 1.12
_ORGANISATION = (12, 11, 10, 9, 8, 7)


class _Label(NamedTuple):
    """What of a label is drawn on, in points, and how much smaller than usual everything on it is."""

    left: float
    top: float
    right: float
    bottom: float
    scale: float


def badge_pdf(
    badges: Sequence[BadgeData], sheet: Sheet, *, event_title: str, association: str, first_label: int = 1
) -> bytes:
    """The badges on sheets of labels, from the first label that is free on; the same badges give the same bytes.

    Refuses no badges, and a first label that is not on the sheet, with ValueError.
    """
    if not badges or not 1 <= first_label <= sheet.labels:
        raise ValueError("no badge, or no such label")
    paper = Paper(title=f"Badges {event_title}", author=association, subject=event_title)
    for number, badge in enumerate(badges, first_label - 1):
        page, at = divmod(number, sheet.labels)
        if at == 0 or number == first_label - 1:
            if page:
                paper.next_page()
            paper.entry(f"Vel {page + 1}")
            _cutting_lines(paper, sheet)
        _draw(paper, _label(sheet, at), badge, event_title)
    paper.next_page()
    return paper.finish()


def _label(sheet: Sheet, at: int) -> _Label:
    x, y, width, height = (size * MM / 10 for size in (*sheet.place(at), sheet.width, sheet.height))
    scale = min(_GROWS, width / _USUAL_WIDTH, height / _USUAL_HEIGHT)
    # The makers' badges differ little; the letters have one size on all of them.
    scale = 1.0 if 1 < scale < 1.2 else scale
    margin = _MARGIN * scale
    return _Label(x + margin, y + margin, x + width - margin, y + height - margin, scale)


def _cutting_lines(paper: Paper, sheet: Sheet) -> None:
    """Where cards touch on all sides, as on a plain sheet that is cut."""
    if sheet.gap_across or sheet.gap_down:
        return
    for column in range(1, sheet.columns):
        paper.dashes_down(sheet.place(column)[0] * MM / 10)
    for row in range(1, sheet.rows):
        paper.dashes(sheet.place(row * sheet.columns)[1] * MM / 10)


def _draw(paper: Paper, label: _Label, badge: BadgeData, event_title: str) -> None:
    """Head and first name over the whole width; below them the other words, and the code in its corner."""
    scale, wide = label.scale, label.right - label.left
    y = label.top
    if badge.no_photo or scale > _WITH_HEAD:
        _head(paper, label, event_title if scale > _WITH_HEAD else "", badge.no_photo)
        # A tall card has its words lower, where the eye looks for them.
        y += _HEAD * scale + max(0.0, label.bottom - label.top - 60 * MM) * 0.3
    first = _fitted(badge.first_name, Weight.BOLD, _FIRST_NAME, wide, 12.6 * MM, scale)
    y = _words(paper, label.left, y, first, Weight.BOLD, INK)
    side = _code_side(label, badge.code, below=y + 1 * MM * scale)
    if side:
        _code(paper, label, badge.code, side)
    narrow = wide - side - _GAP * scale if side else wide
    _below(paper, label, badge, y, narrow, label.bottom - side)


def _below(paper: Paper, label: _Label, badge: BadgeData, y: float, narrow: float, code_top: float) -> None:
    """Surname, organisation and category; beside the code no line comes into its quiet zone."""
    scale, wide = label.scale, label.right - label.left
    band = label.bottom - _BAND * scale
    above_code = y + _SURNAME[0] * scale * 1.15 < code_top
    lowest = code_top if above_code else band
    for_organisation = _ORGANISATION[-1] * scale * 1.15 if badge.organisation else 0.0
    space = min(lowest - y, band - y - 2.6 * MM * scale - for_organisation) / scale
    surname_width = wide if above_code else narrow
    surname = _fitted(badge.surname, Weight.SEMIBOLD, _SURNAME, surname_width, min(space, 14 * MM), scale)
    y = _words(paper, label.left, y, surname, Weight.SEMIBOLD, INK) + 0.8 * MM * scale
    space = (band - y - 1.6 * MM * scale) / scale
    organisation = _fitted(badge.organisation, Weight.REGULAR, _ORGANISATION, narrow, min(space, 17 * MM), scale)
    _words(paper, label.left, y, organisation, Weight.REGULAR, SOFT_INK)
    paper.box(label.left, band, narrow, _BAND * scale, COLOURS[badge.category])
    word = one_line(badge.word, Weight.SEMIBOLD, 11 * scale, 6 * scale, narrow - 4 * MM * scale)
    y = band + _BAND * scale / 2 + word.size * 0.35
    paper.text(label.left + 2 * MM * scale, y, word.lines[0], Style(Weight.SEMIBOLD, word.size, WHITE))


def _head(paper: Paper, label: _Label, event_title: str, no_photo: bool) -> None:
    """The name of the day on the left, and the sign on the right for who would rather not be in a photo."""
    scale, left = label.scale, label.right - label.left
    y = label.top + 2.8 * MM * scale
    if no_photo:
        words = one_line(NO_PHOTO, Weight.SEMIBOLD, 8.5 * scale, 5 * scale, left)
        radius = 2.9 * MM * scale
        _no_camera(paper, label.right - radius, label.top + radius * 0.6, radius)
        x = label.right - 2 * radius - 1.2 * MM * scale
        paper.text_right(x, y, words.lines[0], Style(Weight.SEMIBOLD, words.size, _NO_PHOTO_COLOUR))
        left -= 2 * radius + width_of(words.lines[0], Weight.SEMIBOLD, words.size) + 4 * MM * scale
    title = one_line(event_title, Weight.REGULAR, 8.5 * scale, 7 * scale, left)
    # Half a title beside the sign says nothing.
    if not no_photo or title.lines[0] == event_title:
        paper.text(label.left, y, title.lines[0], Style(Weight.REGULAR, title.size, SOFT_INK))


def _no_camera(paper: Paper, x: float, y: float, radius: float) -> None:
    """A camera with a line through it on a red dot."""
    paper.dot(x, y, radius, _NO_PHOTO_COLOUR)
    unit = radius / 10
    paper.box(x - 6 * unit, y - 3.4 * unit, 12 * unit, 8 * unit, WHITE)
    paper.box(x - 2.2 * unit, y - 5.2 * unit, 4.4 * unit, 2.4 * unit, WHITE)
    paper.dot(x, y + 0.6 * unit, 2.6 * unit, _NO_PHOTO_COLOUR)
    ends = [(x - 6 * unit, y + 6.4 * unit), (x + 6 * unit, y - 6.4 * unit)]
    paper.stroke(ends, _NO_PHOTO_COLOUR, thick=4 * unit)
    paper.stroke(ends, WHITE, thick=1.7 * unit)


def _code_side(label: _Label, code: str, *, below: float) -> float:
    """How large the code is with its quiet zone; 0 without a ticket, and where it could not be read."""
    side = min(_CODE * max(1.0, label.scale), label.bottom - below, (label.right - label.left) * 0.4)
    return side if code and side >= _SMALLEST_CODE else 0.0


def _code(paper: Paper, label: _Label, code: str, side: float) -> None:
    """In the corner at the foot. Its quiet zone may lie over the margin, which is as white."""
    module = side / (TICKET_SIZE + 2 * QUIET_ZONE)
    x, y = label.right - side + QUIET_ZONE * module, label.bottom - side + QUIET_ZONE * module
    paper.squares(x, y, module, stretches(matrix(code)))


def _fitted(text: str, weight: Weight, sizes: tuple[float, ...], width: float, height: float, scale: float) -> Block:
    """The text at the first of the sizes, scaled, at which so much height of a usual label holds it."""
    if not text:
        return Block((), sizes[0] * scale, 0.0)
    fitting = tuple(size * scale for size in sizes if size * _LEADING <= height) or (sizes[-1] * scale,)
    found = block(text, weight, fitting, width, height=height * scale, leading=_LEADING)
    return balanced(text, weight, found, width)


def _words(paper: Paper, x: float, y: float, lines: Block, weight: Weight, colour: str) -> float:
    """Draw the lines under y; returns where the last one ends."""
    style = Style(weight, lines.size, colour)
    for number, line in enumerate(lines.lines):
        paper.text(x, y + number * lines.step + lines.size * 0.86, line, style)
    return y + lines.height
