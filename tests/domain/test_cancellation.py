"""May somebody give a place back, and what of the price goes back?"""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventapp.domain.cancellation import Step, Term, check_own_cancellation, on_the_day, refund_cents, schedule
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
