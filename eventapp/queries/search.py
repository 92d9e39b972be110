"""Which event, circle, person, organisation, registration or invoice does somebody mean by these words?"""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.domain.actors import Own
from eventapp.domain.names import fold
from eventapp.domain.tickets import code_digest, normalise_code
from eventapp.extensions import db
from eventapp.models import (
    Circle,
    Event,
    Invoice,
    Order,
    Organisation,
    PaymentAttempt,
    Person,
    Registration,
    Ticket,
)
from eventapp.queries.access import among, of_event_among
from eventapp.queries.people import named_or_at

SHORTEST = 2
SHOWN = 8
# Of so many people called alike the registrations are looked at, those of who registered last.
_PEOPLE = 100


class Sight(NamedTuple):
    """What of the house somebody sees: `own` narrows events and what belongs to them, `circles` circles (None: all)."""

    own: Own | None
    circles: frozenset[int] | None
    people: bool
    money: bool


class Found(NamedTuple):
    """The first of each kind; of none more than `SHOWN`. `invoices` are those with this very number."""

    events: Sequence[Event] = ()
    circles: Sequence[Circle] = ()
    people: Sequence[Person] = ()
    organisations: Sequence[tuple[int, str, str]] = ()
    registrations: Sequence[Registration] = ()
    invoices: Sequence[Invoice] = ()

    @property
    def nothing(self) -> bool:
        return not (
            self.events or self.circles or self.people or self.organisations or self.registrations or self.invoices
        )


def search(text: str, sight: Sight) -> Found:
    """Everything that has all of these words, or this very number, code or address; as far as somebody sees it."""
    if len(fold(text)) < SHORTEST:
        return Found()
    return Found(
        events=_events(text, sight.own),
        circles=_circles(text, sight.circles),
        people=_people(text) if sight.people else (),
        organisations=_organisations(text) if sight.people else (),
        registrations=_registrations(text, sight),
        invoices=_invoices(text) if sight.money else (),
    )


def _words(text: str) -> list[str]:
    return text.split()[:6]


def _events(text: str, own: Own | None) -> Sequence[Event]:
    """The latest first: what is coming, then what was last."""
    named = sa.and_(*(Event.title.icontains(word, autoescape=True) for word in _words(text)))
    found = sa.select(Event).where(sa.or_(named, Event.slug == text.lower()), among(own))
    return db.session.scalars(found.order_by(Event.starts_at.desc(), Event.id.desc()).limit(SHOWN)).all()


def _circles(text: str, own: frozenset[int] | None) -> Sequence[Circle]:
    words = (sa.or_(Circle.name.icontains(word, autoescape=True), Circle.season == word) for word in _words(text))
    found = sa.select(Circle).where(*words)
    if own is not None:
        found = found.where(Circle.id.in_(own))
    return db.session.scalars(found.order_by(Circle.id.desc()).limit(SHOWN)).all()


def _people(text: str) -> Sequence[Person]:
    found = sa.select(Person).where(*named_or_at(text), Person.erased_at.is_(None))
    first = found.order_by(Person.sort_key, Person.id).limit(SHOWN)
    return db.session.scalars(first.options(selectinload(Person.addresses))).all()


def _organisations(text: str) -> list[tuple[int, str, str]]:
    """Id, name and city. Folding is ours, not the database's; an association has hundreds of them."""
    words = [fold(word) for word in _words(text)]
    rows = db.session.execute(sa.select(Organisation.id, Organisation.name, Organisation.city))
    found = [
        (row.id, row.name, row.city) for row in rows if all(word in fold(f"{row.name} {row.city}") for word in words)
    ]
    return sorted(found, key=lambda row: fold(row[1]))[:SHOWN]


def _registrations(text: str, sight: Sight) -> Sequence[Registration]:
    """By ticket code, payment or invoice, and by the name or an address of whose they are; the newest first."""
    ids = [*_of_ticket(text), *(_of_payment(text) if sight.money else ())]
    hits = sa.or_(Registration.id.in_(ids), Registration.person_id.in_(_whose(text, sight.own)))
    mine = sa.select(Registration).where(hits, of_event_among(sight.own, Registration.event_id))
    newest = mine.order_by(Registration.created_at.desc(), Registration.id.desc()).limit(SHOWN)
    return db.session.scalars(newest.options(joinedload(Registration.person), joinedload(Registration.event))).all()


def _whose(text: str, own: Own | None) -> Sequence[int]:
    """Who is called so or reads such an address, looked up first: within the whole PostgreSQL walks through all
    registrations. Who sees a few events only looks among their people."""
    found = sa.select(Person.id).where(*named_or_at(text))
    if own is not None:
        there = sa.select(Registration.person_id).where(of_event_among(own, Registration.event_id))
        found = found.where(Person.id.in_(there))
    newest = sa.select(sa.func.max(Registration.id)).where(Registration.person_id == Person.id).scalar_subquery()
    return db.session.scalars(found.order_by(sa.func.coalesce(newest, 0).desc()).limit(_PEOPLE)).all()


def _of_ticket(text: str) -> Sequence[int]:
    code = normalise_code(text)
    if code is None:
        return ()
    return db.session.scalars(sa.select(Ticket.registration_id).where(Ticket.code_digest == code_digest(code))).all()


def _of_payment(text: str) -> Sequence[int]:
    """The registrations of an order by its invoice, by the provider's reference of a payment, or by ours."""
    orders = sa.select(PaymentAttempt.order_id).where(PaymentAttempt.provider_id == text)
    begins, _, attempt = text.lower().partition("-attempt-")
    number = begins.removeprefix("order-")
    if begins.startswith("order-") and attempt.isdecimal() and number.isdecimal() and len(number) < 10:
        orders = sa.select(Order.id).where(Order.id == int(number))
    of_invoice = sa.select(Invoice.order_id).where(Invoice.number == text.upper())
    both = sa.or_(Registration.order_id.in_(orders), Registration.order_id.in_(of_invoice))
    return db.session.scalars(sa.select(Registration.id).where(both).limit(SHOWN)).all()


def _invoices(text: str) -> Sequence[Invoice]:
    return db.session.scalars(sa.select(Invoice).where(Invoice.number == text.upper()).limit(SHOWN)).all()
