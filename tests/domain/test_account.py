"""What does one meeting, or one organisation, add to each figure? A table per definition."""

from dataclasses import replace
from datetime import date

import pytest

from eventapp.domain.account import (
    ALL,
    AccountYear,
    Figure,
    Key,
    Marks,
    Meeting,
    Totals,
    Visitor,
    what_later_years_show,
)
from eventapp.domain.account_shares import relation_on, shares_of_meeting, shares_of_organisation, totals
from eventapp.domain.errors import PeriodNotOver
from eventapp.domain.events import EventForm, EventKind, Field, RegistrationMode, TargetGroup
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.pricing import MembershipPeriod, Relation
from eventapp.domain.proportions import mean_tenths, percent

YEAR = AccountYear(2026, date(2027, 1, 11))
RUNNING = AccountYear(2027, date(2027, 5, 10))
DAY = date(2026, 5, 20)
MEETING = Meeting(1, "webinar", "Webinar", DAY, EventKind.WEBINAR, EventForm.ONLINE, fixed=True)
LID, STEUN, GEEN = Relation.LID, Relation.STEUNPARTNER, Relation.GEEN


def of_meeting(figure: Figure, **values: object) -> dict[tuple[str, str], int]:
    """What the meeting adds to this figure, by row and column."""
    shares = shares_of_meeting(replace(MEETING, **values))
    return {(key.row, key.column): number for key, number in shares.items() if key.figure == figure}


def of_organisation(
    figure: Figure, *periods: tuple, days: tuple = (), before: date | None = None, year: AccountYear = YEAR
) -> dict[tuple[str, str], int]:
    """What an organisation with these periods adds to this figure, in the row with everything."""
    found = tuple(MembershipPeriod(*period) for period in periods)
    visitor = Visitor(1, "Zonnevlinder", OrganisationKind.KINDEROPVANG, found, frozenset(days), before)
    shares = shares_of_organisation(visitor, year)
    return {(key.row, key.column): number for key, number in shares.items() if key.figure == figure}


def in_all(found: dict[tuple[str, str], int]) -> dict[str, int]:
    return {column: number for (row, column), number in found.items() if row == ALL}


@pytest.mark.parametrize(
    ("groups", "fields", "cells"),
    [
        pytest.param(
            (), (), {("none", "none"), ("none", ALL), (ALL, "none"), (ALL, ALL)}, id="for nobody in particular"
        ),
        pytest.param(
            (TargetGroup.RVT,), (Field.HR,), {("rvt", "hr"), ("rvt", ALL), (ALL, "hr"), (ALL, ALL)}, id="one cell"
        ),
        pytest.param(
            (TargetGroup.RVT, TargetGroup.BESTUURDER),
            (Field.HR,),
            {("rvt", "hr"), ("bestuurder", "hr"), ("rvt", ALL), ("bestuurder", ALL), (ALL, "hr"), (ALL, ALL)},
            id="two groups",
        ),
    ],
)
def test_meeting_counts_once_in_every_cell_and_in_every_total(groups, fields, cells):
    found = of_meeting(Figure.MEETINGS, groups=frozenset(groups), fields=frozenset(fields))

    assert found == dict.fromkeys(cells, 1)


def test_external_event_is_visibility_and_nothing_else():
    shares = shares_of_meeting(
        replace(MEETING, kind=EventKind.EXTERN, registered=3, open_to_outsiders=True, contribution="Stand", heads=250)
    )

    assert {key.figure for key in shares} == {Figure.VISIBILITY}
    assert in_all(of_meeting(Figure.VISIBILITY, kind=EventKind.EXTERN, contribution="Stand", heads=250)) == {
        "items": 1,
        "contributed": 1,
        "counted": 1,
        "heads": 250,
    }


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        pytest.param({}, {}, id="registered with us"),
        pytest.param({"registration": RegistrationMode.ELDERS}, {"items": 1}, id="elsewhere, nobody counted"),
        pytest.param({"registration": RegistrationMode.GEEN, "heads": 0}, {"items": 1, "counted": 1}, id="nobody came"),
        pytest.param({"kind": EventKind.EXTERN}, {"items": 1}, id="external, whatever it says of registering"),
    ],
)
def test_agenda_item_is_what_nobody_registers_for_with_us(values, numbers):
    assert in_all(of_meeting(Figure.VISIBILITY, **values)) == numbers


