"""The forms of importing: the file, and whether the rest may go on without the refused rows."""

from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField
from wtforms.validators import ValidationError

from eventapp import wording
from eventapp.domain.errors import FileTooLarge
from eventapp.services.importing.files import MOST_BYTES
from eventapp.services.jobs import StoredFile
from eventapp.web.forms import DutchForm


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


class SkipForm(DutchForm):
    skip_refused = BooleanField("De rest wel doorvoeren, zonder de geweigerde rijen")

    def need_consent(self) -> None:
        """Say that the box was not ticked."""
        self.skip_refused.errors = ["Vink dit aan, of verbeter de geweigerde rijen en breng het bestand opnieuw."]
