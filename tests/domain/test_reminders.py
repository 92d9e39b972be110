"""When is which reminder due, also across a change of the clocks and after a move?"""

from datetime import UTC, datetime, timedelta

import pytest

from eventapp.domain.reminders import Plan, due, tidy

# Monday 29 March 2027, 14.00 in summer time; the clocks change on the 28th.
STARTS = datetime(2027, 3, 29, 12, 0, tzinfo=UTC)
MORNING_BEFORE = datetime(2027, 3, 28, 7, 0, tzinfo=UTC)
WEEK_BEFORE = datetime(2027, 3, 22, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (WEEK_BEFORE - MINUTE, []),
        (WEEK_BEFORE, [7]),
        (WEEK_BEFORE + timedelta(days=1) - MINUTE, [7]),
        (WEEK_BEFORE + timedelta(days=1), []),
        (MORNING_BEFORE - MINUTE, []),
        (MORNING_BEFORE, [1]),
        (STARTS - timedelta(hours=1) - MINUTE, []),
        (STARTS - timedelta(hours=1), [None]),
        (STARTS - MINUTE, [None]),
        (STARTS, []),
    ],
)
def test_reminders_go_at_nine_on_dutch_clocks_and_an_hour_before(now: datetime, days: list[int | None]) -> None:
    found = due(Plan(), STARTS, now=now)

    assert [one.days for one in found] == days


def test_what_is_not_planned_is_not_due() -> None:
    assert due(Plan((3,), online=False), STARTS, now=STARTS - timedelta(hours=1)) == []


@pytest.mark.parametrize(("moved", "same"), [(timedelta(hours=3), True), (timedelta(days=1), False)])
def test_another_day_is_announced_anew_and_another_hour_is_not(moved: timedelta, same: bool) -> None:
    [before] = due(Plan(online=False), STARTS, now=MORNING_BEFORE)
    [after] = due(Plan(online=False), STARTS + moved, now=MORNING_BEFORE + (moved if moved.days else timedelta()))

    assert (before.key == after.key) is same


def test_who_joins_online_is_told_the_new_hour() -> None:
    [before] = due(Plan(()), STARTS, now=STARTS - MINUTE)
    [after] = due(Plan(()), STARTS + timedelta(hours=3), now=STARTS + timedelta(hours=2))

    assert before.key != after.key


@pytest.mark.parametrize(
    ("heard", "lately"),
    [(timedelta(days=1), False), (timedelta(days=1) - MINUTE, True), (timedelta(hours=-1), True)],
)
def test_who_just_heard_of_it_is_left_alone(heard: timedelta, lately: bool) -> None:
    [reminder] = due(Plan(), STARTS, now=MORNING_BEFORE)

    assert reminder.heard_lately(None, MORNING_BEFORE - heard) is lately


def test_days_are_kept_once_and_the_longest_first() -> None:
    assert tidy([1, 7, 1, 14]) == (14, 7, 1)
