"""What does the door answer to a scan? The questions in the order in which they are asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.registrations import State
from eventapp.domain.times import local_date


class Action(StrEnum):
    IN = "in"
    OUT = "out"
    UNDO = "undo"
    OVERRIDE = "override"
    SWAP = "swap"


class Result(StrEnum):
    ADMITTED = "admitted"
    ALREADY_IN = "already_in"
    LEFT = "left"
    NOT_INSIDE = "not_inside"
    UNDONE = "undone"
    OVERRIDDEN = "overridden"
    SWAPPED = "swapped"
    NOT_SWAPPED = "not_swapped"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    WRONG_EVENT = "wrong_event"
    WRONG_DAY = "wrong_day"
    WRONG_SESSION = "wrong_session"
    UNKNOWN = "unknown"


class TicketState(StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class TicketFacts:
    """What the door needs to know of a ticket; times aware UTC."""

    event_id: int
    ticket_state: TicketState
    registration_state: State
    event_cancelled: bool
    starts_at: datetime
    ends_at: datetime


def objection(ticket: TicketFacts | None, *, event_id: int, scanned_at: datetime) -> Result | None:
    """Why this ticket opens no door here and now; None when nothing speaks against it.

    The first that applies is the answer: unknown, another event, replaced, cancelled, unpaid, another day.
    """
    if ticket is None:
        return Result.UNKNOWN
    if ticket.event_id != event_id:
        return Result.WRONG_EVENT
    against = standing_objection(ticket)
    if against is not None:
        return against
    if not local_date(ticket.starts_at) <= local_date(scanned_at) <= local_date(ticket.ends_at):
        return Result.WRONG_DAY
    return None


def standing_objection(ticket: TicketFacts) -> Result | None:
    """What speaks against a ticket at its own event, whatever the day: replaced, cancelled or unpaid."""
    if ticket.ticket_state == TicketState.REPLACED:
        return Result.REPLACED
    if _cancelled(ticket):
        return Result.CANCELLED
    return Result.UNPAID if ticket.registration_state != State.CONFIRMED else None


def _cancelled(ticket: TicketFacts) -> bool:
    ended = ticket.registration_state in (State.CANCELLED, State.EXPIRED)
    return ticket.ticket_state == TicketState.CANCELLED or ended or ticket.event_cancelled


class Kept(NamedTuple):
    """A scan of one person as it was kept; `shown` is what the phone said, '' when it waited for our answer."""

    scan_id: str
    action: Action
    result: Result
    shown: str
    undoes: str | None
    at: datetime
    device_id: int | None


class Passage(NamedTuple):
    """Somebody went through a door, in or out."""

    at: datetime
    inward: bool
    device_id: int | None


class Stay(NamedTuple):
    """When somebody first came in, and since when they are inside now; the door of the last entry."""

    first_in_at: datetime | None = None
    inside_since: datetime | None = None
    device_id: int | None = None


class Entry(NamedTuple):
    """What the door says to somebody who comes in. `conflict`: another door let in the same ticket."""

    result: Result
    first_in_at: datetime
    conflict: bool = False


def passages(scans: Sequence[Kept], *, undoing: str | None = None) -> list[Passage]:
    """Who went through which way, in order of time; what was or is being undone did not happen.

    A phone without network that showed a welcome let somebody in, whatever another door had done before.
    """
    undone = {undoing, *(scan.undoes for scan in scans if scan.action == Action.UNDO)}
    through = [
        Passage(scan.at, scan.action != Action.OUT, scan.device_id)
        for scan in scans
        if scan.scan_id not in undone and _went_through(scan)
    ]
    return sorted(through, key=lambda passage: passage.at)


def _went_through(scan: Kept) -> bool:
    if scan.action == Action.IN:
        again = scan.result == Result.ALREADY_IN and scan.shown == Result.ADMITTED
        return scan.result == Result.ADMITTED or again
    if scan.action == Action.OUT:
        return scan.result == Result.LEFT or (scan.result == Result.NOT_INSIDE and scan.shown == Result.LEFT)
    return (scan.action, scan.result) in _LET_IN


# What lets somebody in without a welcome to the ticket: by hand, or instead of whose ticket it was.
_LET_IN = {(Action.OVERRIDE, Result.OVERRIDDEN), (Action.SWAP, Result.SWAPPED)}


def stay_of(through: Iterable[Passage]) -> Stay:
    """Where these passages, in order of time, leave somebody."""
    stay = Stay()
    for passage in through:
        if not passage.inward:
            stay = Stay(stay.first_in_at, None, stay.device_id)
        elif stay.inside_since is None:
            stay = Stay(stay.first_in_at or passage.at, passage.at, passage.device_id)
    return stay


def entry_at(through: Sequence[Passage], at: datetime, *, shown_welcome: bool) -> Entry:
    """What to say to somebody who came in at this moment, reported in whatever order.

    The earliest admission counts. Who was inside by then is already in; who was let in afterwards by another door,
    though nobody had seen them leave, makes this one a conflict as well. Who was ticked by hand, on paper beside a door
    without network, is no contradiction.
    """
    before = stay_of(passage for passage in through if passage.at <= at)
    if before.inside_since and before.first_in_at:
        return Entry(Result.ALREADY_IN, before.first_in_at, conflict=shown_welcome and before.device_id is not None)
    following = next((passage for passage in through if passage.at > at), None)
    again = following is not None and following.inward and following.device_id is not None
    return Entry(Result.ADMITTED, before.first_in_at or at, conflict=again)
