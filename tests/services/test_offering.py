"""The waiting list: who is offered what in which order, and what becomes of the offer."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import EventFull, IllegalStep, OfferLapsed
from eventapp.domain.events import TargetGroup
from eventapp.domain.registrations import State
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.models import POOL, REST, Capacity, Pool, Registration, WaitingEntry
from eventapp.queries.choices import programme_of
from eventapp.services import cancelling, choosing, holding, offering, queueing, resizing
from eventapp.services.locks import lock_order_of
from eventapp.transaction import transaction
from tests.factories import NOW, OFFICE, make_breakout, make_event, make_person, make_registration, make_round
from tests.reading import mails, mails_left

DAY = timedelta(days=1)


def wait(event, address, *, at=NOW, **more) -> int:
    """Somebody whose address is proven finds the event full, and waits."""
    person = make_person(address=address)
    registration = make_registration(event, person, state=State.EXPIRED, **more)
    registration.state = State.AWAITING_CONFIRMATION
    db.session.commit()
    with transaction():
        registration = lock_order_of(registration.id)
        with pytest.raises(EventFull) as refusal, db.session.begin_nested():
            holding.take(registration)
        queueing.wait_for_place(registration, refusal.value, by=VISITOR, now=at)
    return registration.id


def entry_of(registration_id: int) -> WaitingEntry:
    latest = sa.select(WaitingEntry).where(WaitingEntry.registration_id == registration_id)
    return db.session.scalars(latest.order_by(WaitingEntry.id.desc())).first()


def state_of(registration_id: int) -> State:
    return db.session.scalar(sa.select(Registration.state).where(Registration.id == registration_id))


def mailed(address: str) -> list[str]:
    return [kind for kind, to in mails() if to == address]


def whole(event) -> tuple[int, int]:
    db.session.expire_all()
    return event.capacities[0].taken, event.capacities[0].waiting


@pytest.fixture
def full(app):
    """An event for one, which is taken, with two who wait."""
    event = make_event(capacity=1)
    holder = make_registration(event)
    first = wait(event, "eerste@zonnevlinder.example")
    second = wait(event, "tweede@zonnevlinder.example", at=NOW + timedelta(minutes=1))
    return event, holder.id, first, second


def test_who_waits_hears_at_which_place_they_stand(full):
    _, _, first, second = full

    assert queueing.position(entry_of(first)) == 1
    assert queueing.position(entry_of(second)) == 2
    assert mailed("tweede@zonnevlinder.example") == ["waitlisted"]


def test_a_place_that_comes_free_is_offered_to_the_first_and_held(full):
    event, holder, first, second = full

    cancelling.cancel_registration(holder, by=OFFICE, now=NOW, back_cents=0)

    assert (state_of(first), state_of(second)) == (State.OFFERED, State.WAITLISTED)
    assert entry_of(first).until == NOW + DAY
    assert whole(event) == (1, 1)
    assert offering.pass_on(event.id, now=NOW) == 0


def test_a_newcomer_does_not_get_what_belongs_to_who_waits(full):
    event, holder, *_ = full
    with transaction():
        holding.release(lock_order_of(holder))
    newcomer = make_registration(event, state=State.EXPIRED)

    with pytest.raises(EventFull), transaction():
        holding.take(lock_order_of(newcomer.id))


def test_taking_the_offer_confirms_with_a_ticket(full):
    _, holder, first, _ = full
    cancelling.cancel_registration(holder, by=OFFICE, now=NOW, back_cents=0)

    offering.accept(entry_of(first).token, by=VISITOR, now=NOW + DAY)

    assert state_of(first) == State.CONFIRMED
    assert entry_of(first).state == EntryState.ACCEPTED
    assert mailed("eerste@zonnevlinder.example") == [
        "waitlisted",
        "place_offered",
        "confirmed",
    ]


def test_passing_gives_the_place_to_the_next_at_once(full):
    event, holder, first, second = full
    cancelling.cancel_registration(holder, by=OFFICE, now=NOW, back_cents=0)

    offering.decline(entry_of(first).token, by=VISITOR, now=NOW)

    assert (state_of(first), state_of(second)) == (State.CANCELLED, State.OFFERED)
    assert whole(event) == (1, 0)


def test_one_second_too_late_is_too_late_and_the_next_gets_it(full):
    _, holder, first, second = full
    cancelling.cancel_registration(holder, by=OFFICE, now=NOW, back_cents=0)
    late = NOW + DAY + timedelta(seconds=1)
    mails_left()

    with pytest.raises(OfferLapsed):
        offering.accept(entry_of(first).token, by=VISITOR, now=late)
    offering.lapse_offers(now=late)
    offering.pass_on_everywhere(now=late)

    assert (state_of(first), state_of(second)) == (State.EXPIRED, State.OFFERED)
    assert mailed("eerste@zonnevlinder.example")[-1] == "offer_lapsed"


def test_one_line_that_is_broken_stops_no_other_and_is_told(full):
    """Whoever stands in the first line comes no more by the books of registrations: nobody can be offered that."""
    _, holder, first, second = full
    with transaction():
        holding.release(lock_order_of(holder))
    other = make_event(capacity=1)
    make_registration(other)
    waiting = wait(other, "ander@elders.example")
    resize(other, 2)
    db.session.execute(sa.update(Registration).where(Registration.id == first).values(state=State.CANCELLED))
    db.session.commit()

    with pytest.raises(IllegalStep):
        offering.pass_on_everywhere(now=NOW)

    assert (state_of(waiting), state_of(second)) == (State.OFFERED, State.WAITLISTED)


def test_one_offer_that_cannot_lapse_keeps_no_other_from_it(full):
    event, _, first, second = full
    resize(event, 3)
    offering.pass_on(event.id, now=NOW)
    db.session.execute(sa.update(Registration).where(Registration.id == first).values(state=State.CANCELLED))
    db.session.commit()
    mails_left()

    with pytest.raises(IllegalStep):
        offering.lapse_offers(now=NOW + 2 * DAY)

    assert state_of(second) == State.EXPIRED


def resize(event, size: int) -> None:
    with transaction():
        resizing.resize(event.id, size)


def test_an_offer_for_a_paid_place_leads_to_paying_and_keeps_the_place(app):
    event = make_event(capacity=1)
    holder = make_registration(event)
    waiting = wait(event, "betaler@elders.example", price_cents=9500)
    cancelling.cancel_registration(holder.id, by=OFFICE, now=NOW, back_cents=0)

    offering.accept(entry_of(waiting).token, by=VISITOR, now=NOW)

    assert state_of(waiting) == State.AWAITING_PAYMENT
    assert whole(event) == (1, 0)


def test_on_the_day_nobody_is_offered_anything(full):
    event, holder, first, _ = full

    cancelling.cancel_registration(holder, by=OFFICE, now=event.starts_at - timedelta(hours=3), back_cents=0)

    assert state_of(first) == State.WAITLISTED
    assert whole(event) == (0, 2)


def test_the_office_moves_somebody_ahead_with_a_reason(full):
    _, holder, first, second = full

    queueing.move(entry_of(second).id, place=1, reason="vervangt de spreker", by=OFFICE, now=NOW)
    cancelling.cancel_registration(holder, by=OFFICE, now=NOW, back_cents=0)

    assert (state_of(second), state_of(first)) == (State.OFFERED, State.WAITLISTED)


def test_who_withdraws_leaves_the_line(full):
    event, _, first, second = full

    cancelling.cancel_registration(first, by=OFFICE, now=NOW, back_cents=0)

    assert whole(event) == (1, 1)
    assert queueing.position(entry_of(second)) == 1


def test_who_waits_for_a_pool_moves_on_to_the_line_of_the_event_without_losing_their_moment(app):
    """The pool for supervisors has room again, the event as a whole has not: then that is what one waits for."""
    event = make_event(capacity=1)
    pool = Pool(event_id=event.id, name="Raden van toezicht", function_groups="rvt")
    db.session.add(pool)
    db.session.commit()
    rooms = [Capacity(event_id=event.id, kind=POOL, ref=ref, size=size) for ref, size in ((str(pool.id), 0), (REST, 5))]
    db.session.add_all(rooms)
    db.session.commit()
    supervisor = wait(event, "toezicht@zonnevlinder.example", function_group=TargetGroup.RVT)
    holder = make_registration(event)
    other = wait(event, "ander@zonnevlinder.example", at=NOW + timedelta(minutes=1))
    rooms[0].size = 1
    db.session.commit()

    moved = offering.pass_on(event.id, now=NOW)
    cancelling.cancel_registration(holder.id, by=OFFICE, now=NOW, back_cents=0)

    assert moved == 0
    assert (state_of(supervisor), state_of(other)) == (State.OFFERED, State.WAITLISTED)


def test_what_goes_on_in_another_round_is_left_whole_when_swapped(app):
    event = make_event()
    one, two = make_round(event), make_round(event, "Ronde 2", hours=2, optional=True)
    wanted, long = make_breakout(one, title="Gewild", size=1), make_breakout(one, two, title="Loopt door")
    other = make_breakout(one, title="Ruim")
    holder, waiting = make_registration(event).id, make_registration(event).id
    choosing.choose(holder, {one.id: wanted.id}, by=VISITOR, now=NOW)
    choosing.choose(waiting, {one.id: long.id}, by=VISITOR, now=NOW)
    with transaction():
        queueing.join(lock_order_of(waiting), wanted.capacity.id, breakout_id=wanted.id, now=NOW)

    choosing.choose(holder, {one.id: other.id}, by=VISITOR, now=NOW)
    offering.pass_on(event.id, now=NOW)
    offering.accept(entry_of(waiting).token, by=VISITOR, now=NOW)

    assert [part.title for part in programme_of(waiting)] == ["Gewild", ""]
    db.session.expire_all()
    assert (wanted.capacity.taken, long.capacity.taken) == (1, 0)


def test_a_breakout_that_comes_free_is_swapped_for_in_one_step(app):
    event = make_event()
    one = make_round(event)
    wanted, other = make_breakout(one, title="Gewild", size=1), make_breakout(one, title="Ruim")
    holder, waiting = make_registration(event).id, make_registration(event).id
    choosing.choose(holder, {one.id: wanted.id}, by=VISITOR, now=NOW)
    choosing.choose(waiting, {one.id: other.id}, by=VISITOR, now=NOW)
    with transaction():
        queueing.join(lock_order_of(waiting), wanted.capacity.id, breakout_id=wanted.id, now=NOW)

    choosing.choose(holder, {one.id: other.id}, by=VISITOR, now=NOW)
    offering.pass_on(event.id, now=NOW)
    between = [part.title for part in programme_of(waiting)]
    offering.accept(entry_of(waiting).token, by=VISITOR, now=NOW)

    assert between == ["Ruim"]
    assert [part.title for part in programme_of(waiting)] == ["Gewild"]
    db.session.expire_all()
    assert (wanted.capacity.taken, other.capacity.taken) == (1, 1)
