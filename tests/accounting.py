"""A year full of meetings, written straight to the database: enough of everything that a figure can be wrong about."""

import random
from datetime import UTC, date, datetime, timedelta

from eventapp.domain.evaluation import GRADE
from eventapp.domain.events import EventForm, EventKind, EventState, Field, RegistrationMode, TargetGroup
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.presence import PresenceStatus
from eventapp.domain.pricing import Admission, Category, Relation
from eventapp.domain.registrations import State
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.models import (
    FORM,
    Breakout,
    Capacity,
    Evaluation,
    EvaluationCount,
    Event,
    EventField,
    EventPrice,
    EventTargetGroup,
    EventVisibility,
    FixedPresence,
    Membership,
    Order,
    Organisation,
    OrganisationDomain,
    Person,
    PersonAddress,
    Registration,
    WaitingEntry,
)
from eventapp.transaction import transaction
from tests.factories import NOW

# Around midnight in Amsterdam: the first is of 2025, the last of 2027, all between of 2026.
EDGES = (datetime(2025, 12, 31, 22, 30, tzinfo=UTC), datetime(2025, 12, 31, 23, 0, tzinfo=UTC))
ENDS = (datetime(2026, 12, 31, 22, 30, tzinfo=UTC), datetime(2026, 12, 31, 23, 0, tzinfo=UTC))
_PERIODS: tuple[tuple[date, date | None, Relation], ...] = (
    (date(2020, 1, 1), None, Relation.LID),
    (date(2020, 1, 1), date(2026, 6, 30), Relation.LID),
    (date(2020, 1, 1), date(2026, 12, 31), Relation.LID),
    (date(2020, 1, 1), date(2025, 12, 31), Relation.LID),
    (date(2026, 4, 1), None, Relation.LID),
    (date(2027, 1, 5), None, Relation.LID),
    (date(2021, 1, 1), None, Relation.STEUNPARTNER),
)


