"""Numbers of ours that forms and addresses carry along: of rows, of versions, of cents seen before."""

from collections.abc import Iterable

# Both databases can count to what is shorter, and no number of ours is longer.
_LONGEST = 9


def own_number(text: str | None) -> int | None:
    """The number that stands there; None for whatever else does, as nobody types these."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= _LONGEST else None


def own_numbers(texts: Iterable[str]) -> list[int]:
    """Those among them that are one, in their order."""
    return [found for text in texts if (found := own_number(text)) is not None]
