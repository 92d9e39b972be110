"""Which mail goes to whom at which step? The purposes are unique, so that a repeated step mails once."""

from datetime import datetime
from typing import Any

from eventapp import formatting, wording
from eventapp.domain.errors import DomainError
from eventapp.mail.compose import Recipient, write
from eventapp.models import Event, Order, Person, Registration
from eventapp.queries.association import load_association


def to_person(registration: Registration) -> Recipient:
    """The person of the registration, at the address it was made with."""
    person = registration.person
    name = formatting.full_name(person.given_name, person.infix, person.family_name)
    return Recipient(registration.address, name, registration)


def confirmed(registration: Registration, *, now: datetime, again: str = "") -> None:
    """The ticket, with the calendar entry. `again` makes a repeat of it a purpose of its own."""
    ticket = registration.ticket
    assert ticket is not None
    write(
        "confirmed",
        to_person(registration),
        purpose=f"confirmed-{registration.id}-{ticket.id}{again}",
        now=now,
        attachments=[
            {"draw": "ticket", "ticket_id": ticket.id},
            {"draw": "invitation", "registration_id": registration.id, "method": "REQUEST"},
        ],
        event=registration.event,
        ticket=ticket,
        order=registration.order if len(registration.order.registrations) == 1 else None,
    )


def about(kind: str, registration: Registration, *, now: datetime, key: str = "", **words: Any) -> None:
    """A mail of this kind about a registration, once per `key`."""
    write(
        kind,
        to_person(registration),
        purpose=f"{kind}-{registration.id}{'-' + key if key else ''}",
        now=now,
        event=registration.event,
        order=registration.order,
        **words,
    )


def calendar_cancel(kind: str, registration: Registration, *, now: datetime, **words: Any) -> None:
    """Tell somebody that the registration is off, and take the entry out of the calendar."""
    registration.calendar_sequence += 1
    invitation = {"draw": "invitation", "registration_id": registration.id, "method": "CANCEL"}
    write(
        kind,
        to_person(registration),
        purpose=f"{kind}-{registration.id}",
        now=now,
        attachments=[invitation] if registration.confirmed_at else [],
        event=registration.event,
        **words,
    )


def to_payer(kind: str, order: Order, *, now: datetime, key: str, **words: Any) -> None:
    """A mail to whoever booked."""
    name = formatting.full_name(order.booker.given_name, order.booker.infix, order.booker.family_name)
    to = Recipient(order.address, name, order.registrations[0])
    write(kind, to, purpose=f"{kind}-order-{order.id}-{key}", now=now, event=order.event, order=order, **words)


def to_office(what: str, *, key: str, now: datetime, registration: Registration | None = None, **words: Any) -> None:
    """Something the office has to look at; `what` picks the sentence in the template."""
    write(
        "office_notice",
        Recipient(load_association().email, "Secretariaat", registration),
        purpose=f"office-{what}-{key}",
        now=now,
        what=what,
        **words,
    )


def not_admitted(
    event: Event, address: str, person: Person, *, now: datetime, refusal: DomainError | None = None
) -> None:
    """Somebody asked to come in on a status that this address does not have; `refusal` gives another reason."""
    name = formatting.full_name(person.given_name, person.infix, person.family_name)
    purpose = f"not_admitted-{event.id}-{person.id}-{now:%Y%m%d%H}"
    to, because = Recipient(address, name), wording.refusal(refusal) if refusal else ""
    write("not_admitted", to, purpose=purpose, now=now, event_id=event.id, event=event, because=because)