def test_attendance_counts_in_each_way_of_dividing():
    found = of_meeting(Figure.ATTENDANCE, groups=frozenset({TargetGroup.RVT}), registered=44, attended=31)

    rows = {ALL, "kind:webinar", "form:online", "group:rvt"}
    assert {row for row, _ in found} == rows
    assert in_all(found) == {"meetings": 1, "registered": 44, "attended": 31}


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        pytest.param({"attended": 8, "no_show": 2}, {"no_show": 2, "expected": 10}, id="two of ten"),
        pytest.param({"attended": 8}, {"expected": 8}, id="everybody came"),
        pytest.param({"registered": 12}, {}, id="nobody said yet who was there"),
    ],
)
def test_no_show_is_of_who_came_or_stayed_away_without_a_word(values, numbers):
    assert in_all(of_meeting(Figure.NO_SHOW, **values)) == numbers


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        pytest.param(
            {"size": 18, "waited": 9, "placed": 2}, {"meetings": 1, "waited": 9, "placed": 2, "places": 18}, id="a line"
        ),
        pytest.param({"size": 18}, {"places": 18}, id="no line: its places still count"),
        pytest.param({}, {}, id="no limit"),
    ],
)
def test_waiting_list_pressure(values, numbers):
    assert in_all(of_meeting(Figure.WAITING, **values)) == numbers


@pytest.mark.parametrize(
    ("answers", "numbers"),
    [(5, {"total-2026": 40, "answers-2026": 5, "asked-2026": 12}), (4, {}), (0, {})],
    ids=["five answers", "four say too much", "none"],
)
def test_marks_of_few_count_nowhere(answers, numbers):
    assert in_all(of_meeting(Figure.APPRECIATION, marks=Marks(40, answers, 12))) == numbers


@pytest.mark.parametrize(
    ("period", "days", "before", "numbers"),
    [
        pytest.param((date(2020, 1, 1), None), (DAY,), None, {"members": 1, "took_part": 1}, id="took part"),
        pytest.param((date(2020, 1, 1), None), (), date(2024, 3, 1), {"members": 1, "earlier": 1}, id="stopped coming"),
        pytest.param((date(2020, 1, 1), None), (), None, {"members": 1, "never": 1}, id="never came"),
        pytest.param(
            (date(2020, 1, 1), date(2026, 1, 1)), (), None, {"members": 1, "never": 1}, id="a member for a day"
        ),
        pytest.param(
            (date(2026, 12, 31), None), (DAY,), None, {"members": 1, "took_part": 1}, id="joined on the last day"
        ),
        pytest.param((date(2020, 1, 1), date(2025, 12, 31)), (DAY,), None, {}, id="no member any more"),
        pytest.param((date(2027, 1, 1), None), (DAY,), None, {}, id="not yet a member"),
        pytest.param((date(2020, 1, 1), None, STEUN), (DAY,), None, {}, id="a partner is no member"),
    ],
)
def test_reach_puts_every_member_of_the_year_in_one_group(period, days, before, numbers):
    assert in_all(of_organisation(Figure.REACH, period, days=days, before=before)) == numbers


def test_membership_that_is_still_to_begin_is_not_in_the_reach():
    soon = (date(2027, 6, 1), None)

    assert of_organisation(Figure.REACH, soon, year=RUNNING) == {}
    assert in_all(of_organisation(Figure.REACH, (date(2027, 5, 10), None), year=RUNNING)) == {"members": 1, "never": 1}


def test_organisation_counts_once_and_under_each_relation_it_had():
    half_way = (date(2026, 5, 1), None)
    days = (date(2026, 3, 1), DAY, date(2026, 9, 1))

    found = of_organisation(Figure.ORGANISATIONS, half_way, days=days)

    rows = {ALL, "kind:kinderopvang", "relation:geen", "relation:lid"}
    assert found == {(row, "organisations"): 1 for row in rows}


@pytest.mark.parametrize(
    ("periods", "numbers"),
    [
        pytest.param((), {"organisations": 1}, id="never a member"),
        pytest.param(((date(2020, 1, 1), None),), {}, id="a member on the day"),
        pytest.param(((date(2020, 1, 1), None, STEUN),), {}, id="a partner on the day"),
        pytest.param(
            ((date(2026, 5, 21), None),), {"organisations": 1, "later_members": 1}, id="a member the day after"
        ),
        pytest.param(((date(2027, 1, 11), None),), {"organisations": 1, "later_members": 1}, id="a member since today"),
        pytest.param(((date(2027, 1, 12), None),), {"organisations": 1}, id="a member from tomorrow"),
        pytest.param(((date(2020, 1, 1), date(2025, 1, 1)),), {"organisations": 1}, id="a member long ago"),
        pytest.param(((date(2026, 6, 1), None, STEUN),), {"organisations": 1}, id="became a partner"),
    ],
)
def test_outsiders_and_who_became_a_member_later(periods, numbers):
    assert in_all(of_organisation(Figure.OUTSIDERS, *periods, days=(DAY,))) == numbers


