"""Somebody joins an online meeting by their personal page: present from then on, and led on to the meeting."""

from datetime import datetime

from eventapp.domain.admission import TicketState
from eventapp.domain.errors import UnknownLink
from eventapp.domain.events import EventState
from eventapp.domain.joining import Joining, joining
from eventapp.mail.papers import attends_online
from eventapp.models import Registration, Ticket
from eventapp.queries.orders import ticket_by_token
from eventapp.services import marking
from eventapp.transaction import transaction


def state_of(registration: Registration, *, now: datetime) -> Joining:
    """How it stands for this person at this moment. Changes nothing."""
    event = registration.event
    return joining(
        event_off=event.state == EventState.CANCELLED,
        online=attends_online(registration),
        address=event.online_url,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        now=now,
    )


def join(token: str, *, now: datetime) -> str | None:
    """The address of the meeting, and the person counts as present; again is not a second time.

    None while the page leads nowhere, and then nothing is written. Refuses with UnknownLink.
    """
    with transaction():
        ticket = _valid_ticket(token)
        registration = ticket.registration
        if state_of(registration, now=now) != Joining.OPEN:
            return None
        marking.mark(registration.id, ticket.id, registration.event_id, at=now, now=now)
        return registration.event.online_url


def _valid_ticket(token: str) -> Ticket:
    """The ticket behind this link. Refuses with UnknownLink when it was replaced or is cancelled."""
    found = ticket_by_token(token)
    if found is None or found.state != TicketState.VALID:
        raise UnknownLink()
    return found
