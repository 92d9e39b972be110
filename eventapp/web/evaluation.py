"""The questions of an evaluation as a form: for who answers, and for the office to look at beforehand."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.validators import AnyOf

from eventapp import wording
from eventapp.domain.evaluation import (
    GRADE,
    GRADES,
    RECOMMEND,
    REMARK,
    SCALE,
    OwnKind,
    OwnQuestion,
    Plan,
    Reply,
    counted_items,
    own_item,
    written_items,
)
from eventapp.domain.questions import LONGEST_TEXT, NO, YES
from eventapp.web.forms import DutchForm, at_most
from eventapp.web.questions import LongText

_NONE = SelectChoice("", "Geen antwoord")
_NOT_TOO_LONG = at_most(LONGEST_TEXT)


class ReplyForm(DutchForm):
    """Made with `reply_form`. Only the grade is needed: without it there is no answer to count."""

    plan: Plan

    def fields(self) -> list[Any]:
        """Every question in the order of the page: what is asked of everybody, what is asked here, the remark."""
        own = [own_item(place) for place in range(1, len(self.plan.questions) + 1)]
        return [self[item] for item in (GRADE, RECOMMEND, *own, REMARK)]

    def reply(self) -> Reply:
        """What was filled in; only after `validate`."""
        counted = {item: self[item].data for item in counted_items(self.plan) if self[item].data}
        texts = {item: self[item].data or "" for item in written_items(self.plan)}
        return Reply(counted, texts, named="named" in self and bool(self["named"].data))


def reply_form(plan: Plan) -> ReplyForm:
    """The form of an event that asks this."""
    words = wording.EVALUATION_ITEMS
    needed = AnyOf(GRADES, "Kies een cijfer van 1 tot en met 10.")
    fields: dict[str, UnboundField] = {
        GRADE: _radio(
            words[GRADE], [(grade, grade) for grade in GRADES], "1 is heel slecht, 10 is uitstekend.", needed
        ),
        RECOMMEND: _radio(words[RECOMMEND], [(YES, "Ja"), (NO, "Nee")]),
        REMARK: LongText(words[REMARK], [_NOT_TOO_LONG], description="Persoonsgegevens zijn niet nodig."),
    }
    fields |= {own_item(place): _own(question) for place, question in enumerate(plan.questions, start=1)}
    if plan.named:
        fields["named"] = BooleanField("Zet mijn naam bij wat ik schrijf")
    made: type[ReplyForm] = type("ReplyForm", (ReplyForm,), {**fields, "plan": plan})
    form = made()
    form[GRADE].flags.required = True
    return form


def _own(question: OwnQuestion) -> UnboundField:
    if question.kind == OwnKind.OPEN:
        return LongText(question.label, [_NOT_TOO_LONG])
    scale = question.kind == OwnKind.SCALE
    values = SCALE if scale else question.options
    return _radio(question.label, [(value, value) for value in values], wording.SCALE_ENDS if scale else "")


def _radio(label: str, values: Iterable[tuple[str, str]], help: str = "", *needed: Any) -> UnboundField:
    """Radio buttons; what can be left out begins with no answer. What is no answer the domain refuses."""
    options = [SelectChoice(value, word) for value, word in values]
    made: Any = RadioField(
        label,
        needed,
        choices=options if needed else [*options, _NONE],
        default=None if needed else "",
        description=help,
        validate_choice=False,
    )
    return made
