"""The forms of invoices: whom one is for, crediting it, money on it, giving up, and how prices are booked."""

from collections.abc import Mapping, Sequence
from typing import Self

from wtforms import DateField, Form, FormField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from eventapp import wording
from eventapp.domain.events import EventKind
from eventapp.domain.invoices import Buyer
from eventapp.domain.pricing import Category
from eventapp.domain.revenue import RevenueRule
from eventapp.domain.vat import Vat
from eventapp.models import Event
from eventapp.web.forms import DutchForm, MoneyField, StrippedString, at_most, choices
from eventapp.web.organiser.forms.invoice_details import InvoiceDetailsForm
from eventapp.web.own_numbers import own_numbers

_WHY = "Vul in waarom; dit blijft bij de factuur staan."


class BuyerForm(InvoiceDetailsForm):
    """Whom an invoice is for, as whoever booked or the office fills it in."""

    order_number = StrippedString("Ordernummer", validators=[at_most(60)])
    cost_centre = StrippedString("Kostenplaats", validators=[at_most(60)])
    reference = StrippedString("Uw kenmerk", validators=[at_most(100)])

    def buyer(self, before: Buyer) -> Buyer:
        """What was filled in; only after `validate`. The name we know stays for who leaves the legal name empty."""
        details = vars(self.read())
        return Buyer(
            **details, name=before.name, order_number=self.order_number.data, cost_centre=self.cost_centre.data
        )


class ReissueForm(BuyerForm):
    reason = StrippedString("Waarom een nieuwe factuur", validators=[DataRequired(_WHY), at_most(300)])


class ReasonForm(DutchForm):
    reason = StrippedString("Reden", validators=[DataRequired(_WHY), at_most(300)])


class MatchForm(DutchForm):
    amount = MoneyField("Bedrag", validators=[InputRequired(wording.AMOUNT_MISSING)])
    way = SelectField(
        "Wat gebeurde er",
        choices=[SelectChoice("in", "Ontvangen"), SelectChoice("back", "Door ons terugbetaald")],
    )
    received_on = DateField("Op", validators=[InputRequired(wording.BANK_DAY_MISSING)])
    bank_line = StrippedString("Bankregel", description="Wat u er later aan herkent.", validators=[at_most(140)])

    def validate_amount(self, field: MoneyField) -> None:
        if field.data == 0:
            raise ValidationError(wording.AMOUNT_MISSING)

    @property
    def cents(self) -> int:
        """What came in; below zero when it went back."""
        return int(self.amount.data or 0) * (-1 if self.way.data == "back" else 1)


class AmountsForm(DutchForm):
    """Base of forms with an amount per line or invoice; `asking` makes the fields, named by number."""

    amounts: FormField

    @classmethod
    def asking(cls, labels: Mapping[int, str], filled: Mapping[int, int] | None = None) -> Self:
        """The form with an amount for each of these, filled in where that is given."""
        fields = {str(number): MoneyField(label, validators=[Optional()]) for number, label in labels.items()}
        whole = type(cls.__name__, (cls,), {"amounts": FormField(type("Amounts", (Form,), fields))})
        return whole(data={"amounts": {str(number): cents for number, cents in (filled or {}).items()}})

    @staticmethod
    def filled_in(sent: Mapping[str, str]) -> list[int]:
        """The numbers at which something was typed, of whatever was sent, amount or not."""
        named = ((name.removeprefix("amounts-"), text) for name, text in sent.items() if name.startswith("amounts-"))
        return own_numbers(name for name, text in named if text.strip())

    @property
    def typed(self) -> dict[int, int]:
        """The amounts that were filled in, in cents by number."""
        return {int(name): cents for name, cents in self.amounts.data.items() if cents}


class CreditForm(AmountsForm):
    reason = StrippedString("Reden", validators=[DataRequired(_WHY), at_most(300)])


class BankLineForm(AmountsForm):
    received_on = DateField("Op", validators=[InputRequired(wording.BANK_DAY_MISSING)])
    bank_line = StrippedString(
        "Bankregel", validators=[DataRequired("Vul in waaraan u de bankregel herkent."), at_most(140)]
    )


class RevenueForm(DutchForm):
    """A rule for how a price is booked."""

    starts_on = DateField("Vanaf", validators=[InputRequired(wording.FIRST_DAY_MISSING)])
    vat = SelectField("Btw", choices=choices(wording.VATS))
    reason = StrippedString(
        "Tekst op de factuur",
        description="Verplicht zonder btw: waarom, met het wetsartikel.",
        validators=[at_most(300)],
    )
    kind = SelectField("Soort bijeenkomst", choices=[SelectChoice("", "Alle soorten"), *choices(wording.KINDS)])
    event_id = SelectField("Alleen deze bijeenkomst", validators=[Optional()])
    category = SelectField("Categorie", choices=[SelectChoice("", "Alle categorieën"), *choices(wording.CATEGORIES)])
    ledger_account = StrippedString("Grootboekrekening", validators=[at_most(20)])
    cost_centre = StrippedString("Kostenplaats", validators=[at_most(40)])

    def choose_from(self, events: Sequence[Event]) -> None:
        named = [SelectChoice(str(event.id), f"{event.title}, {event.starts_at:%d-%m-%Y}") for event in events]
        self.event_id.choices = [SelectChoice("", "Alle bijeenkomsten"), *named]

    def validate_reason(self, field: StrippedString) -> None:
        without = [vat for vat in Vat if vat.needs_reason]
        if self.vat.data in without and not field.data:
            raise ValidationError("Zonder btw moet op de factuur staan waarom.")

    def read(self) -> RevenueRule:
        """The rule; only after `validate`."""
        return RevenueRule(
            self.starts_on.data,
            Vat(self.vat.data),
            self.reason.data,
            int(self.event_id.data) if self.event_id.data else None,
            EventKind(self.kind.data) if self.kind.data else None,
            Category(self.category.data) if self.category.data else None,
            self.ledger_account.data,
            self.cost_centre.data,
        )
