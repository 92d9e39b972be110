"""The registration form and its small companions."""

from collections.abc import Iterable

from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length, Optional

from eventapp import wording
from eventapp.domain.events import EventForm
from eventapp.services.registering import Basis
from eventapp.web.forms import AddressField, DutchForm, StrippedString, choices

BASIS_WORDS = {
    Basis.OUTSIDER: "Ik kom niet namens een lid",
    Basis.CLAIM: "Ik werk bij een lid, maar mijn adres wordt niet herkend",
    Basis.STATUS: "Ik ben ambassadeur, bestuurslid of van het servicebureau, of opgegeven door een lid of partner",
}


class RegistrationForm(DutchForm):
    """What we ask, and no more: who, from where, and in which function."""

    email = AddressField("E-mailadres", [DataRequired("Vul uw e-mailadres in."), Length(max=254)])
    given_name = StrippedString("Voornaam of voorletters", [Length(max=100)])
    infix = StrippedString("Tussenvoegsel", [Optional(), Length(max=30)])
    family_name = StrippedString("Achternaam", [DataRequired("Vul uw achternaam in."), Length(max=100)])
    organisation = StrippedString("Organisatie", [Optional(), Length(max=200)])
    function = StrippedString("Functie", [Optional(), Length(max=120)])
    function_group = SelectField(
        "Functiegroep",
        [Optional()],
        choices=[SelectChoice("", "Kies wat het beste past"), *choices(wording.TARGET_GROUPS)],
    )
    attends = RadioField(
        "Hoe doet u mee?",
        [Optional()],
        choices=choices({EventForm.FYSIEK: "Op locatie", EventForm.ONLINE: "Online"}),
        default=EventForm.FYSIEK.value,
    )
    basis = RadioField("Hoe komt u?", [Optional()], choices=choices(BASIS_WORDS))
    submission_key = HiddenField(validators=[Length(max=64)])
    # Comes from the buttons of the review, so it is never drawn as a field.
    step = StrippedString(validators=[Optional(), AnyOf(["", "versturen", "wijzigen"])])

    def offer(self, bases: Iterable[Basis]) -> None:
        """Offer only these grounds to choose from."""
        self.basis.choices = choices({basis: BASIS_WORDS[basis] for basis in bases})

    def chosen_basis(self) -> Basis | None:
        """The ground that was chosen, if it is one of those on offer."""
        offered = {choice.value for choice in self.basis.choices}
        return Basis(self.basis.data) if self.basis.data in offered else None


class AddressForm(DutchForm):
    """Another address for what was just sent, or the address to mail one's link to."""

    email = AddressField("E-mailadres", [DataRequired("Vul een e-mailadres in."), Length(max=254)])


class ConfirmForm(DutchForm):
    """One large button."""
