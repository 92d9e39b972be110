"""The rare days of mollie's list: forgotten payments and keys, very late calls, groups that do not fit any more."""

from datetime import timedelta

import pytest

from eventapp.domain.errors import PaymentUnavailable
from eventapp.domain.payments import FORGOTTEN_AFTER, AttemptStatus, Outcome
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, Order, PlaceHold, Registration
from eventapp.payments.gateway import PaymentNotFound
from eventapp.services import refunding, settling
from eventapp.services.calling_off import cancel_event
from eventapp.services.cancelling import cancel_registration
from eventapp.services.lapsing import lapse_unpaid
from tests.factories import NOW, OFFICE, make_event, make_person
from tests.shop import PRICE, Shop

HOUR = timedelta(hours=1)
FOREVER = NOW + timedelta(days=4000)


def group(shop: Shop, event: Event, people: int) -> int:
    """The order of somebody who pays for as many: its id."""
    order_id, event_id = shop.booked(event), event.id
    order, event = db.session.get_one(Order, order_id), db.session.get_one(Event, event_id)
    first = order.registrations[0]
    for _ in range(people - 1):
        other = make_person()
        order.registrations.append(
            Registration(
                event=event,
                person=other,
                address=other.address,
                state=State.AWAITING_PAYMENT,
                category=first.category,
                price_cents=PRICE,
                expires_at=first.expires_at,
                created_at=NOW,
                calendar_uid=f"{other.id}@tests.example",
                holds=[PlaceHold(capacity=event.capacities[0])],
            )
        )
        event.capacities[0].taken += 1
    db.session.commit()
    return order_id


def states(order_id: int) -> list[State]:
    db.session.rollback()
    return [registration.state for registration in db.session.get_one(Order, order_id).registrations]


def test_key_that_stood_for_another_payment_makes_way_for_a_new_attempt(shop: Shop):
    order_id = shop.booked()
    shop.sandbox.fault("http-400", operation="create")

    with pytest.raises(PaymentUnavailable):
        shop.start(order_id)
    shop.start(order_id)

    bad, good = shop.attempts(order_id)
    assert (bad.status, good.status) == (AttemptStatus.REFUSED, AttemptStatus.OPEN)
    assert bad.idempotency_key != good.idempotency_key


