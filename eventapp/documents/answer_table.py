"""What do people answer to the questions of an event? As plain data, for the files that are made of it."""

from datetime import datetime
from typing import NamedTuple


class AnswerTable(NamedTuple):
    """One line per person; `heads` names the columns, and every row has as many texts or numbers."""

    event_title: str
    association: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    printed_at: datetime
