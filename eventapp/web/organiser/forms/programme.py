"""The forms of the programme of a day: a round, a breakout, who presents it, a list from a spreadsheet."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    URL,
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
    ValidationError,
)

from eventapp import wording
from eventapp.domain.errors import DomainError
from eventapp.domain.programme_lists import MOST_ROWS
from eventapp.models import Breakout, Round
from eventapp.services.importing.files import MOST_BYTES, as_text
from eventapp.services.programming import BreakoutDetails, RoundDetails
from eventapp.services.speaking import Speaker
from eventapp.web.forms import AddressField, DutchForm, LocalDateTimeField, StrippedString, at_most
from eventapp.web.organiser.forms.fields import MultipleChoices, PlainText, WholeNumberField

_MOST_SIGNS = 200_000


class RoundForm(DutchForm):
    title = StrippedString("Naam", validators=[DataRequired("Geef de ronde een naam."), at_most(100)])
    starts_at = LocalDateTimeField("Begin", validators=[InputRequired("Vul in wanneer de ronde begint.")])
    ends_at = LocalDateTimeField("Einde", validators=[InputRequired("Vul in wanneer de ronde afloopt.")])
    optional = BooleanField("Wie niets kiest, hoeft in deze ronde nergens heen")
    opens_at = LocalDateTimeField("Kiezen kan vanaf", validators=[Optional()])

    def validate_ends_at(self, field: LocalDateTimeField) -> None:
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError("Het einde ligt na het begin.")

    def read(self) -> RoundDetails:
        """What was filled in; only after `validate`."""
        assert self.starts_at.data and self.ends_at.data
        return RoundDetails(
            title=self.title.data,
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            optional=bool(self.optional.data),
            opens_at=self.opens_at.data,
        )


def fill_from_round(found: Round) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ("title", "starts_at", "ends_at", "optional", "opens_at")}


class BreakoutForm(DutchForm):
    """Made for the rounds and the other breakouts of one event."""

    title = StrippedString("Titel", validators=[DataRequired("Geef de deelsessie een titel."), at_most(200)])
    rounds = MultipleChoices("In welke ronde", coerce=int)
    room = StrippedString("Zaal", validators=[at_most(100)])
    speakers = StrippedString("Sprekers", validators=[at_most(300)])
    size = WholeNumberField(
        "Aantal plaatsen",
        validators=[Optional(), NumberRange(min=0, max=100_000, message=wording.UP_TO_100_000)],
    )
    for_whom = StrippedString("Voor wie", validators=[at_most(200)])
    description = PlainText("Omschrijving", validators=[at_most(5000)])
    materials_url = StrippedString(
        "Link naar het materiaal",
        validators=[
            Optional(),
            at_most(500),
            URL(require_tld=False, message="Dit is geen volledige link, zoals https://…"),
        ],
    )
    repeats = SelectField("Is een herhaling van", coerce=int)
    excludes = MultipleChoices("Gaat niet samen met", coerce=int)

    def __init__(self, rounds: Sequence[tuple[int, str]], others: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rounds.choices = [SelectChoice(round_id, words) for round_id, words in rounds]
        self.repeats.choices = [SelectChoice(0, "Geen: deze inhoud komt één keer")]
        self.repeats.choices += [SelectChoice(breakout_id, words) for breakout_id, words in others]
        self.excludes.choices = [SelectChoice(breakout_id, words) for breakout_id, words in others]
        if not others:
            del self.repeats, self.excludes

    def validate_rounds(self, field: MultipleChoices) -> None:
        if not field.data:
            raise ValidationError("Kies minstens één ronde.")

    def validate_materials_url(self, field: StrippedString) -> None:
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError("Een link begint met https://.")

    def read(self) -> BreakoutDetails:
        """What was filled in; only after `validate`."""
        return BreakoutDetails(
            title=self.title.data,
            rounds=frozenset(self.rounds.data or ()),
            size=self.size.data,
            room=self.room.data,
            speakers=self.speakers.data,
            description=self.description.data,
            for_whom=self.for_whom.data,
            materials_url=self.materials_url.data,
            repeats=(self.repeats.data or None) if self.repeats else None,
            excludes=frozenset(self.excludes.data or ()) if self.excludes else frozenset(),
        )


def fill_from_breakout(found: Breakout, others: Sequence[Breakout]) -> dict[str, Any]:
    """What the form shows of a breakout; exclusions stand with either of the two."""
    names = ("title", "room", "speakers", "for_whom", "description", "materials_url")
    shown: Mapping[str, Any] = {name: getattr(found, name) for name in names}
    mine = {row.other_id for row in found.exclusions}
    theirs = {other.id for other in others if any(row.other_id == found.id for row in other.exclusions)}
    repeated = (other.id for other in others if found.topic and other.topic == found.topic)
    return {
        **shown,
        "rounds": [row.round_id for row in found.in_rounds],
        "size": found.capacity.size,
        "repeats": next(repeated, 0),
        "excludes": sorted(mine | theirs),
    }


class SpeakerForm(DutchForm):
    given_name = StrippedString("Voornaam of voorletters", validators=[at_most(100)])
    infix = StrippedString("Tussenvoegsel", validators=[at_most(30)])
    family_name = StrippedString("Achternaam", validators=[at_most(100)])
    address = AddressField("E-mailadres", validators=[DataRequired(wording.ADDRESS_MISSING), at_most(320)])
    organisation_name = StrippedString("Organisatie", validators=[at_most(200)])
    counts = BooleanField("Telt mee voor de plaatsen van de bijeenkomst")

    def validate_family_name(self, field: StrippedString) -> None:
        if not field.data and not self.given_name.data:
            raise ValidationError(wording.NAME_MISSING)

    def read(self) -> Speaker:
        """What was filled in; only after `validate`."""
        return Speaker(
            address=self.address.data,
            given_name=self.given_name.data,
            infix=self.infix.data,
            family_name=self.family_name.data,
            organisation_name=self.organisation_name.data,
            counts=bool(self.counts.data),
        )


class ProgrammeListForm(DutchForm):
    rows = PlainText("Lijst", validators=[Length(max=_MOST_SIGNS, message=wording.LIST_TOO_LONG)])
    file = FileField("Of een bestand")
    # Comes from the buttons of the preview, so it is never drawn as a field.
    step = StrippedString(validators=[Optional(), AnyOf(["", "bewaren", "wijzigen"])])

    def take_file(self) -> None:
        """Put the rows of the uploaded file under what was typed, so that both are seen and kept."""
        content = self.file.data.read(MOST_BYTES + 1) if self.file.data else b""
        self.unreadable: DomainError | None = None
        if not content:
            return
        try:
            text = as_text(content)
        except DomainError as refusal:
            self.unreadable = refusal
        else:
            self.rows.data = "\n".join(part for part in (self.rows.data, text.strip("\n")) if part)

    def validate_rows(self, field: PlainText) -> None:
        if self.unreadable:
            self.refuse(self.unreadable)
            raise StopValidation()
        count = sum(bool(line.strip()) for line in (field.data or "").split("\n"))
        if not count:
            raise ValidationError("Plak hier een lijst, of kies een bestand.")
        if count > MOST_ROWS + 1:
            raise ValidationError(f"Voeg er hooguit {MOST_ROWS} tegelijk toe.")
