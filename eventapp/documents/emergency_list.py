"""Who is expected, for a door where nothing works: the list as plain data, for emergency_pdf."""

from datetime import datetime
from typing import NamedTuple


class EmergencyRow(NamedTuple):
    """One person with a box to tick. `note` stands where the box would be trusted too easily: "nog niet betaald"."""

    sort_name: str
    organisation: str = ""
    rooms: tuple[str, ...] = ()
    note: str = ""
    came: bool = False


class EmergencyList(NamedTuple):
    """The list of one event in the order in which it is printed."""

    event_title: str
    when: str
    association: str
    rows: tuple[EmergencyRow, ...]
    printed_at: datetime
