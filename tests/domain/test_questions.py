"""Who is asked what, what counts as an answer, and what a changed answer takes along."""

from dataclasses import replace

import pytest

from eventapp.domain.errors import BadAnswer
from eventapp.domain.events import EventForm
from eventapp.domain.pricing import Category
from eventapp.domain.questions import (
    Asked,
    Condition,
    Problem,
    QuestionKind,
    Rule,
    asked,
    in_order,
    possible,
    read_answer,
    settled,
    unanswered,
)

DINNER = Rule(1, QuestionKind.YES_NO)
TRAVEL = Rule(2, QuestionKind.CHOICE, options=("Trein", "Auto", "Bus"))
PLATE = Rule(3, QuestionKind.TEXT, condition=Condition(question_id=2, values=frozenset({"Auto"})))
SEATS = Rule(4, QuestionKind.NUMBER, condition=Condition(question_id=2, values=frozenset({"Auto", "Bus"})))
THEMES = Rule(5, QuestionKind.MULTIPLE, options=("HR", "ICT", "Geld"))
WHICH_HR = Rule(6, QuestionKind.TEXT, condition=Condition(question_id=5, values=frozenset({"HR"})))
DESSERT = Rule(7, QuestionKind.YES_NO, condition=Condition(question_id=1, values=frozenset({"ja"})))
SWEET = Rule(8, QuestionKind.TEXT, condition=Condition(question_id=7, values=frozenset({"nee"})))
CHAIN = [DINNER, TRAVEL, PLATE, SEATS, THEMES, WHICH_HR, DESSERT, SWEET]
MEMBER = Asked(Category.LID, EventForm.FYSIEK)


@pytest.mark.parametrize(
    ("answers", "ids"),
    [
        ({}, [1, 2, 5]),
        ({1: False}, [1, 2, 5]),
        ({1: True}, [1, 2, 5, 7]),
        ({1: True, 7: False}, [1, 2, 5, 7, 8]),
        ({1: False, 7: False}, [1, 2, 5]),
        ({2: "Auto"}, [1, 2, 3, 4, 5]),
        ({2: "Bus"}, [1, 2, 4, 5]),
        ({2: "Trein"}, [1, 2, 5]),
        ({5: ["ICT", "HR"]}, [1, 2, 5, 6]),
        ({5: ["ICT"]}, [1, 2, 5]),
    ],
)
def test_question_that_depends_is_asked_on_its_answers_only(answers, ids):
    assert [rule.id for rule in asked(CHAIN, MEMBER, answers)] == ids


@pytest.mark.parametrize(
    ("condition", "who", "is_asked"),
    [
        (Condition(), Asked(None, EventForm.ONLINE), True),
        (Condition(frozenset({Category.LID})), MEMBER, True),
        (Condition(frozenset({Category.LID})), Asked(Category.NIET_LID, EventForm.FYSIEK), False),
        (Condition(frozenset({Category.LID})), Asked(None, EventForm.FYSIEK), False),
        (Condition(attends=EventForm.ONLINE), MEMBER, False),
        (Condition(attends=EventForm.ONLINE), Asked(Category.LID, EventForm.ONLINE), True),
        (Condition(frozenset({Category.LID}), EventForm.ONLINE), MEMBER, False),
        (Condition(frozenset({Category.LID, Category.SPREKER}), EventForm.FYSIEK), MEMBER, True),
    ],
)
def test_question_is_for_whom_it_says(condition, who, is_asked):
    rule = replace(DINNER, condition=condition)

    assert bool(asked([rule], who, {})) is is_asked
    assert bool(possible([rule], who)) is is_asked


def test_who_is_not_asked_the_first_is_never_asked_what_depends_on_it():
    for_members = replace(DINNER, condition=Condition(frozenset({Category.LID})))
    outsider = Asked(Category.NIET_LID, EventForm.FYSIEK)

    assert possible([for_members, DESSERT], outsider) == []
    assert asked([for_members, DESSERT], outsider, {1: True}) == []


def test_changed_answer_takes_its_followers_along_and_nothing_else():
    before = {1: True, 2: "Auto", 3: "AB-12-CD", 4: 3, 7: False, 8: "Kaas"}

    assert settled(CHAIN, MEMBER, before) == before
    assert settled(CHAIN, MEMBER, before | {2: "Bus"}) == {1: True, 2: "Bus", 4: 3, 7: False, 8: "Kaas"}
    assert settled(CHAIN, MEMBER, before | {1: False}) == {1: False, 2: "Auto", 3: "AB-12-CD", 4: 3}


def test_unanswered_is_what_is_asked_now():
    assert [rule.id for rule in unanswered(CHAIN, MEMBER, {1: True, 2: "Auto", 4: 0})] == [3, 5, 7]


@pytest.mark.parametrize(
    ("rule", "given", "value"),
    [
        (PLATE, ["  AB-12-CD "], "AB-12-CD"),
        (PLATE, ["   "], None),
        (PLATE, [], None),
        (PLATE, ["x" * 1000], "x" * 1000),
        (TRAVEL, ["Bus"], "Bus"),
        (TRAVEL, [""], None),
        (THEMES, ["HR", "HR", "Geld"], ["HR", "Geld"]),
        (THEMES, [], None),
        (DINNER, ["ja"], True),
        (DINNER, ["nee"], False),
        (SEATS, ["0"], 0),
        (SEATS, ["007"], 7),
        (SEATS, ["999999"], 999_999),
    ],
)
def test_answer_is_read(rule, given, value):
    assert read_answer(rule, given) == value


@pytest.mark.parametrize(
    ("rule", "given", "problem"),
    [
        (PLATE, ["x" * 1001], Problem.TOO_LONG),
        (TRAVEL, ["Fiets"], Problem.NOT_AN_OPTION),
        (THEMES, ["HR", "Onzin"], Problem.NOT_AN_OPTION),
        (DINNER, ["misschien"], Problem.NOT_AN_OPTION),
        (SEATS, ["-1"], Problem.NOT_A_NUMBER),
        (SEATS, ["2,5"], Problem.NOT_A_NUMBER),
        (SEATS, ["1000000"], Problem.NOT_A_NUMBER),
        (SEATS, ["²"], Problem.NOT_A_NUMBER),
        (SEATS, ["٣"], Problem.NOT_A_NUMBER),
    ],
)
def test_what_is_no_answer_is_refused_with_its_problem(rule, given, problem):
    with pytest.raises(BadAnswer) as refused:
        read_answer(rule, given)

    assert refused.value.facts == {"problem": problem}


def test_question_stands_after_the_one_it_depends_on():
    assert in_order(CHAIN)
    assert not in_order([PLATE, TRAVEL])
    assert not in_order([PLATE])
