"""The form of one question of an event: its words, its options, whom it is for, and how long answers are kept."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, SelectChoice, SelectField
from wtforms.validators import DataRequired, ValidationError

from eventapp import wording
from eventapp.domain.care import Block
from eventapp.domain.events import EventForm
from eventapp.domain.pricing import Category
from eventapp.domain.questions import CAN_LEAD, NO, WITH_OPTIONS, YES, Condition, QuestionKind
from eventapp.models import Question
from eventapp.services.asking import QuestionDetails
from eventapp.web.forms import DutchForm, StrippedString, at_most, choices
from eventapp.web.organiser.forms.fields import MultipleChoices, PlainText

_FORMS = {EventForm.FYSIEK: "Alleen wie op locatie komt", EventForm.ONLINE: "Alleen wie online meedoet"}
_MOST_OPTIONS, _LONGEST_OPTION = 30, 100


class QuestionForm(DutchForm):
    """Made for one kind of question, which decides whether there are options."""

    version = HiddenField()
    label = StrippedString("Vraag", validators=[DataRequired("Schrijf de vraag op."), at_most(200)])
    help = StrippedString("Uitleg", validators=[at_most(300)])
    options = PlainText(wording.OPTIONS)
    required = BooleanField("Verplicht")
    categories = MultipleChoices("Alleen voor", choices=choices(wording.CATEGORIES))
    attends = SelectField("Locatie of online", choices=[SelectChoice("", "Iedereen"), *choices(_FORMS)])
    depends = MultipleChoices("Alleen na dit antwoord", validate_choice=False)
    keep_days = SelectField(
        "Antwoorden bewaren", choices=[SelectChoice(str(days), word) for days, word in wording.KEEP_WORDS.items()]
    )

    def __init__(self, kind: QuestionKind, earlier: Iterable[Question], *, hybrid: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.depends.choices = _answers_to(earlier)
        if kind not in WITH_OPTIONS:
            del self.options
        if not self.depends.choices:
            del self.depends
        if not hybrid:
            del self.attends

    def validate_options(self, field: PlainText) -> None:
        found = _lines(field.data)
        if len(found) < 2:
            raise ValidationError("Schrijf minstens twee antwoorden op, elk op een eigen regel.")
        if len(found) > _MOST_OPTIONS:
            raise ValidationError(f"Dat zijn er te veel: hooguit {_MOST_OPTIONS}.")
        if any(len(option) > _LONGEST_OPTION for option in found):
            raise ValidationError(wording.options_too_long(_LONGEST_OPTION))

    def validate_depends(self, field: MultipleChoices) -> None:
        offered = {choice.value for choice in field.choices}
        chosen = set(field.data or ())
        if len({key.partition(":")[0] for key in chosen}) > 1:
            raise ValidationError("Kies antwoorden van één vraag.")
        if not chosen <= offered:
            raise ValidationError("Die vraag is intussen gewijzigd. Kies opnieuw.")

    def read(self) -> QuestionDetails:
        """What was filled in; only after `validate`."""
        depends = [key.partition(":") for key in (self.depends.data or ())] if self.depends else []
        attends = self.attends.data if self.attends else ""
        return QuestionDetails(
            label=self.label.data,
            help=self.help.data,
            required=bool(self.required.data),
            options=tuple(_lines(self.options.data)) if self.options else (),
            keep_days=int(self.keep_days.data),
            condition=Condition(
                categories=frozenset(map(Category, self.categories.data or ())),
                attends=EventForm(attends) if attends else None,
                question_id=int(depends[0][0]) if depends else None,
                values=frozenset(answer for _id, _colon, answer in depends),
            ),
        )


def _lines(text: str | None) -> list[str]:
    """One option per line, each once, with single spaces."""
    return list(dict.fromkeys(" ".join(line.split()) for line in (text or "").split("\n") if line.strip()))


def _answers_to(earlier: Iterable[Question]) -> list[SelectChoice]:
    """Every answer on which a question can depend: "Hoe komt u? Auto"."""
    return [
        SelectChoice(f"{question.id}:{answer}", f"{question.label} {answer}")
        for question in earlier
        if question.kind in CAN_LEAD and question.closed_at is None
        for answer in _answers_in_words(question)
    ]


def _answers_in_words(question: Question) -> Sequence[str]:
    """What can be answered to a question with a list of answers."""
    return (YES, NO) if question.kind == QuestionKind.YES_NO else question.options


def fill_from(question: Question) -> dict[str, Any]:
    """What the form shows of a question."""
    return {
        "version": str(question.version),
        "label": question.label,
        "help": question.help,
        "options": "\n".join(question.options),
        "required": question.required,
        "categories": question.categories.split(),
        "attends": question.attends.value if question.attends else "",
        "depends": [f"{question.depends_on}:{answer}" for answer in question.depends_values],
        "keep_days": str(question.keep_days),
    }


class BlocksForm(DutchForm):
    """Which standard questions are asked."""

    diet = BooleanField("Er is eten bij: vraag naar dieetwensen")
    access = BooleanField("Vraag wat iemand nodig heeft om erbij te kunnen zijn")
    photo = BooleanField("Er worden foto's gemaakt: vraag wie liever niet op de foto gaat")

    def read(self) -> frozenset[Block]:
        return frozenset(block for block in Block if self[block.value].data)
