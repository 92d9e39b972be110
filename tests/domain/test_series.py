"""Which days a rule gives, around which holidays, and with which clock."""

from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest

from eventapp.domain.school_holidays import PUBLISHED, Holiday, empty_years, holiday_on, school_year
from eventapp.domain.series import MOST, Planned, Rhythm, Rule, a_year_later, days_of, moments, nth_weekday, planned

THURSDAY = 3
YEAR = (date(2027, 1, 1), date(2027, 12, 31))


def rule(rhythm: Rhythm, number: int, first: date, last: date) -> Rule:
    return Rule(rhythm, number, THURSDAY, first, last)


@pytest.mark.parametrize(
    ("series", "days"),
    [
        (
            rule(Rhythm.WEEKS, 2, date(2027, 1, 11), date(2027, 2, 20)),
            [date(2027, 1, 14), date(2027, 1, 28), date(2027, 2, 11)],
        ),
        (rule(Rhythm.WEEKS, 1, date(2027, 1, 14), date(2027, 1, 14)), [date(2027, 1, 14)]),
        (
            rule(Rhythm.MONTHLY, 3, date(2027, 1, 1), date(2027, 3, 31)),
            [date(2027, 1, 21), date(2027, 2, 18), date(2027, 3, 18)],
        ),
        # The third Thursday of January is past already, that of April comes too late.
        (
            rule(Rhythm.MONTHLY, 3, date(2027, 1, 22), date(2027, 4, 14)),
            [date(2027, 2, 18), date(2027, 3, 18)],
        ),
        (
            rule(Rhythm.MONTHLY, -1, date(2027, 11, 1), date(2028, 2, 29)),
            [date(2027, 11, 25), date(2027, 12, 30), date(2028, 1, 27), date(2028, 2, 24)],
        ),
        (rule(Rhythm.WEEKS, 1, date(2027, 1, 15), date(2027, 1, 20)), []),
        (rule(Rhythm.MONTHLY, 1, date(2027, 5, 2), date(2027, 5, 1)), []),
    ],
)
def test_days_of_a_rule(series, days):
    assert days_of(series) == days


def test_a_slip_of_the_pen_plans_no_century():
    assert len(days_of(rule(Rhythm.WEEKS, 1, date(2027, 1, 1), date(2127, 1, 1)))) == MOST


@pytest.mark.parametrize(
    ("number", "day"), [(1, date(2027, 4, 1)), (5, date(2027, 4, 29)), (-1, date(2027, 4, 29)), (6, None)]
)
def test_nth_weekday(number, day):
    assert nth_weekday(2027, 4, THURSDAY, number) == day


def test_the_clock_is_the_same_on_both_sides_of_summer_time():
    winter, summer = (moments(day, time(9, 30), time(11, 30)) for day in (date(2027, 3, 18), date(2027, 4, 1)))

    assert winter == (datetime(2027, 3, 18, 8, 30, tzinfo=UTC), datetime(2027, 3, 18, 10, 30, tzinfo=UTC))
    assert summer == (datetime(2027, 4, 1, 7, 30, tzinfo=UTC), datetime(2027, 4, 1, 9, 30, tzinfo=UTC))


def test_the_preview_says_what_speaks_against_a_day():
    holidays = [
        Holiday("Voorjaarsvakantie", "noord", date(2027, 2, 20), date(2027, 2, 28)),
        Holiday("Meivakantie", "", date(2027, 4, 24), date(2027, 5, 2)),
    ]
    days = [date(2027, 2, 25), date(2027, 4, 29), date(2027, 3, 4), date(2027, 3, 11)]

    north = planned(days, holidays, region="noord", taken=[date(2027, 3, 11)])
    south = planned(days[:1], holidays, region="zuid", taken=())
    anywhere = planned(days[:1], holidays, region="", taken=())

    assert north == [
        Planned(date(2027, 2, 25), "Voorjaarsvakantie"),
        Planned(date(2027, 3, 4)),
        Planned(date(2027, 3, 11), taken=True),
        Planned(date(2027, 4, 29), "Meivakantie"),
    ]
    assert [one.proposed for one in north] == [False, True, False, False]
    assert [one.holiday for one in (*south, *anywhere)] == ["", "Voorjaarsvakantie"]


def test_a_year_later_it_is_the_same_day_of_the_week():
    days = [date(2027, 1, 21), date(2027, 12, 30)]

    assert [day.weekday() for day in a_year_later(days)] == [THURSDAY, THURSDAY]
    assert a_year_later(days) == [date(2028, 1, 20), date(2028, 12, 28)]


@pytest.mark.parametrize(("day", "year"), [(date(2027, 7, 31), 2026), (date(2027, 8, 1), 2027)])
def test_a_school_year_begins_in_august(day, year):
    assert school_year(day) == year


def test_years_of_which_nothing_is_known_are_named():
    assert empty_years(date(2027, 1, 1), date(2029, 9, 1), PUBLISHED[2027]) == [2026, 2028, 2029]


@pytest.mark.parametrize("begins", PUBLISHED)
def test_what_is_shipped_is_a_whole_school_year_with_its_source(begins):
    names = ["Herfstvakantie", "Kerstvakantie", "Voorjaarsvakantie", "Meivakantie", "Zomervakantie"]

    for region in ("noord", "midden", "zuid"):
        own = [one for one in PUBLISHED[begins] if one.region in ("", region)]
        assert [one.name for one in own] == names
        assert all(a.last < b.first for a, b in pairwise(own))
        assert {(one.first.weekday(), one.last.weekday()) for one in own} == {(5, 6)}
    assert {school_year(one.first) for one in PUBLISHED[begins]} == {begins}
    assert {f"{begins}-{begins + 1}" in one.source for one in PUBLISHED[begins]} == {True}


def test_a_day_in_the_holiday_of_another_region_is_an_ordinary_day():
    assert holiday_on(date(2027, 2, 15), PUBLISHED[2026], region="zuid") == "Voorjaarsvakantie"
    assert holiday_on(date(2027, 2, 15), PUBLISHED[2026], region="noord") == ""
