"""How wide is a line of text, in which fonts is it set, and how is it made to fit?

Everything here takes text as people typed it; nothing in it is ever read as markup.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from eventapp.documents.fonts import HouseFont, Weight, house, spare
from eventapp.documents.script import clean, on_paper

_SUBSTITUTE = "□"
_ELLIPSIS = "…"
# A word may be broken after these signs.
_PARTS = re.compile(r"[^-@/.]+[-@/.]*|[-@/.]+")
# DejaVu's letters are larger than Atkinson's at the same size.
_SPARE_SCALE = 0.92


class Run(NamedTuple):
    """A stretch of a line in one font, in the order in which it is drawn; scale is relative to the size of the line."""

    font: HouseFont
    text: str
    scale: float


class Block(NamedTuple):
    """Lines that fit their place, the size at which they do, and the distance from line to line."""

    lines: tuple[str, ...]
    size: float
    step: float

    @property
    def height(self) -> float:
        """How far the lines reach down in all."""
        return self.step * len(self.lines)


def runs(line: str, weight: Weight) -> tuple[Run, ...]:
    """The line cut up by font; a character that no font has becomes an empty square."""
    font = house(weight)
    if font.characters.issuperset(line):
        return (Run(font, line, 1.0),)
    return tuple(_mixed(on_paper(clean(line)), font, spare(weight)))


def width_of(line: str, weight: Weight, size: float) -> float:
    """The width of a line in points."""
    font = house(weight)
    if font.characters.issuperset(line):
        return sum(map(font.widths.__getitem__, line)) * size
    return sum(sum(map(run.font.widths.__getitem__, run.text)) * run.scale for run in runs(line, weight)) * size


def one_line(text: str, weight: Weight, size: float, smallest: float, width: float) -> Block:
    """The text on one line: as large as it goes between the two sizes, then cut off with an ellipsis."""
    line = clean(text)
    wide = width_of(line, weight, size)
    if wide <= width:
        return Block((line,), size, size)
    fitting = max(smallest, int(size * width / wide * 10) / 10)
    return Block((_cut(line, weight, fitting, width),), fitting, fitting)


def block(
    text: str, weight: Weight, sizes: tuple[float, ...], width: float, *, height: float, leading: float = 1.25
) -> Block:
    """The text on several lines, at the first of the sizes at which width and height hold it.

    At the last size what does not fit is cut off. Lines are broken between words, or inside a word that is wider than
    the place; line ends in the text are kept.
    """
    paragraphs = [_words(paragraph, weight) for paragraph in text.strip().splitlines()]
    space = width_of(" ", weight, 1)
    for size in sizes:
        most = max(1, int(height / (size * leading)))
        lines = [line for words in paragraphs for line in _broken(words, weight, space, width / size)]
        if len(lines) <= most and _whole(paragraphs, weight, width / size):
            return Block(tuple(lines), size, size * leading)
    if len(lines) > most:
        lines[most - 1 :] = [_cut(" ".join(lines[most - 1 :]), weight, size, width)]
    return Block(tuple(lines), size, size * leading)


@lru_cache(maxsize=1024)
def snug(
    text: str, weight: Weight, sizes: tuple[float, ...], width: float, *, height: float, leading: float = 1.15
) -> Block:
    """As `block`, but rather one line in the second size than two in the first, and several about equally long."""
    single = one_line(text, weight, sizes[0], sizes[1], width)
    if not single.lines[0].endswith(_ELLIPSIS):
        return single
    return balanced(text, weight, block(text, weight, sizes, width, height=height, leading=leading), width)


def balanced(text: str, weight: Weight, found: Block, width: float) -> Block:
    """The block with its lines about equally long, when it is one paragraph and nothing had to be cut off."""
    if len(found.lines) < 2 or "\n" in text or found.lines[-1].endswith(_ELLIPSIS):
        return found
    words, space = _words(text, weight), width_of(" ", weight, 1)
    lines, wide = found.lines, width / found.size
    narrow = max(wide / len(lines), *(word_width for _, word_width in words))
    if narrow >= wide:
        return found
    for _ in range(6):
        middle = (narrow + wide) / 2
        tried = _broken(words, weight, space, middle)
        if len(tried) <= len(lines):
            lines, wide = tuple(tried), middle
        else:
            narrow = middle
    return found._replace(lines=lines)


def _words(paragraph: str, weight: Weight) -> list[tuple[str, float]]:
    """The words with their widths at size 1; nothing is kerned, so that widths may be added."""
    return [(word, width_of(word, weight, 1)) for word in clean(paragraph).split()]


def _whole(paragraphs: list[list[tuple[str, float]]], weight: Weight, width: float) -> bool:
    """Whether no word has to be broken inside, other than after a sign that allows it."""
    wide = [word for words in paragraphs for word, word_width in words if word_width > width]
    return all(width_of(part, weight, 1) <= width for word in wide for part in _PARTS.findall(word))


def _broken(words: list[tuple[str, float]], weight: Weight, space: float, width: float) -> list[str]:
    """The words in lines no wider than `width` at size 1; no words are one empty line."""
    lines: list[str] = []
    line: list[str] = []
    used = 0.0
    for word, wide in words:
        if line and used + space + wide <= width:
            line.append(word)
            used += space + wide
            continue
        if line:
            lines.append(" ".join(line))
        if wide > width:
            *full, word = _pieces(word, weight, width)
            lines += full
            wide = width_of(word, weight, 1)
        line, used = [word], wide
    return [*lines, " ".join(line)]


def _pieces(word: str, weight: Weight, width: float) -> list[str]:
    """The word in pieces that fit, broken after a sign that allows it where that helps, else with a hyphen."""
    pieces: list[str] = []
    piece = ""
    for part in _PARTS.findall(word):
        if width_of(piece + part, weight, 1) <= width:
            piece += part
            continue
        if piece:
            pieces.append(piece)
        piece = ""
        for letter in part:
            hyphen = "-" if piece[-1:].isalpha() and letter.isalpha() else ""
            if piece and width_of(piece + letter + hyphen, weight, 1) > width:
                pieces.append(piece + hyphen)
                piece = ""
            piece += letter
    return [*pieces, piece]


def _cut(line: str, weight: Weight, size: float, width: float) -> str:
    if width_of(line, weight, size) <= width:
        return line
    shortest, longest = 0, len(line)
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        if width_of(line[:middle].rstrip() + _ELLIPSIS, weight, size) <= width:
            shortest = middle
        else:
            longest = middle - 1
    return line[:shortest].rstrip(" ,-.") + _ELLIPSIS


def _mixed(line: str, main: HouseFont, other: HouseFont) -> list[Run]:
    """A word with a letter that the main font lacks is set wholly in the other one, a lone sign only by itself."""
    found: list[Run] = []
    for word in re.findall(r"\s+|\S+", line):
        foreign = any(letter.isalpha() and letter not in main.characters for letter in word)
        for letter in word:
            run = _set(letter, foreign, main, other)
            if found and found[-1].font is run.font:
                repeated = run.text == _SUBSTITUTE and found[-1].text.endswith(_SUBSTITUTE)
                found[-1] = found[-1] if repeated else run._replace(text=found[-1].text + run.text)
            else:
                found.append(run)
    return found


def _set(letter: str, foreign: bool, main: HouseFont, other: HouseFont) -> Run:
    if letter in main.characters and not (foreign and letter in other.characters):
        return Run(main, letter, 1.0)
    return Run(other, letter if letter in other.characters else _SUBSTITUTE, _SPARE_SCALE)
