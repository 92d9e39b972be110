"""The form for giving money back: how much, why, and for a large amount a second yes."""

from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired, ValidationError

from eventapp import formatting
from eventapp.web.forms import DutchForm, MoneyField, StrippedString, at_most
from eventapp.web.own_numbers import own_number


class RefundForm(DutchForm):
    """`asked` is the amount that the second yes is about: typing another one asks again. At most `left_cents`."""

    left_cents = 0

    amount_cents = MoneyField("Bedrag", validators=[DataRequired("Vul in hoeveel er terug moet.")])
    reason = StrippedString(
        "Reden",
        description="De betaler leest dit in de mail.",
        validators=[DataRequired("Vul in waarom."), at_most(150)],
    )
    second_yes = BooleanField("Ja, dit bedrag moet terug")
    asked = HiddenField()

    def validate_amount_cents(self, field: MoneyField) -> None:
        if field.data is not None and not 0 < field.data <= self.left_cents:
            raise ValidationError(f"Vul een bedrag in van hooguit {formatting.money(self.left_cents)}.")

    @property
    def confirmed_cents(self) -> int | None:
        """The amount that was confirmed once more."""
        return own_number(self.asked.data) if self.second_yes.data else None

    def ask_again(self, question: str) -> None:
        """Have this very amount confirmed."""
        self.asked.data, self.second_yes.data = str(self.amount_cents.data), False
        self.second_yes.errors = [question]
