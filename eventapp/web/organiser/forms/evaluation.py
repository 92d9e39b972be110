"""What an event does afterwards, as a form: thanks, what is asked, for how long, and its own questions."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from eventapp import wording
from eventapp.domain.evaluation import MOST_OPTIONS, MOST_QUESTIONS, OPEN_DAYS, OwnKind, OwnQuestion, Plan
from eventapp.web.forms import DutchForm, StrippedString, at_most, choices
from eventapp.web.organiser.forms.fields import PlainText

_PLACES = tuple(range(1, MOST_QUESTIONS + 1))
_LONGEST_OPTION = 100
_NOT_TOO_LONG = at_most(200)


class OwnRow(NamedTuple):
    """The three fields of one question."""

    label: Any
    kind: Any
    options: Any

    @property
    def used(self) -> bool:
        return bool(self.label.data)

    def words(self) -> tuple[str, ...]:
        """The answers to choose from, each once."""
        lines = (" ".join(line.split()) for line in (self.options.data or "").split("\n"))
        return tuple(dict.fromkeys(line for line in lines if line))

    def read(self) -> OwnQuestion:
        kind = OwnKind(self.kind.data)
        return OwnQuestion(kind, self.label.data, self.words() if kind == OwnKind.CHOICE else ())


class PlanForm(DutchForm):
    """Five rows at most for questions of its own; a row without a question says nothing."""

    version = HiddenField()
    thanks = BooleanField("Stuur wie erbij was een bedankmail")
    asks = BooleanField("Vraag daarin wat men ervan vond")
    named = BooleanField("Laat mensen die dat willen hun naam zetten bij wat zij schrijven")
    days = SelectField(
        "Zo lang kan men antwoorden", choices=[SelectChoice(str(days), f"{days} dagen") for days in OPEN_DAYS]
    )

    @property
    def rows(self) -> list[OwnRow]:
        return [OwnRow(*(self[f"own{place}_{part}"] for part in OwnRow._fields)) for place in _PLACES]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        fine = super().validate(extra_validators)
        return all([fine, *(_complete(row) for row in self.rows)])

    def read(self) -> Plan:
        """What was filled in; only after `validate`."""
        return Plan(
            thanks=bool(self.thanks.data),
            asks=bool(self.asks.data),
            named=bool(self.named.data),
            days=int(self.days.data),
            questions=tuple(row.read() for row in self.rows if row.used),
        )


for _place in _PLACES:
    _fields = (
        StrippedString(f"Tekst van vraag {_place}", [_NOT_TOO_LONG]),
        SelectField("Soort antwoord", choices=choices(wording.OWN_KINDS)),
        PlainText(wording.OPTIONS),
    )
    for _part, _field in zip(OwnRow._fields, _fields, strict=True):
        setattr(PlanForm, f"own{_place}_{_part}", _field)


def plan_data(plan: Plan, version: int) -> dict[str, Any]:
    """What the form shows of a plan."""
    data: dict[str, Any] = {"version": str(version), "days": str(plan.days)}
    data |= {"thanks": plan.thanks, "asks": plan.asks, "named": plan.named}
    for place, question in enumerate(plan.questions, start=1):
        values = (question.label, question.kind.value, "\n".join(question.options))
        data |= {f"own{place}_{part}": value for part, value in zip(OwnRow._fields, values, strict=True)}
    return data


def _complete(row: OwnRow) -> bool:
    if not row.used:
        return not row.words() or _wrong(row.label, "Schrijf de vraag op, of maak de antwoorden leeg.")
    if row.kind.data != OwnKind.CHOICE:
        return True
    words = row.words()
    if not 2 <= len(words) <= MOST_OPTIONS:
        return _wrong(row.options, f"Schrijf 2 tot {MOST_OPTIONS} antwoorden op, elk op een eigen regel.")
    if any(len(word) > _LONGEST_OPTION for word in words):
        return _wrong(row.options, wording.options_too_long(_LONGEST_OPTION))
    return True


def _wrong(field: Any, message: str) -> bool:
    field.errors = [*field.errors, message]
    return False
