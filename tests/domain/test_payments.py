"""What a picture of the provider means: statuses, amounts that agree, and what money does to an order."""

from itertools import product

import pytest

from eventapp.domain.payments import (
    ALIVE,
    Asked,
    AttemptStatus,
    Outcome,
    agrees,
    may_replace,
    outcome_of_money,
    refund_cents,
    status_of,
)

ENDED = [status for status in AttemptStatus if status not in ALIVE and status != AttemptStatus.PAID]
ASKED = Asked(9500, "order-7-attempt-9", "live")


@pytest.mark.parametrize("word", ["open", "pending", "paid", "failed", "canceled", "expired"])
def test_the_providers_words_are_ours(word):
    assert status_of(word).value == word


@pytest.mark.parametrize("word", ["authorized", "", "PAID", "something new"])
def test_a_word_we_do_not_know_is_unclear_and_still_watched(word):
    assert status_of(word) == AttemptStatus.UNCLEAR
    assert status_of(word) in ALIVE


@pytest.mark.parametrize("fetched", AttemptStatus)
def test_paid_is_never_undone_by_an_older_picture(fetched):
    assert may_replace(AttemptStatus.PAID, fetched) is (fetched == AttemptStatus.PAID)


@pytest.mark.parametrize(
    ("current", "fetched"),
    [*product(ENDED, AttemptStatus)],
)
def test_what_ended_can_turn_out_paid_but_comes_alive_no_more(current, fetched):
    assert may_replace(current, fetched) is (fetched not in ALIVE)


@pytest.mark.parametrize(("current", "fetched"), [*product(sorted(ALIVE), AttemptStatus)])
def test_what_is_under_way_follows_every_picture(current, fetched):
    assert may_replace(current, fetched)


@pytest.mark.parametrize(
    ("differs", "same"),
    [
        ({}, True),
        ({"amount_cents": 9499}, False),
        ({"amount_cents": 9501}, False),
        ({"currency": "USD"}, False),
        ({"reference": "order-7-attempt-8"}, False),
        ({"mode": "test"}, False),
    ],
)
def test_a_payment_agrees_only_to_the_cent_and_the_letter(differs, same):
    picture = {"amount_cents": 9500, "currency": "EUR", "reference": "order-7-attempt-9", "mode": "live"} | differs

    assert agrees(ASKED, **picture) is same


@pytest.mark.parametrize(
    ("confirmed_already", "cancelled", "held", "place_left", "outcome", "back"),
    [
        (False, False, True, False, Outcome.CONFIRMED, 0),
        (False, False, True, True, Outcome.CONFIRMED, 0),
        (False, False, False, True, Outcome.PAID_LATE, 0),
        (False, False, False, False, Outcome.PAID_WITHOUT_PLACE, 9500),
        (False, True, False, False, Outcome.PAID_AFTER_CANCEL, 9500),
        (False, True, True, True, Outcome.PAID_AFTER_CANCEL, 9500),
        (True, False, False, True, Outcome.PAID_TWICE, 9500),
        (True, True, True, True, Outcome.PAID_TWICE, 9500),
    ],
)
def test_money_that_buys_no_place_goes_back_whole(confirmed_already, cancelled, held, place_left, outcome, back):
    found = outcome_of_money(confirmed_already=confirmed_already, cancelled=cancelled, held=held, place_left=place_left)

    assert found == outcome
    assert refund_cents(found, amount_cents=9500) == back


def test_money_that_differs_waits_for_the_office():
    assert refund_cents(Outcome.DIFFERS, amount_cents=9500) == 0
