"""What a long list says of each registration: columns instead of objects, and what stands beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.cancellation import Ending
from eventapp.domain.events import EventForm
from eventapp.domain.pricing import Category
from eventapp.domain.registration_lists import Column
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, Person, Registration
from eventapp.queries import breakouts
from eventapp.queries.changing import Withdrawable, endings
from eventapp.queries.registration_lists import came, labels_of

# Fewer than a database takes in one statement, and few enough to say in between how far it is.
_PORTION = 2000


class Row(NamedTuple):
    """One registration, as far as a list can show it."""

    id: int
    given_name: str
    infix: str
    family_name: str
    event: str
    starts_at: datetime
    organisation_name: str
    function: str
    address: str
    category: Category
    state: State
    attends: EventForm
    price_cents: int
    created_at: datetime


@dataclass(frozen=True)
class Beside:
    """What the columns shown need besides the registrations themselves, each by the id of a registration."""

    ended: Mapping[int, Ending] = field(default_factory=dict)
    chosen: Mapping[int, Sequence[str]] = field(default_factory=dict)
    labels: Mapping[int, Sequence[str]] = field(default_factory=dict)
    came: Mapping[int, datetime] = field(default_factory=dict)


def in_portions(registration_ids: Sequence[int]) -> Iterator[list[Row]]:
    """These, some at a time, in the order of the ids; those that do not exist are left out."""
    columns = sa.select(
        Registration.id,
        Person.given_name,
        Person.infix,
        Person.family_name,
        Event.title,
        Event.starts_at,
        Registration.organisation_name,
        Registration.function,
        Registration.address,
        Registration.category,
        Registration.state,
        Registration.attends,
        Registration.price_cents,
        Registration.created_at,
    )
    joined = columns.join(Person, Person.id == Registration.person_id).join(Event, Event.id == Registration.event_id)
    for start in range(0, len(registration_ids), _PORTION):
        some = registration_ids[start : start + _PORTION]
        found = {row.id: Row._make(row) for row in db.session.execute(joined.where(Registration.id.in_(some)))}
        yield [found[one] for one in some if one in found]


def beside(rows: Sequence[Withdrawable], columns: Sequence[Column]) -> Beside:
    """Only what one of the columns shows, a query each."""
    ids = [row.id for row in rows]
    return Beside(
        ended=endings(rows) if Column.STATE in columns else {},
        chosen=breakouts.chosen_by(ids) if Column.SESSIONS in columns else {},
        labels=labels_of(ids) if Column.LABELS in columns else {},
        came=came(ids) if Column.CAME in columns else {},
    )
