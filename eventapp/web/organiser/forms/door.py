"""The forms of the door in the office: somebody without a registration, the tick screen, and the list of Teams."""

from flask import request
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from eventapp import wording
from eventapp.domain.walk_ins import Way
from eventapp.web.forms import AddressField, DutchForm, StrippedString, at_most
from eventapp.web.own_numbers import own_number, own_numbers


class WalkInForm(DutchForm):
    """Somebody at the door. `seen` is the price in cents that was shown, empty until it was."""

    given_name = StrippedString("Voornaam", validators=[at_most(100)])
    infix = StrippedString("Tussenvoegsel", validators=[at_most(30)])
    family_name = StrippedString("Achternaam", validators=[DataRequired(wording.NAME_MISSING), at_most(100)])
    address = AddressField(
        "E-mailadres",
        description="Hieraan ziet het systeem of iemand van een lid is. Het ticket gaat ernaartoe.",
        validators=[DataRequired(wording.ADDRESS_MISSING), at_most(320)],
    )
    organisation_name = StrippedString("Organisatie", validators=[at_most(200)])
    guest_of = StrippedString(
        "Gast van", description="Alleen voor wie gratis meekomt met iemand anders.", validators=[at_most(100)]
    )
    way = RadioField("Hoe wordt er betaald?", choices=[])
    force = BooleanField("Toch binnenlaten, boven de capaciteit")
    reason = StrippedString("Waarom", description=wording.IN_THE_LOG, validators=[at_most(200)])
    seen = HiddenField()

    def offer(self, *, online: bool, invoice: bool) -> None:
        """How a price can be paid here."""
        offered = {Way.ONLINE: ("Nu, met een QR-code", online), Way.INVOICE: ("Op factuur", invoice)}
        self.way.choices = [SelectChoice(way.value, word) for way, (word, there) in offered.items() if there]
        if self.way.data not in [choice.value for choice in self.way.choices]:
            self.way.data = self.way.choices[0].value if self.way.choices else None

    def validate_reason(self, field: StrippedString) -> None:
        """Above the capacity only with a reason."""
        if self.force.data and not field.data:
            raise ValidationError("Schrijf erbij waarom dit boven de capaciteit gaat.")

    @property
    def chosen_way(self) -> Way:
        if self.guest_of.data:
            return Way.GUEST
        return Way(self.way.data) if self.way.data else Way.ONLINE

    @property
    def seen_cents(self) -> int | None:
        return own_number(self.seen.data)


class TicksForm(DutchForm):
    """Who was there, as boxes on the whole list: those that are ticked, and those that were when the page was made."""

    def came(self) -> set[int]:
        return _numbers("kwam") - _numbers("al")

    def not_after_all(self) -> set[int]:
        return _numbers("al") - _numbers("kwam")


def _numbers(name: str) -> set[int]:
    return set(own_numbers(request.form.getlist(name)))


class TeamsFileForm(DutchForm):
    file = FileField("Deelnamelijst van Teams", validators=[FileRequired("Kies het bestand.")])


class TeamsMatchForm(DutchForm):
    """What the coordinator says of each row of the list: whom it is, and since when they were there."""

    def chosen(self) -> dict[int, str]:
        """Per registration the moment as it was sent along; of several rows the earliest."""
        found: dict[int, str] = {}
        for name, value in request.form.items():
            if name.startswith("rij-") and (whom := own_number(value)) is not None:
                moment = request.form.get(f"sinds-{name.removeprefix('rij-')}", "")
                found[whom] = min(filter(None, (moment, found.get(whom, ""))), default="")
        return found
