"""May somebody give a place back, and what of the price goes back?"""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventapp.domain.cancellation import (
    Settlement,
    Step,
    Term,
    better_of,
    check_own_cancellation,
    on_the_day,
    refund_cents,
    schedule,
    settlement,
)
from eventapp.domain.errors import AlreadyCancelled, TooLateToCancel
from eventapp.domain.registrations import LIVE, State

# Wednesday 14 April 2027, 09.30 in Utrecht.
STARTS = datetime(2027, 4, 14, 7, 30, tzinfo=UTC)
BEFORE = STARTS - timedelta(seconds=1)
TERMS = [Term(14, 100), Term(0, 50)]


@pytest.mark.parametrize("state", sorted(LIVE))
def test_a_place_is_given_back_until_the_event_starts(state):
    check_own_cancellation(state, starts_at=STARTS, now=BEFORE)


@pytest.mark.parametrize(
    ("state", "now", "refusal"),
    [
        (State.CANCELLED, BEFORE, AlreadyCancelled),
        (State.EXPIRED, BEFORE, AlreadyCancelled),
        (State.CONFIRMED, STARTS, TooLateToCancel),
    ],
)
def test_what_cannot_be_given_back(state, now, refusal):
    with pytest.raises(refusal):
        check_own_cancellation(state, starts_at=STARTS, now=now)


@pytest.mark.parametrize(
    ("now", "cents"),
    [
        (datetime(2027, 3, 31, 21, 59, tzinfo=UTC), 24501),
        (datetime(2027, 3, 31, 22, 0, tzinfo=UTC), 12251),
        (datetime(2027, 4, 14, 7, 29, tzinfo=UTC), 12251),
        (datetime(2027, 4, 14, 22, 0, tzinfo=UTC), 0),
    ],
)
def test_the_last_day_of_a_term_counts_until_dutch_midnight(now, cents):
    assert refund_cents(TERMS, 24501, starts_at=STARTS, now=now, free=False) == cents


def test_without_terms_nothing_goes_back_and_after_a_move_everything():
    assert refund_cents([], 9500, starts_at=STARTS, now=BEFORE, free=False) == 0
    assert refund_cents([], 9500, starts_at=STARTS, now=BEFORE, free=True) == 9500


def test_terms_are_told_with_date_and_amount():
    assert schedule(reversed(TERMS), 9500, starts_at=STARTS) == [
        Step(date(2027, 3, 31), 100, 9500),
        Step(date(2027, 4, 14), 50, 4750),
    ]


STRICT = [Term(28, 50)]


@pytest.mark.parametrize(
    ("agreed", "present", "days_before", "percent"),
    [
        (TERMS, STRICT, 14, 100),
        (TERMS, STRICT, 0, 50),
        (STRICT, TERMS, 14, 100),
        (STRICT, TERMS, 0, 50),
        (STRICT, STRICT, 27, 0),
        ([], TERMS, 0, 50),
        (TERMS, [Term(0, 0)], 0, 50),
        ([Term(7, 100)], [Term(0, 60)], 7, 100),
        ([Term(7, 100)], [Term(0, 60)], 6, 60),
    ],
)
def test_terms_agreed_hold_and_those_that_became_milder_do_as_well(agreed, present, days_before, percent):
    now = STARTS - timedelta(days=days_before, hours=1)

    back = refund_cents(better_of(agreed, present), 10000, starts_at=STARTS, now=now, free=False)

    assert back == percent * 100


@pytest.mark.parametrize(
    ("facts", "settled"),
    [
        ({"paid_cents": 9500, "back_cents": 9500}, Settlement.PROVIDER),
        ({"paid_cents": 9500, "back_cents": 9500, "billed": True}, Settlement.PROVIDER),
        ({"paid_cents": 9500, "back_cents": 0}, Settlement.NOTHING),
        ({"billed": True, "by_bank_cents": 9500}, Settlement.BANK),
        ({"billed": True}, Settlement.INVOICE),
        ({"billed": True, "confirmed": False}, Settlement.INVOICE),
        ({}, Settlement.OFFICE),
        ({"confirmed": False}, Settlement.NOTHING),
        ({"price_cents": 0, "billed": True}, Settlement.NOTHING),
    ],
)
def test_money_goes_back_the_way_it_came(facts, settled):
    plain = {"price_cents": 9500, "confirmed": True, "paid_cents": 0, "back_cents": 0}

    assert settlement(**(plain | facts)) == settled


@pytest.mark.parametrize(
    ("cancelled_at", "that_day"),
    [
        (datetime(2027, 4, 13, 21, 59, tzinfo=UTC), False),
        (datetime(2027, 4, 13, 22, 0, tzinfo=UTC), True),
        (datetime(2027, 4, 14, 6, 0, tzinfo=UTC), True),
    ],
)
def test_withdrawing_on_the_day_is_told_apart(cancelled_at, that_day):
    assert on_the_day(starts_at=STARTS, cancelled_at=cancelled_at) == that_day
