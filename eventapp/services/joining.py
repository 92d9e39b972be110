"""Somebody joins an online meeting by their personal page: present from then on, and led on to the meeting."""

from datetime import datetime
from uuid import uuid4

from eventapp.domain.admission import Action, Result, TicketState
from eventapp.domain.errors import UnknownLink
from eventapp.domain.events import EventState
from eventapp.domain.joining import Joining, joining
from eventapp.mail.papers import attends_online
from eventapp.models import Registration, Scan, Ticket
from eventapp.queries.orders import ticket_by_token
from eventapp.services import presence
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
    with transaction() as session:
        ticket = _valid_ticket(token)
        registration = ticket.registration
        if state_of(registration, now=now) != Joining.OPEN:
            return None
        mine, event_id = registration.id, registration.event_id
        if presence.enter(registration_id=mine, event_id=event_id, session="", at=now, device_id=None):
            session.add(_scan(ticket, now=now))
        return registration.event.online_url


def _scan(ticket: Ticket, *, now: datetime) -> Scan:
    """The fact that presence rests on: no door has it, as no device let this person in."""
    return Scan(
        scan_id=str(uuid4()),
        event_id=ticket.registration.event_id,
        ticket_id=ticket.id,
        registration_id=ticket.registration_id,
        action=Action.IN,
        result=Result.ADMITTED,
        scanned_at=now,
        counted_at=now,
        received_at=now,
        first_scanned_at=now,
    )


def _valid_ticket(token: str) -> Ticket:
    """The ticket behind this link. Refuses with UnknownLink when it was replaced or is cancelled."""
    found = ticket_by_token(token)
    if found is None or found.state != TicketState.VALID:
        raise UnknownLink()
    return found
