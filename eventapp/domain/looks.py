"""Which lists of people are there, of which we keep who looked at them or took them along?"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple


class PeopleList(StrEnum):
    """A page or file that names people, by what it shows of them."""

    ACCOUNT = "account"
    ANSWERS = "answers"
    ATTENDANCE = "attendance"
    BADGES = "badges"
    CERTIFICATES = "certificates"
    CIRCLE = "circle"
    DOOR = "door"
    EMERGENCY = "emergency"
    EVALUATION = "evaluation"
    FILES = "files"
    IMPORT = "import"
    INVITATIONS = "invitations"
    LINKING = "linking"
    LIVE = "live"
    LOG = "log"
    MAILS = "mails"
    MATRIX = "matrix"
    MEETING = "meeting"
    MONEY = "money"
    ORGANISATION = "organisation"
    PEOPLE = "people"
    PRESENCE = "presence"
    PROPOSALS = "proposals"
    REGISTRATIONS = "registrations"
    SEARCH = "search"
    TEAMS = "teams"
    TICKETS = "tickets"
    TICKS = "ticks"
    TODAY = "today"
    WAITING = "waiting"
    WALK_INS = "walk_ins"


class Looked(NamedTuple):
    """What was shown: which list, of what, with how many people, and whether it left as a file."""

    at: PeopleList
    people: int
    as_file: bool
    event_id: int | None = None
    circle_id: int | None = None
    organisation_id: int | None = None


def once_an_hour(who: str, who_id: int, looked: Looked, now: datetime) -> str | None:
    """What looks that are kept as one have in common: the same person, list and hour. A file stands by itself."""
    if looked.as_file:
        return None
    hour = now.astimezone(UTC).strftime("%Y%m%d%H")
    of = (looked.event_id or "", looked.circle_id or "", looked.organisation_id or "")
    return "-".join(map(str, (hour, who, who_id, looked.at.value, *of)))
