"""How does a chart look? Few kinds, labelled directly, drawn as plain shapes of 340 points wide."""

from collections.abc import Sequence
from typing import NamedTuple

from eventapp.documents.drawing import Anchor, Box, Drawing, Path, Shape, Tone, Words, frame

WIDTH = 340.0

_BAR_STEP, _BAR = 40.0, 12.0
_CELL, _LABELS = 33.0, 134.0
_LINE_HEIGHT, _LEFT, _RIGHT = 190.0, 8.0, 44.0
_COLUMNS_HEIGHT = 150.0


class Bar(NamedTuple):
    """`value` of `whole` (the bar behind it); `words` say both."""

    label: str
    value: float
    words: str
    whole: float = 0


def bars(rows: Sequence[Bar], *, alt: str) -> Drawing:
    """One bar under the other, each under its own words; the longest fills the width."""
    if not rows:
        return Drawing(WIDTH, 20, (Words(0, 13, "Nog niets om te tekenen.", tone=Tone.SOFT),), alt)
    most = max(max(row.value, row.whole) for row in rows) or 1
    shapes: list[Shape] = []
    for place, row in enumerate(rows):
        y = place * _BAR_STEP
        shapes.append(Words(0, y + 13, row.label))
        shapes.append(Words(WIDTH, y + 13, row.words, anchor=Anchor.END, strong=True))
        shapes.append(Path(((0, y + 18 + _BAR), (WIDTH, y + 18 + _BAR)), Tone.LINE, 1))
        if row.whole:
            shapes.append(Box(0, y + 18, WIDTH * row.whole / most, _BAR, Tone.TINT))
        if row.value:
            shapes.append(Box(0, y + 18, WIDTH * row.value / most, _BAR, Tone.BRAND))
    return Drawing(WIDTH, len(rows) * _BAR_STEP, tuple(shapes), alt)


def grid(heads: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]], *, alt: str) -> Drawing:
    """A square per cell, larger the more there is in it; an empty cell stays an empty frame."""
    most = max([number for _, numbers in rows for number in numbers], default=0) or 1
    step = (WIDTH - _LABELS) / max(1, len(heads))
    shapes: list[Shape] = [
        Words(_LABELS + (place + 0.5) * step, 12, head, size=9.5, tone=Tone.SOFT, anchor=Anchor.MIDDLE)
        for place, head in enumerate(heads)
    ]
    for down, (label, numbers) in enumerate(rows):
        y = 18 + down * _CELL
        shapes.append(Words(0, y + _CELL / 2 + 4, label))
        for across, number in enumerate(numbers):
            shapes += _cell(_LABELS + across * step, y, step, number, most)
    return Drawing(WIDTH, 20 + len(rows) * _CELL, tuple(shapes), alt)


def _cell(x: float, y: float, step: float, number: int, most: int) -> list[Shape]:
    """The area of the square goes with the number; the number stands in it."""
    full = min(step, _CELL) - 3
    middle_x, middle_y = x + step / 2, y + _CELL / 2
    edge = frame(middle_x - full / 2, middle_y - full / 2, full, full, Tone.LINE)
    if not number:
        return [edge]
    side = max(14.0, full * (number / most) ** 0.5)
    square = Box(middle_x - side / 2, middle_y - side / 2, side, side, Tone.BRAND)
    words = Words(middle_x, middle_y + 4, str(number), size=11, tone=Tone.PAPER, anchor=Anchor.MIDDLE, strong=True)
    return [edge, square, words]


def line_to_goal(points: Sequence[tuple[str, int]], *, goal: int, goal_words: str, alt: str) -> Drawing:
    """The numbers from left to right, and the goal as a line above them."""
    top, bottom = 26.0, _LINE_HEIGHT - 22
    most = max(goal, *(number for _, number in points), 1)
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(points) - 1)

    def at(number: float) -> float:
        return bottom - (bottom - top) * number / most

    places = [(_LEFT + place * step, at(number)) for place, (_, number) in enumerate(points)]
    shapes: list[Shape] = [Path(((0, bottom), (WIDTH, bottom)), Tone.LINE, 1)]
    shapes.append(Path(((0, at(goal)), (WIDTH, at(goal))), Tone.ACCENT, 2))
    shapes.append(Words(WIDTH, at(goal) - 6, goal_words, anchor=Anchor.END, tone=Tone.SOFT, size=11))
    shapes.append(Path(tuple(places), Tone.BRAND, 2.5))
    for (x, y), (label, number) in zip(places, points, strict=True):
        shapes.append(Box(x - 4, y - 4, 8, 8, Tone.BRAND))
        shapes.append(Words(max(x, 14), y - 10, str(number), anchor=Anchor.MIDDLE, strong=True))
        shapes.append(Words(max(x, 14), bottom + 16, label, size=11, tone=Tone.SOFT, anchor=Anchor.MIDDLE))
    return Drawing(WIDTH, _LINE_HEIGHT, tuple(shapes), alt)


def columns(points: Sequence[tuple[str, int]], *, every: int, alt: str) -> Drawing:
    """A column per point, a word under the last one and every so many before; the highest and the last say how much."""
    top, bottom, most = 22.0, _COLUMNS_HEIGHT - 22, max((number for _, number in points), default=0)
    if not most:
        return Drawing(WIDTH, 20, (Words(0, 13, "Nog niets om te tekenen.", tone=Tone.SOFT),), alt)
    step, last = WIDTH / len(points), len(points) - 1
    highest = max(range(len(points)), key=lambda place: points[place][1])
    shapes: list[Shape] = [Path(((0, bottom), (WIDTH, bottom)), Tone.LINE, 1)]
    for place, (label, number) in enumerate(points):
        middle, height = (place + 0.5) * step, (bottom - top) * number / most
        if number:
            shapes.append(Box(middle - step * 0.35, bottom - height, step * 0.7, height, Tone.BRAND))
        if place in (highest, last) and (place == highest or abs(last - highest) > 1):
            near_end = min(max(middle, 10), WIDTH - 10)
            shapes.append(Words(near_end, bottom - height - 6, str(number), anchor=Anchor.MIDDLE, strong=True))
        if (last - place) % every == 0:
            anchor = Anchor.END if place == last else Anchor.MIDDLE
            at = WIDTH if place == last else max(middle, 18)
            shapes.append(Words(at, bottom + 16, label, size=11, tone=Tone.SOFT, anchor=anchor))
    return Drawing(WIDTH, _COLUMNS_HEIGHT, tuple(shapes), alt)
