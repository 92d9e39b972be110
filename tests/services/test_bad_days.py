"""Places on bad days: what filled meanwhile, what lapsed meanwhile, and who stood in another line meanwhile."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import EventFull, OfferLapsed
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.domain.tokens import new_token
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.models import POOL, Capacity, Choice, HandOver, PaymentAttempt, PlaceHold, Registration, WaitingEntry
from eventapp.queries import health
from eventapp.services import (
    cancelling,
    choosing,
    confirming,
    dividing,
    handing_over,
    lapsing,
    offering,
    queueing,
    receiving,
    reviewing,
    speaking,
)
from eventapp.services.dividing import PoolDetails
from eventapp.services.locks import lock_order
from eventapp.services.registering import Basis
from eventapp.services.speaking import Speaker
from eventapp.transaction import transaction
from tests.booking import book
from tests.factories import NOW, OFFICE, make_breakout, make_event, make_organisation, make_registration, make_round
from tests.reading import last_mail, token_in


def choose(registration_id: int, round_id: int, breakout_id: int | None) -> None:
    choosing.choose(registration_id, {round_id: breakout_id}, by=VISITOR, now=NOW)


def held_by(registration_id: int) -> int:
    db.session.rollback()
    mine = PlaceHold.registration_id == registration_id
    return db.session.scalar(sa.select(sa.func.count()).select_from(PlaceHold).where(mine)) or 0


def entry_of(registration_id: int) -> WaitingEntry:
    db.session.rollback()
    mine = sa.select(WaitingEntry).where(WaitingEntry.registration_id == registration_id)
    return db.session.scalars(mine.order_by(WaitingEntry.id.desc())).first()


@pytest.fixture
def day(app):
    """A day at which one round has a breakout of one place and one without a limit."""
    event = make_event(prices={Category.NIET_LID: 9500})
    one = make_round(event, optional=True)
    small, large = make_breakout(one, size=1), make_breakout(one, size=None)
    return event, one.id, small.id, large.id


def test_money_that_came_late_buys_the_place_also_when_the_breakout_filled_meanwhile(day):
    event, round_id, small, _ = day
    late = make_registration(event, state=State.AWAITING_PAYMENT, price_cents=9500, expires_at=NOW)
    late_id, order_id, other = late.id, late.order_id, make_registration(event).id
    choose(late_id, round_id, small)
    lapsing.lapse_unpaid(None, now=NOW)
    choose(other, round_id, small)

    with transaction():
        order = lock_order(order_id)
        keys = {"token": new_token(), "idempotency_key": new_token(), "mode": "test", "created_at": NOW}
        attempt = PaymentAttempt(order=order, amount_cents=9500, status=AttemptStatus.PAID, **keys)
        db.session.add(attempt)
        db.session.flush()
        receiving.receive(order, attempt, now=NOW)

    assert db.session.get_one(Registration, late_id).state == State.CONFIRMED
    assert db.session.scalars(sa.select(Choice.registration_id).where(Choice.breakout_id == small)).all() == [other]
    assert health.miscounts() == []


@pytest.mark.parametrize("called", [False, True])
def test_who_did_not_pay_in_time_stands_in_no_line_and_has_nothing_on_offer(day, called):
    event, round_id, small, large = day
    unpaid = make_registration(event, state=State.AWAITING_PAYMENT, price_cents=9500, expires_at=NOW).id
    first, event_id = make_registration(event).id, event.id
    choose(first, round_id, small)
    queueing.wait_for_breakout(unpaid, small, by=VISITOR, now=NOW)
    if called:
        choose(first, round_id, large)
        offering.pass_on(event_id, now=NOW)
        token = entry_of(unpaid).token

    lapsing.lapse_unpaid(None, now=NOW)
    cancelling.cancel_own(first, by=VISITOR, now=NOW)

    assert (entry_of(unpaid).state, held_by(unpaid)) == (EntryState.LEFT, 0)
    assert health.miscounts() == []
    if called:
        with pytest.raises(OfferLapsed):
            offering.accept(token, by=VISITOR, now=NOW)


def test_who_comes_to_stand_in_front_waits_for_nothing_else_in_that_round(day):
    event, round_id, small, large = day
    busy, first = make_registration(event).id, make_registration(event).id
    address = {"given_name": "Marieke", "infix": "van der", "family_name": "Meulen"}
    speaker = Speaker(address=db.session.get_one(Registration, busy).address, **address)
    choose(first, round_id, small)
    queueing.wait_for_breakout(busy, small, by=VISITOR, now=NOW)

    assert speaking.add_speaker(large, speaker, by=OFFICE, now=NOW) == busy
    choose(first, round_id, None)
    offering.pass_on(event.id, now=NOW)

    assert entry_of(busy).state == EntryState.LEFT
    stands = db.session.execute(sa.select(Choice.breakout_id, Choice.speaks).where(Choice.registration_id == busy))
    assert stands.all() == [(large, True)]
    assert health.miscounts() == []


def test_a_place_that_is_handed_over_does_not_jump_the_line_of_another_pool(app):
    make_organisation()
    event = make_event(capacity=10, hand_over_to_anybody=True, prices={Category.NIET_LID: 0, Category.LID: 0})
    event_id = event.id
    members = PoolDetails("Leden", 1, categories=frozenset({Category.LID}))
    giver = make_registration(event, category=Category.NIET_LID).id
    waiting = make_registration(event, state=State.WAITLISTED)
    dividing.add_pool(event_id, members, by=OFFICE, now=NOW)
    pool = db.session.scalar(sa.select(Capacity.id).where(Capacity.kind == POOL, Capacity.size == 1))
    with transaction():
        queueing.join(waiting, pool, now=NOW)
    handing_over.offer(giver, "noor@zonnevlinder.example", "Noor", "", "Tester", by=VISITOR, now=NOW)
    token = db.session.scalar(sa.select(HandOver.token))

    with pytest.raises(EventFull):
        handing_over.accept(token, "Noor", "", "Tester", now=NOW)

    assert db.session.get_one(Registration, giver).state == State.CONFIRMED
    assert health.miscounts() == []


def test_who_turns_out_to_be_of_a_member_without_free_places_waits_without_keeping_a_place(app):
    member = make_organisation()
    event = make_event(
        capacity=10, prices={Category.LID: 0}, free_per_organisation=1, waiting_list=True, beyond_free=BeyondFree.WAITS
    )
    with_free_place = book(event, "anna@zonnevlinder.example")
    assert with_free_place.state == State.AWAITING_CONFIRMATION
    claim = book(event, "sam@thuis.example", basis=Basis.CLAIM, organisation_name="Zonnevlinder").registration_id
    confirming.prove(token_in(last_mail("confirm_address")), now=NOW)

    reviewing.approve(claim, member.id, by=OFFICE, now=NOW)

    assert (db.session.get_one(Registration, claim).state, held_by(claim)) == (State.WAITLISTED, 0)
    assert health.miscounts() == []


def test_a_claim_at_a_full_event_waits_for_a_place_once_the_address_is_proven(app):
    make_organisation()
    event = make_event(capacity=1, waiting_list=True)
    make_registration(event)
    wishes = {"basis": Basis.CLAIM, "organisation_name": "Zonnevlinder", "wants_waiting": True}
    claim = book(event, "sam@thuis.example", **wishes).registration_id

    confirming.prove(token_in(last_mail("confirm_address")), now=NOW)

    registration = db.session.get_one(Registration, claim)
    assert (registration.state, registration.proven_at, held_by(claim)) == (State.AWAITING_CONFIRMATION, NOW, 0)
    reviewing.refuse(claim, by=OFFICE, now=NOW)
    assert (db.session.get_one(Registration, claim).state, held_by(claim)) == (State.WAITLISTED, 0)
    assert health.miscounts() == []


def test_an_offer_is_good_until_the_event_begins_also_when_that_went_forward(app):
    event = make_event(capacity=1, starts_at=NOW + timedelta(days=9))
    first = make_registration(event).id
    waiting = make_registration(event, state=State.WAITLISTED)
    with transaction():
        queueing.join(waiting, event.capacities[0].id, now=NOW)
    cancelling.cancel_own(first, by=VISITOR, now=NOW)
    event.starts_at = NOW + timedelta(hours=2)
    db.session.commit()

    with pytest.raises(OfferLapsed):
        offering.accept(entry_of(waiting.id).token, by=VISITOR, now=NOW + timedelta(hours=2))

    assert db.session.get_one(Registration, waiting.id).state == State.OFFERED
