"""Holds that run out: by the clock, with one reminder before; unpaid ones only when the provider says so."""

from datetime import datetime, timedelta

import pytest

from eventapp.domain.payments import AttemptStatus
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import PaymentAttempt
from eventapp.services import confirming, lapsing
from tests.booking import book
from tests.factories import NOW, make_event, make_organisation, make_registration
from tests.reading import acts, kinds, last_mail, mails, only_registration, taken, token_in
from tests.shop import Shop

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
END = NOW + timedelta(days=3)


def unpaid(event, **changes):
    """Somebody from outside who has to pay before tomorrow."""
    values = {"state": State.AWAITING_PAYMENT, "category": Category.NIET_LID, "price_cents": 9500}
    return make_registration(event, expires_at=NOW + 24 * HOUR, **(values | changes))


def attempt_for(registration, status: AttemptStatus) -> PaymentAttempt:
    attempt = PaymentAttempt(
        order_id=registration.order_id,
        token=f"t{registration.id}",
        idempotency_key=f"k{registration.id}",
        amount_cents=9500,
        status=status,
        provider_id=f"tr_{registration.id}",
        mode="test",
        created_at=NOW,
    )
    db.session.add(attempt)
    db.session.commit()
    return attempt


@pytest.mark.usefixtures("app")
class TestUnconfirmed:
    def test_the_reminder_goes_out_once_halfway_with_a_link_that_works(self):
        event = make_event()
        make_organisation()
        book(event, "marieke@zonnevlinder.example")

        sent = [lapsing.remind_unconfirmed(now=NOW + hours * HOUR) for hours in (35, 36, 37, 71)]

        assert sent == [0, 1, 0, 0]
        assert mails()[1:] == [("confirm_reminder", "marieke@zonnevlinder.example")]
        assert "vastgehouden tot" in last_mail("confirm_reminder").text
        proven = confirming.prove(token_in(last_mail("confirm_reminder")), now=NOW + 40 * HOUR)
        assert proven.state == State.CONFIRMED

    @pytest.mark.parametrize(
        "changes",
        [
            {"state": State.CONFIRMED},
            {"state": State.AWAITING_PAYMENT},
            {"state": State.AWAITING_CONFIRMATION, "proven_at": NOW, "review": Review.PENDING, "expires_at": None},
        ],
    )
    def test_whoever_needs_not_confirm_is_not_reminded(self, changes):
        make_registration(make_event(), **({"expires_at": END} | changes))

        assert lapsing.remind_unconfirmed(now=NOW + 50 * HOUR) == 0
        assert kinds() == []

    def test_a_hold_lapses_to_the_second_and_the_person_hears(self):
        event = make_event()
        registration = make_registration(event, state=State.AWAITING_CONFIRMATION, expires_at=END)

        counts = [lapsing.lapse_unconfirmed(now=moment) for moment in (END - SECOND, END, END + SECOND)]

        assert counts == [0, 1, 0]
        assert registration.state == State.EXPIRED
        assert mails() == [("hold_lapsed", registration.address)]
        assert acts() == ["lapsed"]
        assert taken(event) == 0

    def test_a_registration_without_a_hold_lapses_without_giving_back_another_ones_place(self):
        event = make_event()
        make_registration(event)
        registration = make_registration(event, state=State.WAITLISTED, expires_at=END)
        registration.state = State.AWAITING_CONFIRMATION
        db.session.commit()

        lapsing.lapse_unconfirmed(now=END)

        assert registration.state == State.EXPIRED
        assert taken(event) == 1

    @pytest.mark.parametrize("state", [State.CONFIRMED, State.AWAITING_PAYMENT, State.CANCELLED])
    def test_others_do_not_lapse_by_this_clock(self, state):
        registration = make_registration(make_event(), state=state, expires_at=END)

        assert lapsing.lapse_unconfirmed(now=END) == 0
        assert registration.state == state


