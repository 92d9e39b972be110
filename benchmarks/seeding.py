"""Rows to measure with: an event in a while or today, a token, and any number of people who are registered already."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from eventapp.domain.actors import Scope
from eventapp.domain.admission import TicketState
from eventapp.domain.events import EventForm, EventKind, EventState
from eventapp.domain.names import name_key, sort_key
from eventapp.domain.pricing import Admission, Category
from eventapp.domain.registrations import State
from eventapp.domain.tickets import code_digest, new_code
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db
from eventapp.models import (
    ApiToken,
    Capacity,
    Circle,
    CircleMember,
    Event,
    EventPrice,
    Order,
    Person,
    PersonAddress,
    PlaceHold,
    Presence,
    Registration,
    Ticket,
)
from eventapp.transaction import transaction


@dataclass(frozen=True)
class Gathering:
    """An event that was made, as plain values."""

    id: int
    slug: str
    capacity_id: int


_numbers = itertools.count(1)
_PORTION = 5000
_REASON = {"category": Category.NIET_LID.value, "via": "none"}


def make_event(*, capacity: int | None, starts_in: timedelta = timedelta(days=30)) -> Gathering:
    """A published event that is free for everybody."""
    now, number = datetime.now(UTC), next(_numbers)
    starts_at = now + starts_in
    event = Event(
        slug=f"meting-{number}",
        title=f"Themadag {number}: samen naar één voorziening",
        kind=EventKind.THEMADAG,
        state=EventState.PUBLISHED,
        form=EventForm.FYSIEK,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=7),
        summary="Een dag over samenwerken in één gebouw.",
        description="Wat werkt, wat niet, en wat kost het?\n\n" * 12,
        venue="Congrescentrum De Driehoek",
        street="Driehoekplein 1",
        postcode="3511 AB",
        city="Utrecht",
        calendar_uid=f"{new_token()}@bench.example",
        created_at=now,
        updated_at=now,
        published_at=now,
    )
    event.capacities = [Capacity(size=capacity)]
    event.prices = [EventPrice(category=category, admission=Admission.GRATIS) for category in Category]
    with transaction() as session:
        session.add(event)
        session.flush()
        return Gathering(event.id, event.slug, event.capacities[0].id)


def make_token(*scopes: Scope, event: Gathering | None = None) -> str:
    """The secret of a token with these scopes."""
    secret = new_token()
    now = datetime.now(UTC)
    coupled = {"event_id": event.id, "coupled_at": now} if event else {}
    row = ApiToken(name="Meting", token_digest=digest(secret), scopes=" ".join(scopes), created_at=now, **coupled)
    with transaction() as session:
        session.add(row)
    return secret


def register_many(event: Gathering, number: int) -> list[str]:
    """So many people with a ticket, written in bulk; answers the codes of their tickets."""
    codes: list[str] = []
    for first in range(0, number, _PORTION):
        with transaction():
            codes += _register(event, min(_PORTION, number - first))
    return codes


def make_circle(meetings: int, people: int) -> int:
    """A circle whose members were at all of its meetings but every tenth; answers its id."""
    now, number = datetime.now(UTC), next(_numbers)
    circle = Circle(slug=f"kring-{number}", name=f"Kring {number}", created_at=now, updated_at=now)
    began = now - timedelta(days=30 * meetings + 30)
    with transaction() as session:
        session.add(circle)
        session.flush()
        members, addresses = _people(people, now)
        plain = {"circle_id": circle.id, "joined_on": began.date(), "created_at": now, "organisation_name": "Lid"}
        _inserted(
            CircleMember,
            [
                {**plain, "person_id": p, "address": a, "token": new_token()}
                for p, a in zip(members, addresses, strict=True)
            ],
        )
    for place in range(meetings):
        event = make_event(capacity=None, starts_in=timedelta(days=30 * (place - meetings)))
        with transaction() as session:
            session.get_one(Event, event.id).circle_id = circle.id
            _attend(event.id, members, addresses, now)
    return circle.id


def _attend(event_id: int, people: list[int], addresses: list[str], now: datetime) -> None:
    plain = {"event_id": event_id, "created_at": now}
    order = {**plain, "token": new_token(), "pay_token": new_token(), "booker_id": people[0], "address": addresses[0]}
    [order_id] = _inserted(Order, [order])
    confirmed = {**plain, "state": State.CONFIRMED, "category": Category.LID, "confirmed_at": now, "source": "circle"}
    registrations = _inserted(
        Registration,
        [
            {
                **confirmed,
                "order_id": order_id,
                "person_id": p,
                "address": a,
                "calendar_uid": new_token(),
                "reason": _REASON,
            }
            for p, a in zip(people, addresses, strict=True)
        ],
    )
    there = [one for place, one in enumerate(registrations) if place % 10]
    db.session.execute(
        sa.insert(Presence), [{"registration_id": r, "event_id": event_id, "first_in_at": now} for r in there]
    )


def _register(event: Gathering, number: int) -> list[str]:
    now = datetime.now(UTC)
    people, addresses = _people(number, now)
    plain = {"event_id": event.id, "created_at": now}
    orders = _inserted(
        Order,
        [
            {**plain, "token": new_token(), "pay_token": new_token(), "booker_id": p, "address": a}
            for p, a in zip(people, addresses, strict=True)
        ],
    )
    confirmed = {**plain, "state": State.CONFIRMED, "category": Category.NIET_LID, "confirmed_at": now}
    registrations = _inserted(
        Registration,
        [
            {**confirmed, "order_id": o, "person_id": p, "address": a, "calendar_uid": new_token(), "reason": _REASON}
            for o, p, a in zip(orders, people, addresses, strict=True)
        ],
    )
    db.session.execute(
        sa.insert(PlaceHold), [{"registration_id": one, "capacity_id": event.capacity_id} for one in registrations]
    )
    db.session.execute(
        sa.update(Capacity).where(Capacity.id == event.capacity_id).values(taken=Capacity.taken + number)
    )
    codes = [new_code() for _ in range(number)]
    tickets = [
        {"registration_id": r, "code": c, "code_digest": code_digest(c), "token": new_token(), "created_at": now}
        for r, c in zip(registrations, codes, strict=True)
    ]
    _inserted(Ticket, [{**ticket, "state": TicketState.VALID} for ticket in tickets])
    return codes


def _people(number: int, now: datetime) -> tuple[list[int], list[str]]:
    """So many new people, and an address of each."""
    names = [("Voornaam", "van", f"Achternaam{next(_numbers)}") for _ in range(number)]
    rows = [
        {"given_name": a, "infix": b, "family_name": c, "sort_key": sort_key(a, b, c), "created_at": now}
        for a, b, c in names
    ]
    people = _inserted(Person, rows)
    addresses = [f"p{one}@bestaand{one % 400}.example" for one in people]
    known = zip(people, addresses, names, strict=True)
    _inserted(PersonAddress, [{"person_id": p, "address": a, "name_key": name_key(*n)} for p, a, n in known])
    return people, addresses


def _inserted(model: Any, rows: list[dict[str, Any]]) -> list[int]:
    statement = sa.insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, rows))
