"""The rows of an event's form that speak to some kinds of organisations only, below those for a whole category."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from eventapp import formatting, wording
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.pricing import BY_ORGANISATION, CATEGORY_ORDER, Admission, Category, PriceLine
from eventapp.web.forms import DutchForm, MoneyField, choices
from eventapp.web.organiser.forms.fields import MultipleChoices

_ROWS = (1, 2, 3)
_PARTS = ("category", "kinds", "admission", "amount")


class NarrowedRow(NamedTuple):
    """The four fields of one row."""

    category: Any
    kinds: Any
    admission: Any
    amount: Any

    @property
    def used(self) -> bool:
        """Whether anything was filled in; the category alone says nothing, for one always stands there."""
        return bool(self.kinds.data or self.admission.data or self.amount.data or self.amount.errors)

    def read(self) -> PriceLine:
        """The line it says; only after `validate`."""
        kinds = frozenset(OrganisationKind(code) for code in self.kinds.data)
        return PriceLine(Category(self.category.data), Admission(self.admission.data), self.amount.data or 0, kinds)


class NarrowedLines(DutchForm):
    """Three rows at most; a row in which nothing was filled in says nothing."""

    @property
    def narrowed_rows(self) -> list[NarrowedRow]:
        return [NarrowedRow(*(self[_name(row, part)] for part in _PARTS)) for row in _ROWS]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        fine = super().validate(extra_validators)
        used = [row for row in self.narrowed_rows if row.used]
        complete = [_complete(row) for row in used]
        return all([fine, *complete, *(_new_to(used[:nth], row) for nth, row in enumerate(used))])

    def read_narrowed(self) -> list[PriceLine]:
        """The lines of the rows that were filled in; only after `validate`."""
        return [row.read() for row in self.narrowed_rows if row.used]


def amount_fits(admission: Any, amount: Any) -> bool:
    """Whether amount and admission belong together: "tegen prijs" has an amount, the others have none."""
    if admission.data == Admission.PRIJS and not amount.data and not amount.errors:
        return _wrong(amount, "Vul het bedrag in, of kies “Gratis”.")
    if admission.data != Admission.PRIJS and amount.data:
        return _wrong(admission, "Er staat een bedrag. Kies “Tegen prijs”, of maak het bedrag leeg.")
    return True


def narrowed_data(lines: Iterable[PriceLine]) -> dict[str, Any]:
    """What the rows show of an event."""
    narrowed = sorted(
        (line for line in lines if line.kinds), key=lambda line: (CATEGORY_ORDER[line.category], sorted(line.kinds))
    )
    data: dict[str, Any] = {}
    for row, line in zip(_ROWS, narrowed, strict=False):
        values = (line.category.value, sorted(line.kinds), line.admission.value, line.price_cents or None)
        data |= {_name(row, part): value for part, value in zip(_PARTS, values, strict=True)}
    return data


def _name(row: int, part: str) -> str:
    return f"only{row}_{part}"


def _complete(row: NarrowedRow) -> bool:
    fine = amount_fits(row.admission, row.amount) if row.admission.data else True
    if not row.kinds.data:
        fine = _wrong(row.kinds, "Kruis aan voor welke organisaties deze regel geldt.")
    if not row.admission.data:
        fine = _wrong(row.admission, "Kies de toegang, of maak de regel leeg.")
    return fine


def _new_to(earlier: list[NarrowedRow], row: NarrowedRow) -> bool:
    """Whether no earlier row speaks to the same organisations of the same category."""
    taken = {kind for other in earlier if other.category.data == row.category.data for kind in other.kinds.data}
    twice = [
        word for kind, word in wording.ORGANISATION_KINDS_PLURAL.items() if kind in taken.intersection(row.kinds.data)
    ]
    return _wrong(row.kinds, f"Hierboven staat al een regel voor {formatting.listed(twice)}.") if twice else True


def _wrong(field: Any, message: str) -> bool:
    field.errors = [*field.errors, message]
    return False


for _row in _ROWS:
    _of_organisation = {category: wording.CATEGORIES[category] for category in BY_ORGANISATION}
    _said = [SelectChoice("", "Deze regel niet gebruiken"), *choices(wording.ADMISSIONS)]
    _fields = (
        SelectField(f"Groep (regel {_row})", choices=choices(_of_organisation), default=Category.NIET_LID.value),
        MultipleChoices(f"Alleen voor (regel {_row})", choices=choices(wording.ORGANISATION_KINDS)),
        SelectField(f"Toegang (regel {_row})", choices=_said, default=""),
        MoneyField(f"Prijs (regel {_row})"),
    )
    for _part, _field in zip(_PARTS, _fields, strict=True):
        setattr(NarrowedLines, _name(_row, _part), _field)
