"""The forms about one person: name, function group, a status, who named them, and the last day of a period."""

from collections.abc import Iterable
from datetime import date

from wtforms import SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from eventapp import wording
from eventapp.domain.events import TargetGroup
from eventapp.domain.people import STATUSES
from eventapp.domain.pricing import Category, Period
from eventapp.models import Person
from eventapp.services.knowing import Somebody
from eventapp.web.forms import AddressField, DutchForm, StrippedString, at_most, choices
from eventapp.web.organiser.forms.fields import PlainText
from eventapp.web.organiser.forms.organisation import DayField


def _day(field: DayField) -> date:
    """What a day that must be there says."""
    assert field.data is not None
    return field.data


class NameForm(DutchForm):
    given_name = StrippedString("Voornaam of voorletters", validators=[at_most(100)])
    infix = StrippedString("Tussenvoegsel", validators=[at_most(30)])
    family_name = StrippedString("Achternaam", validators=[at_most(100)])

    def validate_family_name(self, field: StrippedString) -> None:
        """Some people have one name only; it may stand in either field."""
        if not field.data and not self.given_name.data:
            raise ValidationError(wording.NAME_MISSING)

    @property
    def name(self) -> tuple[str, str, str]:
        return self.given_name.data or "", self.infix.data or "", self.family_name.data or ""


def name_of(person: Person) -> dict[str, str]:
    """What the form shows of a person."""
    return {"given_name": person.given_name, "infix": person.infix, "family_name": person.family_name}


class FunctionGroupForm(DutchForm):
    function_group = SelectField(
        "Functiegroep", choices=[SelectChoice("", "Niet bekend"), *choices(wording.TARGET_GROUPS)]
    )

    @property
    def group(self) -> TargetGroup | None:
        """Only after `validate`."""
        return TargetGroup(self.function_group.data) if self.function_group.data else None


class StatusForm(DutchForm):
    category = SelectField("Status", choices=choices({status: wording.CATEGORIES[status] for status in STATUSES}))
    region = StrippedString("Regio", validators=[at_most(60)])
    starts_on = DayField("Eerste dag", validators=[DataRequired(wording.FIRST_DAY_MISSING)])
    ends_on = DayField("Laatste dag")

    @property
    def status(self) -> Category:
        return Category(self.category.data)

    def period(self) -> Period:
        """Only after `validate`."""
        return Period(_day(self.starts_on), self.ends_on.data)


class NamingForm(DutchForm):
    """For which organisation somebody whom we know is named."""

    organisation_id = SelectField(
        "Organisatie", coerce=lambda value: int(value or 0), validators=[InputRequired("Kies een organisatie.")]
    )
    until = DayField("Tot en met", validators=[DataRequired(wording.LAST_DAY_MISSING)])

    def last_day(self) -> date:
        """Only after `validate`."""
        return _day(self.until)

    def offer(self, organisations: Iterable[tuple[int, str]]) -> None:
        """The organisations to choose from, as id and name."""
        self.organisation_id.choices = [
            SelectChoice("", "Kies een lid of partner"),
            *(SelectChoice(*o) for o in organisations),
        ]

    def validate_organisation_id(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError("Kies een organisatie.")


class NewNamingForm(NameForm):
    """Whom an organisation names; somebody whom we may not know yet."""

    address = AddressField("E-mailadres", validators=[DataRequired(wording.ADDRESS_MISSING), at_most(320)])
    until = DayField("Tot en met", validators=[DataRequired(wording.LAST_DAY_MISSING)])

    def last_day(self) -> date:
        """Only after `validate`."""
        return _day(self.until)

    def somebody(self) -> Somebody:
        """Only after `validate`."""
        return Somebody(self.address.data, *self.name)


class EndForm(DutchForm):
    last = DayField("Laatste dag", validators=[DataRequired(wording.LAST_DAY_MISSING)])

    def last_day(self) -> date:
        """Only after `validate`."""
        return _day(self.last)


class NoteForm(DutchForm):
    text = PlainText(
        "Notitie",
        description="Alleen medewerkers zien dit. Geen gezondheid of andere bijzondere gegevens.",
        validators=[DataRequired("Schrijf eerst iets op."), at_most(1000)],
    )
