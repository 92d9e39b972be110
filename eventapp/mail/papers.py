"""What does a ticket say? Turns rows into the plain data that documents/ draws."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from eventapp import documents, formatting, wording
from eventapp.domain.association import Association
from eventapp.domain.events import EventForm
from eventapp.models import Event, Registration, Ticket
from eventapp.queries.association import load_association
from eventapp.queries.choices import Part, programmes_of

if TYPE_CHECKING:
    from eventapp.documents.ticket import TicketData, TicketSession

ONLINE = "Online"


def ticket_data(ticket: Ticket, *, demo: bool = False) -> "TicketData":
    """What the ticket of one person says; `demo` prints over it that it lets nobody in."""
    return tickets_data([ticket], demo=demo)[0]


def tickets_data(tickets: Sequence[Ticket], *, demo: bool = False) -> "list[TicketData]":
    """The same for many, each a page of one file; their programmes are read at once."""
    association = load_association()
    programmes = programmes_of([ticket.registration_id for ticket in tickets])
    return [_ticket(ticket, programmes[ticket.registration_id], association, demo=demo) for ticket in tickets]


def _ticket(ticket: Ticket, programme: Iterable[Part], association: Association, *, demo: bool) -> "TicketData":
    registration, event = ticket.registration, ticket.registration.event
    online = attends_online(registration)
    return documents.ticket.TicketData(
        event_title=event.title,
        kind=wording.KINDS[event.kind],
        when=formatting.when(event.starts_at, event.ends_at),
        doors=_hours(event),
        venue=ONLINE if online else event.venue or event.city,
        address=() if online else _address_lines(event),
        route=wording.ONLINE_ROUTE if online else event.route,
        holder=holder(registration),
        organisation=registration.organisation_name,
        category=wording.CATEGORIES[registration.category],
        code=ticket.code,
        contact=f"Vragen? {event.contact or association.email}",
        association=association.letterhead,
        sessions=tuple(_session(event, part) for part in programme),
        order_reference=f"Aanmelding {registration.order_id}",
        demo=demo,
    )


def _session(event: Event, part: Part) -> "TicketSession":
    several_days = formatting.local_date(event.starts_at) != formatting.local_date(event.ends_at)
    return documents.ticket.TicketSession(
        formatting.time_range(part.starts_at, part.ends_at),
        doing(part),
        part.room,
        formatting.long_date(part.starts_at) if several_days else "",
    )


def _hours(event: Event) -> str:
    """When an event of several days begins and ends, as only its days are said otherwise."""
    begin, end = formatting.clock(event.starts_at), formatting.clock(event.ends_at)
    said = begin in formatting.when(event.starts_at, event.ends_at)
    return "" if said else f"Begint om {begin} uur, eindigt om {end} uur"


def attends_online(registration: Registration) -> bool:
    """Whether this person joins by video: always at an online event, at a hybrid one by choice."""
    form = registration.event.form
    return form == EventForm.ONLINE or (form == EventForm.HYBRIDE and registration.attends == EventForm.ONLINE)


def place(event: Event) -> str:
    """Where it is, on one line."""
    if event.form == EventForm.ONLINE:
        return ONLINE
    return ", ".join(filter(None, (event.venue, event.street, f"{event.postcode} {event.city}".strip())))


def _address_lines(event: Event) -> tuple[str, ...]:
    return tuple(filter(None, (event.street, f"{event.postcode} {event.city}".strip())))


def doing(part: Part) -> str:
    """What somebody does in a round, in a few words."""
    if not part.title:
        return wording.NO_BREAKOUT
    return wording.speaks_in(part.title) if part.speaks else part.title


def holder(registration: Registration) -> str:
    """Whose ticket or entry it is."""
    person = registration.person
    return formatting.full_name(person.given_name, person.infix, person.family_name)
