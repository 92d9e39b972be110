"""The forms of importing: the file, what is chosen beside it, and going on without the refused rows."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventapp import wording
from eventapp.domain.errors import FileTooLarge
from eventapp.services.importing.files import MOST_BYTES
from eventapp.services.jobs import StoredFile
from eventapp.web.forms import DutchForm, choices


class ImportForm(DutchForm):
    file = FileField("Bestand", validators=[FileRequired("Kies een bestand.")])

    def validate_file(self, field: FileField) -> None:
        """Big files are refused here; what is in it is for the job to say."""
        sent: FileStorage = field.data
        self._content = sent.stream.read(MOST_BYTES + 1)
        if len(self._content) > MOST_BYTES:
            raise ValidationError(wording.refusal(FileTooLarge(most=MOST_BYTES // 1024 // 1024)))

    def stored(self) -> StoredFile:
        """Only after `validate`."""
        name = (self.file.data.filename or "lijst").replace("\\", "/").rpartition("/")[2]
        return StoredFile(name[:200], "application/octet-stream", self._content)

    def chosen(self) -> dict[str, Any]:
        """What goes along as parameters of the job."""
        return {}


class EventsImportForm(ImportForm):
    kind = SelectField(
        "Soort van rijen die er geen noemen", choices=[SelectChoice("", "Geen"), *choices(wording.KINDS)]
    )

    def chosen(self) -> dict[str, Any]:
        return {"kind": self.kind.data or None}


class RegistrationsImportForm(ImportForm):
    told = BooleanField("Stuur iedereen bericht")

    def chosen(self) -> dict[str, Any]:
        return {"told": bool(self.told.data)}


class SkipForm(DutchForm):
    skip_refused = BooleanField("De rest wel doorvoeren, zonder de geweigerde rijen")

    def need_consent(self) -> None:
        """Say that the box was not ticked."""
        self.skip_refused.errors = ["Vink dit aan, of verbeter de geweigerde rijen en breng het bestand opnieuw."]
