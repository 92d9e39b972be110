"""Which choices of breakouts may stand?"""

from datetime import UTC, datetime, timedelta

import pytest

from eventapp.domain.programme import BreakoutFacts, Problem, RoundFacts, problems, remind_at, spread

FIRST, SECOND, THIRD = RoundFacts(1), RoundFacts(2), RoundFacts(3, optional=True)
ROUNDS = [FIRST, SECOND, THIRD]
BREAKOUTS = {
    one.id: one
    for one in [
        BreakoutFacts(10, frozenset({1})),
        BreakoutFacts(11, frozenset({1}), topic="cao"),
        BreakoutFacts(20, frozenset({2})),
        BreakoutFacts(21, frozenset({2}), topic="cao"),
        BreakoutFacts(22, frozenset({2}), excludes=frozenset({10})),
        BreakoutFacts(23, frozenset({2}), cancelled=True),
        BreakoutFacts(30, frozenset({3})),
        BreakoutFacts(40, frozenset({2, 3})),
    ]
}


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({1: 10, 2: 20, 3: 30}, {}),
        ({1: 10, 2: 20, 3: None}, {}),
        ({1: 10, 2: 20}, {}),
        ({1: None, 2: 20}, {1: Problem.MISSING}),
        ({2: 20}, {1: Problem.MISSING}),
        ({1: 20, 2: 20}, {1: Problem.UNKNOWN}),
        ({1: 999, 2: 20}, {1: Problem.UNKNOWN}),
        ({1: 10, 2: 23}, {2: Problem.CANCELLED}),
        ({1: 11, 2: 21}, {1: Problem.TWICE, 2: Problem.TWICE}),
        ({1: 10, 2: 22}, {1: Problem.EXCLUDED, 2: Problem.EXCLUDED}),
        ({1: 10, 2: 40, 3: 40}, {}),
        ({1: 10, 2: 40, 3: 30}, {2: Problem.OVERLAPS}),
        ({1: 10, 2: 40}, {2: Problem.OVERLAPS}),
    ],
)
def test_what_is_wrong_with_a_choice(chosen, expected):
    assert problems(ROUNDS, BREAKOUTS, chosen) == expected


def test_who_speaks_in_a_round_chooses_nothing_there():
    speaks = frozenset({2})

    assert problems(ROUNDS, BREAKOUTS, {1: 10, 2: None}, speaks_in=speaks) == {}
    assert problems(ROUNDS, BREAKOUTS, {1: 10, 2: 20}, speaks_in=speaks) == {2: Problem.SPEAKS}


@pytest.mark.parametrize(
    ("chosen", "full"),
    [
        ({1: 10, 2: 40}, {1: 10, 2: 40, 3: 40}),
        ({1: 10, 2: 40, 3: None}, {1: 10, 2: 40, 3: 40}),
        ({1: 10, 2: 40, 3: 30}, {1: 10, 2: 40, 3: 30}),
        ({1: 10, 2: 999}, {1: 10, 2: 999}),
    ],
)
def test_a_breakout_that_spans_rounds_fills_the_rounds_left_open(chosen, full):
    assert spread(BREAKOUTS, chosen) == full


def test_a_round_may_open_later_than_the_registration():
    opens_at = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
    later = RoundFacts(1, opens_at=opens_at)

    assert not later.open(datetime(2027, 3, 1, 7, 59, tzinfo=UTC))
    assert later.open(opens_at)
    assert FIRST.open(opens_at)


OPENED, EVENT = datetime(2027, 3, 1, 9, tzinfo=UTC), datetime(2027, 4, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opens_at", "starts_at", "due"),
    [
        (OPENED, EVENT, OPENED + timedelta(days=7)),
        (OPENED, OPENED + timedelta(days=4), OPENED + timedelta(days=2)),
        (None, EVENT, EVENT - timedelta(days=7)),
    ],
    ids=["a week after it opened", "halfway when the event is near", "a week before, when open from the start"],
)
def test_who_has_not_chosen_is_reminded_in_time(opens_at, starts_at, due):
    assert remind_at(opens_at=opens_at, starts_at=starts_at) == due
