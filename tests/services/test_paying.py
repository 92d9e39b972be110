"""Where an order is paid: one live attempt, whatever the provider answers and however often somebody clicks."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import NothingToPay, PaymentUnavailable
from eventapp.domain.payments import AttemptStatus, Outcome
from eventapp.domain.places import PAYMENT_GRACE
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, EventPrice, Order, OutboxMail, Registration
from tests.factories import NOW, make_event
from tests.shop import Shop

HOUR = timedelta(hours=1)
BAD_ANSWERS = [
    "drop",
    "http-429",
    "http-500",
    "http-502",
    "http-503",
    "html:502",
    "html:200",
    "broken-json",
    "bare-error",
]


def test_payment_is_asked_for_this_order_and_tells_no_names(shop: Shop):
    order_id = shop.booked(make_event(title="Themadag 2027"))

    address = shop.start(order_id)

    (payment,) = shop.at_provider()
    (attempt,) = shop.attempts(order_id)
    pay_page = f"http://127.0.0.1:9/bestelling/{attempt.order.pay_token}/betalen"
    assert address == f"{shop.sandbox.url}/checkout/{payment['id']}" == attempt.checkout_url
    assert (payment["amount"]["value"], payment["method"]) == ("95.00", "ideal")
    assert payment["webhookUrl"] == f"http://127.0.0.1:9/webhooks/mollie/{attempt.token}"
    assert (payment["redirectUrl"], payment["cancelUrl"]) == (f"{pay_page}?betaald", f"{pay_page}?afgebroken")
    assert payment["description"] == f"Aanmelding {order_id}: Themadag 2027"
    assert payment["metadata"] == {"reference": attempt.reference}


def test_payment_made_behind_a_timeout_is_found_again(shop: Shop):
    order_id = shop.booked()
    shop.sandbox.fault("timeout:1", operation="create")

    with pytest.raises(PaymentUnavailable):
        shop.start(order_id, gateway=shop.sandbox.gateway(timeout=(1, 0.2)))
    unheard = [attempt.status for attempt in shop.attempts(order_id)]
    address = shop.start(order_id, now=NOW + timedelta(minutes=3))

    (payment,) = shop.at_provider()
    (attempt,) = shop.attempts(order_id)
    assert unheard == [AttemptStatus.UNKNOWN]
    assert (attempt.provider_id, attempt.status) == (payment["id"], AttemptStatus.OPEN)
    assert address.endswith(payment["id"])


@pytest.mark.parametrize("kind", BAD_ANSWERS)
def test_place_stays_held_when_the_provider_answers_badly(shop: Shop, kind: str):
    order_id = shop.booked()
    shop.sandbox.fault(kind, operation="create")

    with pytest.raises(PaymentUnavailable):
        shop.start(order_id)
    registration = shop.registration(order_id)
    held = (registration.state, registration.expires_at, shop.taken(registration.event_id))
    shop.start(order_id)

    assert held == (State.AWAITING_PAYMENT, NOW + timedelta(days=1), 1)
    assert [attempt.status for attempt in shop.attempts(order_id)] == [AttemptStatus.OPEN]
    assert len(shop.at_provider()) == 1


def test_refused_key_alarms_the_office_once_a_day_and_is_never_shown(shop: Shop, caplog: pytest.LogCaptureFixture):
    first, second = shop.booked(), shop.booked()
    shop.sandbox.fault("http-401", operation="create", times=2)

    for order_id in (first, second):
        with pytest.raises(PaymentUnavailable):
            shop.start(order_id)

    written = db.session.execute(sa.select(OutboxMail.subject, OutboxMail.text, OutboxMail.html)).all()
    assert shop.mails() == ["payment_key"]
    assert shop.sandbox.api_key not in str(written) + caplog.text
    assert [shop.state(order_id) for order_id in (first, second)] == [State.AWAITING_PAYMENT] * 2


def test_page_that_quotes_the_key_leaks_into_no_log(shop: Shop, caplog: pytest.LogCaptureFixture):
    order_id = shop.booked()
    shop.sandbox.fault("html:401", operation="create")

    with pytest.raises(PaymentUnavailable):
        shop.start(order_id)

    assert "creating payment" in caplog.text
    assert shop.sandbox.api_key not in caplog.text


def test_refused_payment_is_told_and_the_next_click_starts_afresh(shop: Shop):
    order_id = shop.booked()
    shop.sandbox.fault("http-422", operation="create")

    with pytest.raises(PaymentUnavailable):
        shop.start(order_id)
    shop.start(order_id)

    refused, opened = shop.attempts(order_id)
    assert (refused.status, opened.status) == (AttemptStatus.REFUSED, AttemptStatus.OPEN)
    assert refused.idempotency_key != opened.idempotency_key
    assert shop.mails() == ["payment_refused"]


def test_click_while_the_first_is_under_way_waits_for_its_answer(shop: Shop):
    order_id = shop.booked()
    shop.sandbox.fault("http-409", operation="create")

    address = shop.start(order_id)

    assert address == shop.attempts(order_id)[0].checkout_url
    assert shop.sandbox.calls()["create"] == 2


def test_second_click_gives_the_same_checkout(shop: Shop):
    order_id = shop.booked()

    addresses = {shop.start(order_id), shop.start(order_id), shop.start(order_id, now=NOW + timedelta(minutes=10))}

    assert len(addresses) == 1
    assert (len(shop.at_provider()), len(shop.attempts(order_id))) == (1, 1)


def test_second_click_with_the_provider_away_is_unavailable_and_keeps_the_attempt(shop: Shop):
    order_id = shop.booked()
    address = shop.start(order_id)
    # The provider said by its own clock until when it can be paid.
    shop.registration(order_id).expires_at = NOW + 24 * HOUR
    db.session.commit()
    shop.sandbox.fault("http-503", operation="get")
    later = NOW + 20 * HOUR

    with pytest.raises(PaymentUnavailable):
        shop.start(order_id, now=later)

    assert shop.registration(order_id).expires_at == later + 24 * HOUR
    assert shop.start(order_id) == address


@pytest.mark.parametrize("ending", ["canceled", "failed", "expired"])
def test_next_try_after_an_ending_is_a_new_payment_on_the_same_place(shop: Shop, ending: str):
    order_id = shop.booked()
    first = shop.open_payment(order_id)
    shop.sandbox.mark(first.provider_id, ending)

    address = shop.start(order_id)

    old, new = shop.attempts(order_id)
    assert (old.status, new.status) == (ending, AttemptStatus.OPEN)
    assert address == new.checkout_url != old.checkout_url
    assert shop.taken(shop.registration(order_id).event_id) == 1


def test_paid_before_the_second_click_has_nothing_to_pay_and_is_confirmed(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    shop.sandbox.mark(attempt.provider_id, "paid")

    with pytest.raises(NothingToPay):
        shop.start(order_id)

    assert shop.state(order_id) == State.CONFIRMED
    assert len(shop.at_provider()) == 1


def test_payment_at_the_bank_is_not_started_again(shop: Shop):
    order_id = shop.booked()
    shop.becomes(shop.open_payment(order_id), "pending")

    with pytest.raises(NothingToPay):
        shop.start(order_id)

    assert len(shop.at_provider()) == 1


def test_free_order_never_reaches_the_provider(shop: Shop):
    order_id = shop.booked(price_cents=0)

    with pytest.raises(NothingToPay):
        shop.start(order_id)

    assert (shop.sandbox.calls(), shop.attempts(order_id)) == ({}, [])


def test_amount_of_the_attempt_counts_when_prices_change(shop: Shop):
    order_id = shop.booked()
    attempt = shop.open_payment(order_id)
    raise_prices(shop.registration(order_id).event, by_cents=2500)

    shop.becomes(attempt, "paid")

    registration = shop.registration(order_id)
    assert (registration.state, registration.price_cents) == (State.CONFIRMED, 9500)
    assert shop.attempts(order_id)[0].outcome == Outcome.CONFIRMED


def raise_prices(event: Event, *, by_cents: int) -> None:
    outsiders = sa.and_(EventPrice.event_id == event.id, EventPrice.category == Category.NIET_LID)
    db.session.execute(sa.update(EventPrice).where(outsiders).values(price_cents=EventPrice.price_cents + by_cents))
    db.session.commit()


def test_place_is_held_until_the_payment_has_expired(shop: Shop):
    order_id = shop.booked(expires_at=NOW + timedelta(minutes=1))
    attempt = shop.open_payment(order_id)
    until = NOW + timedelta(days=4000)
    shop.sandbox.control(f"payments/{attempt.provider_id}/amend", expires_at=until.isoformat())

    shop.settle(attempt)

    assert shop.registration(order_id).expires_at == until + PAYMENT_GRACE


def test_forgotten_key_is_not_used_again(shop: Shop):
    order_id = shop.booked()
    shop.sandbox.fault("http-500", operation="create")
    with pytest.raises(PaymentUnavailable):
        shop.start(order_id)

    shop.start(order_id, now=NOW + HOUR)

    old, new = shop.attempts(order_id)
    assert (old.status, new.status) == (AttemptStatus.EXPIRED, AttemptStatus.OPEN)
    assert old.idempotency_key != new.idempotency_key


def test_withdrawn_registration_has_nothing_to_pay(shop: Shop):
    order_id = shop.booked()
    order = db.session.get_one(Order, order_id)
    db.session.execute(sa.update(Registration).where(Registration.order_id == order.id).values(state=State.CANCELLED))
    db.session.commit()

    with pytest.raises(NothingToPay):
        shop.start(order_id)

    assert shop.sandbox.calls() == {}
