"""Dutch days and clock times, across both clock changes of 2027."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.domain.times import AMSTERDAM, from_local, local_date, local_time_exists, plus_local_days


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (utc(2027, 1, 14, 22, 59), date(2027, 1, 14)),
        (utc(2027, 1, 14, 23, 0), date(2027, 1, 15)),
        (utc(2027, 7, 14, 21, 59), date(2027, 7, 14)),
        (utc(2027, 7, 14, 22, 0), date(2027, 7, 15)),
        (utc(2027, 3, 27, 23, 0), date(2027, 3, 28)),
        (utc(2027, 3, 28, 22, 0), date(2027, 3, 29)),
        (utc(2027, 10, 31, 22, 59), date(2027, 10, 31)),
        (utc(2027, 10, 31, 23, 0), date(2027, 11, 1)),
    ],
)
def test_the_day_turns_at_midnight_on_a_dutch_clock(moment, day):
    assert local_date(moment) == day


@pytest.mark.parametrize(
    ("day", "clock", "moment"),
    [
        (date(2027, 3, 27), time(9, 30), utc(2027, 3, 27, 8, 30)),
        (date(2027, 3, 28), time(1, 59), utc(2027, 3, 28, 0, 59)),
        (date(2027, 3, 28), time(3, 0), utc(2027, 3, 28, 1, 0)),
        (date(2027, 10, 31), time(2, 30), utc(2027, 10, 31, 0, 30)),
        (date(2027, 10, 31), time(3, 0), utc(2027, 10, 31, 2, 0)),
    ],
)
def test_a_clock_time_becomes_a_moment(day, clock, moment):
    assert from_local(day, clock) == moment


@pytest.mark.parametrize(
    ("naive", "exists"),
    [
        (datetime(2027, 3, 28, 1, 59), True),
        (datetime(2027, 3, 28, 2, 0), False),
        (datetime(2027, 3, 28, 2, 59), False),
        (datetime(2027, 3, 28, 3, 0), True),
        (datetime(2027, 10, 31, 2, 30), True),
    ],
)
def test_the_hour_that_summer_time_skips_does_not_exist(naive, exists):
    assert local_time_exists(naive) is exists


@pytest.mark.parametrize(
    ("moment", "days", "later"),
    [
        (utc(2027, 1, 11, 9, 0), 3, utc(2027, 1, 14, 9, 0)),
        (utc(2027, 3, 26, 9, 0), 3, utc(2027, 3, 29, 8, 0)),
        (utc(2027, 10, 29, 8, 0), 3, utc(2027, 11, 1, 9, 0)),
        (utc(2027, 3, 27, 1, 30), 1, utc(2027, 3, 28, 1, 30)),
    ],
)
def test_days_later_at_the_same_clock_time(moment, days, later):
    assert plus_local_days(moment, days) == later


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    st.integers(min_value=1, max_value=400),
)
def test_days_later_fall_on_that_many_dutch_dates_later(moment, days):
    later = plus_local_days(moment, days)

    assert local_date(later) == local_date(moment) + timedelta(days=days)
    assert abs(later - moment - timedelta(days=days)) <= timedelta(hours=1)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).filter(local_time_exists))
def test_a_clock_time_that_exists_reads_back_as_itself(naive):
    moment = from_local(naive.date(), naive.time())

    assert moment.astimezone(AMSTERDAM).replace(tzinfo=None, fold=0) == naive
