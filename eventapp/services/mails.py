"""Which mail goes to whom at which step? The purposes are unique, so that a repeated step mails once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp import formatting, wording
from eventapp.domain.errors import DomainError
from eventapp.domain.invitations import VIA
from eventapp.domain.registrations import State
from eventapp.mail.compose import Recipient, write
from eventapp.models import Event, HandOver, Order, Person, Registration
from eventapp.queries.association import load_association
from eventapp.queries.choices import Part, programme_of
from eventapp.queries.circles import membership_at
from eventapp.queries.invitations import invitation_of
from eventapp.queries.on_invoice import may_pay_on_invoice
from eventapp.queries.questions import has_open_questions
from eventapp.queries.rounds import not_chosen
from eventapp.services import calendar_moves


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
        attachments=ticket_papers(registration.id, ticket.id),
        event=registration.event,
        ticket=ticket,
        order=registration.order if is_alone(registration) else None,
        invitation=invitation_of(registration.id) if registration.source == VIA else None,
        asks=has_open_questions(registration),
        programme=programme_rows(registration),
        chooses=bool(not_chosen(registration.id, registration.event_id, now=now)),
        member=membership_at(registration),
    )


def ticket_papers(registration_id: int, ticket_id: int) -> list[dict[str, Any]]:
    """What is drawn for the mail with the ticket: the ticket itself, and the entry for one's calendar."""
    return [
        {"draw": "ticket", "ticket_id": ticket_id},
        {"draw": "invitation", "registration_id": registration_id, "method": "REQUEST"},
    ]


def is_alone(registration: Registration) -> bool:
    """Whether the order is this person's own and nobody else's."""
    return registration.is_bookers and len(registration.order.registrations) == 1


def has_heard(registration: Registration) -> bool:
    """Whether this person was ever written to about it: a colleague only from their link or their ticket on."""
    asked = registration.order.proven_at is not None and not registration.with_booker
    return registration.is_bookers or asked or registration.confirmed_at is not None


def heard() -> sa.ColumnElement[bool]:
    """The same as a condition on registrations joined with their orders."""
    asked = sa.and_(Order.proven_at.is_not(None), Registration.with_booker.is_(False))
    return sa.or_(Registration.address == Order.address, asked, Registration.confirmed_at.is_not(None))


def acts_alone(registration: Registration) -> bool:
    """Whether the next step is this person's, and not that of whoever booked several."""
    asked = registration.order.proven_at is not None and not registration.with_booker
    return is_alone(registration) or (asked and not registration.is_bookers)


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


def programme_changed(registration: Registration, *, now: datetime) -> None:
    """Other breakouts than before, with the calendar entry that follows; once per version of that entry."""
    write(
        "programme_changed",
        to_person(registration),
        purpose=f"programme_changed-{registration.id}-{registration.calendar_sequence}",
        now=now,
        attachments=[{"draw": "invitation", "registration_id": registration.id, "method": "REQUEST"}],
        event=registration.event,
        ticket=registration.ticket,
        programme=programme_rows(registration),
    )


def programme_rows(registration: Registration) -> list[tuple[str, str]]:
    """What somebody does in each round, as rows for a mail: when, and what and where."""
    return rows_of(programme_of(registration.id))


def rows_of(parts: Iterable[Part]) -> list[tuple[str, str]]:
    """The same for these parts of a day."""
    return [(formatting.time_range(part.starts_at, part.ends_at), _part(part)) for part in parts]


def attends_changed(registration: Registration, *, now: datetime) -> None:
    """On the spot instead of online, or the other way round, with the calendar entry that follows."""
    write(
        "attends_changed",
        to_person(registration),
        purpose=f"attends_changed-{registration.id}-{registration.calendar_sequence}",
        now=now,
        attachments=[{"draw": "invitation", "registration_id": registration.id, "method": "REQUEST"}],
        event=registration.event,
        ticket=registration.ticket,
    )


def hand_over(offered: HandOver, *, now: datetime) -> None:
    """Ask the other to come instead."""
    name = formatting.full_name(offered.given_name, offered.infix, offered.family_name)
    write(
        "hand_over",
        Recipient(offered.address, name),
        purpose=f"hand_over-{offered.id}",
        now=now,
        event_id=offered.registration.event_id,
        event=offered.registration.event,
        giver=offered.registration.person,
        token=offered.token,
    )


def _part(part: Part) -> str:
    """What somebody does in a round, on one line."""
    if not part.title:
        return wording.NO_BREAKOUT.lower()
    return f"{part.title}, {part.room}" if part.room else part.title


def calendar_cancel(kind: str, registration: Registration, *, now: datetime, **words: Any) -> None:
    """Tell somebody that the registration is off, and take the entry out of the calendar."""
    calendar_moves.move(registration, now=now)
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


def asks_money(registration: Registration, *, now: datetime, key: str) -> None:
    """The way to pay, to whoever booked: the link to do so, or what becomes of the invoice that was chosen."""
    order = registration.order
    if order.on_invoice_at is None:
        may_choose = may_pay_on_invoice(order.event)
        until = registration.expires_at
        to_payer("pay", order, now=now, key=key, until=until, useless_at=until, invoice_possible=may_choose)
    else:
        to_payer("on_invoice", order, now=now, key=key, sure=registration.state == State.CONFIRMED)


def to_booker_about(kind: str, registration: Registration, *, now: datetime, **words: Any) -> None:
    """A mail to whoever booked about one colleague, once."""
    booker = registration.order.booker
    name = formatting.full_name(booker.given_name, booker.infix, booker.family_name)
    to, order = Recipient(registration.order.address, name, registration), registration.order
    write(kind, to, purpose=f"{kind}-{registration.id}", now=now, event=registration.event, order=order, **words)


def lapsed(kind: str, registration: Registration, *, now: datetime, key: str) -> None:
    """A place went back: tell who should have acted, and who was waiting for it. For a group once to whoever booked."""
    unpaid = kind == "payment_lapsed"
    if acts_alone(registration):
        about(kind, registration, now=now, key=key)
    if not is_alone(registration) and (unpaid or not acts_alone(registration)):
        at = registration.expires_at
        those = [r for r in registration.order.registrations if r.expires_at == at and (unpaid or not acts_alone(r))]
        to_payer(kind, registration.order, now=now, key=key, people=those)


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
