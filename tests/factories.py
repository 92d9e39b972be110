"""Plain functions that make rows with dull defaults. They write straight to the database, outside the use cases."""

from datetime import date, datetime, timedelta
from itertools import count

import sqlalchemy as sa

from config import TestConfig
from eventapp.domain.actors import Actor, Role, Scope
from eventapp.domain.addresses import mail_domain
from eventapp.domain.events import EventForm, EventKind, EventState
from eventapp.domain.organisations import OrganisationKind
from eventapp.domain.pricing import Admission, Category, PriceLine, Relation
from eventapp.domain.registrations import HOLDING, State
from eventapp.domain.tickets import code_digest, new_code
from eventapp.domain.tokens import digest, new_token
from eventapp.extensions import db, run
from eventapp.models import (
    BREAKOUT,
    WHOLE_EVENT,
    ApiToken,
    Breakout,
    BreakoutExclusion,
    BreakoutRound,
    Capacity,
    Event,
    EventPrice,
    Membership,
    Order,
    Organisation,
    OrganisationDomain,
    OwedChange,
    Person,
    PersonAddress,
    PlaceHold,
    Registration,
    Round,
    StaffGrant,
    StaffMember,
    Ticket,
)

NOW = TestConfig.NOW
_numbers = count(1)
OFFICE = Actor("staff", "Secretariaat", 1, frozenset({Role.SECRETARIAAT}))
FREE_FOR_MEMBERS = {Category.LID: 0, Category.NIET_LID: 9500}


def make_event(
    *,
    title: str = "Inspiratiebijeenkomst",
    capacity: int | None = 100,
    prices: dict[Category, int | None] | None = None,
    narrowed: tuple[PriceLine, ...] = (),
    starts_at: datetime = NOW + timedelta(days=30),
    kind: EventKind = EventKind.INSPIRATIEBIJEENKOMST,
    state: EventState = EventState.PUBLISHED,
    **more: object,
) -> Event:
    """A published event. `prices`: cents per category, 0 is free, None is by invitation; absent is not admitted.

    `narrowed`: lines for some kinds of organisations only.
    """
    n = next(_numbers)
    values = {
        "slug": f"bijeenkomst-{n}",
        "form": EventForm.FYSIEK,
        "venue": "Congrescentrum De Driehoek",
        "street": "Driehoekplein 1",
        "postcode": "3511 AB",
        "city": "Utrecht",
        "ends_at": starts_at + timedelta(hours=4),
        "calendar_uid": f"event-{n}@tests.example",
        "created_at": NOW - timedelta(days=30),
        "updated_at": NOW - timedelta(days=30),
        "published_at": NOW - timedelta(days=20) if state != EventState.DRAFT else None,
    }
    event = Event(title=title, kind=kind, state=state, starts_at=starts_at, **(values | more))
    event.capacities = [Capacity(size=capacity)]
    event.prices = [_price(c, cents) for c, cents in (FREE_FOR_MEMBERS if prices is None else prices).items()]
    event.prices += [EventPrice.of(line) for line in narrowed]
    return _saved(event)


def _price(category: Category, cents: int | None) -> EventPrice:
    if cents is None:
        return EventPrice(category=category, admission=Admission.UITNODIGING)
    admission = Admission.PRIJS if cents else Admission.GRATIS
    return EventPrice(category=category, admission=admission, price_cents=cents)


def make_organisation(
    name: str = "Zonnevlinder",
    *,
    domains: tuple[str, ...] = ("zonnevlinder.example",),
    kind: OrganisationKind = OrganisationKind.KINDEROPVANG,
    relation: Relation = Relation.LID,
    since: date = date(2024, 1, 1),
    until: date | None = None,
) -> Organisation:
    """An organisation with one period of this relation; with Relation.GEEN it has none."""
    organisation = Organisation(name=name, kind=kind)
    organisation.domains = [OrganisationDomain(domain=domain) for domain in domains]
    if relation != Relation.GEEN:
        organisation.memberships = [Membership(relation=relation, starts_on=since, ends_on=until)]
    return _saved(organisation)


def make_person(
    given_name: str = "Marieke",
    infix: str = "van der",
    family_name: str = "Meulen",
    *,
    address: str = "",
    proven: bool = False,
) -> Person:
    return _saved(_person(given_name, infix, family_name, address=address, proven=proven))


def _person(given_name: str, infix: str, family_name: str, *, address: str = "", proven: bool = False) -> Person:
    person = Person(created_at=NOW)
    person.rename(given_name, infix, family_name)
    found = PersonAddress.of(person, address or f"persoon{next(_numbers)}@zonnevlinder.example")
    found.proven_at = NOW if proven else None
    return person


