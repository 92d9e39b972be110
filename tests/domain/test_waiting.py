"""How long is an offer good?"""

from datetime import UTC, datetime, timedelta

import pytest

from eventapp.domain.waiting import apart, offer_until

# A Wednesday, 09.30 in Utrecht; the day itself begins at 22.00 UTC the evening before.
STARTS = datetime(2027, 4, 14, 7, 30, tzinfo=UTC)
DAY_BEGINS = datetime(2027, 4, 13, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before_the_day", "lasts"),
    [
        (timedelta(days=60), timedelta(hours=24)),
        (timedelta(hours=48), timedelta(hours=24)),
        (timedelta(hours=47), timedelta(hours=23, minutes=30)),
        (timedelta(hours=10), timedelta(hours=5)),
        (timedelta(hours=2), timedelta(hours=1)),
    ],
)
def test_an_offer_is_shorter_near_the_event(before_the_day, lasts):
    now = DAY_BEGINS - before_the_day

    assert offer_until(now=now, hours=24, starts_at=STARTS) == now + lasts


@pytest.mark.parametrize(
    "now",
    [
        DAY_BEGINS - timedelta(hours=1, minutes=59),
        DAY_BEGINS,
        STARTS - timedelta(hours=1),
        STARTS + timedelta(days=1),
    ],
)
def test_nobody_is_mailed_a_place_in_the_last_hours_or_on_the_day(now):
    assert offer_until(now=now, hours=24, starts_at=STARTS) is None


def test_the_day_begins_at_dutch_midnight_when_the_clocks_go_back():
    starts_at = datetime(2027, 10, 31, 12, 0, tzinfo=UTC)
    midnight = datetime(2027, 10, 30, 22, 0, tzinfo=UTC)
    now = midnight - timedelta(hours=4)

    assert offer_until(now=now, hours=24, starts_at=starts_at) == midnight - timedelta(hours=2)


def test_a_line_has_no_ties():
    tick = timedelta(microseconds=1)

    assert apart([STARTS, STARTS - tick, STARTS, STARTS]) == [STARTS - tick, STARTS, STARTS + tick, STARTS + 2 * tick]
