"""The form with which the office invites people: a pasted list, a file, or a group."""

from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Length, NumberRange, Optional, ValidationError

from eventapp import wording
from eventapp.domain.guest_lists import MOST_LINES, Line, read_list
from eventapp.domain.invitations import Terms
from eventapp.domain.people import STATUSES
from eventapp.domain.pricing import Category
from eventapp.formatting import parse_address
from eventapp.web.forms import DutchForm, MoneyField, StrippedString, choices
from eventapp.web.organiser.forms.fields import PlainText

LIST = "lijst"
CONTACTS = "contactpersonen"
_GROUP_WORDS = {
    Category.AMBASSADEUR: "Alle ambassadeurs",
    Category.BESTUUR: "Het bestuur",
    Category.SERVICEBUREAU: "Het servicebureau",
}
_MOST_BYTES = 200_000


class InviteForm(DutchForm):
    who = RadioField(
        "Wie nodigt u uit?",
        choices=[
            SelectChoice(LIST, "De mensen in deze lijst"),
            *choices({s: _GROUP_WORDS[s] for s in STATUSES}),
            SelectChoice(CONTACTS, "Alle contactpersonen van organisaties"),
        ],
        default=LIST,
    )
    people = TextAreaField("Lijst", validators=[Length(max=_MOST_BYTES, message=wording.LIST_TOO_LONG)])
    file = FileField("Of een bestand")
    category = SelectField(
        "Komt als",
        choices=[SelectChoice("", "Volgt uit het adres en de naam"), *choices(wording.CATEGORIES)],
        validators=[Optional()],
    )
    price_cents = MoneyField("Prijs", validators=[Optional(), NumberRange(max=1_000_000, message="Dat is te veel.")])
    message = PlainText("Persoonlijke tekst", validators=[Length(max=1000, message="Hooguit 1000 tekens.")])
    # Comes from the buttons of the preview, so it is never drawn as a field.
    step = StrippedString(validators=[Optional(), AnyOf(["", "versturen", "wijzigen"])])

    def take_file(self) -> None:
        """Put what stands in the uploaded file under what was typed, so that both are seen and kept."""
        content = self.file.data.read(_MOST_BYTES + 1) if self.file.data else b""
        if not content:
            return
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
        self.people.data = "\n".join(part for part in ((self.people.data or "").strip(), text.strip()) if part)

    def validate_file(self, field: FileField) -> None:
        """A spreadsheet of its own kind is no text, and would come in as gibberish."""
        if "\0" in (self.people.data or ""):
            self.people.data = ""
            raise ValidationError("Dit bestand kunnen wij niet lezen. Bewaar de lijst als CSV en kies die.")

    def validate_people(self, field: TextAreaField) -> None:
        lines = (field.data or "").splitlines()
        if self.who.data == LIST and not any(line.strip() for line in lines):
            raise ValidationError("Plak hier een lijst, of kies een groep.")
        if len(lines) > MOST_LINES:
            raise ValidationError(f"Nodig er hooguit {MOST_LINES} tegelijk uit.")

    def lines(self) -> list[Line]:
        """What each line of the list came to."""
        return read_list(self.people.data or "", _normalised)

    def terms(self) -> Terms:
        """What the invitation says of its own."""
        return Terms(Category(self.category.data) if self.category.data else None, self.price_cents.data)


def _normalised(typed: str) -> str | None:
    try:
        return parse_address(typed)
    except ValueError:
        return None
