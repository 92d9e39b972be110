"""The form of an event: everything an organiser fills in, read into EventDetails and back."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from wtforms import IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from eventapp import wording
from eventapp.domain.event_details import SLUG_LENGTH, EventDetails
from eventapp.domain.events import EventForm as Form
from eventapp.domain.events import EventKind, Field, RegistrationMode, TargetGroup, Visibility
from eventapp.domain.pricing import BY_HAND_ONLY, Admission, Category, PriceLine, default_lines
from eventapp.web.forms import DutchForm, LocalDateTimeField, MoneyField, StrippedString, choices

PRICED = tuple(category for category in Category if category not in BY_HAND_ONLY)
FIELD_WORDS = {
    "title": "titel",
    "slug": "webadres",
    "kind": "soort",
    "form": "vorm",
    "starts_at": "begin",
    "ends_at": "einde",
    "opens_at": "aanmelden vanaf",
    "closes_at": "aanmelden tot",
    "venue": "locatie",
    "street": "straat en nummer",
    "postcode": "postcode",
    "city": "plaats",
    "route": "route",
    "online_url": "link om mee te doen",
    "summary": "samenvatting",
    "description": "beschrijving",
    "contact": "contact",
    "visibility": "zichtbaarheid",
    "registration": "manier van aanmelden",
    "external_url": "link naar de andere site",
    "capacity": "aantal plaatsen",
    "target_groups": "doelgroepen",
    "fields": "vakgebieden",
    "prices": "toegang en prijs",
}


def _at_most(length: int) -> Length:
    return Length(max=length, message=f"Maak dit korter: hooguit {length} tekens.")


class WholeNumberField(IntegerField):
    """A whole number; what was typed is kept when it is none.

    Not a number input: a browser sends nothing at all for what it cannot read, and nothing means "no limit" here.
    """

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        try:
            self.data = int(text)
        except ValueError as error:
            raise ValueError("Dit is geen geheel getal.") from error


class MultipleChoices(SelectMultipleField):
    """Check boxes, of which any number may be ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PlainText(TextAreaField):
    """Text of several lines, without white space around it."""

    data: str

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = (self.data or "").replace("\r\n", "\n").strip()


