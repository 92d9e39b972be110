"""What did everybody answer? Per question in numbers, and per person; special answers are never among them."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from eventapp.domain.questions import NO, YES, QuestionKind, Value, asked
from eventapp.models import Question, Registration
from eventapp.queries.questions import answers_at, coming_to, questions_of, who_is


class Summary(NamedTuple):
    """One question: who of those who are coming are asked it, what they answered, and how often each answer was given.

    `counts` are empty for open questions; `total` is the sum of a question for a number.
    """

    question: Question
    asked: int
    given: tuple[tuple[Registration, Value], ...]
    counts: tuple[tuple[str, int], ...]
    total: int | None


class Overview(NamedTuple):
    """The answers at one event: by question, and by person in the order of the questions (None is no answer)."""

    questions: Sequence[Question]
    summaries: list[Summary]
    people: list[tuple[Registration, list[Value | None]]]


def overview_of(event_id: int) -> Overview:
    """The answers of everybody with a confirmed registration, closed questions last."""
    all_questions, coming, answers = questions_of(event_id, closed=True), coming_to(event_id), answers_at(event_id)
    rules = [question.rule for question in all_questions if question.closed_at is None]
    asked_of: Counter[int] = Counter()
    for person in coming:
        asked_of.update(rule.id for rule in asked(rules, who_is(person), answers.get(person.id, {})))
    people = [(person, [answers.get(person.id, {}).get(q.id) for q in all_questions]) for person in coming]
    summaries = []
    for at, question in enumerate(all_questions):
        given = tuple((person, values[at]) for person, values in people if values[at] is not None)
        summaries.append(_summary(question, asked_of[question.id], given))  # type: ignore[arg-type]
    return Overview(all_questions, summaries, people)


def _summary(question: Question, asked_of: int, given: tuple[tuple[Registration, Value], ...]) -> Summary:
    values = [value for _person, value in given]
    total = sum(value for value in values if isinstance(value, int)) if question.kind == QuestionKind.NUMBER else None
    return Summary(question, asked_of, given, tuple(_counts(question, values)), total)


def _counts(question: Question, values: list[Value]) -> list[tuple[str, int]]:
    """How often each option was chosen, also those that nobody chose."""
    if question.kind == QuestionKind.YES_NO:
        return [(YES, values.count(True)), (NO, values.count(False))]
    chosen = Counter(word for value in values for word in (value if isinstance(value, list) else [str(value)]))
    return [(option, chosen[option]) for option in question.options]
