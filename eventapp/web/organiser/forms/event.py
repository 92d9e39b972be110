"""The form of an event: everything an organiser fills in, read into EventDetails and back."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from eventapp import wording
from eventapp.domain.event_details import SLUG_LENGTH, EventDetails
from eventapp.domain.events import EventForm as Form
from eventapp.domain.events import EventKind, Field, RegistrationMode, TargetGroup, Visibility
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.pricing import BY_HAND_ONLY, Admission, Category, PriceLine, default_lines
from eventapp.web.forms import LocalDateTimeField, MoneyField, StrippedString, choices
from eventapp.web.organiser.forms.fields import MultipleChoices, WholeNumberField
from eventapp.web.organiser.forms.narrowed import NarrowedLines, amount_fits, narrowed_data
from eventapp.web.organiser.forms.terms import TermRows, terms_data

PRICED = tuple(category for category in Category if category not in BY_HAND_ONLY)

_IN_ROWS = ("prices", "cancellation_terms")
AT_ONCE, WHEN_PAID = "meteen", "betaald"


def _at_most(length: int) -> Length:
    return Length(max=length, message=f"Maak dit korter: hooguit {length} tekens.")


class PlainText(TextAreaField):
    """Text of several lines, without white space around it."""

    data: str

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = (self.data or "").replace("\r\n", "\n").replace("\0", "").strip()


class EventForm(TermRows, NarrowedLines):
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
    free_per_organisation = WholeNumberField(
        "Aantal gratis plaatsen",
        validators=[Optional(), NumberRange(min=1, max=10_000, message="Vul een getal van 1 tot 10.000 in.")],
    )
    beyond_free = SelectField("Wie daarna komt", choices=choices(wording.BEYOND_FREE), default=BeyondFree.REFUSED.value)
    beyond_free_cents = MoneyField("Bedrag voor wie daarna komt")
    hand_over_to_anybody = BooleanField("Een plaats mag ook naar iemand van buiten de organisatie")
    invoice_allowed = BooleanField("Betalen op factuur kan, voor organisaties")
    confirm_on_invoice = SelectField(
        "Wanneer is een plaats op factuur zeker?",
        [Optional()],
        choices=[
            SelectChoice(AT_ONCE, "Meteen; de factuur volgt"),
            SelectChoice(WHEN_PAID, "Pas als de factuur helemaal is betaald"),
        ],
        default=AT_ONCE,
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

    def validate_free_per_organisation(self, field: WholeNumberField) -> None:
        narrowed = [(row.category.data, row.admission.data) for row in self.narrowed_rows]
        if (Category.LID, Admission.GRATIS) not in [(Category.LID, self[_admission(Category.LID)].data), *narrowed]:
            raise ValidationError("Dit kan alleen als leden gratis komen.")

    def validate_beyond_free_cents(self, field: MoneyField) -> None:
        pays = self.beyond_free.data == BeyondFree.PAYS
        if self.free_per_organisation.data and pays and not field.data:
            raise ValidationError("Vul het bedrag in.")
        if field.data and not (self.free_per_organisation.data and pays):
            raise ValidationError("Dit geldt alleen met een aantal gratis plaatsen en “Betaalt”. Maak het leeg.")

    def validate_external_url(self, field: StrippedString) -> None:
        if self.registration.data == RegistrationMode.ELDERS and not field.data:
            raise ValidationError("Vul in waar men zich aanmeldt.")
        _check_url(field)

    def validate_online_url(self, field: StrippedString) -> None:
        _check_url(field)
        if (field.data or "").startswith("http://"):
            raise ValidationError("Deze link moet met https:// beginnen: wie meedoet, wordt ernaar doorgestuurd.")

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        fine = super().validate(extra_validators)
        return all([fine, *(amount_fits(admission, amount) for _, admission, amount in self.price_rows)])

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
            free_per_organisation=self.free_per_organisation.data,
            beyond_free=BeyondFree(self.beyond_free.data),
            beyond_free_cents=self.beyond_free_cents.data or 0,
            kind=EventKind(self.kind.data),
            form=Form(self.form.data),
            visibility=Visibility(self.visibility.data),
            registration=RegistrationMode(self.registration.data),
            target_groups=frozenset(TargetGroup(code) for code in self.target_groups.data or ()),
            fields=frozenset(Field(code) for code in self["fields"].data or ()),
            prices=frozenset([*self._general_lines(), *self.read_narrowed()]),
            cancellation_terms=self.read_terms(),
            hand_over_to_anybody=bool(self.hand_over_to_anybody.data),
            invoice_allowed=bool(self.invoice_allowed.data),
            confirm_on_invoice=self.confirm_on_invoice.data != WHEN_PAID,
        )

    def _general_lines(self) -> list[PriceLine]:
        said = [(c, Admission(self[_admission(c)].data), self[_amount(c)].data or 0) for c in PRICED]
        return [PriceLine(*line) for line in said if line[1] != Admission.NIET]


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
    data = {name: _plain(getattr(details, name)) for name in wording.EVENT_FIELDS if name not in _IN_ROWS}
    data["beyond_free_cents"] = details.beyond_free_cents or None
    data["confirm_on_invoice"] = AT_ONCE if details.confirm_on_invoice else WHEN_PAID
    rows = terms_data(details.cancellation_terms) | narrowed_data(details.prices)
    return data | _price_data(list(details.prices)) | rows


def fill_for_kind(kind: EventKind) -> dict[str, Any]:
    """What the form starts with for a new event of this kind."""
    form = Form.ONLINE if kind == EventKind.WEBINAR else Form.FYSIEK
    return {"kind": kind.value, "form": form.value, "invoice_allowed": True} | _price_data(default_lines(kind))


def _price_data(lines: list[PriceLine]) -> dict[str, Any]:
    given = {line.category: line for line in lines if not line.kinds}
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
