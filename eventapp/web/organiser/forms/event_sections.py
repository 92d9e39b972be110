"""What an organiser fills in of an event, in sections that are each saved by themselves."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from eventapp import wording
from eventapp.domain.event_details import SLUG_LENGTH
from eventapp.domain.events import EventForm as Form
from eventapp.domain.events import EventKind, Field, RegistrationMode, TargetGroup, Visibility
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.pricing import BY_HAND_ONLY, Admission, Category, PriceLine
from eventapp.domain.times import local_date
from eventapp.queries.sharing import partners
from eventapp.web.clock import now
from eventapp.web.forms import DutchForm, LocalDateTimeField, MoneyField, StrippedString, at_most, choices
from eventapp.web.organiser.forms.fields import MultipleChoices, PlainText, WholeNumberField
from eventapp.web.organiser.forms.narrowed import NarrowedLines, amount_fits
from eventapp.web.organiser.forms.terms import TermRows

PRICED = tuple(category for category in Category if category not in BY_HAND_ONLY)

AT_ONCE, WHEN_PAID = "meteen", "betaald"


class SectionForm(DutchForm):
    """Some of the details of an event: those in `names`, in the order in which people read them."""

    names: ClassVar[tuple[str, ...]] = ()

    def values(self) -> dict[str, Any]:
        """What was filled in, by the name of the detail; only after `validate`."""
        return {}

    def _texts(self, *names: str) -> dict[str, Any]:
        return {name: self[name].data or "" for name in names}


class WhatForm(SectionForm):
    """What it is and when."""

    names: ClassVar[tuple[str, ...]] = ("title", "kind", "starts_at", "ends_at", "slug")

    title = StrippedString("Titel", validators=[DataRequired(wording.TITLE_MISSING), at_most(200)])
    slug = StrippedString("Webadres", validators=[at_most(SLUG_LENGTH)])
    kind = SelectField("Soort", choices=choices(wording.KINDS))
    starts_at = LocalDateTimeField("Begin", validators=[InputRequired("Vul in wanneer de bijeenkomst begint.")])
    ends_at = LocalDateTimeField("Einde", validators=[InputRequired("Vul in wanneer de bijeenkomst afloopt.")])

    def validate_slug(self, field: StrippedString) -> None:
        if field.data and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", field.data):
            raise ValidationError("Gebruik alleen kleine letters, cijfers en losse streepjes.")

    def validate_ends_at(self, field: LocalDateTimeField) -> None:
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(wording.ENDS_BEFORE_BEGIN)

    def values(self) -> dict[str, Any]:
        times = {"starts_at": self.starts_at.data, "ends_at": self.ends_at.data}
        return super().values() | self._texts("title", "slug") | times | {"kind": EventKind(self.kind.data)}


class WhereForm(SectionForm):
    """Where it is, and the link of what is online."""

    names: ClassVar[tuple[str, ...]] = ("form", "venue", "street", "postcode", "city", "route", "online_url")

    form = SelectField("Vorm", choices=choices(wording.FORMS))
    venue = StrippedString("Locatie", validators=[at_most(200)])
    street = StrippedString("Straat en nummer", validators=[at_most(200)])
    postcode = StrippedString("Postcode", validators=[at_most(12)])
    city = StrippedString("Plaats", validators=[at_most(100)])
    route = PlainText("Route en parkeren", validators=[at_most(5000)])
    online_url = StrippedString(wording.JOIN_LINK, validators=[at_most(500)])

    def validate_online_url(self, field: StrippedString) -> None:
        _check_safe_url(field, "wie meedoet, wordt ernaar doorgestuurd")

    def values(self) -> dict[str, Any]:
        texts = self._texts("venue", "street", "postcode", "city", "route", "online_url")
        return super().values() | texts | {"form": Form(self.form.data)}


class TextForm(SectionForm):
    """What people read about it, and whom they can ask."""

    names: ClassVar[tuple[str, ...]] = ("summary", "description", "contact")

    summary = StrippedString("Samenvatting in één zin", validators=[at_most(300)])
    description = PlainText("Beschrijving", validators=[at_most(20_000)])
    contact = StrippedString("Contact voor vragen", validators=[at_most(200)])

    def values(self) -> dict[str, Any]:
        return super().values() | self._texts("summary", "description", "contact")


class AudienceForm(SectionForm, NarrowedLines):
    """For whom it is, and at what price."""

    names: ClassVar[tuple[str, ...]] = (
        "target_groups",
        "fields",
        "prices",
        "free_per_organisation",
        "beyond_free",
        "beyond_free_cents",
    )

    target_groups = MultipleChoices("Doelgroepen", choices=choices(wording.TARGET_GROUPS))
    fields = MultipleChoices("Vakgebieden", choices=choices(wording.FIELDS))
    free_per_organisation = WholeNumberField(
        "Aantal gratis plaatsen",
        validators=[Optional(), NumberRange(min=1, max=10_000, message="Vul een getal van 1 tot 10.000 in.")],
    )
    beyond_free = SelectField("Wie daarna komt", choices=choices(wording.BEYOND_FREE), default=BeyondFree.REFUSED.value)
    beyond_free_cents = MoneyField("Bedrag voor wie daarna komt")

    @property
    def price_rows(self) -> list[tuple[str, Any, Any]]:
        """Word, admission field and amount field of each category."""
        return [(wording.CATEGORIES[c], self[admission_name(c)], self[amount_name(c)]) for c in PRICED]

    def validate_free_per_organisation(self, field: WholeNumberField) -> None:
        narrowed = [(row.category.data, row.admission.data) for row in self.narrowed_rows]
        if (Category.LID, Admission.GRATIS) not in [(Category.LID, self[admission_name(Category.LID)].data), *narrowed]:
            raise ValidationError("Dit kan alleen als leden gratis komen.")

    def validate_beyond_free_cents(self, field: MoneyField) -> None:
        pays = self.beyond_free.data == BeyondFree.PAYS
        if self.free_per_organisation.data and pays and not field.data:
            raise ValidationError("Vul het bedrag in.")
        if field.data and not (self.free_per_organisation.data and pays):
            raise ValidationError("Dit geldt alleen met een aantal gratis plaatsen en “Betaalt”. Maak het leeg.")

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        fine = super().validate(extra_validators)
        return all([fine, *(amount_fits(admission, amount) for _, admission, amount in self.price_rows)])

    def values(self) -> dict[str, Any]:
        return super().values() | {
            "target_groups": frozenset(TargetGroup(code) for code in self.target_groups.data or ()),
            "fields": frozenset(Field(code) for code in self["fields"].data or ()),
            "prices": frozenset([*self._general_lines(), *self.read_narrowed()]),
            "free_per_organisation": self.free_per_organisation.data,
            "beyond_free": BeyondFree(self.beyond_free.data),
            "beyond_free_cents": self.beyond_free_cents.data or 0,
        }

    def _general_lines(self) -> list[PriceLine]:
        said = [(c, Admission(self[admission_name(c)].data), self[amount_name(c)].data or 0) for c in PRICED]
        return [PriceLine(*line) for line in said if line[1] != Admission.NIET]


class PlacesForm(SectionForm):
    """How many places there are, and to whom one may go."""

    names: ClassVar[tuple[str, ...]] = ("capacity", "hand_over_to_anybody")

    capacity = WholeNumberField(
        "Aantal plaatsen",
        validators=[Optional(), NumberRange(min=1, max=100_000, message="Vul een getal van 1 tot 100.000 in.")],
    )
    hand_over_to_anybody = BooleanField("Een plaats mag ook naar iemand van buiten de organisatie")

    def values(self) -> dict[str, Any]:
        handed = {"hand_over_to_anybody": bool(self.hand_over_to_anybody.data)}
        return super().values() | {"capacity": self.capacity.data} | handed


def partner_choices() -> list[SelectChoice]:
    """Who can offer an event: nobody but the association itself, or an organisation that is or was a partner."""
    known = [SelectChoice(str(one.id), one.name) for one in partners(on=local_date(now()))]
    return [SelectChoice("", "Geen partner: het is van ons zelf"), *known]


def whole_or_none(typed: object) -> int | None:
    """The id that was chosen; None for nobody."""
    return int(str(typed)) if typed not in (None, "") else None


class RegisteringForm(SectionForm):
    """How and when one registers and pays, and who sees that one can."""

    names: ClassVar[tuple[str, ...]] = (
        "visibility",
        "offered_by_id",
        "registration",
        "external_url",
        "opens_at",
        "closes_at",
        "invoice_allowed",
        "confirm_on_invoice",
    )

    visibility = SelectField("Wie ziet deze bijeenkomst?", choices=choices(wording.VISIBILITIES))
    offered_by_id = SelectField("Aangeboden door partner", choices=partner_choices, coerce=whole_or_none)
    registration = SelectField("Hoe meldt men zich aan?", choices=choices(wording.REGISTRATION_MODES))
    external_url = StrippedString("Link naar de andere site", validators=[at_most(500)])
    opens_at = LocalDateTimeField("Aanmelden kan vanaf", validators=[Optional()])
    closes_at = LocalDateTimeField("Aanmelden kan tot", validators=[Optional()])
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

    def validate_closes_at(self, field: LocalDateTimeField) -> None:
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError("De aanmelding sluit voordat zij opent.")

    def validate_external_url(self, field: StrippedString) -> None:
        if self.registration.data == RegistrationMode.ELDERS and not field.data:
            raise ValidationError("Vul in waar men zich aanmeldt.")
        _check_safe_url(field, "wie zich aanmeldt, gaat ernaartoe")

    def values(self) -> dict[str, Any]:
        return super().values() | {
            "visibility": Visibility(self.visibility.data),
            "offered_by_id": self.offered_by_id.data,
            "registration": RegistrationMode(self.registration.data),
            "external_url": self.external_url.data or "",
            "opens_at": self.opens_at.data,
            "closes_at": self.closes_at.data,
            "invoice_allowed": bool(self.invoice_allowed.data),
            "confirm_on_invoice": self.confirm_on_invoice.data != WHEN_PAID,
        }


class CancellingForm(SectionForm, TermRows):
    """What goes back to who withdraws."""

    names: ClassVar[tuple[str, ...]] = ("cancellation_terms",)

    def values(self) -> dict[str, Any]:
        return super().values() | {"cancellation_terms": self.read_terms()}


# By the word in the address, in the order of the page.
SECTIONS: Mapping[str, type[SectionForm]] = {
    "wat": WhatForm,
    "waar": WhereForm,
    "tekst": TextForm,
    "prijzen": AudienceForm,
    "plaatsen": PlacesForm,
    "aanmelden": RegisteringForm,
    "annuleren": CancellingForm,
}
SECTION_OF = {name: key for key, form in SECTIONS.items() for name in form.names}


def admission_name(category: Category) -> str:
    return f"admission_{category.name.lower()}"


def amount_name(category: Category) -> str:
    return f"amount_{category.name.lower()}"


for _category in PRICED:
    _word = wording.CATEGORIES[_category]
    setattr(
        AudienceForm,
        admission_name(_category),
        SelectField(f"Toegang {_word.lower()}", choices=choices(wording.ADMISSIONS)),
    )
    setattr(AudienceForm, amount_name(_category), MoneyField(f"Prijs {_word.lower()}"))


def _check_safe_url(field: StrippedString, because: str) -> None:
    if field.data and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", field.data):
        raise ValidationError(wording.BAD_URL)
    if (field.data or "").startswith("http://"):
        raise ValidationError(f"Deze link moet met https:// beginnen: {because}.")
