"""The forms of the list of registrations: keeping a view, and what an act for many needs to know."""

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from eventapp import wording
from eventapp.domain.bulk import Back
from eventapp.domain.registration_lists import LABEL_LENGTH, read_label
from eventapp.web.forms import DutchForm, StrippedString, choices
from eventapp.web.own_numbers import own_numbers


class ViewForm(DutchForm):
    name = StrippedString("Naam", validators=[DataRequired("Geef een naam."), Length(max=60)])
    query = StrippedString(widget=HiddenInput())
    slug = HiddenField()


class BulkForm(DutchForm):
    """`ids` are the rows as they were when it was said what would happen: those, and no others."""

    ids = HiddenField()
    slug = HiddenField()

    @property
    def registration_ids(self) -> list[int]:
        """What is no number is left out."""
        return own_numbers((self.ids.data or "").split(","))


class BulkCancelForm(BulkForm):
    back = RadioField(
        "Wat gaat er terug, of vervalt er van de prijs?", choices=choices(wording.BACKS), default=Back.BY_TERMS
    )


class BulkLabelForm(BulkForm):
    label = StrippedString(
        "Label",
        description="Een woord om deze aanmeldingen terug te vinden. Alleen medewerkers zien het.",
        validators=[
            DataRequired("Vul een label in."),
            Length(max=LABEL_LENGTH, message=f"Hooguit {LABEL_LENGTH} tekens."),
        ],
        filters=[lambda text: read_label(text or "")],
    )


class BulkChoiceForm(BulkForm):
    """To which breakout, or to which event."""

    to = SelectField("Naar", validators=[DataRequired("Kies waarheen.")])
