"""A period of the books is a year or a month, and is closed once it is over."""

from datetime import date

import pytest

from eventapp.domain.closed_periods import BookPeriod, last_of, months_between
from eventapp.domain.errors import PeriodNotOver


@pytest.mark.parametrize(
    ("text", "first", "last", "months"),
    [
        ("2027", date(2027, 1, 1), date(2027, 12, 31), 12),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), 1),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), 1),
    ],
)
def test_period_knows_its_months(text, first, last, months):
    period = BookPeriod.of(text)

    assert period is not None
    assert (str(period), period.first, period.last, len(period.months)) == (text, first, last, months)


@pytest.mark.parametrize("text", ["", "27", "2027-13", "2027-0", "2027-1", "1999", "2027-01-01", "vorig jaar"])
def test_anything_else_is_no_period(text):
    assert BookPeriod.of(text) is None


def test_today_can_always_be_booked():
    year = BookPeriod(2026)

    year.check_over(date(2027, 1, 1))
    with pytest.raises(PeriodNotOver):
        year.check_over(date(2026, 12, 31))


def test_months_follow_each_other_over_the_turn_of_the_year():
    assert months_between(date(2026, 11, 30), date(2027, 1, 1)) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]
    assert last_of(date(2027, 2, 1)) == date(2027, 2, 28)
