"""What do a ticket and a calendar entry say? Turns rows into the plain data that documents/ draws."""

from datetime import timedelta
from typing import TYPE_CHECKING

from eventapp import documents, formatting, wording
from eventapp.domain.association import Association
from eventapp.domain.events import EventForm, EventState
from eventapp.domain.registrations import LIVE
from eventapp.links import Links
from eventapp.models import Event, Registration, Ticket
from eventapp.queries.association import load_association
from eventapp.queries.choices import Part, programme_of

if TYPE_CHECKING:
    from eventapp.documents.calendar import CalendarEntry
    from eventapp.documents.ticket_pdf import TicketData

_REMIND_BEFORE = timedelta(days=1)
_ONLINE = "Online"
_ONLINE_ROUTE = "U doet online mee. De link staat op de pagina van uw ticket en in de afspraak in uw agenda."


def ticket_data(ticket: Ticket, *, demo: bool = False) -> "TicketData":
    """What the ticket of one person says; `demo` prints over it that it lets nobody in."""
    registration, event = ticket.registration, ticket.registration.event
    association = load_association()
    online = attends_online(registration)
    return documents.ticket_pdf.TicketData(
        event_title=event.title,
        kind=wording.KINDS[event.kind],
        when=formatting.when(event.starts_at, event.ends_at),
        venue=_ONLINE if online else event.venue or event.city,
        address=() if online else _address_lines(event),
        route=_ONLINE_ROUTE if online else event.route,
        holder=_holder(registration),
        organisation=registration.organisation_name,
        category=wording.CATEGORIES[registration.category],
        code=ticket.code,
        contact=f"Vragen? {event.contact or association.email}",
        association=association.name,
        sessions=tuple(
            documents.ticket_pdf.TicketSession(
                formatting.time_range(part.starts_at, part.ends_at), _doing(part), part.room
            )
            for part in programme_of(registration.id)
        ),
        order_reference=f"Aanmelding {registration.order_id}",
        demo=demo,
    )


def calendar_entry(registration: Registration, *, association: Association, links: Links) -> "CalendarEntry":
    """One person's own entry, with the links that are theirs alone; never the bare address of an online meeting.

    Without a live ticket it holds no link but that of the event page. The same rows give the same entry.
    """
    event, ticket = registration.event, registration.ticket
    off = event.state == EventState.CANCELLED or registration.state not in LIVE
    join = links.join(ticket.token) if ticket and attends_online(registration) else ""
    page = links.ticket(ticket.token) if ticket else links.event(event.slug)
    told = (
        f"Uw ticket: {page}" if ticket else page,
        f"Online meedoen: {join}" if join else "",
        _programme(registration) if ticket else "",
        _directions(registration),
    )
    moments = (event.updated_at, registration.created_at, registration.confirmed_at, registration.cancelled_at)
    return documents.calendar.CalendarEntry(
        uid=registration.calendar_uid,
        sequence=registration.calendar_sequence,
        stamp=max(filter(None, moments)),
        start=event.starts_at,
        end=event.ends_at,
        summary=event.title,
        description="\n\n".join(filter(None, told)),
        location=_ONLINE if attends_online(registration) else place(event),
        url=page,
        status="CANCELLED" if off else "CONFIRMED",
        organizer=(association.name, association.email),
        attendee=(_holder(registration), registration.address),
        alarms=(_REMIND_BEFORE,),
        categories=(wording.KINDS[event.kind],),
        conference=(join, "Online meedoen") if join else None,
    )


def event_entry(event: Event, *, association: Association, links: Links) -> "CalendarEntry":
    """The event as everybody may see it: no attendee, no alarm and no address of an online meeting."""
    page = links.event(event.slug)
    return documents.calendar.CalendarEntry(
        uid=event.calendar_uid,
        sequence=event.calendar_sequence,
        stamp=event.updated_at,
        last_modified=event.updated_at,
        start=event.starts_at,
        end=event.ends_at,
        summary=event.title,
        description="\n\n".join(filter(None, (event.summary, f"Meer lezen en aanmelden: {page}"))),
        location=place(event),
        url=page,
        status="CANCELLED" if event.state == EventState.CANCELLED else "CONFIRMED",
        organizer=(association.name, association.email),
        categories=(wording.KINDS[event.kind],),
    )


def attends_online(registration: Registration) -> bool:
    """Whether this person joins by video: always at an online event, at a hybrid one by choice."""
    form = registration.event.form
    return form == EventForm.ONLINE or (form == EventForm.HYBRIDE and registration.attends == EventForm.ONLINE)


def place(event: Event) -> str:
    """Where it is, on one line."""
    if event.form == EventForm.ONLINE:
        return _ONLINE
    return ", ".join(filter(None, (event.venue, event.street, f"{event.postcode} {event.city}".strip())))


def _address_lines(event: Event) -> tuple[str, ...]:
    return tuple(filter(None, (event.street, f"{event.postcode} {event.city}".strip())))


def _programme(registration: Registration) -> str:
    """What somebody does in each round, a line each."""
    parts = programme_of(registration.id)
    lines = [
        f"{formatting.time_range(part.starts_at, part.ends_at)}: {', '.join(filter(None, (_doing(part), part.room)))}"
        for part in parts
    ]
    return "\n".join(["Uw programma:", *lines]) if lines else ""


def _doing(part: Part) -> str:
    if not part.title:
        return "Geen deelsessie"
    return f"U spreekt: {part.title}" if part.speaks else part.title


def _directions(registration: Registration) -> str:
    route = registration.event.route
    return f"Route: {route}" if route and not attends_online(registration) else ""


def _holder(registration: Registration) -> str:
    person = registration.person
    return formatting.full_name(person.given_name, person.infix, person.family_name)
