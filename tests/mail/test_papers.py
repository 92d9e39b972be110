"""Do ticket and calendar entry say what this person needs, and no more than this person may know?"""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from eventapp.documents.calendar import single
from eventapp.documents.ticket_pdf import ticket_pdf
from eventapp.domain.association import Association
from eventapp.domain.events import EventForm, EventState
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.links import Links
from eventapp.mail.deliver import deliver_due
from eventapp.mail.entries import calendar_entry, event_entry
from eventapp.mail.papers import ticket_data
from eventapp.mail.transports import SmtpTransport
from eventapp.models import Registration
from eventapp.services import mails
from tests.factories import NOW
from tests.mail import kinds
from tests.mail.conftest import PostOffice

LINKS = Links("https://aanmelden.kindcentra.example")
ASSOCIATION = Association()
SECRET = "https://meet.example/geheim"


def entry_of(registration: Registration):
    return calendar_entry(registration, association=ASSOCIATION, links=LINKS)


def test_the_ticket_says_who_when_and_where(app: Flask) -> None:
    registration = kinds.somebody()

    data = ticket_data(registration.ticket)

    assert (data.holder, data.organisation, data.category) == ("Marieke van der Meulen", "Zonnevlinder", "Lid")
    assert (data.kind, data.event_title) == ("Inspiratiebijeenkomst", kinds.TITLE)
    assert data.when == "woensdag 10 februari 2027, 10.00-14.00 uur"
    assert (data.venue, data.address) == ("Congrescentrum De Driehoek", ("Driehoekplein 1", "3511 AB Utrecht"))
    assert (data.code, data.demo) == (registration.ticket.code, False)
    assert data.contact == "Vragen? secretariaat@kindcentra.example"
    assert ticket_pdf([data]).startswith(b"%PDF")


def test_the_ticket_of_an_online_event_holds_no_address_of_the_meeting(app: Flask) -> None:
    registration = kinds.somebody(kinds.themadag(form=EventForm.ONLINE, online_url=SECRET))

    data = ticket_data(registration.ticket)

    assert (data.venue, data.address) == ("Online", ())
    assert SECRET not in str(data)


def test_the_entry_is_this_persons_own(app: Flask) -> None:
    registration = kinds.somebody(calendar_sequence=2)

    entry = entry_of(registration)

    ticket = LINKS.ticket(registration.ticket.token)
    assert (entry.uid, entry.sequence, entry.status) == (registration.calendar_uid, 2, "CONFIRMED")
    assert entry.attendee == ("Marieke van der Meulen", registration.address)
    assert entry.organizer == ("Vereniging Netwerk Kindcentra", "secretariaat@kindcentra.example")
    assert entry.url == ticket
    assert entry.description == f"Uw ticket: {ticket}\n\nRoute: {registration.event.route}"
    assert entry.location == "Congrescentrum De Driehoek, Driehoekplein 1, 3511 AB Utrecht"
    assert (entry.alarms, entry.conference) == ((timedelta(days=1),), None)
    assert entry.stamp == NOW
    assert entry == entry_of(registration)


@pytest.mark.parametrize(
    ("form", "attends", "online"),
    [
        (EventForm.ONLINE, EventForm.FYSIEK, True),
        (EventForm.HYBRIDE, EventForm.ONLINE, True),
        (EventForm.HYBRIDE, EventForm.FYSIEK, False),
        (EventForm.FYSIEK, EventForm.FYSIEK, False),
    ],
)
def test_who_joins_online_gets_the_personal_page_only(
    app: Flask, form: EventForm, attends: EventForm, online: bool
) -> None:
    registration = kinds.somebody(kinds.themadag(form=form, online_url=SECRET), attends=attends)

    entry = entry_of(registration)

    join = LINKS.join(registration.ticket.token)
    assert entry.conference == ((join, "Online meedoen") if online else None)
    assert (f"Online meedoen: {join}" in entry.description) is online
    assert (entry.location == "Online") is online
    assert SECRET not in single(entry).decode()


