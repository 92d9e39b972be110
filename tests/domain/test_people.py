"""How a period ends: by its last day, that day included; what is over stays."""

from datetime import date

import pytest

from eventapp.domain.errors import EndsBeforeStart, PeriodIsOver
from eventapp.domain.people import ended
from eventapp.domain.pricing import Period

TODAY = date(2027, 3, 10)
FIRST = date(2027, 1, 1)


@pytest.mark.parametrize("last", [FIRST, date(2027, 3, 1), TODAY, date(2028, 1, 1)])
@pytest.mark.parametrize("until", [None, TODAY, date(2027, 12, 31)])
def test_what_has_not_ended_gets_any_last_day_from_the_first_on(until, last):
    assert ended(Period(FIRST, until), last, today=TODAY) == Period(FIRST, last)


def test_nothing_ends_before_it_began():
    with pytest.raises(EndsBeforeStart):
        ended(Period(FIRST), date(2026, 12, 31), today=TODAY)


def test_what_ended_yesterday_is_history():
    with pytest.raises(PeriodIsOver):
        ended(Period(FIRST, date(2027, 3, 9)), TODAY, today=TODAY)
