"""The form for printing badges: whose, in which order, on which labels."""

import re
from enum import StrEnum
from typing import Any, TypeVar

from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from eventapp import formatting, wording
from eventapp.domain.badges import SHEETS, Selection, Sheet, SheetKind, SortOrder
from eventapp.services.badging import Wish
from eventapp.web.forms import DutchForm, choices
from eventapp.web.organiser.forms.fields import WholeNumberField
from eventapp.web.own_numbers import own_number

Code = TypeVar("Code", bound=StrEnum)

_SIZE = re.compile(r"\d{1,3}(?:[.,]\d)?")
# The fields of free sizes with what they are on the sheet.
SIZES = ("width", "height", "left", "top", "gap_across", "gap_down")


class MillimetreField(StringField):
    """A size as people type it; `data` is tenths of a millimetre. What was typed is kept when it is no size."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        whole, tenth = divmod(self.data or 0, 10)
        return f"{whole},{tenth}" if tenth else str(whole)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not _SIZE.fullmatch(text):
            raise ValueError("Vul millimeters in, bijvoorbeeld 63,5.")
        self.data = round(float(text.replace(",", ".")) * 10)


def _count(label: str, most: int) -> WholeNumberField:
    message = f"Vul een getal van 1 tot en met {most} in."
    return WholeNumberField(label, validators=[InputRequired(message), NumberRange(1, most, message)])


class BadgeForm(DutchForm):
    """`aanmelding` is the id of the one registration whose badge is wanted."""

    selection = RadioField("Welke badges?", choices=[], default=Selection.ALL.value)
    order = RadioField("Volgorde", choices=choices(wording.SORT_ORDERS), default=SortOrder.FAMILY_NAME.value)
    kind = RadioField("Vel", choices=choices(wording.SHEETS), default=SheetKind.L4784.value)
    first_label = _count("Begin bij label", 200)
    aanmelding = HiddenField()
    columns = _count("Labels naast elkaar", 10)
    rows = _count("Labels onder elkaar", 20)
    width = MillimetreField("Breedte van een label")
    height = MillimetreField("Hoogte van een label")
    left = MillimetreField("Vanaf de linkerkant van het vel")
    top = MillimetreField("Vanaf de bovenkant van het vel")
    gap_across = MillimetreField("Ruimte tussen labels naast elkaar")
    gap_down = MillimetreField("Ruimte tussen labels onder elkaar")

    def offer(self, everybody: int, changed: int, one: str, *, before: bool) -> None:
        """Whose badges can be printed, in numbers; `one` is the name of the one person."""
        words = [(Selection.ALL, f"Iedereen ({formatting.count_nl(everybody, 'badge', 'badges')})")]
        if before:
            new = formatting.count_nl(changed, "badge", "badges")
            words.append((Selection.CHANGED, f"Alleen nieuw en gewijzigd sinds vorige afdruk ({new})"))
        if one:
            words.append((Selection.ONE, f"Alleen die van {one}"))
        self.selection.choices = [SelectChoice(code.value, word) for code, word in words]

    def validate(self, extra_validators: Any = None) -> bool:
        """Free sizes count only when they are chosen; then they have to fit on the sheet."""
        free = self.kind.data == SheetKind.FREE.value
        good = super().validate(extra_validators)
        if not free:
            for name in ("columns", "rows", *SIZES):
                self[name].errors = []
            good = not self.errors
        if not good:
            return False
        sheet = self.sheet()
        if problem := sheet.problem():
            self.kind.errors = [wording.SHEET_PROBLEMS[problem]]
        elif (self.first_label.data or 1) > sheet.labels:
            self.first_label.errors = [f"Op dit vel zijn {sheet.labels} labels."]
        return not self.errors

    def sheet(self) -> Sheet:
        """What was chosen; only after the fields were found good."""
        kind = SheetKind(self.kind.data)
        if kind != SheetKind.FREE:
            return SHEETS[kind]
        return Sheet(self.columns.data or 1, self.rows.data or 1, **{name: self[name].data for name in SIZES})

    def read(self) -> Wish:
        """What the office wants printed; only after `validate`."""
        return self.read_as(self.sheet(), self.first_label.data or 1)

    def read_as(self, sheet: Sheet, first_label: int = 1) -> Wish:
        """The same on these labels, with the first choice of whatever was not chosen well."""
        return Wish(
            _one_of(Selection, self.selection.data, Selection.ALL),
            _one_of(SortOrder, self.order.data, SortOrder.FAMILY_NAME),
            _one_of(SheetKind, self.kind.data, SheetKind.L4784),
            sheet,
            first_label,
            own_number(str(self.aanmelding.data or "")),
        )


def _one_of(codes: type[Code], given: str | None, usual: Code) -> Code:
    return codes(given) if given in list(codes) else usual
