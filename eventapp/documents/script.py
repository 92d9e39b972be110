"""In which order, and in which letter shapes, does a line of text stand on paper?

A PDF puts glyphs where it is told: it neither joins Arabic letters nor turns right-to-left text around. Names are
short, so the simple part of the Unicode bidirectional algorithm is enough: the line runs left to right and each stretch
of right-to-left text inside it is turned around.
"""

import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

_FIRST_RIGHT_TO_LEFT = "\u0590"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_LAM_ALEF = range(0xFEF5, 0xFEFD)
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """The text on one line, composed, without control characters and signs that are never seen.

    What only steers other programs (direction marks, joiners, emoji variants) goes; words stay one space apart.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(_visible(letter) for letter in composed).split())


def on_paper(line: str) -> str:
    """The line as it is drawn from left to right: Arabic letters joined, right-to-left stretches turned around."""
    if not any(letter >= _FIRST_RIGHT_TO_LEFT and _is_right_to_left(letter) for letter in line):
        return line
    return "".join(_turned(stretch) if backwards else stretch for stretch, backwards in _stretches(_joined(line)))


def _visible(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    if kind in ("Cf", "Cs") or ord(letter) in _SKIN_TONES or ord(letter) in _VARIATION_SELECTORS:
        return ""
    return letter


def _is_right_to_left(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL")


def _stretches(line: str) -> list[tuple[str, bool]]:
    """The line cut into stretches with their direction; spaces and marks between two turned words turn with them."""
    found: list[tuple[str, bool]] = []
    start, last = 0, None
    for place, letter in enumerate(line):
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL") or (last is not None and kind == "NSM"):
            if last is None:
                found.append((line[start:place], False))
                start = place
            last = place
        elif kind in ("L", "EN", "AN") and last is not None:
            found.append((line[start : last + 1], True))
            start, last = last + 1, None
    if last is not None:
        found.append((line[start : last + 1], True))
        start = last + 1
    found.append((line[start:], False))
    return found


def _turned(stretch: str) -> str:
    """The stretch backwards, each mark still behind the letter it belongs to."""
    clusters: list[str] = []
    for letter in stretch:
        if clusters and unicodedata.combining(letter):
            clusters[-1] += letter
        else:
            clusters.append(letter.translate(_MIRRORED))
    return "".join(reversed(clusters))


class _Shapes(NamedTuple):
    """The presentation forms of one Arabic letter; an empty text where the letter has no such form."""

    isolated: str = ""
    final: str = ""
    initial: str = ""
    medial: str = ""


@cache
def _arabic_shapes() -> dict[str, _Shapes]:
    """The forms of each letter and of the lam-alef pairs, read from the Unicode data that Python carries."""
    found: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFC00), *range(0xFE70, 0xFEFD)):
        form, _, letters = unicodedata.decomposition(chr(code)).partition("> ")
        plain = "".join(chr(int(letter, 16)) for letter in letters.split())
        if len(plain) == 1 or (len(plain) == 2 and code in _LAM_ALEF):
            found.setdefault(plain, {})[form.removeprefix("<")] = chr(code)
    return {plain: _Shapes(**forms) for plain, forms in found.items()}


def _joined(line: str) -> str:
    """Every Arabic letter replaced by the form that its neighbours ask for."""
    shapes = _arabic_shapes()
    units = _units(line, shapes)
    letters = [place for place, unit in enumerate(units) if not unicodedata.combining(unit[0])]
    drawn = list(units)
    for order, place in enumerate(letters):
        shape = shapes.get(units[place])
        if shape is None:
            continue
        before = order > 0 and bool(shapes.get(units[letters[order - 1]], _Shapes()).initial)
        after = order + 1 < len(letters) and bool(shapes.get(units[letters[order + 1]], _Shapes()).final)
        drawn[place] = _fitting(shape, before, after) or units[place]
    return "".join(drawn)


def _fitting(shape: _Shapes, joins_before: bool, joins_after: bool) -> str:
    if joins_before and joins_after and shape.medial:
        return shape.medial
    if joins_before and shape.final:
        return shape.final
    if joins_after and shape.initial:
        return shape.initial
    return shape.isolated


def _units(line: str, shapes: dict[str, _Shapes]) -> list[str]:
    """Letters one by one, except lam with alef, which are drawn as one."""
    units: list[str] = []
    place = 0
    while place < len(line):
        pair = line[place : place + 2]
        size = 2 if len(pair) == 2 and pair in shapes else 1
        units.append(line[place : place + size])
        place += size
    return units
