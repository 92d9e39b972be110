"""What does a ticket say? The plain data of which the page and the sheet of paper are both made."""

from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple


class TicketSession(NamedTuple):
    """One line of the holder's own programme; `day` stands above the first line of each day of several."""

    time: str
    title: str
    room: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class TicketData:
    """Everything a ticket says, in words ready for print; only `code` has a fixed form."""

    event_title: str
    kind: str
    when: str
    venue: str
    holder: str
    category: str
    code: str
    contact: str
    association: str
    doors: str = ""
    address: tuple[str, ...] = ()
    route: str = ""
    organisation: str = ""
    sessions: tuple[TicketSession, ...] = ()
    order_reference: str = ""
    demo: bool = False

    @property
    def days(self) -> list[tuple[str, list[TicketSession]]]:
        """The sessions by day, in the order of the programme; one day has no name."""
        return [(day, list(sessions)) for day, sessions in groupby(self.sessions, key=lambda session: session.day)]
