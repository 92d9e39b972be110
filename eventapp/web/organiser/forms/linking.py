"""The forms of contact persons and of the work list: who acts for an organisation, and where do people belong?"""

from datetime import date

from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from eventapp import wording
from eventapp.domain.organisations import MembershipLine, OrganisationDetails, OrganisationKind
from eventapp.domain.pricing import Period, Relation
from eventapp.services.knowing import Somebody
from eventapp.web.forms import AddressField, DutchForm, StrippedString, choices
from eventapp.web.organiser.forms.organisation import DayField
from eventapp.web.organiser.forms.person import NameForm
from eventapp.web.own_numbers import own_number


class ContactForm(NameForm):
    address = AddressField(
        "E-mailadres",
        description="Wie hier de mail leest, kan inloggen en voor de organisatie handelen.",
        validators=[DataRequired(wording.ADDRESS_MISSING), Length(max=320)],
    )
    first = DayField("Vanaf", validators=[DataRequired(wording.FIRST_DAY_MISSING)])
    receives_invoices = BooleanField("Krijgt de facturen van de organisatie")

    def first_day(self) -> date:
        """Only after `validate`."""
        assert self.first.data is not None
        return self.first.data

    def somebody(self) -> Somebody:
        """Only after `validate`."""
        return Somebody(self.address.data, *self.name)


class LinkForm(DutchForm):
    """`until` is for one person; a mail domain has no last day."""

    organisation_id = HiddenField(validators=[DataRequired("Kies een organisatie.")])
    until = DayField("Tot en met")

    def organisation(self) -> int:
        """Only after `validate`; 0, which nobody is, for what is no number."""
        return own_number(self.organisation_id.data) or 0


class QuickOrganisationForm(DutchForm):
    """As little of a new organisation as deciding needs; its own page has the rest."""

    name = StrippedString(
        "Naam", validators=[DataRequired(wording.NAME_MISSING), Length(max=200, message="Maak de naam korter.")]
    )
    kind = SelectField("Soort", choices=choices(wording.ORGANISATION_KINDS))
    relation = SelectField("Relatie", choices=choices(wording.RELATIONS))
    since = DayField("Lid of partner sinds", description="Leeg als de organisatie geen lid of partner is.")

    def validate_since(self, field: DayField) -> None:
        """A relation is kept with the period it is in: without a first day it would be lost."""
        related = self.relation.data != Relation.GEEN.value
        if related and not field.data and not field.errors:
            raise ValidationError("Vul de eerste dag in, of kies “Geen lid”.")
        if not related and field.data:
            raise ValidationError("Kies bij relatie wat de organisatie sinds die dag is, of laat de dag leeg.")

    def read(self) -> OrganisationDetails:
        """Only after `validate`."""
        periods = (MembershipLine(Period(self.since.data)),) if self.since.data else ()
        return OrganisationDetails(
            name=self.name.data,
            kind=OrganisationKind(self.kind.data),
            relation=Relation(self.relation.data),
            periods=periods,
        )


def to_choose(organisations: list[tuple[int, str]]) -> list[SelectChoice]:
    """The organisations as options, behind one that is none."""
    return [SelectChoice("", "Kies een organisatie"), *(SelectChoice(str(key), name) for key, name in organisations)]
