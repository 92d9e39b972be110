"""The form of the style guide: one of every kind of field."""

from wtforms import BooleanField, DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired

from eventapp import wording
from eventapp.web.forms import AddressField, DutchForm, LocalDateTimeField, MoneyField, StrippedString, choices
from eventapp.web.organiser.forms.fields import MultipleChoices


class StyleGuideForm(DutchForm):
    email = AddressField("E-mailadres", validators=[DataRequired(wording.OWN_ADDRESS_MISSING)])
    name = StrippedString("Naam", validators=[DataRequired(wording.OWN_NAME_MISSING)])
    function = SelectField("Functie", choices=choices(wording.TARGET_GROUPS))
    kind = RadioField("Vorm", choices=choices(wording.FORMS))
    diet = MultipleChoices("Vakgebieden", choices=choices(wording.FIELDS))
    price = MoneyField("Prijs")
    starts_at = LocalDateTimeField("Begin")
    day = DateField("Dag")
    comment = TextAreaField("Opmerking")
    fixed = StrippedString("Webadres", default="themadag-2027")
    received = MoneyField("Ontvangen van Suharti", validators=[DataRequired(wording.AMOUNT_MISSING)])
    consent = BooleanField("Ik wil op de deelnemerslijst staan")
