"""Forms that speak Dutch, keep what was typed, and read money, moments and addresses the Dutch way."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, EmailField, Field, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from eventapp import formatting, wording
from eventapp.domain.errors import DomainError
from eventapp.domain.times import AMSTERDAM, local_time_exists
from eventapp.extensions import csrf

View = TypeVar("View", bound=Callable[..., object])


def checks_own_csrf(view: View) -> View:
    """For views whose DutchForm checks the token itself, so that a stale one gives the form back, filled in."""
    return csrf.exempt(view)


def choices(words: Mapping[Any, str]) -> list[SelectChoice]:
    """A table of wording.py as the options of a field."""
    return [SelectChoice(code.value, word) for code, word in words.items()]


def at_most(length: int) -> Length:
    """No more characters than this."""
    return Length(max=length, message=wording.too_long(length))


class DutchForm(FlaskForm):
    """Base of all forms."""

    class Meta:
        locales = ("nl_NL",)

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Any:
            # Several forms on a page carry the same token, and an id stands on a page once.
            unnamed = {"id": False} if field.type == "CSRFTokenField" else {}
            return super().render_field(field, unnamed | render_kw)  # type: ignore[misc]

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the domain above the form."""
        self.form_errors: list[str] = [*self.form_errors, wording.refusal(error)]


class StrippedString(StringField):
    """Text without white space around it and without control characters."""

    data: str

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = "".join(char for char in (self.data or "") if char.isprintable()).strip()


class AddressField(EmailField):
    """An e-mail address, normalised and in lower case once it is valid."""

    data: str

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = (self.data or "").strip()

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        try:
            self.data = formatting.parse_address(self.data)
        except ValueError as error:
            raise ValidationError("Dit is geen volledig e-mailadres, zoals naam@organisatie.nl.") from error


class MoneyField(StringField):
    """An amount as people type it; `data` is cents. What was typed is kept when it is no amount."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else formatting.money(self.data).removeprefix("€").strip()

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            return
        try:
            self.data = formatting.parse_money(text)
        except ValueError as error:
            raise ValueError("Dit is geen bedrag; schrijf bijvoorbeeld 95 of 12,50.") from error


class LocalDateTimeField(DateTimeLocalField):
    """A Dutch date and time; `data` is the aware moment. The hour that summer time skips is refused."""

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.astimezone(AMSTERDAM).strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if not valuelist or not valuelist[0]:
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("Dit is geen datum en tijd.") from error
        naive: datetime | None = self.data
        if naive is None:
            return
        if not local_time_exists(naive):
            self.data = None
            raise ValueError("Dit tijdstip bestaat niet: die nacht gaat de klok een uur vooruit.")
        self.data = naive.replace(tzinfo=AMSTERDAM)