def fill_year(*, events: int = 14, seats: int = 12, people: int = 40) -> None:
    """Organisations of every sort, and so many events of 2026 and around it with registrations, fixed or not."""
    numbers = random.Random(8)
    moments = [
        *EDGES,
        *ENDS,
        *(datetime(2026, 1, 10, 9, tzinfo=UTC) + timedelta(days=340 // events * n) for n in range(events)),
    ]
    with transaction() as session:
        organisations, crowd = _organisations(), _people(people)
        made = [_event(n, at, numbers) for n, at in enumerate([datetime(2025, 6, 3, 9, tzinfo=UTC), *moments])]
        session.add_all(made)
        session.flush()
        for event in made:
            _fill(event, crowd, organisations, numbers, seats=seats)


def _organisations() -> list[int]:
    kinds = list(OrganisationKind)
    rows = []
    for n in range(18):
        organisation = Organisation(name=f"Organisatie {n}", kind=kinds[n % len(kinds)])
        organisation.domains = [OrganisationDomain(domain=f"organisatie{n}.example")]
        if n < 2 * len(_PERIODS):
            first, last, relation = _PERIODS[n % len(_PERIODS)]
            organisation.memberships = [Membership(relation=relation, starts_on=first, ends_on=last)]
        rows.append(organisation)
    # One that was a partner first, and one of which the membership was entered in two pieces.
    rows[15].memberships = [
        Membership(relation=Relation.STEUNPARTNER, starts_on=date(2020, 1, 1), ends_on=date(2026, 5, 31)),
        Membership(relation=Relation.LID, starts_on=date(2026, 6, 1)),
    ]
    rows[16].memberships = [
        Membership(relation=Relation.LID, starts_on=date(2020, 1, 1), ends_on=date(2026, 5, 31)),
        Membership(relation=Relation.LID, starts_on=date(2026, 6, 1)),
    ]
    db.session.add_all(rows)
    db.session.flush()
    return [one.id for one in rows]


def _people(number: int) -> list[int]:
    rows = []
    for n in range(number):
        person = Person(created_at=NOW)
        person.rename(f"Voornaam{n}", "", f"Achternaam{n}")
        person.addresses = [PersonAddress.of(person, f"mens{n}@organisatie.example")]
        rows.append(person)
    db.session.add_all(rows)
    db.session.flush()
    return [one.id for one in rows]


def _event(n: int, starts_at: datetime, numbers: random.Random) -> Event:
    modes = (RegistrationMode.HIER,) * 5 + (RegistrationMode.ELDERS, RegistrationMode.GEEN)
    states = (EventState.PUBLISHED,) * 6 + (EventState.CANCELLED,)
    kind = list(EventKind)[n % len(EventKind)]
    event = Event(
        slug=f"bijeenkomst-{n}",
        title=f"Bijeenkomst {n}",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=20),
        kind=kind,
        form=numbers.choice(list(EventForm)),
        registration=numbers.choice(modes),
        state=EventState.PUBLISHED if kind == EventKind.EXTERN else numbers.choice(states),
        presence_fixed_at=NOW if n % 4 else None,
        presence_fixed_by="Kees Kantoor" if n % 4 else None,
        calendar_uid=f"event-{n}@tests.example",
        created_at=NOW,
        updated_at=NOW,
    )
    event.capacities = [Capacity(size=numbers.choice((None, 10, 20)))]
    admission = numbers.choice(list(Admission))
    cents = 9500 if admission == Admission.PRIJS else 0
    event.prices = [EventPrice(category=Category.NIET_LID, admission=admission, price_cents=cents)]
    event.target_groups = [EventTargetGroup(code=code) for code in numbers.sample(list(TargetGroup), n % 4)]
    event.fields = [EventField(code=code) for code in numbers.sample(list(Field), n % 3)]
    return event


def _fill(event: Event, crowd: list[int], organisations: list[int], numbers: random.Random, *, seats: int) -> None:
    if event.id % 3:
        heads = None if event.id % 2 else 40 + event.id
        contribution = "Stand" if event.id % 4 else ""
        db.session.add(EventVisibility(event_id=event.id, contribution=contribution, heads=heads))
    if event.id % 2:
        forms = (EventForm.FYSIEK, EventForm.ONLINE)
        db.session.add_all(Capacity(event_id=event.id, kind=FORM, ref=form.value, size=5) for form in forms)
    if event.presence_fixed_at:
        _evaluate(event, numbers)
    categories = (Category.LID, Category.LID, Category.LID, Category.NIET_LID, Category.SPREKER, Category.WAARNEMEND)
    states = (State.CONFIRMED,) * 6 + (State.CANCELLED, State.WAITLISTED, State.EXPIRED)
    made = []
    for n, person in enumerate(numbers.sample(crowd, seats)):
        key = f"{event.id}-{n}"
        order = Order(token=key, pay_token=key, event_id=event.id, booker_id=person, address="x", created_at=NOW)
        registration = Registration(
            order=order,
            event_id=event.id,
            person_id=person,
            organisation_id=numbers.choice([None, None, *organisations[: 2 + event.id]]),
            mail_domain=f"organisatie{person % 30}.example",
            address=f"mens{person}@organisatie.example",
            organisation_name="Organisatie zonder domein",
            function_group=numbers.choice([None, *TargetGroup]),
            state=numbers.choice(states),
            category=numbers.choice(categories),
            created_at=NOW,
            calendar_uid=f"{key}@tests.example",
        )
        made.append(registration)
    breakout = Breakout(event_id=event.id, slug="deelsessie", title="Deelsessie")
    db.session.add_all([*made, breakout])
    db.session.flush()
    for registration in made:
        _settle(event, registration, breakout.id, numbers)


def _evaluate(event: Event, numbers: random.Random) -> None:
    """Of too few, of enough, and still open."""
    marks = [numbers.randint(1, 10) for _ in range(numbers.choice((3, 5, 7, 12)))]
    closes_at = NOW + timedelta(days=numbers.choice((-1, -1, -1, 1)))
    asked = {"asked": len(marks) + 3, "answers": len(marks), "closes_at": closes_at}
    db.session.add(Evaluation(event_id=event.id, thanks=True, asks=True, named=False, days=14, **asked))
    db.session.flush()
    for mark in range(1, 11):
        count = {"item": GRADE, "value": str(mark), "number": marks.count(mark)}
        db.session.add(EvaluationCount(event_id=event.id, **count))


def _settle(event: Event, registration: Registration, breakout_id: int, numbers: random.Random) -> None:
    """Whether they waited, once or twice, or for a breakout, and how they were found to stand."""
    entry = {"registration_id": registration.id, "capacity_id": event.capacities[0].id, "joined_at": NOW}
    if registration.state == State.WAITLISTED or numbers.random() < 0.2:
        for again in range(numbers.choice((1, 1, 2))):
            state = EntryState.LAPSED if again else EntryState.ACCEPTED
            db.session.add(WaitingEntry(**entry, state=state, token=f"{registration.id}-{again}"))
    elif numbers.random() < 0.3:
        waits = {"state": EntryState.WAITING, "breakout_id": breakout_id}
        db.session.add(WaitingEntry(**entry, **waits, token=f"{registration.id}-deelsessie"))
    if event.presence_fixed_at and registration.state in (State.CONFIRMED, State.CANCELLED):
        status = numbers.choice([one for one in PresenceStatus if one != PresenceStatus.VERWACHT])
        away = status == PresenceStatus.AFWEZIG and numbers.random() < 0.7
        fixed = FixedPresence(registration_id=registration.id, event_id=event.id, status=status, no_show=away)
        db.session.add(fixed)
