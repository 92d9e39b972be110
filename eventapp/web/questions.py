"""How do the questions of an event become fields of a form, and what was filled in become answers?

A form that asks them is a subclass of `AnswersForm`, made with `asking`. templates/shared/questions.html draws it. All
questions that may come up stand in the page; those that depend on another are hidden until that one has the right
answer: at once by static/js/questions.js, and without JavaScript when the page comes back.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from wtforms import Field, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField

from eventapp import wording
from eventapp.domain import questions
from eventapp.domain.errors import BadAnswer
from eventapp.domain.questions import NO, YES, Answers, Asked, Problem, QuestionKind, Rule, Value
from eventapp.models import Question
from eventapp.web.forms import DutchForm, StrippedString

_NONE = SelectChoice("", "Geen antwoord")


class LongText(TextAreaField):
    """Text of several lines without white space around it and without control characters."""

    data: str

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        super().process_formdata(valuelist)
        text = (self.data or "").replace("\r\n", "\n")
        self.data = "".join(char for char in text if char.isprintable() or char == "\n").strip()


class Row(NamedTuple):
    """One question on the page: its field, whether it shows now, and on which answers to which field it depends."""

    field: Field
    rule: Rule
    shown: bool
    leading: str
    values: tuple[str, ...]


class AnswersForm(DutchForm):
    """A form with the questions of an event in it; make one with `asking`."""

    # The ids that the visitor saw: only what was seen can be missing. The script keeps it up to date.
    seen = StrippedString(name="getoond")
    rules: Sequence[Rule] = ()
    who: Asked

    def rows(self) -> list[Row]:
        """The questions that may come up, in order."""
        shown = {rule.id for rule in questions.asked(self.rules, self.who, self.readable())}
        return [
            Row(
                self[name_of(rule.id)],
                rule,
                rule.id in shown,
                name_of(rule.condition.question_id) if rule.condition.question_id else "",
                tuple(sorted(rule.condition.values)),
            )
            for rule in self.rules
        ]

    def seen_now(self) -> str:
        """The ids of the questions that show, for the hidden field."""
        return " ".join(str(row.rule.id) for row in self.rows() if row.shown)

    def readable(self) -> dict[int, Value]:
        """The answers as far as they are answers, also when others are not."""
        found = ((rule.id, _read(self, rule)) for rule in self.rules)
        return {question_id: value for question_id, value in found if value is not None and value is not _BAD}

    def answers(self) -> dict[int, Value | None]:
        """What was filled in at the questions that are asked, None for one left open; after `check_answers`."""
        given = self.readable()
        return {rule.id: given.get(rule.id) for rule in questions.asked(self.rules, self.who, given)}

    def check_answers(self) -> bool:
        """Whether all that was seen and is required was answered, and well; writes the errors beside the fields."""
        seen = set((self.seen.data or "").split())
        good = True
        for rule in questions.asked(self.rules, self.who, self.readable()):
            problem = self._problem(rule, seen=str(rule.id) in seen)
            if problem:
                self[name_of(rule.id)].errors = [wording.ANSWER_PROBLEMS[problem]]
                good = False
        return good

    def _problem(self, rule: Rule, *, seen: bool) -> Problem | None:
        try:
            value = questions.read_answer(rule, _given(self, rule))
        except BadAnswer as refusal:
            return Problem(refusal.facts["problem"])
        return Problem.MISSING if value is None and rule.required and seen else None

    def carried(self) -> Iterator[tuple[str, str]]:
        """Names and values of all of it, for a page in between that shows no fields."""
        yield "getoond", self.seen.data or ""
        for rule in self.rules:
            for text in _given(self, rule):
                yield name_of(rule.id), text


Form = TypeVar("Form", bound=AnswersForm)
_BAD = object()


def name_of(question_id: int) -> str:
    """The name of the field of a question."""
    return f"vraag-{question_id}"


def asking(
    base: type[Form], asked: Iterable[Question], who: Asked, answers: Answers | None = None, **data: Any
) -> Form:
    """A form of this class with a field for every question that may come up for this person.

    `answers` are those given before, `data` what else the form begins with; what was just posted goes before both.
    """
    rows = {question.id: question for question in asked}
    rules = questions.possible([question.rule for question in rows.values()], who)
    fields = {name_of(rule.id): _field(rows[rule.id]) for rule in rules}
    made: type[Form] = type(base.__name__, (base,), fields)
    before = {name_of(question_id): _typed(value) for question_id, value in (answers or {}).items()}
    form = made(data={**before, **data})
    form.rules, form.who = rules, who
    for rule in rules:
        if rule.required:
            form[name_of(rule.id)].flags.required = True
    return form


def _field(question: Question) -> UnboundField:
    options = [SelectChoice(option, option) for option in question.options]
    if question.kind == QuestionKind.YES_NO:
        options = [SelectChoice(YES, "Ja"), SelectChoice(NO, "Nee")]
    if question.kind in (QuestionKind.CHOICE, QuestionKind.YES_NO) and not question.required:
        options.append(_NONE)
    more = {"label": question.label, "description": question.help}
    made: Any = {
        QuestionKind.TEXT: lambda: LongText(**more),
        QuestionKind.NUMBER: lambda: StrippedString(**more),
        QuestionKind.MULTIPLE: lambda: SelectMultipleField(choices=options, validate_choice=False, **more),
    }.get(question.kind, lambda: RadioField(choices=options, validate_choice=False, **more))
    return made()


def _typed(value: Value) -> str | list[str]:
    """An answer as its field shows it."""
    if isinstance(value, bool):
        return YES if value else NO
    return value if isinstance(value, list) else str(value)


def _given(form: AnswersForm, rule: Rule) -> list[str]:
    data = form[name_of(rule.id)].data
    return [str(text) for text in (data if isinstance(data, list) else [data]) if text is not None]


def _read(form: AnswersForm, rule: Rule) -> Any:
    try:
        return questions.read_answer(rule, _given(form, rule))
    except BadAnswer:
        return _BAD
