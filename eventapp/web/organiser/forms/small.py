"""The small forms of the back office: a reason, a word, an address, a person added by hand, a phone."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired, NumberRange, ValidationError

from eventapp import formatting, wording
from eventapp.domain.events import EventForm
from eventapp.web.forms import AddressField, DutchForm, MoneyField, StrippedString, at_most, choices
from eventapp.web.organiser.forms.fields import WholeNumberField

CANCEL_WORD = "annuleren"


class CancelEventForm(DutchForm):
    reason = StrippedString("Reden", validators=[at_most(500)])
    word = StrippedString(f"Typ het woord {CANCEL_WORD}")

    def __init__(self, *args: Any, word_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not word_needed:
            del self.word

    def validate_word(self, field: StrippedString) -> None:
        if (field.data or "").lower() != CANCEL_WORD:
            raise ValidationError(f"Typ {CANCEL_WORD} om te bevestigen.")


class CancelRegistrationForm(DutchForm):
    back = RadioField("Wat gaat er terug?", choices=[])

    def offer(self, *, by_terms_cents: int, paid_cents: int, on_invoice_cents: int = 0) -> None:
        """The choices with their amounts; without a payment or an invoice there is nothing to choose.

        Of a place on an invoice it is chosen how much of its price falls away.
        """
        at_stake = paid_cents or on_invoice_cents
        if not at_stake:
            del self.back
            return
        if not paid_cents:
            self.back.label.text = "Hoeveel van de prijs vervalt er?"
        self.back.choices = [
            SelectChoice("voorwaarden", f"Volgens de voorwaarden: {formatting.money(by_terms_cents)}"),
            SelectChoice("alles", f"Alles: {formatting.money(at_stake)}"),
            SelectChoice("niets", "Niets"),
        ]
        self.cents = {"voorwaarden": by_terms_cents, "alles": at_stake, "niets": 0}

    @property
    def back_cents(self) -> int:
        """What was chosen; only after `validate`."""
        return self.cents[self.back.data] if "back" in self else 0


class MoveForm(DutchForm):
    place = WholeNumberField(
        "Nieuwe plaats in de rij",
        description="1 is vooraan.",
        validators=[InputRequired("Vul een plaats in."), NumberRange(1, 9999, "Vul 1 of hoger in.")],
    )
    reason = StrippedString(
        "Reden", description=wording.IN_THE_LOG, validators=[DataRequired(wording.REASON_MISSING), at_most(300)]
    )


class AddressForm(DutchForm):
    address = AddressField(
        "Nieuw e-mailadres", validators=[DataRequired("Vul het nieuwe e-mailadres in."), at_most(320)]
    )


class ManualForm(DutchForm):
    """Somebody whom the office adds."""

    address = AddressField("E-mailadres", validators=[DataRequired(wording.ADDRESS_MISSING), at_most(320)])
    given_name = StrippedString("Voornaam of voorletters", validators=[at_most(100)])
    infix = StrippedString("Tussenvoegsel", validators=[at_most(30)])
    family_name = StrippedString("Achternaam", validators=[at_most(100)])
    organisation_name = StrippedString("Organisatie", validators=[at_most(200)])
    function = StrippedString("Functie", validators=[at_most(120)])
    function_group = SelectField(
        "Functiegroep", choices=[SelectChoice("", "Niet ingevuld"), *choices(wording.TARGET_GROUPS)]
    )
    attends = SelectField("Komt", choices=choices({EventForm.FYSIEK: "Naar de locatie", EventForm.ONLINE: "Online"}))
    category = SelectField("Komt als", choices=choices(wording.CATEGORIES))
    price_cents = MoneyField("Afwijkende prijs", description="Leeg: de prijs die bij de categorie hoort. 0 is gratis.")
    note = StrippedString("Opmerking voor het logboek", validators=[at_most(200)])
    force = BooleanField("Toch toevoegen, boven de capaciteit")

    def validate_family_name(self, field: StrippedString) -> None:
        """Some people have one name only; it may stand in either field."""
        if not field.data and not self.given_name.data:
            raise ValidationError(wording.NAME_MISSING)


class DeviceForm(DutchForm):
    name = StrippedString(
        "Naam van de telefoon", validators=[InputRequired("Geef de telefoon een naam."), at_most(100)]
    )
    search = BooleanField("Mag op naam zoeken")
    names = BooleanField("Mag ook zonder internet op naam zoeken")
    walk_ins = BooleanField("Mag mensen zonder aanmelding binnenlaten")


class DoorFileForm(DutchForm):
    file = FileField("Bestand van de telefoon", validators=[FileRequired("Kies het bestand.")])
