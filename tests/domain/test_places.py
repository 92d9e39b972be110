"""Places left, how long one is held, and when the reminder goes out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.domain.places import Places, PoolRule, hold_until, may_hold, payment_hold_until, pool_for, remind_at

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("size", "taken", "left", "full"),
    [
        (100, 0, 100, False),
        (100, 99, 1, False),
        (100, 100, 0, True),
        (100, 103, 0, True),
        (0, 0, 0, True),
        (None, 500, None, False),
    ],
)
def test_places_left(size, taken, left, full):
    places = Places(size, taken)

    assert (places.left, places.full) == (left, full)


@pytest.mark.parametrize(
    ("starts_at", "until"),
    [
        (datetime(2027, 4, 14, 7, 30, tzinfo=UTC), datetime(2027, 1, 14, 9, 0, tzinfo=UTC)),
        (datetime(2027, 1, 12, 13, 0, tzinfo=UTC), datetime(2027, 1, 12, 13, 0, tzinfo=UTC)),
    ],
)
def test_a_place_is_held_three_days_and_not_into_the_event(starts_at, until):
    assert hold_until(now=NOW, days=3, starts_at=starts_at) == until


def test_three_days_over_the_start_of_summer_time_end_at_the_same_clock_time():
    now = datetime(2027, 3, 26, 9, 0, tzinfo=UTC)

    assert hold_until(now=now, days=3, starts_at=NOW + timedelta(days=200)) == datetime(2027, 3, 29, 8, 0, tzinfo=UTC)


@given(moments, st.integers(0, 60), moments)
def test_no_hold_outlasts_the_start_or_ends_before_it_began(now, days, starts_at):
    for until in (
        hold_until(now=now, days=days, starts_at=starts_at),
        payment_hold_until(now=now, hours=days, starts_at=starts_at),
    ):
        assert now - timedelta(hours=1) <= until <= max(starts_at, now)


def test_a_place_waits_a_day_for_its_payment():
    assert payment_hold_until(now=NOW, hours=24, starts_at=NOW + timedelta(days=9)) == NOW + timedelta(hours=24)


@pytest.mark.parametrize(
    ("of_visitor", "of_domain", "held"),
    [(0, 0, True), (4, 9, True), (5, 0, False), (0, 10, False), (5, 10, False)],
)
def test_five_per_visitor_and_ten_per_domain_are_held(of_visitor, of_domain, held):
    assert may_hold(unconfirmed_of_visitor=of_visitor, unconfirmed_of_domain=of_domain) is held


@pytest.mark.parametrize(("held_for", "reminded_after"), [(72, 36), (96, 48), (240, 48), (4, 2)])
def test_the_reminder_comes_halfway_or_after_two_days(held_for, reminded_after):
    due = remind_at(created_at=NOW, expires_at=NOW + timedelta(hours=held_for))

    assert due == NOW + timedelta(hours=reminded_after)


@pytest.mark.parametrize(
    ("category", "group", "pool"),
    [
        ("lid", "rvt", 1),
        ("lid", "directeur", None),
        ("lid", None, None),
        ("ambassadeur", None, 2),
        ("ambassadeur", "rvt", 1),
    ],
)
def test_the_first_pool_that_is_for_somebody_counts(category, group, pool):
    supervisors = PoolRule(1, frozenset(), frozenset({"rvt"}))
    ambassadors = PoolRule(2, frozenset({"ambassadeur"}), frozenset())

    assert pool_for([supervisors, ambassadors], category, group) == pool
