"""The forms of money that goes back by bank: on which day it left, why it stays, and why either is undone."""

from typing import Any

from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional

from eventapp import wording
from eventapp.web.forms import DutchForm, StrippedString, at_most
from eventapp.web.own_numbers import own_number

_SHORT = at_most(300)


class _ConfirmedForm(DutchForm):
    """`asked` is the amount that the second yes is about: when it changed meanwhile, that one is asked for."""

    second_yes = BooleanField("Ja, dit klopt")
    asked = HiddenField()

    @property
    def confirmed_cents(self) -> int | None:
        """The amount that was confirmed once more."""
        return own_number(self.asked.data) if self.second_yes.data else None

    def ask_again(self, question: str, amount_cents: int) -> None:
        """Have this very amount confirmed."""
        self.asked.data, self.second_yes.data = str(amount_cents), False
        self.second_yes.errors = [question]


class PaidBackForm(_ConfirmedForm):
    paid_on = DateField("Overgemaakt op", validators=[InputRequired(wording.PAID_DAY_MISSING)])


class KeptForm(_ConfirmedForm):
    reason = StrippedString(
        "Reden",
        description="Bijvoorbeeld: gift van de betaler, of verrekend met een andere factuur. Komt in het logboek.",
        validators=[DataRequired("Vul in waarom het niet terug hoeft."), _SHORT],
    )


class UndoForm(DutchForm):
    reason = StrippedString(
        "Reden", description=wording.IN_THE_LOG, validators=[DataRequired("Vul in waarom."), _SHORT]
    )


class InsteadForm(DutchForm):
    """A refund that failed at the provider: ask for an account, or it was transferred already."""

    how = RadioField(
        "Hoe gaat het geld terug?",
        choices=[
            SelectChoice("ask", "Vraag de betaler om een rekeningnummer; daarna maak ik het over"),
            SelectChoice("done", "Het is al per bank overgemaakt"),
        ],
        validators=[InputRequired("Kies een van beide.")],
    )
    paid_on = DateField("Overgemaakt op", validators=[Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if good and self.how.data == "done" and self.paid_on.data is None:
            self.paid_on.errors = [*self.paid_on.errors, wording.PAID_DAY_MISSING]
            return False
        return good
