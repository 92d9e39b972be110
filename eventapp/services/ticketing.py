"""Tickets: one live code per registration."""

from datetime import datetime

from eventapp.domain.admission import TicketState
from eventapp.domain.tickets import code_digest, new_code
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import Registration, Ticket


def issue(registration: Registration, *, now: datetime) -> Ticket:
    """A fresh ticket; a code that was still live becomes known as replaced."""
    end(registration, TicketState.REPLACED, now=now)
    code = new_code()
    ticket = Ticket(
        code=code, code_digest=code_digest(code), token=new_token(), state=TicketState.VALID, created_at=now
    )
    registration.tickets.append(ticket)
    db.session.flush()
    return ticket


def end(registration: Registration, state: TicketState, *, now: datetime) -> None:
    """The live code dies at once."""
    live = registration.ticket
    if live:
        live.state, live.ended_at = state, now
        db.session.flush()