@pytest.mark.usefixtures("app")
class TestUnpaidWithoutProvider:
    def test_nobody_began_to_pay_so_the_hold_lapses(self):
        event = make_event()
        registration = unpaid(event)

        counts = [lapsing.lapse_unpaid(None, now=NOW + hours * HOUR) for hours in (23, 24, 25)]

        assert counts == [0, 1, 0]
        assert (registration.state, taken(event)) == (State.EXPIRED, 0)
        assert mails() == [("payment_lapsed", registration.address)]

    @pytest.mark.parametrize("status", [AttemptStatus.NEW, AttemptStatus.OPEN, AttemptStatus.UNCLEAR])
    def test_a_payment_that_may_still_come_keeps_the_place(self, status):
        event = make_event()
        registration = unpaid(event)
        attempt_for(registration, status)

        assert lapsing.lapse_unpaid(None, now=NOW + 30 * HOUR) == 0
        assert (registration.state, taken(event)) == (State.AWAITING_PAYMENT, 1)

    @pytest.mark.parametrize("status", [AttemptStatus.FAILED, AttemptStatus.CANCELED, AttemptStatus.EXPIRED])
    def test_a_payment_that_ended_keeps_nothing(self, status):
        registration = unpaid(make_event())
        attempt_for(registration, status)

        assert lapsing.lapse_unpaid(None, now=NOW + 30 * HOUR) == 1
        assert registration.state == State.EXPIRED

    def test_a_payment_begun_while_we_asked_keeps_the_place(self):
        """Between asking the provider and ending the hold somebody may have gone to the checkout after all."""
        event = make_event()
        registration = unpaid(event)
        attempt_for(registration, AttemptStatus.NEW)

        ended = lapsing._lapse(registration.id, now=NOW + 30 * HOUR)

        assert (ended, registration.state, taken(event)) == (False, State.AWAITING_PAYMENT, 1)


def past_the_hold(attempt: PaymentAttempt) -> datetime:
    """After every hold has run out: the sandbox lives by the real clock, the tests by their own."""
    return max(NOW + 30 * HOUR, attempt.expires_at + HOUR) if attempt.expires_at else NOW + 30 * HOUR


class TestUnpaidWithProvider:
    def test_paid_in_the_last_second_is_confirmed_and_not_lapsed(self, shop: Shop):
        event = make_event()
        order_id = shop.booked(event)
        attempt = shop.open_payment(order_id)
        shop.sandbox.mark(attempt.provider_id or "", "paid")

        lapsed = lapsing.lapse_unpaid(shop.gateway, now=past_the_hold(attempt))

        assert (lapsed, shop.state(order_id), shop.taken(event.id)) == (0, State.CONFIRMED, 1)
        assert shop.mails() == ["confirmed"]

    def test_expired_at_the_provider_too_lapses(self, shop: Shop):
        event = make_event()
        order_id = shop.booked(event)
        attempt = shop.open_payment(order_id)
        shop.sandbox.mark(attempt.provider_id or "", "expired")

        lapsed = lapsing.lapse_unpaid(shop.gateway, now=past_the_hold(attempt))

        assert (lapsed, shop.state(order_id), shop.taken(event.id)) == (1, State.EXPIRED, 0)
        assert shop.mails() == ["payment_lapsed"]

    def test_still_open_at_the_provider_stays_held(self, shop: Shop):
        order_id = shop.booked()
        attempt = shop.open_payment(order_id)

        assert lapsing.lapse_unpaid(shop.gateway, now=past_the_hold(attempt)) == 0
        assert shop.state(order_id) == State.AWAITING_PAYMENT

    def test_with_the_provider_away_one_stays_and_the_next_is_still_looked_at(self, shop: Shop):
        asked = shop.booked()
        attempt = shop.open_payment(asked)
        never_began = shop.booked()
        shop.sandbox.fault("http-503", operation="get")

        lapsed = lapsing.lapse_unpaid(shop.gateway, now=past_the_hold(attempt))

        assert lapsed == 1
        assert (shop.state(asked), shop.state(never_began)) == (State.AWAITING_PAYMENT, State.EXPIRED)


@pytest.mark.usefixtures("app")
def test_one_that_confirmed_between_looking_and_lapsing_is_left_alone():
    registration = make_registration(make_event(), state=State.AWAITING_CONFIRMATION, expires_at=END)
    registration.state, registration.expires_at = State.CONFIRMED, None
    db.session.commit()

    assert lapsing._lapse(registration.id, now=END) is False
    assert only_registration().state == State.CONFIRMED