@pytest.mark.parametrize(
    ("periods", "numbers"),
    [
        pytest.param(((date(2020, 1, 1), None),), {"start": 1, "end": 1}, id="all year"),
        pytest.param(((date(2026, 1, 1), None),), {"joined": 1, "end": 1}, id="joined on the first day"),
        pytest.param(((date(2020, 1, 1), date(2026, 6, 30)),), {"start": 1, "left": 1}, id="left half way"),
        pytest.param(((date(2020, 1, 1), date(2026, 12, 31)),), {"start": 1, "end": 1}, id="last day is the year's"),
        pytest.param(((date(2020, 1, 1), date(2025, 12, 31)),), {"start": 1, "left": 1}, id="stopped per 31 December"),
        pytest.param(
            ((date(2020, 1, 1), date(2026, 4, 30)), (date(2026, 5, 1), None)), {"start": 1, "end": 1}, id="went on"
        ),
        pytest.param(
            ((date(2020, 1, 1), date(2026, 4, 30), STEUN), (date(2026, 5, 1), None)),
            {"joined": 1, "end": 1},
            id="a partner that became a member",
        ),
        pytest.param(((date(2026, 2, 1), date(2026, 3, 1)),), {"joined": 1, "left": 1}, id="came and went"),
        pytest.param(((date(2027, 1, 1), None),), {}, id="not yet"),
        pytest.param((), {}, id="never"),
    ],
)
def test_members_at_the_start_with_who_came_and_went_are_those_at_the_end(periods, numbers):
    found = in_all(of_organisation(Figure.MEMBERS, *periods))

    assert found == numbers
    change = found.get("joined", 0) - found.get("left", 0)
    assert found.get("start", 0) + change == found.get("end", 0)


def test_line_of_members_goes_back_five_years_and_ends_today():
    found = of_organisation(Figure.MEMBERS, (date(2025, 3, 1), None), year=RUNNING)

    assert {row for row, _ in found if row.startswith("year:")} == {"year:2025", "year:2026", "year:2027"}
    assert of_organisation(Figure.MEMBERS, (date(2027, 5, 11), None), year=RUNNING) == {}


def test_relation_is_that_of_the_very_day():
    periods = [MembershipPeriod(date(2026, 1, 1), date(2026, 6, 30), STEUN), MembershipPeriod(date(2026, 7, 1), None)]

    days = (date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 1))
    assert [relation_on(periods, day) for day in days] == [GEEN, STEUN, LID]


def test_totals_add_up_and_know_zero():
    found = totals([{Key(Figure.REACH, ALL, "members"): 1}, {Key(Figure.REACH, ALL, "members"): 1}])

    assert found.of(Figure.REACH, ALL, "members") == 2
    assert found.of(Figure.REACH, ALL, "never") == 0
    assert Totals().of(Figure.MEETINGS, ALL, ALL) == 0


def test_closed_year_hands_on_its_marks_and_its_members():
    numbers = Totals(
        {
            Key(Figure.APPRECIATION, "webinar", "total-2025"): 40,
            Key(Figure.APPRECIATION, "webinar", "total-2024"): 30,
            Key(Figure.MEMBERS, ALL, "end"): 23,
            Key(Figure.REACH, ALL, "members"): 25,
        }
    )

    assert what_later_years_show(2025, numbers) == {
        Key(Figure.APPRECIATION, "webinar", "total-2025"): 40,
        Key(Figure.MEMBERS, "year:2025", "end"): 23,
    }


@pytest.mark.parametrize(
    ("today", "ends", "last"),
    [
        pytest.param(date(2027, 1, 1), [], None, id="over"),
        pytest.param(date(2026, 12, 31), [], date(2026, 12, 31), id="on its last day"),
        pytest.param(date(2027, 1, 1), [date(2027, 1, 2)], date(2027, 1, 2), id="a journey over new year"),
        pytest.param(date(2027, 1, 3), [date(2027, 1, 2)], None, id="and after it"),
    ],
)
def test_year_is_closed_once_it_and_its_events_are_over(today, ends, last):
    year = AccountYear(2026, today)

    if last is None:
        year.check_over(ends)
        return
    with pytest.raises(PeriodNotOver) as refused:
        year.check_over(ends)
    assert refused.value.facts == {"last": last}


@pytest.mark.parametrize(("part", "whole", "found"), [(1, 3, 33), (1, 8, 13), (1, 2, 50), (0, 5, 0), (0, 0, None)])
def test_percents_are_rounded_half_up_and_nothing_of_nothing(part, whole, found):
    assert percent(part, whole) == found


@pytest.mark.parametrize(("total", "number", "found"), [(79, 10, 79), (47, 6, 78), (31, 4, 78), (0, 0, None)])
def test_mean_in_tenths(total, number, found):
    assert mean_tenths(total, number) == found
