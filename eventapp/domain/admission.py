"""What does the door answer to a scan? The questions in the order in which they are asked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventapp.domain.registrations import State
from eventapp.domain.times import local_date


class Action(StrEnum):
    IN = "in"
    OUT = "out"
    UNDO = "undo"
    OVERRIDE = "override"


class Result(StrEnum):
    ADMITTED = "admitted"
    ALREADY_IN = "already_in"
    LEFT = "left"
    NOT_INSIDE = "not_inside"
    UNDONE = "undone"
    OVERRIDDEN = "overridden"
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
    if ticket.ticket_state == TicketState.REPLACED:
        return Result.REPLACED
    if _cancelled(ticket):
        return Result.CANCELLED
    if ticket.registration_state != State.CONFIRMED:
        return Result.UNPAID
    if not local_date(ticket.starts_at) <= local_date(scanned_at) <= local_date(ticket.ends_at):
        return Result.WRONG_DAY
    return None


def _cancelled(ticket: TicketFacts) -> bool:
    ended = ticket.registration_state in (State.CANCELLED, State.EXPIRED)
    return ticket.ticket_state == TicketState.CANCELLED or ended or ticket.event_cancelled
