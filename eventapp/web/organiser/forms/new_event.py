"""The forms with which a new event begins: of a kind, or like an earlier one."""

from collections.abc import Iterable

from wtforms import DateField, RadioField
from wtforms.validators import DataRequired, InputRequired, Optional

from eventapp import wording
from eventapp.domain.copying import Part
from eventapp.domain.events import EventKind
from eventapp.services.copying import Copy
from eventapp.web.forms import DutchForm, StrippedString, at_most, choices
from eventapp.web.organiser.forms.fields import MultipleChoices


class KindForm(DutchForm):
    """Sent with GET: it only says which form comes next."""

    class Meta:
        csrf = False

    kind = RadioField(
        "Wat voor bijeenkomst wordt het?",
        name="soort",
        choices=choices(wording.KINDS),
        default=EventKind.THEMADAG.value,
    )
    day = DateField("Op welke dag?", [Optional()], name="dag")


class CopyForm(DutchForm):
    """When the new one is, what it is called, and what comes along of what there is."""

    title = StrippedString(
        "Titel",
        [
            DataRequired(wording.TITLE_MISSING),
            at_most(200),
        ],
    )
    day = DateField("Op welke dag begint de nieuwe?", [InputRequired("Vul de nieuwe dag in.")])
    parts = MultipleChoices("Wat gaat er verder mee?", choices=choices(wording.COPIED_PARTS))

    def offer(self, parts: Iterable[Part]) -> None:
        """Only what there is."""
        there = set(parts)
        self.parts.choices = choices({part: word for part, word in wording.COPIED_PARTS.items() if part in there})
        self.parts.data = [code for code in self.parts.data or () if code in there]

    def read(self) -> Copy:
        """What was filled in; only after `validate`."""
        return Copy(day=self.day.data, title=self.title.data, parts=[Part(code) for code in self.parts.data or ()])