class EventForm(DutchForm):
    title = StrippedString("Titel", validators=[DataRequired("Geef de bijeenkomst een titel."), _at_most(200)])
    slug = StrippedString("Webadres", validators=[_at_most(SLUG_LENGTH)])
    kind = SelectField("Soort", choices=choices(wording.KINDS))
    summary = StrippedString("Samenvatting in één zin", validators=[_at_most(300)])
    description = PlainText("Beschrijving", validators=[_at_most(20_000)])
    target_groups = MultipleChoices("Doelgroepen", choices=choices(wording.TARGET_GROUPS))
    fields = MultipleChoices("Vakgebieden", choices=choices(wording.FIELDS))
    starts_at = LocalDateTimeField("Begin", validators=[InputRequired("Vul in wanneer de bijeenkomst begint.")])
    ends_at = LocalDateTimeField("Einde", validators=[InputRequired("Vul in wanneer de bijeenkomst afloopt.")])
    form = SelectField("Vorm", choices=choices(wording.FORMS))
    venue = StrippedString("Locatie", validators=[_at_most(200)])
    street = StrippedString("Straat en nummer", validators=[_at_most(200)])
    postcode = StrippedString("Postcode", validators=[_at_most(12)])
    city = StrippedString("Plaats", validators=[_at_most(100)])
    route = PlainText("Route en parkeren", validators=[_at_most(5000)])
    online_url = StrippedString("Link om mee te doen", validators=[_at_most(500)])
    visibility = SelectField("Wie ziet deze bijeenkomst?", choices=choices(wording.VISIBILITIES))
    registration = SelectField("Hoe meldt men zich aan?", choices=choices(wording.REGISTRATION_MODES))
    external_url = StrippedString("Link naar de andere site", validators=[_at_most(500)])
    opens_at = LocalDateTimeField("Aanmelden kan vanaf", validators=[Optional()])
    closes_at = LocalDateTimeField("Aanmelden kan tot", validators=[Optional()])
    capacity = WholeNumberField(
        "Aantal plaatsen",
        validators=[Optional(), NumberRange(min=1, max=100_000, message="Vul een getal van 1 tot 100.000 in.")],
    )
    contact = StrippedString("Contact voor vragen", validators=[_at_most(200)])
    version = WholeNumberField("Versie", validators=[Optional()])

    @property
    def price_rows(self) -> list[tuple[str, Any, Any]]:
        """Word, admission field and amount field of each category."""
        return [(wording.CATEGORIES[c], self[_admission(c)], self[_amount(c)]) for c in PRICED]

    def validate_slug(self, field: StrippedString) -> None:
        if field.data and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", field.data):
            raise ValidationError("Gebruik alleen kleine letters, cijfers en losse streepjes.")

    def validate_ends_at(self, field: LocalDateTimeField) -> None:
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError("Het einde ligt niet na het begin.")

    def validate_closes_at(self, field: LocalDateTimeField) -> None:
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError("De aanmelding sluit voordat zij opent.")

    def validate_external_url(self, field: StrippedString) -> None:
        if self.registration.data == RegistrationMode.ELDERS and not field.data:
            raise ValidationError("Vul in waar men zich aanmeldt.")
        _check_url(field)

    def validate_online_url(self, field: StrippedString) -> None:
        _check_url(field)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        fine = super().validate(extra_validators)
        return all([fine, *(self._price_fine(category) for category in PRICED)])

    def _price_fine(self, category: Category) -> bool:
        """Whether amount and admission belong together: "tegen prijs" has an amount, the others have none."""
        admission, amount = self[_admission(category)], self[_amount(category)]
        if admission.data == Admission.PRIJS and not amount.data and not amount.errors:
            amount.errors = [*amount.errors, "Vul het bedrag in, of kies “Gratis”."]
            return False
        if admission.data != Admission.PRIJS and amount.data:
            admission.errors = [*admission.errors, "Er staat een bedrag. Kies “Tegen prijs”, of maak het bedrag leeg."]
            return False
        return True

    def read(self) -> EventDetails:
        """What was filled in; only after `validate`."""
        plain = [
            "title",
            "slug",
            "summary",
            "description",
            "venue",
            "street",
            "postcode",
            "city",
            "route",
            "online_url",
            "external_url",
            "contact",
        ]
        texts: dict[str, Any] = {name: self[name].data or "" for name in plain}
        times: dict[str, Any] = {name: self[name].data for name in ("starts_at", "ends_at", "opens_at", "closes_at")}
        return EventDetails(
            **texts,
            **times,
            capacity=self.capacity.data,
            kind=EventKind(self.kind.data),
            form=Form(self.form.data),
            visibility=Visibility(self.visibility.data),
            registration=RegistrationMode(self.registration.data),
            target_groups=frozenset(TargetGroup(code) for code in self.target_groups.data or ()),
            fields=frozenset(Field(code) for code in self["fields"].data or ()),
            prices=frozenset(line for line in map(self._line, PRICED) if line.admission != Admission.NIET),
        )

    def _line(self, category: Category) -> PriceLine:
        admission = Admission(self[_admission(category)].data)
        return PriceLine(category, admission, self[_amount(category)].data or 0)


def _admission(category: Category) -> str:
    return f"admission_{category.name.lower()}"


def _amount(category: Category) -> str:
    return f"amount_{category.name.lower()}"


for _category in PRICED:
    _word = wording.CATEGORIES[_category]
    setattr(
        EventForm, _admission(_category), SelectField(f"Toegang {_word.lower()}", choices=choices(wording.ADMISSIONS))
    )
    setattr(EventForm, _amount(_category), MoneyField(f"Prijs {_word.lower()}"))


def _check_url(field: StrippedString) -> None:
    if field.data and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", field.data):
        raise ValidationError("Dit is geen volledig webadres; het begint met https://.")


def fill_from(details: EventDetails) -> dict[str, Any]:
    """What the form shows of an event: codes as text, price lines spread over their fields."""
    data = {name: _plain(getattr(details, name)) for name in FIELD_WORDS if name != "prices"}
    return data | _price_data(list(details.prices))


def fill_for_kind(kind: EventKind) -> dict[str, Any]:
    """What the form starts with for a new event of this kind."""
    form = Form.ONLINE if kind == EventKind.WEBINAR else Form.FYSIEK
    return {"kind": kind.value, "form": form.value} | _price_data(default_lines(kind))


def _price_data(lines: list[PriceLine]) -> dict[str, Any]:
    given = {line.category: line for line in lines}
    data: dict[str, Any] = {}
    for category in PRICED:
        line = given.get(category, PriceLine(category, Admission.NIET))
        data[_admission(category)] = line.admission.value
        data[_amount(category)] = line.price_cents or None
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return [code.value for code in value]
    return value.value if isinstance(value, StrEnum) else value
