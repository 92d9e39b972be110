"""The form of an organisation: what it is, the mail domains that speak for it, and its periods of membership."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import DateField, FieldList, FormField, HiddenField, SelectChoice, SelectField
from wtforms.validators import DataRequired, Length, ValidationError

from eventapp import wording
from eventapp.domain.errors import DomainError, EndsBeforeStart, PeriodsOverlap
from eventapp.domain.organisations import (
    PROVINCES,
    MembershipLine,
    OrganisationDetails,
    OrganisationKind,
    check_periods,
    read_domain,
    read_domains,
)
from eventapp.domain.pricing import Period, Relation
from eventapp.web.forms import DutchForm, StrippedString, choices
from eventapp.web.organiser.forms.event import PlainText

ORGANISATION_WORDS = {
    "name": "naam",
    "kind": "soort",
    "relation": "relatie",
    "city": "plaats",
    "region": "provincie",
    "domains": "maildomeinen",
    "periods": "lidmaatschap",
}
_YEARS = range(1900, 2200)


def _at_most(length: int) -> Length:
    return Length(max=length, message=f"Maak dit korter: hooguit {length} tekens.")


class DayField(DateField):
    """A day; what was typed is kept when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise ValueError("Dit is geen datum.") from error
        if day.year not in _YEARS:
            raise ValueError("Kijk het jaartal na.")
        self.data = day


class PeriodRow(DutchForm):
    """One period; `key` is the id of one already kept. A row that was left empty says nothing."""

    class Meta:
        csrf = False

    key = HiddenField()
    starts_on = DayField("Eerste dag")
    ends_on = DayField("Laatste dag")

    def validate_starts_on(self, field: DayField) -> None:
        typed = field.data or field.errors
        if self.key.data and not typed:
            raise ValidationError("Een lidmaatschap wordt beëindigd, niet gewist. Vul de eerste dag weer in.")
        if (self.ends_on.data or self.ends_on.process_errors) and not typed:
            raise ValidationError("Vul ook de eerste dag in.")

    def line(self) -> MembershipLine:
        """What the row says; only when it has a first day."""
        first, key = self.starts_on.data, self.key.data or ""
        assert first is not None
        return MembershipLine(Period(first, self.ends_on.data), int(key) if key.isdecimal() else None)


class OrganisationForm(DutchForm):
    seen = HiddenField()
    name = StrippedString("Naam", validators=[DataRequired("Vul de naam in."), _at_most(200)])
    kind = SelectField(
        "Soort",
        choices=[SelectChoice("", "Kies een soort"), *choices(wording.ORGANISATION_KINDS)],
        validators=[DataRequired("Kies een soort.")],
    )
    relation = SelectField("Relatie met de vereniging", choices=choices(wording.RELATIONS))
    city = StrippedString("Plaats", validators=[_at_most(100)])
    region = SelectField(
        "Provincie", choices=[SelectChoice("", "Niet ingevuld"), *(SelectChoice(p, p) for p in PROVINCES)]
    )
    domains = PlainText("Maildomeinen", validators=[_at_most(5000)])
    periods = FieldList(FormField(PeriodRow), label="Lidmaatschap")

    def validate_domains(self, field: PlainText) -> None:
        """Every line that is refused, not the first one only."""
        for typed in _lines(field.data):
            try:
                read_domain(typed)
            except DomainError as refusal:
                field.errors = [*field.errors, wording.refusal(refusal)]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            check_periods([row.line().period for row in self._filled()])
        except (EndsBeforeStart, PeriodsOverlap) as refusal:
            self.refuse_period(refusal)
            return False
        return True

    def refuse_period(self, refusal: DomainError) -> None:
        """Beside the period that the refusal is about; above the form when that one is not on the page."""
        filled = self._filled()
        if refusal.facts["row"] >= len(filled):
            self.refuse(refusal)
            return
        row = filled[refusal.facts["row"]]
        field = row.ends_on if isinstance(refusal, EndsBeforeStart) else row.starts_on
        field.errors = [*field.errors, wording.refusal(refusal)]
        self.periods.errors = [entry.errors for entry in self.periods]

    def _filled(self) -> list[PeriodRow]:
        return [entry.form for entry in self.periods if entry.form.starts_on.data]

    def read(self) -> OrganisationDetails:
        """What was filled in; only after `validate`."""
        return OrganisationDetails(
            name=self.name.data or "",
            kind=OrganisationKind(self.kind.data),
            relation=Relation(self.relation.data),
            city=self.city.data or "",
            region=self.region.data or "",
            domains=read_domains(_lines(self.domains.data)),
            periods=tuple(row.line() for row in self._filled()),
        )


def _lines(text: str | None) -> list[str]:
    """One domain per line; a comma or semicolon between two is understood as well."""
    return [part.strip() for part in re.split(r"[\n,;]", text or "") if part.strip()]


def fill_from(details: OrganisationDetails) -> dict[str, Any]:
    """What the form shows of an organisation, with an empty row to add a period."""
    rows = [
        {"key": str(line.id), "starts_on": line.period.first, "ends_on": line.period.last} for line in details.periods
    ]
    return {
        "seen": details.fingerprint,
        "name": details.name,
        "kind": details.kind.value,
        "relation": details.relation.value,
        "city": details.city,
        "region": details.region,
        "domains": "\n".join(details.domains),
        "periods": [*rows, {}],
    }


def fill_empty() -> dict[str, Any]:
    """What the form of a new organisation starts with."""
    return {"relation": Relation.LID.value, "periods": [{}]}