def test_forgotten_payment_is_given_up_after_a_day_and_the_office_hears_it(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.fault("http-404", operation="get", times=0)

    lapsed_at_once = lapse_unpaid(shop.gateway, now=FOREVER)
    settling.reconcile(shop.gateway, now=FOREVER + FORGOTTEN_AFTER - HOUR)
    waiting = shop.attempts(order_id)[0].status
    settling.reconcile(shop.gateway, now=FOREVER + FORGOTTEN_AFTER)
    lapsed_then = lapse_unpaid(shop.gateway, now=FOREVER + FORGOTTEN_AFTER)

    (given_up,) = shop.attempts(order_id)
    assert (lapsed_at_once, waiting, lapsed_then) == (0, AttemptStatus.OPEN, 1)
    assert (given_up.status, given_up.outcome) == (AttemptStatus.EXPIRED, Outcome.FORGOTTEN)
    assert (shop.state(order_id), shop.mails()) == (State.EXPIRED, ["payment_forgotten", "payment_lapsed"])
    # The key was another account's all the while, and somebody had paid.
    shop.sandbox.control("faults/clear")
    shop.becomes(attempt, "paid")
    assert (shop.state(order_id), shop.attempts(order_id)[0].outcome) == (State.CONFIRMED, Outcome.PAID_LATE)


def test_payment_that_is_known_again_has_its_day_anew(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    for day in range(4):
        shop.sandbox.fault("http-404", operation="get")
        with pytest.raises(PaymentNotFound):
            shop.settle(attempt, now=NOW + day * FORGOTTEN_AFTER)
        shop.settle(attempt, now=NOW + day * FORGOTTEN_AFTER + HOUR)

    assert (shop.attempts(order_id)[0].status, shop.mails()) == (AttemptStatus.OPEN, [])


def test_webhook_hours_late_breaks_nothing_that_was_settled_before(shop: Shop):
    order_id = shop.booked()
    first = shop.open_payment(order_id)
    shop.becomes(first, "expired")
    second = shop.paid(order_id)
    cancel_registration(shop.registration(order_id).id, by=OFFICE, now=NOW, back_cents=PRICE)
    refunding.send_due(shop.gateway, now=NOW)
    mails = shop.mails()

    for attempt in (second, first, second):
        shop.settle(attempt, now=NOW + 25 * HOUR, provider_id=attempt.provider_id)

    assert (shop.state(order_id), shop.mails()) == (State.CANCELLED, mails)
    assert shop.refunds_at_provider() == [(second.provider_id, "95.00")]
    assert [a.status for a in shop.attempts(order_id)] == [AttemptStatus.EXPIRED, AttemptStatus.PAID]


def test_money_for_what_had_ended_is_found_by_the_nightly_look_too(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.becomes(attempt, "canceled")
    shop.sandbox.mark(attempt.provider_id, "paid")

    settling.reconcile(shop.gateway, now=NOW + 13 * 24 * HOUR, nightly=True)

    assert (shop.state(order_id), shop.attempts(order_id)[0].outcome) == (State.CONFIRMED, Outcome.CONFIRMED)
    assert settling.due_for_a_look(now=NOW + 91 * 24 * HOUR, nightly=True) == []


def test_group_that_pays_late_comes_whole_or_not_at_all(shop: Shop):
    event_id = (event := make_event(capacity=3)).id
    order_id = group(shop, event, 3)
    attempt = shop.open_payment(order_id)
    shop.becomes(attempt, "expired")
    lapse_unpaid(shop.gateway, now=FOREVER)
    shop.booked(db.session.get_one(Event, event_id))

    shop.becomes(attempt, "paid")
    refunding.send_due(shop.gateway, now=NOW)

    assert (states(order_id), shop.taken(event_id)) == ([State.EXPIRED] * 3, 1)
    assert shop.attempts(order_id)[0].outcome == Outcome.PAID_WITHOUT_PLACE
    assert shop.refunds_at_provider() == [(attempt.provider_id, "285.00")]


def test_group_that_pays_twice_gets_one_of_it_back(shop: Shop):
    order_id = group(shop, make_event(), 2)
    first = shop.open_payment(order_id)
    shop.becomes(first, "expired")
    second = shop.paid(order_id)

    shop.becomes(first, "paid")
    shop.settle(second)
    refunding.send_due(shop.gateway, now=NOW)

    assert states(order_id) == [State.CONFIRMED] * 2
    assert [a.outcome for a in shop.attempts(order_id)] == [Outcome.PAID_TWICE, Outcome.CONFIRMED]
    assert shop.refunds_at_provider() == [(first.provider_id, "190.00")]


def test_group_of_which_one_withdrew_and_the_event_is_cancelled_gets_all_back_once(shop: Shop):
    event_id = (event := make_event()).id
    order_id = group(shop, event, 2)
    attempt = shop.open_payment(order_id)
    cancel_registration(shop.registration(order_id).id, by=OFFICE, now=NOW, back_cents=0)
    shop.becomes(attempt, "paid")
    in_part = shop.attempts(order_id)[0].outcome

    cancel_event(event_id, reason="Storm", by=OFFICE, now=NOW)
    refunding.send_due(shop.gateway, now=NOW)
    refunding.send_due(shop.gateway, now=NOW + 2 * HOUR)

    assert (in_part, states(order_id)) == (Outcome.PAID_IN_PART, [State.CANCELLED] * 2)
    assert refunding.left_cents(shop.attempts(order_id)[0]) == 0
    assert [refund.amount_cents for refund in shop.refunds()] == [9500, 9500]
