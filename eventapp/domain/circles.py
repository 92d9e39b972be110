"""What is a circle, who belongs to it on a day, and how does a member stand towards one of its meetings?"""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class JoinPolicy(StrEnum):
    """How somebody becomes a member: at once, after a yes of the coordinator, or only when the office adds them."""

    DIRECT = "direct"
    APPROVAL = "approval"
    CLOSED = "closed"


class MemberRole(StrEnum):
    LID = "lid"
    GAST = "gast"
    WAARNEMEND = "waarnemend"


class RequestState(StrEnum):
    """Where a request to join stands; `JOINED` led to a membership."""

    AWAITING_PROOF = "awaiting_proof"
    AWAITING_APPROVAL = "awaiting_approval"
    JOINED = "joined"
    DECLINED = "declined"


class MeetingAnswer(StrEnum):
    """What a member says of one meeting. The last two give the place back."""

    JA = "ja"
    NEE = "nee"
    VERHINDERD = "verhinderd"

    @property
    def stays_away(self) -> bool:
        return self != MeetingAnswer.JA


class Standing(StrEnum):
    """How a member stands towards a meeting: who did not answer is expected, nothing more."""

    VERWACHT = "verwacht"
    JA = "ja"
    NEE = "nee"
    VERHINDERD = "verhinderd"
    WACHTLIJST = "wachtlijst"
    GEEN = "geen"


class Given(NamedTuple):
    """An answer with the moment it was given."""

    answer: MeetingAnswer
    at: datetime


def counts(given: Given | None, *, moved_at: datetime | None) -> bool:
    """Whether an answer still says something: after a move to another day it is asked again."""
    return given is not None and (moved_at is None or given.at >= moved_at)


def standing(given: Given | None, *, holds: bool, waits: bool, moved_at: datetime | None) -> Standing:
    """How somebody stands, by their answer and by whether they hold a place or wait for one.

    Who said to stay away and registered anew, comes.
    """
    if waits:
        return Standing.WACHTLIJST
    answered = counts(given, moved_at=moved_at)
    if holds:
        return Standing.JA if answered else Standing.VERWACHT
    if given is not None and answered and given.answer.stays_away:
        return Standing(given.answer.value)
    return Standing.GEEN


def belongs(joined_on: date, left_on: date | None, day: date) -> bool:
    """Whether somebody is in the circle on this day; the first and the last day count."""
    return joined_on <= day and (left_on is None or day <= left_on)


def gets_place(
    given: Given | None, *, member_since: datetime, moved_at: datetime | None, ended_at: datetime | None
) -> bool:
    """Whether a member without a place at a meeting gets one.

    `ended_at` is when their last registration for it ended. Who withdrew stays away, until they say yes, join anew, or
    the meeting goes to another day.
    """
    if given is not None and given.answer.stays_away and counts(given, moved_at=moved_at):
        return False
    moments = (member_since, moved_at, given.at if given else None)
    since = max(moment for moment in moments if moment is not None)
    return ended_at is None or ended_at < since


def gives_back(given: Given | None, *, registered_at: datetime, moved_at: datetime | None) -> bool:
    """Whether a member who has a place said, after getting it, to stay away."""
    if given is None or not given.answer.stays_away:
        return False
    return counts(given, moved_at=moved_at) and given.at >= registered_at
