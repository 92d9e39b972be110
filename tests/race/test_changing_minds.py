"""Everybody changes their mind in the same moment: one place stays one, and nobody waits in a circle."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import DomainError
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.models import Capacity, Choice, HandOver, Registration, Ticket, WaitingEntry
from eventapp.queries import health
from eventapp.services import cancelling, choosing, handing_over, offering, queueing, resizing
from eventapp.transaction import transaction
from tests.factories import NOW, make_breakout, make_event, make_registration, make_round
from tests.race.test_last_places import attempt, booking, in_threads
from tests.reading import mails_left

pytestmark = pytest.mark.race


def trying(act: Callable[[], object]) -> str:
    """'done', or the code of the refusal."""
    try:
        act()
    except DomainError as refusal:
        return refusal.code
    return "done"


def choosing_calls(people: list[int], chosen: dict[int, int | None]) -> list[Callable[[], str]]:
    return [lambda one=one: trying(lambda: choosing.choose(one, chosen, by=VISITOR, now=NOW)) for one in people]


def offered(registration_id: int) -> str:
    of_person = sa.and_(WaitingEntry.registration_id == registration_id, WaitingEntry.state == EntryState.OFFERED)
    token: str | None = db.session.scalar(sa.select(WaitingEntry.token).where(of_person))
    db.session.rollback()
    assert token
    return token


def test_a_breakout_that_comes_free_goes_to_who_waits_and_to_none_of_those_who_choose_it(app):
    round_ = make_round(event := make_event())
    small, large = make_breakout(round_, size=1), make_breakout(round_, size=None)
    event_id, first = event.id, make_registration(event).id
    others = [make_registration(event).id for _ in range(6)]
    taken, free = {round_.id: small.id}, {round_.id: large.id}
    small_id = small.id
    choosing.choose(first, taken, by=VISITOR, now=NOW)
    for one in others:
        choosing.choose(one, free, by=VISITOR, now=NOW)
    queueing.wait_for_breakout(others[0], small_id, by=VISITOR, now=NOW)
    leaves = [lambda: trying(lambda: choosing.choose(first, free, by=VISITOR, now=NOW))]
    passes = [lambda: trying(lambda: offering.pass_on(event_id, now=NOW))] * 3

    in_threads(app, [*leaves, *choosing_calls(others[1:], taken), *passes], threads=9)
    offering.pass_on(event_id, now=NOW)
    token = offered(others[0])
    answers = in_threads(
        app,
        [lambda: trying(lambda: offering.accept(token, by=VISITOR, now=NOW)), *choosing_calls(others[1:], taken)],
        threads=6,
    )

    assert answers == {"done": 1, "breakout_full": 5}
    assert db.session.scalars(sa.select(Choice.registration_id).where(Choice.breakout_id == small_id)).all() == [
        others[0]
    ]
    assert health.miscounts() == []


def test_an_offer_is_taken_or_lapses_but_never_both(app):
    event = make_event(capacity=1, starts_at=NOW + timedelta(days=30))
    event_id, first = event.id, make_registration(event).id
    waiting = [wait_in_line(event) for _ in range(2)]
    cancelling.cancel_own(first, by=VISITOR, now=NOW)
    token = offered(waiting[0])
    until = db.session.scalar(sa.select(WaitingEntry.until).where(WaitingEntry.token == token))
    mails_left()
    takes = [lambda: trying(lambda: offering.accept(token, by=VISITOR, now=until))] * 2
    lapses = [lambda: trying(lambda: offering.lapse_offers(now=until))] * 2
    passes = [lambda: trying(lambda: offering.pass_on(event_id, now=until))] * 2

    in_threads(app, [*takes, *lapses, *passes], threads=6)
    offering.pass_on(event_id, now=until)

    db.session.rollback()
    states = [db.session.get_one(Registration, one).state for one in waiting]
    assert states in ([State.CONFIRMED, State.WAITLISTED], [State.EXPIRED, State.OFFERED])
    assert health.miscounts() == []


def wait_in_line(event) -> int:
    registration = make_registration(event, state=State.WAITLISTED)
    with transaction():
        queueing.join(registration, event.capacities[0].id, now=NOW)
    return registration.id


def hand_over_by(event) -> tuple[int, str]:
    giver = make_registration(event).id
    handing_over.offer(giver, "nieuw@elders.example", "Noor", "", "Tester", by=VISITOR, now=NOW)
    token: str | None = db.session.scalar(sa.select(HandOver.token).where(HandOver.registration_id == giver))
    db.session.rollback()
    assert token
    return giver, token


def test_a_hand_over_is_accepted_once(app):
    event = make_event(capacity=1, hand_over_to_anybody=True, prices={Category.NIET_LID: 0})
    _, token = hand_over_by(event)
    accepts = lambda: trying(lambda: handing_over.accept(token, "Noor", "", "Tester", now=NOW))  # noqa: E731

    answers = in_threads(app, [accepts] * 6, threads=6)

    assert answers == {"done": 1, "hand_over_over": 5}
    assert Counter(db.session.scalars(sa.select(Registration.state))) == {State.CONFIRMED: 1, State.CANCELLED: 1}
    assert health.miscounts() == []


def test_a_place_that_is_cancelled_while_it_is_handed_over_goes_one_way(app):
    event = make_event(capacity=1, hand_over_to_anybody=True, prices={Category.NIET_LID: 0})
    giver, token = hand_over_by(event)
    accepts = lambda: trying(lambda: handing_over.accept(token, "Noor", "", "Tester", now=NOW))  # noqa: E731
    cancels = lambda: trying(lambda: cancelling.cancel_own(giver, by=VISITOR, now=NOW))  # noqa: E731

    answers = in_threads(app, [accepts, cancels] * 3, threads=6)

    tickets = db.session.scalars(sa.select(Ticket.state).order_by(Ticket.id)).all()
    assert answers["done"] == 1
    assert tickets in (["replaced", "valid"], ["cancelled"])
    assert health.miscounts() == []


def test_fewer_places_while_people_register_put_nobody_out_and_let_nobody_more_in(app):
    event_id = make_event(capacity=20, prices={Category.NIET_LID: 0}).id

    def fewer() -> str:
        with transaction():
            resizing.resize(event_id, 3)
        return "smaller"

    people = [lambda n=n: attempt(booking(event_id, n)) for n in range(24)]
    answers = in_threads(app, [*people[:8], fewer, *people[8:]], threads=8)

    db.session.rollback()
    row = db.session.scalars(sa.select(Capacity).where(Capacity.event_id == event_id)).one()
    assert row.taken == answers["awaiting_confirmation"] == 3 + row.allowance
    assert attempt(booking(event_id, 99)) == "event_full"
    assert health.miscounts() == []


def test_groups_that_withdraw_meet_others_who_swap_without_waiting_in_a_circle(app):
    """Whoever holds one row and waits for the other: two people of a group, against one who goes the other way."""
    round_ = make_round(event := make_event(capacity=None))
    low, high = make_breakout(round_), make_breakout(round_)
    in_low, in_high = {round_.id: low.id}, {round_.id: high.id}
    choosers = [make_registration(event).id for _ in range(4)]
    orders = []
    for _ in range(12):
        first, second = make_registration(event), make_registration(event)
        second.order = first.order
        db.session.commit()
        choosing.choose(first.id, in_high, by=VISITOR, now=NOW)
        choosing.choose(second.id, in_low, by=VISITOR, now=NOW)
        orders.append(first.order_id)

    def swaps(one: int) -> str:
        for n in range(12):
            choosing.choose(one, in_high if n % 2 else in_low, by=VISITOR, now=NOW)
        return "swapped"

    def cancels(some: list[int]) -> str:
        for one in some:
            cancelling.cancel_own_order(one, by=VISITOR, now=NOW)
        return "cancelled"

    answers = in_threads(
        app,
        [*[lambda one=one: swaps(one) for one in choosers], *[lambda n=n: cancels(orders[n::4]) for n in range(4)]],
        threads=8,
    )

    assert answers == {"swapped": 4, "cancelled": 4}
    assert health.miscounts() == []
