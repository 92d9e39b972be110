"""The forms of the treasurer's books: opening a month again, a settlement, and the numbers by which is booked."""

from wtforms.validators import DataRequired, ValidationError

from eventapp.domain.errors import DomainError
from eventapp.domain.journal import Ledger
from eventapp.services.importing.settlements import without_payers
from eventapp.services.jobs import StoredFile
from eventapp.web.forms import DutchForm, StrippedString, at_most
from eventapp.web.organiser.forms.importing import ImportForm
from eventapp.wording import LEDGERS, VATS
from eventapp.wording import refusal as words_of


class ReopenForm(DutchForm):
    reason = StrippedString(
        "Reden", validators=[DataRequired("Vul in waarom; dit blijft bij de maand staan."), at_most(300)]
    )


class SettlementForm(ImportForm):
    """A file of the provider; names and accounts of payers are left out before it is kept."""

    def validate_file(self, field: object) -> None:
        super().validate_file(self.file)
        try:
            self._content = without_payers(self._content)
        except DomainError as refusal:
            raise ValidationError(words_of(refusal)) from refusal

    def stored(self) -> StoredFile:
        """Only after `validate`."""
        kept = super().stored()
        return StoredFile(kept.name, "text/csv; charset=utf-8", kept.content)


VAT_CODES = dict(zip(VATS, ("high", "low", "zero", "exempt", "outside"), strict=True))


class AccountsForm(DutchForm):
    """The numbers of the accountant; empty stays empty in the journal."""

    cost_centre = StrippedString(
        "Kostenplaats", description="Voor wat er zelf geen heeft. Leeg: geen.", validators=[at_most(40)]
    )


for _ledger in Ledger:
    setattr(AccountsForm, f"ledger_{_ledger.value}", StrippedString(LEDGERS[_ledger], validators=[at_most(20)]))
for _vat, _name in VAT_CODES.items():
    setattr(AccountsForm, f"vat_code_{_name}", StrippedString(VATS[_vat], validators=[at_most(20)]))
