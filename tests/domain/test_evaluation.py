"""What an answer may be, when answers may be seen, and how the figures round."""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventapp.domain.errors import BadAnswer
from eventapp.domain.evaluation import (
    GRADE,
    RECOMMEND,
    REMARK,
    OwnKind,
    OwnQuestion,
    Plan,
    Reply,
    Stage,
    average_tenths,
    check,
    closing,
    counted_items,
    last_day,
    shows,
    stage,
    usual,
    written_items,
)
from eventapp.domain.events import EventKind
from eventapp.domain.proportions import percent
from eventapp.domain.questions import Problem

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
PLAN = Plan(
    questions=(
        OwnQuestion(OwnKind.OPEN, "Wat neemt u mee?"),
        OwnQuestion(OwnKind.SCALE, "Was het nuttig?"),
        OwnQuestion(OwnKind.CHOICE, "Hoe lang?", ("Te kort", "Goed")),
    )
)


def test_a_plan_says_what_is_counted_and_what_is_written():
    assert list(counted_items(PLAN)) == [GRADE, RECOMMEND, "own2", "own3"]
    assert counted_items(PLAN)["own2"] == ("1", "2", "3", "4", "5")
    assert counted_items(PLAN)["own3"] == ("Te kort", "Goed")
    assert written_items(PLAN) == ("own1", REMARK)


@pytest.mark.parametrize(
    ("counted", "texts", "problem"),
    [
        ({GRADE: "1"}, {}, None),
        ({GRADE: "10", RECOMMEND: "nee", "own2": "5", "own3": "Goed"}, {"own1": "Veel", REMARK: ""}, None),
        ({}, {}, Problem.MISSING),
        ({RECOMMEND: "ja"}, {REMARK: "Mooi"}, Problem.MISSING),
        ({GRADE: "0"}, {}, Problem.NOT_AN_OPTION),
        ({GRADE: "11"}, {}, Problem.NOT_AN_OPTION),
        ({GRADE: "7,5"}, {}, Problem.NOT_AN_OPTION),
        ({GRADE: "7", RECOMMEND: "misschien"}, {}, Problem.NOT_AN_OPTION),
        ({GRADE: "7", "own1": "5"}, {}, Problem.NOT_AN_OPTION),
        ({GRADE: "7", "own3": "Te lang"}, {}, Problem.NOT_AN_OPTION),
        ({GRADE: "7", "own9": "1"}, {}, Problem.NOT_AN_OPTION),
        ({GRADE: "7"}, {"own2": "Bijschrift"}, Problem.NOT_AN_OPTION),
        ({GRADE: "7"}, {REMARK: "x" * 1001}, Problem.TOO_LONG),
    ],
)
def test_only_what_is_asked_is_an_answer(counted, texts, problem):
    def found() -> Problem | None:
        try:
            check(PLAN, Reply(counted, texts))
        except BadAnswer as refusal:
            return refusal.facts["problem"]
        return None

    assert found() == problem


@pytest.mark.parametrize(
    ("closes_in", "answers", "seen"),
    [
        (None, 0, False),
        (timedelta(seconds=1), 4, False),
        (timedelta(seconds=1), 40, False),
        (timedelta(0), 4, False),
        (timedelta(0), 5, True),
        (-timedelta(days=400), 12, True),
        (-timedelta(days=400), 4, False),
    ],
)
def test_answers_show_when_it_is_closed_and_there_are_five(closes_in, answers, seen):
    closes_at = None if closes_in is None else NOW + closes_in

    assert shows(closes_at, answers, now=NOW) == seen


def test_it_closes_at_the_end_of_a_dutch_day_also_when_the_clock_changes():
    opened = datetime(2027, 3, 20, 23, 30, tzinfo=UTC)

    closes_at = closing(opened, 7)

    assert closes_at == datetime(2027, 3, 28, 22, 0, tzinfo=UTC)
    assert last_day(closes_at) == date(2027, 3, 28)
    assert stage(closes_at, now=closes_at - timedelta(seconds=1)) == Stage.OPEN
    assert stage(closes_at, now=closes_at) == Stage.CLOSED


@pytest.mark.parametrize(
    ("counts", "tenths"),
    [
        ({}, None),
        ({"8": 0}, None),
        ({"8": 3}, 80),
        ({"7": 1, "8": 1}, 75),
        ({"7": 19, "8": 1}, 71),
        ({"1": 3, "2": 1}, 13),
    ],
)
def test_the_mean_rounds_half_up_to_tenths(counts, tenths):
    assert average_tenths(counts) == tenths


@pytest.mark.parametrize(("part", "whole", "percents"), [(0, 0, None), (0, 7, 0), (1, 8, 13), (1, 3, 33), (7, 7, 100)])
def test_a_share_rounds_half_up_to_percents(part, whole, percents):
    assert percent(part, whole) == percents


def test_only_tuning_with_others_is_not_thanked_for():
    without = [kind for kind in EventKind if usual(kind) != Plan()]

    assert without == [EventKind.OVERLEG]
    assert (usual(EventKind.OVERLEG).thanks, usual(EventKind.OVERLEG).asks) == (False, False)
