"""How do people find the way: a sign at the door of the day, and one at each room for every round?"""

from collections.abc import Sequence
from typing import NamedTuple

from eventapp.documents.fonts import Weight
from eventapp.documents.lettering import Block, balanced, block, one_line, width_of
from eventapp.documents.paper import BRAND, HEIGHT, INK, MM, SOFT_INK, WHITE, WIDTH, Paper, Style


class RoomPart(NamedTuple):
    """A breakout in a room; `note` says for example that it goes on in the next round."""

    title: str
    speakers: str = ""
    note: str = ""


class RoomSign(NamedTuple):
    """What goes on in one room during one round, every word ready."""

    room: str
    round: str
    time: str
    parts: tuple[RoomPart, ...]


class DoorSign(NamedTuple):
    """What hangs at the entrance."""

    event_title: str
    kind: str
    when: str
    venue: str
    association: str


_MARGIN = 18 * MM
_CONTENT = WIDTH - 2 * _MARGIN
_FOOT = HEIGHT - 15 * MM
_BAND = 62 * MM
_ROOM = (72, 60, 50, 42, 36, 30, 24)
_TITLE = (46, 40, 34, 29, 25, 21, 18)


def sign_pdf(door: DoorSign, rooms: Sequence[RoomSign]) -> bytes:
    """The sign at the door and then those at the rooms, a page each; the same signs give the same bytes."""
    paper = Paper(title=f"Borden {door.event_title}", author=door.association, subject=door.when)
    paper.entry("Bij de ingang")
    _door(paper, door)
    for sign in rooms:
        paper.next_page()
        paper.entry(f"{sign.room}, {sign.round}")
        _room(paper, sign, door)
    paper.next_page()
    return paper.finish()


def _door(paper: Paper, door: DoorSign) -> None:
    """Welcome on a field of the house colour, then what and when; to be read from across a hall."""
    paper.box(0, 0, WIDTH, 96 * MM, BRAND)
    name = one_line(door.association, Weight.SEMIBOLD, 16, 9, _CONTENT)
    paper.text(_MARGIN, 26 * MM, name.lines[0], Style(Weight.SEMIBOLD, name.size, WHITE))
    paper.text(_MARGIN, 78 * MM, "Welkom", Style(Weight.BOLD, 88, WHITE))
    kind = one_line(door.kind, Weight.SEMIBOLD, 20, 12, _CONTENT)
    paper.text(_MARGIN, 122 * MM, kind.lines[0], Style(Weight.SEMIBOLD, kind.size, BRAND))
    title = _title(door.event_title)
    y = _lines(paper, 128 * MM, title, Weight.BOLD, INK)
    when = _fitted(door.when.replace(", ", "\n", 1), Weight.SEMIBOLD, (24, 21, 18, 15), 34 * MM)
    y = _lines(paper, max(y + 8 * MM, 205 * MM), when, Weight.SEMIBOLD, INK)
    venue = _fitted(door.venue, Weight.REGULAR, (20, 17, 14), _FOOT - y)
    _lines(paper, y + 2 * MM, venue, Weight.REGULAR, SOFT_INK)


def _title(text: str) -> Block:
    """Broken behind its colon where both halves are large on a line of their own; else as it comes."""
    head, colon, tail = text.partition(": ")
    halves = (head + colon.strip(), tail) if colon else ()
    for size in (58, 52, 46, 40) if halves else ():
        if all(width_of(half, Weight.BOLD, size) <= _CONTENT for half in halves):
            return Block(halves, size, size * 1.14)
    return _fitted(text, Weight.BOLD, (58, *_TITLE), 90 * MM)


def _room(paper: Paper, sign: RoomSign, door: DoorSign) -> None:
    paper.box(0, 0, WIDTH, _BAND, BRAND)
    room = _fitted(sign.room, Weight.BOLD, _ROOM, _BAND - 16 * MM)
    _lines(paper, (_BAND - room.height) / 2 - room.size * 0.06, room, Weight.BOLD, WHITE)
    time = one_line(sign.time, Weight.BOLD, 40, 20, _CONTENT)
    paper.text(_MARGIN, _BAND + 24 * MM, time.lines[0], Style(Weight.BOLD, time.size, INK))
    name = one_line(sign.round, Weight.SEMIBOLD, 18, 11, _CONTENT)
    paper.text(_MARGIN, _BAND + 33 * MM, name.lines[0], Style(Weight.SEMIBOLD, name.size, BRAND))
    top = _BAND + 46 * MM
    each = (_FOOT - 12 * MM - top) / len(sign.parts)
    for number, part in enumerate(sign.parts):
        _part(paper, part, top + number * each, each)
    paper.rule(_MARGIN, _FOOT - 6 * MM, _CONTENT)
    foot = one_line(f"{door.event_title} · {door.when}", Weight.REGULAR, 11, 7, _CONTENT)
    paper.text(_MARGIN, _FOOT, foot.lines[0], Style(Weight.REGULAR, foot.size, SOFT_INK))


def _part(paper: Paper, part: RoomPart, y: float, high: float) -> None:
    paper.rule(_MARGIN, y, _CONTENT, colour=BRAND, thick=1.4)
    title = _fitted(part.title, Weight.BOLD, _TITLE, high * 0.6)
    y = _lines(paper, y + 6 * MM, title, Weight.BOLD, INK)
    speakers = _fitted(part.speakers, Weight.REGULAR, (24, 21, 18, 15, 12), high * 0.22)
    y = _lines(paper, y + 3 * MM, speakers, Weight.REGULAR, INK)
    note = one_line(part.note, Weight.SEMIBOLD, 16, 10, _CONTENT)
    paper.text(_MARGIN, y + 8 * MM, note.lines[0], Style(Weight.SEMIBOLD, note.size, BRAND))


def _fitted(text: str, weight: Weight, sizes: tuple[float, ...], height: float) -> Block:
    found = block(text, weight, sizes, _CONTENT, height=height, leading=1.14)
    return balanced(text, weight, found, _CONTENT)


def _lines(paper: Paper, y: float, lines: Block, weight: Weight, colour: str) -> float:
    """Draw the lines under y; returns where the last one ends."""
    for number, line in enumerate(lines.lines):
        paper.text(_MARGIN, y + number * lines.step + lines.size * 0.86, line, Style(weight, lines.size, colour))
    return y + lines.height
