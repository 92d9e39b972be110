"""The forms of an organisation: what it is, what its people are recognised by, and its periods of membership."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from wtforms import DateField, FieldList, FormField, HiddenField, SelectChoice, SelectField
from wtforms.validators import DataRequired, ValidationError

from eventapp import wording
from eventapp.domain.errors import DomainError, EndsBeforeStart, PeriodsOverlap
from eventapp.domain.organisations import (
    PROVINCES,
    MembershipLine,
    OrganisationDetails,
    OrganisationKind,
    Phase,
    check_periods,
    read_domain,
    read_domains,
    read_tenant,
    read_tenants,
)
from eventapp.domain.pricing import Period, Relation
from eventapp.web.forms import DutchForm, StrippedString, at_most, choices
from eventapp.web.organiser.forms.fields import PlainText
from eventapp.web.own_numbers import own_number

_YEARS = range(1900, 2200)
_RELATED = {code: word for code, word in wording.RELATIONS.items() if code != Relation.GEEN}


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
    """One period; `key` is the id of one already kept. A row without days says nothing."""

    class Meta:
        csrf = False

    key = HiddenField()
    relation = SelectField("Relatie", choices=choices(_RELATED), default=Relation.LID.value)
    starts_on = DayField("Eerste dag")
    ends_on = DayField("Laatste dag")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.relation.data == Relation.GEEN.value and self.key.data:
            # History from before periods had a relation: it is shown as it is, and offered to nobody else.
            self.relation.choices = choices(wording.RELATIONS)

    def validate_starts_on(self, field: DayField) -> None:
        typed = field.data or field.errors
        if self.key.data and not typed:
            raise ValidationError("Een lidmaatschap wordt beëindigd, niet gewist. Vul de eerste dag weer in.")
        if (self.ends_on.data or self.ends_on.process_errors) and not typed:
            raise ValidationError("Vul ook de eerste dag in.")

    def line(self) -> MembershipLine:
        """What the row says; only when it has a first day."""
        first, known = self.starts_on.data, own_number(self.key.data)
        assert first is not None
        return MembershipLine(Period(first, self.ends_on.data), known, Relation(self.relation.data))


class SectionForm(DutchForm):
    """A part of what is kept of an organisation; the rest stays as it is."""

    seen = HiddenField()

    def apply(self, details: OrganisationDetails) -> OrganisationDetails:
        """These details with what was filled in; only after `validate`."""
        return details


class IdentityForm(SectionForm):
    """What the organisation is."""

    name = StrippedString("Naam", validators=[DataRequired(wording.NAME_MISSING), at_most(200)])
    kind = SelectField(
        "Soort",
        choices=[SelectChoice("", "Kies een soort"), *choices(wording.ORGANISATION_KINDS)],
        validators=[DataRequired("Kies een soort.")],
    )
    phase = SelectField("Fase van samenwerking", choices=[SelectChoice("", "Niet ingevuld"), *choices(wording.PHASES)])
    city = StrippedString("Plaats", validators=[at_most(100)])
    region = SelectField(
        "Provincie", choices=[SelectChoice("", "Niet ingevuld"), *(SelectChoice(p, p) for p in PROVINCES)]
    )

    def apply(self, details: OrganisationDetails) -> OrganisationDetails:
        return replace(
            super().apply(details),
            name=self.name.data or "",
            kind=OrganisationKind(self.kind.data),
            phase=Phase(self.phase.data) if self.phase.data else None,
            city=self.city.data or "",
            region=self.region.data or "",
        )


class RecognitionForm(SectionForm):
    """What its people are recognised by."""

    domains = PlainText("Maildomeinen", validators=[at_most(5000)])
    tenants = PlainText("Microsoft-tenants", validators=[at_most(2000)])

    def validate_domains(self, field: PlainText) -> None:
        """Every line that is refused, not the first one only."""
        _check_lines(field, read_domain)

    def validate_tenants(self, field: PlainText) -> None:
        _check_lines(field, read_tenant)

    def apply(self, details: OrganisationDetails) -> OrganisationDetails:
        domains, tenants = read_domains(_lines(self.domains.data)), read_tenants(_lines(self.tenants.data))
        return replace(super().apply(details), domains=domains, tenants=tenants)


class MembershipForm(SectionForm):
    """What it was and is to the association; `touched` is the number of registrations that was shown beforehand."""

    touched = HiddenField()
    periods = FieldList(FormField(PeriodRow), label="Lidmaatschap")

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

    def apply(self, details: OrganisationDetails) -> OrganisationDetails:
        return replace(super().apply(details), periods=tuple(row.line() for row in self._filled()))


class NewOrganisationForm(IdentityForm, RecognitionForm, MembershipForm):
    """All of it at once."""

    def read(self) -> OrganisationDetails:
        """What was filled in; only after `validate`."""
        return self.apply(OrganisationDetails("", OrganisationKind(self.kind.data)))


def _check_lines(field: PlainText, read: Any) -> None:
    for typed in _lines(field.data):
        try:
            read(typed)
        except DomainError as refusal:
            field.errors = [*field.errors, wording.refusal(refusal)]


def _lines(text: str | None) -> list[str]:
    """One per line; a comma or semicolon between two is understood as well."""
    return [part.strip() for part in re.split(r"[\n,;]", text or "") if part.strip()]


def fill_from(details: OrganisationDetails) -> dict[str, Any]:
    """What the forms show of an organisation, with an empty row to add a period."""
    rows = [
        {
            "key": str(line.id),
            "relation": (line.relation or details.relation).value,
            "starts_on": line.period.first,
            "ends_on": line.period.last,
        }
        for line in details.periods
    ]
    return {
        "seen": details.fingerprint,
        "name": details.name,
        "kind": details.kind.value,
        "phase": details.phase.value if details.phase else "",
        "city": details.city,
        "region": details.region,
        "domains": "\n".join(details.domains),
        "tenants": "\n".join(details.tenants),
        "periods": [*rows, {}],
    }


def fill_empty() -> dict[str, Any]:
    """What the form of a new organisation starts with."""
    return {"periods": [{}]}