@pytest.mark.parametrize("what", ["registration", "event"])
def test_an_entry_that_is_off_is_cancelled_and_opens_nothing_personal(app: Flask, what: str) -> None:
    registration = kinds.somebody()
    token = registration.ticket.token
    if what == "event":
        registration.event.state = EventState.CANCELLED
    registration.state, registration.cancelled_at = State.CANCELLED, NOW + timedelta(hours=1)
    registration.ticket.state = "cancelled"
    db.session.commit()

    entry = entry_of(registration)

    assert (entry.status, entry.stamp) == ("CANCELLED", NOW + timedelta(hours=1))
    assert entry.url == LINKS.event(registration.event.slug)
    assert token not in entry.description


def test_the_public_entry_is_everybodys(app: Flask) -> None:
    event = kinds.themadag(form=EventForm.HYBRIDE, online_url=SECRET, summary="Een dag over samenwerken.")

    entry = event_entry(event, association=ASSOCIATION, links=LINKS)

    page = f"https://aanmelden.kindcentra.example/agenda/{event.slug}"
    assert (entry.uid, entry.attendee, entry.conference, entry.alarms) == (event.calendar_uid, None, None, ())
    assert entry.description == f"Een dag over samenwerken.\n\nMeer lezen en aanmelden: {page}"
    assert (entry.url, entry.stamp, entry.categories) == (page, event.updated_at, ("Inspiratiebijeenkomst",))
    assert SECRET not in single(entry).decode()
    off = replace(entry, status="CANCELLED", summary=f"Gaat niet door: {event.title}")
    assert off == event_entry(_called_off(event), association=ASSOCIATION, links=LINKS)


def _called_off(event):
    event.state = EventState.CANCELLED
    return event


def _sent(post_office: PostOffice):
    db.session.commit()
    assert deliver_due(SmtpTransport(post_office.url), now=NOW) == 1
    return post_office.arrived[0]


def test_a_ticket_mail_carries_words_twice_an_invitation_and_the_ticket(app: Flask, post_office: PostOffice) -> None:
    registration = kinds.somebody()
    slug = registration.event.slug
    mails.confirmed(registration, now=NOW)

    message = _sent(post_office)

    alternatives = [part.get_content_type() for part in next(message.iter_parts()).iter_parts()]
    attachments = [(part.get_filename(), part.get_content_type()) for part in message.iter_attachments()]
    assert message.get_content_type() == "multipart/mixed"
    assert alternatives == ["text/plain", "text/html", "text/calendar"]
    assert attachments == [(f"afspraak-{slug}.ics", "application/ics"), (f"ticket-{slug}.pdf", "application/pdf")]


@pytest.mark.parametrize(
    ("method", "status"),
    [("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")],
)
def test_the_invitation_is_for_the_recipient_alone(
    app: Flask, post_office: PostOffice, method: str, status: str
) -> None:
    registration = kinds.somebody(**{} if method == "REQUEST" else kinds.CANCELLED)
    to, uid = registration.address, registration.calendar_uid
    if method == "REQUEST":
        mails.confirmed(registration, now=NOW)
        # Moved to another address before the mail leaves: it is still the old one that this mail invites.
        registration.address = "elders@zonnevlinder.example"
    else:
        mails.calendar_cancel("registration_cancelled", registration, now=NOW, paid_cents=0)

    message = _sent(post_office)

    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    attached = next(part for part in message.iter_attachments() if part.get_content_type() == "application/ics")
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    (event,) = calendar.events
    assert part["Content-Type"].params == {"method": method, "charset": "utf-8"}
    assert part.get_payload(decode=True) == attached.get_payload(decode=True)
    assert b"\r\n" in part.get_payload(decode=True)
    assert (calendar["METHOD"], event["STATUS"], str(event["UID"])) == (method, status, uid)
    assert [str(attendee) for attendee in event.attendees] == [f"mailto:{to}"]
    assert str(event["SEQUENCE"]) == ("0" if method == "REQUEST" else "1")
