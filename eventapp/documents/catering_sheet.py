"""What must the kitchen know? Counts and remarks as plain data, without names."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines: a number before each, or none."""

    title: str
    lines: tuple[tuple[int | None, str], ...]


@dataclass(frozen=True, slots=True)
class CateringSheet:
    """The sheet of one event; `summary` says of how many people it tells."""

    event_title: str
    when: str
    place: str
    association: str
    summary: str
    sections: tuple[Section, ...]
    printed_at: datetime
