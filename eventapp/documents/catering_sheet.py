"""What must the kitchen know? Counts and remarks as plain data, without names."""

from datetime import datetime
from typing import NamedTuple


class Section(NamedTuple):
    """A heading with its lines: a number before each, or none."""

    title: str
    lines: tuple[tuple[int | None, str], ...]


class CateringSheet(NamedTuple):
    """The sheet of one event; `summary` says of how many people it tells."""

    event_title: str
    when: str
    place: str
    association: str
    summary: str
    sections: tuple[Section, ...]
    printed_at: datetime