def make_registration(
    event: Event,
    person: Person | None = None,
    *,
    state: State = State.CONFIRMED,
    category: Category = Category.LID,
    price_cents: int = 0,
    organisation_name: str = "Zonnevlinder",
    **more: object,
) -> Registration:
    """A registration with its order, its place when the state holds one, and its ticket when confirmed.

    Thousands are made: it is one commit, and the event itself, of which every commit lets go, is not read again.
    """
    person = person or _person("Marieke", "van der", "Meulen")
    n = next(_numbers)
    (event_id,) = sa.inspect(event).identity
    capacity_id = _take(event_id) if state in HOLDING else None
    order = Order(
        token=new_token(),
        pay_token=new_token(),
        event_id=event_id,
        booker=person,
        address=person.address,
        created_at=NOW,
    )
    registration = Registration(
        order=order,
        event_id=event_id,
        person=person,
        address=person.address,
        mail_domain=mail_domain(person.address),
        state=state,
        category=category,
        price_cents=price_cents,
        organisation_name=organisation_name,
        reason={"category": category.value, "via": "none"},
        created_at=NOW,
        calendar_uid=f"registration-{n}@tests.example",
        confirmed_at=NOW if state == State.CONFIRMED else None,
        **more,
    )
    db.session.add(registration)
    if capacity_id:
        registration.holds = [PlaceHold(capacity_id=capacity_id)]
    if state == State.CONFIRMED:
        make_ticket(registration)
        if price_cents:
            db.session.flush()
            db.session.add(OwedChange(registration_id=registration.id, amount_cents=price_cents, booked_at=NOW))
    return _saved(registration)


def _take(event_id: int) -> int | None:
    """Take one place of the event; the id of its row, or None where it has none."""
    whole = sa.select(Capacity.id).where(Capacity.event_id == event_id, Capacity.kind == WHOLE_EVENT)
    taking = sa.update(Capacity).where(Capacity.id.in_(whole)).values(taken=Capacity.taken + 1).returning(Capacity.id)
    return run(taking).scalar()


def make_ticket(registration: Registration) -> Ticket:
    code = new_code()
    ticket = Ticket(
        registration=registration, code=code, code_digest=code_digest(code), token=new_token(), created_at=NOW
    )
    db.session.add(ticket)
    return ticket


def make_round(event: Event, title: str = "Ronde 1", *, hours: int = 1, **more: object) -> Round:
    """A round of three quarters of an hour, so many hours after the event began."""
    starts_at = event.starts_at + timedelta(hours=hours)
    ends_at = starts_at + timedelta(minutes=45)
    return _saved(Round(event_id=event.id, title=title, starts_at=starts_at, ends_at=ends_at, **more))


def make_breakout(
    *rounds: Round,
    title: str = "Bouwen voor later",
    size: int | None = 20,
    excludes: tuple[Breakout, ...] = (),
    **more: object,
) -> Breakout:
    """A breakout that fills these rounds, with its places."""
    breakout = Breakout(event_id=rounds[0].event_id, slug=f"deelsessie-{next(_numbers)}", title=title, **more)
    breakout.in_rounds = [BreakoutRound(round_id=one.id) for one in rounds]
    breakout.exclusions = [BreakoutExclusion(other_id=other.id) for other in excludes]
    _saved(breakout)
    _saved(Capacity(event_id=breakout.event_id, kind=BREAKOUT, ref=str(breakout.id), size=size))
    return breakout


def make_staff(role: Role = Role.SECRETARIAAT, *, address: str = "kantoor@kindcentra.example") -> StaffMember:
    return _saved(StaffMember(address=address, name="Kees Kantoor", role=role, created_at=NOW))


def make_grant(
    role: Role = Role.COORDINATOR,
    *,
    event: Event | None = None,
    circle_id: int | None = None,
    address: str = "kantoor@kindcentra.example",
    ends_on: date | None = None,
) -> StaffGrant:
    """A role for one event or circle of this address, with an account without a role of its own if there is none."""
    known = db.session.scalar(sa.select(StaffMember).where(StaffMember.address == address))
    staff = known or _saved(StaffMember(address=address, name="Kees Kantoor", created_at=NOW))
    event_id = event.id if event else None
    return _saved(
        StaffGrant(
            staff_id=staff.id, role=role, event_id=event_id, circle_id=circle_id, ends_on=ends_on, created_at=NOW
        )
    )


def make_token(
    *scopes: Scope, event: Event | None = None, name: str = "Telefoon bij de ingang", expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """An API token, or with an event a door device, and its secret."""
    secret = new_token()
    token = ApiToken(
        name=name,
        token_digest=digest(secret),
        scopes=" ".join(scopes),
        event_id=event.id if event else None,
        created_at=NOW,
        expires_at=expires_at,
        coupled_at=NOW if event else None,
    )
    return _saved(token), secret


def _saved(row):
    db.session.add(row)
    db.session.commit()
    return row
