"""How does a mail look to somebody? A letter to an example person, whose links lead nowhere; nothing is stored."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from eventapp.domain.admission import TicketState
from eventapp.domain.event_details import Told
from eventapp.domain.events import EventForm, EventKind, EventState
from eventapp.domain.mail_texts import Words
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.domain.times import from_local, local_date
from eventapp.extensions import db
from eventapp.mail.compose import Letter, Recipient, letter
from eventapp.models import Event, Order, Person, Registration, Ticket
from eventapp.queries.association import load_association

_DEAD_LINK = "voorbeeld"
_ADDRESS = "marieke@voorbeeld.example"
_NAME = "Marieke van der Meulen"
_CENTS = 9500


def sample(kind: str, event: Event | None, words: Words, *, now: datetime) -> Letter:
    """A mail of this kind with these words, about this event or about one that does not exist."""
    with db.session.no_autoflush:
        about = _registration(event or _event(now, kind), kind, now)
        said = _words_of(kind, about, now)
        to, association = Recipient(_ADDRESS, _NAME, about), load_association()
        return letter(kind, to, now=now, association=association, office=words, event=about.event, **said)


def to_colleague(made: Letter, address: str, name: str) -> Letter:
    """The same letter as a proof for somebody at the office."""
    return replace(made, to=Recipient(address, name), subject=f"Proef: {made.subject}"[:250])


def _words_of(kind: str, about: Registration, now: datetime) -> dict[str, Any]:
    soon = now + timedelta(days=3)
    entry = SimpleNamespace(token=_DEAD_LINK)
    colleague = SimpleNamespace(given_name="Bram", infix="", family_name="Bakker")
    invited = {
        "invitation": SimpleNamespace(token=_DEAD_LINK, message=""),
        "entitlement": SimpleNamespace(price_cents=0),
        "until": soon,
    }
    charged = {"issued": _issued(about.event, now), "is_credit": False, "open_cents": _CENTS}
    ticket, order = about.ticket, about.order
    of_kind: dict[str, dict[str, Any]] = {
        "confirmed": {"asks": False, "chooses": False, "invitation": None, "programme": []},
        "reminder": {"days": 7, "programme": [], "chooses": False},
        "join_soon": {"programme": []},
        "pay": {"until": soon},
        "waitlisted": {"entry": entry, "position": 3},
        "place_offered": {"entry": entry, "until": soon, "breakout": ""},
        "event_changed": {"told": [Told.TIME], "moved": False, "before": about.event, "waits": ""},
        "registration_cancelled": {"paid_cents": 0},
        "event_cancelled": {"paid_cents": 0, "reason": about.event.cancel_reason},
        "programme_open": {"rounds": []},
        "programme_reminder": {"rounds": []},
        "thanks": {"token": _DEAD_LINK, "until": local_date(soon)},
        "invitation": invited,
        "invitation_reminder": invited,
        "hand_over": {"giver": colleague, "token": _DEAD_LINK},
        "handed_over": {"newcomer": colleague},
        "hand_over_declined": {},
        "invoice": charged,
        "invoice_reminder": charged,
    }
    return {"ticket": ticket, "order": order, **of_kind[kind]}


def _issued(event: Event, now: datetime) -> SimpleNamespace:
    """What an invoice says, for as far as the mail repeats it."""
    seller = load_association().seller
    buyer = SimpleNamespace(addressee="Stichting Voorbeeld", order_number="", cost_centre="4410", reference="")
    return SimpleNamespace(
        number=f"{local_date(now).year}-0001",
        due_on=local_date(now) + timedelta(days=14),
        seller=seller,
        buyer=buyer,
        lines=[SimpleNamespace(description=f"Deelname {event.title}")],
        gross_cents=_CENTS,
        open_cents=_CENTS,
    )


_STATES = {
    "pay": State.AWAITING_PAYMENT,
    "waitlisted": State.WAITLISTED,
    "place_offered": State.OFFERED,
    "registration_cancelled": State.CANCELLED,
    "event_cancelled": State.CANCELLED,
}


def _registration(event: Event, kind: str, now: datetime) -> Registration:
    """Never added to the session: the relationships to stored rows lead one way only."""
    person = Person(created_at=now)
    person.rename("Marieke", "van der", "Meulen")
    order = Order(token=_DEAD_LINK, pay_token=_DEAD_LINK, event=event, booker=person, address=_ADDRESS)
    online = kind == "join_soon" or event.form == EventForm.ONLINE
    registration = Registration(
        order=order,
        event=event,
        person=person,
        address=_ADDRESS,
        organisation_name="Stichting Voorbeeld",
        attends=EventForm.ONLINE if online else EventForm.FYSIEK,
        state=_STATES.get(kind, State.CONFIRMED),
        category=Category.LID,
        price_cents=_CENTS if kind == "pay" else 0,
        reason={},
        source="form",
        confirmed_at=now if kind not in ("pay", "waitlisted", "place_offered") else None,
    )
    registration.tickets = [Ticket(token=_DEAD_LINK, code="VOORBEELD", state=TicketState.VALID)]
    return registration


def _event(now: datetime, kind: str) -> Event:
    starts_at = from_local(local_date(now) + timedelta(days=30), time(13, 30))
    return Event(
        slug=_DEAD_LINK,
        title="Voorbeeldbijeenkomst",
        kind=EventKind.INSPIRATIEBIJEENKOMST,
        form=EventForm.ONLINE if kind == "join_soon" else EventForm.FYSIEK,
        state=EventState.PUBLISHED,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        venue="Congrescentrum De Driehoek",
        street="Driehoekplein 1",
        postcode="3511 AB",
        city="Utrecht",
        route="",
        cancel_reason="",
    )
