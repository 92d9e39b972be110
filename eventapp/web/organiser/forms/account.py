"""The forms of the account: closing a year, opening it again, and an event for which nobody registers with us."""

from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired, NumberRange, Optional, ValidationError

from eventapp import wording
from eventapp.web.forms import DutchForm, StrippedString, at_most
from eventapp.web.organiser.forms.fields import WholeNumberField


class YearClosingForm(DutchForm):
    """`without` is asked only while meetings wait to be fixed, `seen` is which ones the page showed."""

    seen = HiddenField()
    without = BooleanField("Sluit af zonder wie daar aanwezig was")

    def __init__(self, *, waiting: bool) -> None:
        super().__init__()
        self._waiting = waiting

    def validate_without(self, field: BooleanField) -> None:
        if self._waiting and not field.data:
            raise ValidationError("Stel de presentie eerst vast, of zet hier een vinkje.")


class YearReopeningForm(DutchForm):
    reason = StrippedString(
        "Reden", validators=[DataRequired("Vul in waarom; dit blijft bij het jaar staan."), at_most(300)]
    )


class VisibilityForm(DutchForm):
    contribution = StrippedString(
        "Wat de vereniging bijdroeg",
        description="In een paar woorden, bijvoorbeeld: stand en een lezing. Leeg: niets.",
        validators=[at_most(300)],
    )
    heads = WholeNumberField(
        "Aantal bezoekers",
        description="Geteld of geschat. Leeg: niet geteld.",
        validators=[Optional(), NumberRange(0, 100_000, wording.UP_TO_100_000)],
    )
