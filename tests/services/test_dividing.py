"""Dividing the places of an event: what refuses is what people read, nobody loses a place, and the books stay right."""

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import EventFull, PoolsTooLarge
from eventapp.domain.events import EventForm, TargetGroup
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Capacity, Event, Registration
from eventapp.queries import health
from eventapp.queries.places import parts_of, places_for
from eventapp.services import dividing, holding, organising, queueing
from eventapp.services.adding import ManualBooking, add_by_hand
from eventapp.services.dividing import PoolDetails
from eventapp.transaction import transaction
from eventapp.wording import nothing_left
from tests.factories import NOW, OFFICE, make_event, make_registration

WHO = {"by": OFFICE, "now": NOW}
RVT = PoolDetails("raden van toezicht", 2, function_groups=frozenset({TargetGroup.RVT}))


def filling(event_id: int) -> dict[str, tuple[int | None, int, int]]:
    """Size, taken and waiting per part, by kind or by name."""
    db.session.expire_all()
    return {
        part.name or part.ref or part.kind: (part.places.size, part.places.taken, part.places.waiting)
        for part in parts_of(event_id)
    }


def add(event_id: int, address: str, group: TargetGroup = TargetGroup.RVT, form: EventForm = EventForm.FYSIEK) -> None:
    """The office adds somebody free of charge, as long as there is a place."""
    booking = ManualBooking(
        event_id, address, "Ria", "", "Raad", Category.LID, function_group=group, attends=form, price_cents=0
    )
    add_by_hand(booking, **WHO)


def test_a_pool_counts_who_is_there_and_refuses_what_people_read(app):
    event = make_event(capacity=5)
    event_id = event.id
    make_registration(event, function_group=TargetGroup.RVT)
    make_registration(event, function_group=TargetGroup.DIRECTEUR)

    dividing.add_pool(event_id, RVT, **WHO)
    add(event_id, "ria@tweeklank.example")

    assert filling(event_id) == {"event": (5, 3, 0), "raden van toezicht": (2, 2, 0), "rest": (3, 1, 0)}
    with pytest.raises(EventFull) as refusal:
        add(event_id, "els@tweeklank.example")
    supervisor = places_for(event_id, Category.LID, TargetGroup.RVT, EventForm.FYSIEK)
    director = places_for(event_id, Category.LID, TargetGroup.DIRECTEUR, EventForm.FYSIEK)
    full = supervisor.full
    assert refusal.value.facts["capacity_id"] == full.capacity_id
    assert nothing_left(full.kind, full.ref, full.name) == "Er zijn geen plaatsen meer voor raden van toezicht"
    assert (supervisor.left, director.full, director.left) == (0, None, 2)
    assert health.miscounts() == []


def test_parts_are_never_more_than_the_whole_and_the_rest_follows_its_size(app):
    event_id = make_event(capacity=5).id
    dividing.add_pool(event_id, RVT, **WHO)

    with pytest.raises(PoolsTooLarge) as refusal:
        dividing.add_pool(event_id, PoolDetails("leden", 4, categories=frozenset({Category.LID})), **WHO)
    event = db.session.get_one(Event, event_id)
    larger = organising.details_of(event)
    object.__setattr__(larger, "capacity", 8)
    organising.change_event(event_id, larger, version=event.version, **WHO)

    assert refusal.value.facts == {"left": 3}
    assert filling(event_id) == {"event": (8, 0, 0), "raden van toezicht": (2, 0, 0), "rest": (6, 0, 0)}


def test_smaller_pool_keeps_its_people_and_without_it_its_line_stands_at_the_event(app):
    event = make_event(capacity=2)
    event_id = event.id
    for _ in range(2):
        make_registration(event, function_group=TargetGroup.RVT)
    waits = make_registration(event, function_group=TargetGroup.RVT, state=State.WAITLISTED).id
    pool_id = dividing.add_pool(event_id, RVT, **WHO)
    with transaction():
        (part,) = (part for part in parts_of(event_id) if part.name)
        queueing.join(db.session.get_one(Registration, waits), part.capacity_id, now=NOW)

    dividing.change_pool(pool_id, PoolDetails("toezicht", 1, function_groups=frozenset({TargetGroup.RVT})), **WHO)
    smaller = filling(event_id)
    dividing.remove_pool(pool_id, **WHO)

    assert smaller == {"event": (2, 2, 0), "toezicht": (1, 2, 1), "rest": (1, 0, 0)}
    assert filling(event_id) == {"event": (2, 2, 1)}
    assert health.miscounts() == []


def test_fysiek_and_online_are_full_apart(app):
    event = make_event(capacity=None, form=EventForm.HYBRIDE)
    event_id = event.id
    make_registration(event, attends=EventForm.ONLINE)

    dividing.divide_forms(event_id, {EventForm.FYSIEK: 1, EventForm.ONLINE: None}, **WHO)
    add(event_id, "ria@tweeklank.example")

    assert filling(event_id) == {"event": (None, 2, 0), "fysiek": (1, 1, 0), "online": (None, 1, 0)}
    with pytest.raises(EventFull):
        add(event_id, "els@tweeklank.example")
    add(event_id, "els@tweeklank.example", form=EventForm.ONLINE)
    assert health.miscounts() == []
    dividing.divide_forms(event_id, {EventForm.FYSIEK: None, EventForm.ONLINE: None}, **WHO)
    assert filling(event_id) == {"event": (None, 3, 0)}
    assert health.miscounts() == []


def test_doctor_sees_a_wrong_line_and_a_part_that_is_not_held(app):
    event = make_event()
    make_registration(event)
    dividing.add_pool(event.id, RVT, **WHO)
    rest = sa.and_(Capacity.kind == "pool", Capacity.ref == "rest")

    with transaction() as session:
        row = session.scalars(sa.select(Capacity).where(rest)).one()
        (registration,) = session.scalars(sa.select(Registration))
        registration.holds[:] = [hold for hold in registration.holds if hold.capacity_id != row.id]
        session.execute(holding.only(Capacity.id == row.id).values(waiting=2, taken=0))
        session.flush()

    problems = [found.problem for found in health.miscounts()]
    assert problems == ["pool: 2 waiting, 0 in line", f"registration {registration.id} does not hold pool rest"]
