"""What does a list of registrations meet: who is registered there, what is left, and what does an address prove?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from eventapp.domain.addresses import mail_domain
from eventapp.domain.errors import NotFound, RegistrationClosed
from eventapp.domain.events import BY_HAND, EventForm, TargetGroup
from eventapp.domain.import_people import KnownPerson
from eventapp.domain.import_registrations import Room
from eventapp.domain.pricing import Category, Proof, fills_a_place, status_proof
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import ORGANISATION, Capacity, Event, Registration
from eventapp.queries.membership import proofs_by_domain, proofs_by_naming
from eventapp.services import holding


def open_event(event_id: int, *, now: datetime) -> Event:
    """The event, while the office can register somebody. Refuses with NotFound or RegistrationClosed."""
    event = db.session.get(Event, event_id, populate_existing=True)
    if event is None:
        raise NotFound()
    if (window := event.window(now)) not in BY_HAND:
        raise RegistrationClosed(window=window.value)
    return event


def states_of(event_id: int, person_ids: Iterable[int]) -> dict[int, list[State]]:
    """The states of all registrations of these people at the event."""
    found: defaultdict[int, list[State]] = defaultdict(list)
    theirs = sa.and_(Registration.event_id == event_id, Registration.person_id.in_(set(person_ids)))
    for person_id, state in db.session.execute(sa.select(Registration.person_id, Registration.state).where(theirs)):
        found[person_id].append(state)
    return found


@dataclass
class Places:
    """What is left of the event, for whom; of an organisation without a row all its free places are."""

    room: Room
    free_per_organisation: int | None
    _organisations: dict[int, int]
    _needed: dict[tuple[EventForm, Category, TargetGroup | None], list[int]] = field(default_factory=dict)
    # Rows that are not there yet get a number of their own.
    _extra: int = 0

    @classmethod
    def of(cls, event: Event) -> "Places":
        """As they are now. What others wait for is full for newcomers."""
        rows = sa.select(Capacity.id, Capacity.kind, Capacity.ref, Capacity.size, Capacity.taken, Capacity.waiting)
        left: dict[int, int | None] = {}
        organisations: dict[int, int] = {}
        for row in db.session.execute(rows.where(Capacity.event_id == event.id)):
            left[row.id] = 0 if row.waiting else None if row.size is None else max(0, row.size - row.taken)
            if row.kind == ORGANISATION:
                organisations[int(row.ref)] = row.id
        return cls(Room(left), event.free_per_organisation, organisations)

    def needed(
        self, event: Event, attends: EventForm, category: Category, function_group: TargetGroup | None
    ) -> list[int]:
        """Which rows somebody like this takes one of."""
        key = attends, category, function_group
        if key not in self._needed:
            counts = fills_a_place(category)
            draft = Registration(event_id=event.id, attends=attends, category=category, counts=counts)
            draft.function_group = function_group
            self._needed[key] = holding.needed_by(draft)
        return self._needed[key]

    def of_organisation(self, organisation_id: int) -> list[int]:
        """The row of its free places, when there is a limit to those."""
        if self.free_per_organisation is None:
            return []
        if organisation_id not in self._organisations:
            self._extra -= 1
            self._organisations[organisation_id] = self._extra
            self.room.limit(self._extra, self.free_per_organisation)
        return [self._organisations[organisation_id]]


class Proofs:
    """What addresses and people prove on one day; each mail domain is looked up once."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._by_domain: dict[str, list[Proof]] = {}

    def of(self, address: str, person: KnownPerson | None) -> list[Proof]:
        """What the address proves, with the statuses and the namings of the person."""
        domain = mail_domain(address)
        if domain not in self._by_domain:
            self._by_domain[domain] = proofs_by_domain(address, on=self._on)
        found = list(self._by_domain[domain])
        if person is not None and person.id is not None:
            own = (status_proof(one.category, one.period, on=self._on) for one in person.statuses)
            found += [proof for proof in own if proof]
            found += proofs_by_naming(person.id, on=self._on) if person.namings else []
        return found
