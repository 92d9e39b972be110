"""A chart as plain shapes, so that screen and paper draw the very same one. Places are in points, y downwards."""

from enum import StrEnum
from typing import NamedTuple


class Tone(StrEnum):
    """What a colour is for; screen and paper have their own value of each."""

    BRAND = "brand"
    TINT = "tint"
    ACCENT = "accent"
    INK = "ink"
    SOFT = "soft"
    LINE = "line"
    PAPER = "paper"


class Anchor(StrEnum):
    """Which end of its text a place is."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


class Box(NamedTuple):
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    tone: Tone
    shape: str = "box"


class Words(NamedTuple):
    """A line of text that stands on its y."""

    x: float
    y: float
    text: str
    size: float = 12
    tone: Tone = Tone.INK
    anchor: Anchor = Anchor.START
    strong: bool = False
    shape: str = "words"


class Path(NamedTuple):
    """A line from point to point."""

    points: tuple[tuple[float, float], ...]
    tone: Tone
    thick: float = 1.5
    shape: str = "path"


Shape = Box | Words | Path


class Drawing(NamedTuple):
    """Shapes on a sheet of this size; `alt` says what there is to see."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    alt: str


def frame(x: float, y: float, width: float, height: float, tone: Tone) -> Path:
    """The edge of a rectangle."""
    right, below = x + width, y + height
    return Path(((x, y), (right, y), (right, below), (x, below), (x, y)), tone, 1)
