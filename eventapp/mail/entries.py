"""What does somebody's calendar say? Turns rows into the entries that documents/calendar.py writes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from eventapp import documents, formatting, wording
from eventapp.domain.association import Association
from eventapp.domain.calendars import Standing, standing
from eventapp.domain.events import EventState, RegistrationMode, Window
from eventapp.links import Links
from eventapp.mail.papers import ONLINE, attends_online, doing, holder, place
from eventapp.models import Event, Registration
from eventapp.queries.choices import Part, programme_of

if TYPE_CHECKING:
    from eventapp.documents.calendar import CalendarEntry

_REMIND = timedelta(days=1)
# Late enough to still have the page at hand when it is time to join.
_REMIND_ONLINE = timedelta(minutes=15)
_REMIND_SESSION = timedelta(minutes=10)
_JOIN = "Online meedoen"


def calendar_entry(
    registration: Registration, *, association: Association, links: Links, programme: Sequence[Part] | None = None
) -> "CalendarEntry":
    """One person's own entry, with the links that are theirs alone; never the bare address of an online meeting.

    Without a live ticket it holds no link but that of the event page. The same rows give the same entry; `programme`
    saves reading it again.
    """
    event, ticket, online = registration.event, registration.ticket, attends_online(registration)
    parts = programme_of(registration.id) if programme is None else programme
    join = links.join(ticket.token) if ticket and online else ""
    page = links.ticket(ticket.token) if ticket else links.event(event.slug)
    told = (
        wording.ticket_at(page) if ticket else page,
        f"{_JOIN}: {join}" if join else "",
        _programme(parts) if ticket else "",
        f"Route: {event.route}" if event.route and not online else "",
    )
    return documents.calendar.CalendarEntry(
        uid=registration.calendar_uid,
        sequence=registration.calendar_sequence,
        stamp=_changed_at(registration),
        start=event.starts_at,
        end=event.ends_at,
        summary=event.title,
        description="\n\n".join(filter(None, told)),
        location=ONLINE if online else place(event),
        url=page,
        status=standing(registration.state, event_off=event.state == EventState.CANCELLED).value,
        organizer=(association.name, association.email),
        attendee=(holder(registration), registration.address),
        alarms=(_REMIND, _REMIND_ONLINE) if online else (_REMIND,),
        categories=(wording.KINDS[event.kind],),
        conference=(join, _JOIN) if join else None,
    )


def own_entries(
    registration: Registration, day: "CalendarEntry", sessions: Sequence[Part], *, named: bool
) -> "list[CalendarEntry]":
    """What a file or a subscription of this person shows: the day, and these breakouts as entries of their own.

    Not every calendar shows what an entry stands at, so the title begins with it unless all is well; `named` ends it
    with whose it is.
    """
    mark = wording.calendar_mark(registration.state, event_off=registration.event.state == EventState.CANCELLED)
    whose = f" · {holder(registration)}" if named else ""
    shown = [day]
    if day.status != Standing.CANCELLED:
        shown += [_session_entry(day, part) for part in sessions if part.title and not part.cancelled]
    return [replace(entry, summary=f"{mark}{entry.summary}{whose}") for entry in shown]


def event_entry(event: Event, *, association: Association, links: Links, busy: bool = True) -> "CalendarEntry":
    """The event as everybody may see it: no attendee, no alarm and no address of an online meeting.

    Not `busy` for whoever follows the agenda, and does not go everywhere.
    """
    page, off = links.event(event.slug), event.state == EventState.CANCELLED
    return documents.calendar.CalendarEntry(
        uid=event.calendar_uid,
        sequence=event.calendar_sequence,
        stamp=event.updated_at,
        last_modified=event.updated_at,
        start=event.starts_at,
        end=event.ends_at,
        summary=f"{wording.EVENT_OFF}: {event.title}" if off else event.title,
        description="\n\n".join(filter(None, _public_words(event, page))),
        location=place(event),
        url=page,
        status=(Standing.CANCELLED if off else Standing.CONFIRMED).value,
        busy=busy,
        organizer=(association.name, association.email),
        categories=(wording.KINDS[event.kind],),
    )


def _public_words(event: Event, page: str) -> tuple[str, ...]:
    """What the entry of the agenda says: what it is, by whom, and where one registers."""
    offered = wording.offered_by(event.partner_name)
    here = event.registration == RegistrationMode.HIER
    return (
        event.summary,
        offered[:1].upper() + offered[1:],
        registering_words(event),
        wording.more_at(page, registers=here),
    )


def registering_words(event: Event) -> str:
    """Where one registers when that is not here; empty when it is."""
    if event.registration == RegistrationMode.ELDERS:
        return wording.registers_at(event.external_url)
    return "" if event.registration == RegistrationMode.HIER else wording.WINDOWS[Window.NONE]


def _changed_at(registration: Registration) -> datetime:
    """When the entry last said something else."""
    event, ticket = registration.event, registration.ticket
    moments = (
        event.updated_at,
        registration.created_at,
        registration.confirmed_at,
        registration.cancelled_at,
        registration.calendar_changed_at,
        ticket.created_at if ticket else None,
    )
    return max(filter(None, moments))


def _session_entry(day: "CalendarEntry", part: Part) -> "CalendarEntry":
    """The breakout of one round: whoever chooses another sees this entry change, as it belongs to the round."""
    return replace(
        day,
        uid=f"{part.round_id}-{day.uid}",
        start=part.starts_at,
        end=part.ends_at,
        summary=doing(part),
        description=day.url,
        location=", ".join(filter(None, (part.room, day.location))),
        alarms=(_REMIND_SESSION,),
    )


def _programme(parts: Sequence[Part]) -> str:
    """What somebody does in each round, a line each."""
    lines = [
        f"{formatting.time_range(part.starts_at, part.ends_at)}: {', '.join(filter(None, (doing(part), part.room)))}"
        for part in parts
    ]
    return "\n".join([wording.OWN_PROGRAMME, *lines]) if lines else ""
