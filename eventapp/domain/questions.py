"""Which questions of an event are for whom, what is an answer to one, and which answers still count after a change?"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.errors import BadAnswer
from eventapp.domain.events import EventForm
from eventapp.domain.pricing import Category

Value = str | bool | int | list[str]
Answers = Mapping[int, Value]

YES, NO = "ja", "nee"
LONGEST_TEXT = 1000
HIGHEST_NUMBER = 999_999


class QuestionKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    MULTIPLE = "multiple"
    YES_NO = "yes_no"
    NUMBER = "number"


# Only these have answers from a short list, on which another question can depend.
CAN_LEAD = frozenset({QuestionKind.CHOICE, QuestionKind.MULTIPLE, QuestionKind.YES_NO})
WITH_OPTIONS = frozenset({QuestionKind.CHOICE, QuestionKind.MULTIPLE})


class Problem(StrEnum):
    """What can be wrong with an answer."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    NOT_AN_OPTION = "not_an_option"
    NOT_A_NUMBER = "not_a_number"


class Condition(NamedTuple):
    """Whom a question is for. All that is said must hold; what is not said (empty, None) holds for everybody.

    `values` are the answers to the earlier question `question_id` on which this one is asked; one of them is enough.
    """

    categories: frozenset[Category] = frozenset()
    attends: EventForm | None = None
    question_id: int | None = None
    values: frozenset[str] = frozenset()


EVERYBODY = Condition()


@dataclass(frozen=True)
class Rule:
    """What deciding needs to know of one question."""

    id: int
    kind: QuestionKind
    required: bool = False
    options: tuple[str, ...] = ()
    condition: Condition = EVERYBODY


@dataclass(frozen=True)
class Asked:
    """Who is asked; `category` is None while nobody knows it yet, and then no question that depends on it is asked."""

    category: Category | None
    attends: EventForm


def possible(rules: Iterable[Rule], who: Asked) -> list[Rule]:
    """The questions that may come up for this person, whatever the answers to the other questions will be."""
    found: dict[int, Rule] = {}
    for rule in rules:
        condition = rule.condition
        if condition.categories and who.category not in condition.categories:
            continue
        if condition.attends and who.attends != condition.attends:
            continue
        if condition.question_id is None or condition.question_id in found:
            found[rule.id] = rule
    return list(found.values())


def asked(rules: Iterable[Rule], who: Asked, answers: Answers) -> list[Rule]:
    """The questions that are for this person, given the answers so far; `rules` stand in the order of the form.

    An answer to a question that is itself not asked leads to nothing.
    """
    found: dict[int, Rule] = {}
    for rule in possible(rules, who):
        leading = rule.condition.question_id
        if leading is None or (leading in found and _words(answers.get(leading)) & rule.condition.values):
            found[rule.id] = rule
    return list(found.values())


def _words(value: Value | None) -> frozenset[str]:
    """An answer as the words that a condition names."""
    if isinstance(value, bool):
        return frozenset({YES if value else NO})
    if isinstance(value, list):
        return frozenset(value)
    return frozenset({value}) if isinstance(value, str) else frozenset()


def settled(rules: Iterable[Rule], who: Asked, answers: Answers) -> dict[int, Value]:
    """The answers that still count: those to questions that are asked. A changed answer takes its followers along."""
    return {rule.id: answers[rule.id] for rule in asked(rules, who, answers) if rule.id in answers}


def unanswered(rules: Iterable[Rule], who: Asked, answers: Answers) -> list[Rule]:
    """What is asked of this person and has no answer yet."""
    return [rule for rule in asked(rules, who, answers) if rule.id not in answers]


def read_answer(rule: Rule, given: Sequence[str]) -> Value | None:
    """What somebody filled in as an answer; None when nothing was. Refuses with BadAnswer (facts: problem).

    Whether an answer is required is not decided here: a form may only ask for what it showed.
    """
    texts = [text.strip() for text in given if text.strip()]
    if not texts:
        return None
    if rule.kind == QuestionKind.MULTIPLE:
        return [_option(rule.options, text) for text in dict.fromkeys(texts)]
    if rule.kind == QuestionKind.CHOICE:
        return _option(rule.options, texts[0])
    if rule.kind == QuestionKind.YES_NO:
        return _option((YES, NO), texts[0]) == YES
    if rule.kind == QuestionKind.NUMBER:
        return _number(texts[0])
    if len(texts[0]) > LONGEST_TEXT:
        raise BadAnswer(problem=Problem.TOO_LONG)
    return texts[0]


def _option(options: Collection[str], text: str) -> str:
    if text not in options:
        raise BadAnswer(problem=Problem.NOT_AN_OPTION)
    return text


def _number(text: str) -> int:
    digits = text.isascii() and text.isdecimal() and len(text.lstrip("0")) <= len(str(HIGHEST_NUMBER))
    if not digits:
        raise BadAnswer(problem=Problem.NOT_A_NUMBER)
    return int(text)


def in_order(rules: Sequence[Rule]) -> bool:
    """Whether every question comes after the one that it depends on."""
    place = {rule.id: at for at, rule in enumerate(rules)}
    leads = [(rule.id, rule.condition.question_id) for rule in rules if rule.condition.question_id is not None]
    return all(leading in place and place[leading] < place[following] for following, leading in leads)
