"""The form for to whom and where invoices go; numbers that can be checked are checked."""

import re

from stdnum.eu import vat
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.nl import postcode as dutch_postcode
from wtforms import HiddenField, SelectChoice, SelectField
from wtforms.validators import ValidationError

from eventapp.domain.invoice_details import DETAIL_NAMES, HOME_COUNTRY, InvoiceDetails
from eventapp.web.forms import AddressField, DutchForm, StrippedString
from eventapp.web.organiser.forms.organisation import at_most

DETAIL_WORDS = {
    "legal_name": "statutaire naam",
    "attention": "t.a.v.",
    "department": "afdeling",
    "street": "straat",
    "house_number": "huisnummer",
    "addition": "toevoeging",
    "postcode": "postcode",
    "city": "plaats",
    "country": "land",
    "kvk": "KvK-nummer",
    "btw_id": "btw-id",
    "oin": "OIN",
    "address": "factuuradres",
    "reference": "kenmerk",
}
COUNTRIES = {"NL": "Nederland", "BE": "België", "DE": "Duitsland", "LU": "Luxemburg", "FR": "Frankrijk"}


class InvoiceDetailsForm(DutchForm):
    seen = HiddenField()
    legal_name = StrippedString("Statutaire naam", validators=[at_most(200)])
    attention = StrippedString("Ter attentie van", validators=[at_most(200)])
    department = StrippedString("Afdeling", validators=[at_most(200)])
    street = StrippedString("Straat of postbus", validators=[at_most(200)])
    house_number = StrippedString("Huisnummer", validators=[at_most(10)])
    addition = StrippedString("Toevoeging", validators=[at_most(20)])
    postcode = StrippedString("Postcode", validators=[at_most(12)])
    city = StrippedString("Plaats", validators=[at_most(100)])
    country = SelectField(
        "Land", choices=[SelectChoice(code, name) for code, name in COUNTRIES.items()], default=HOME_COUNTRY
    )
    kvk = StrippedString("KvK-nummer", validators=[at_most(20)])
    btw_id = StrippedString("Btw-id", validators=[at_most(30)])
    oin = StrippedString("OIN", validators=[at_most(40)])
    address = AddressField("E-mailadres voor facturen", validators=[at_most(320)])
    reference = StrippedString("Uw kenmerk of kostenplaats", validators=[at_most(100)])

    def validate_postcode(self, field: StrippedString) -> None:
        """Dutch ones are written as 1234 AB; abroad they are left as they are."""
        if field.data and self.country.data == HOME_COUNTRY:
            try:
                field.data = dutch_postcode.validate(field.data)
            except BadNumber as error:
                raise ValidationError("Een postcode is vier cijfers en twee letters, zoals 1234 AB.") from error

    def validate_house_number(self, field: StrippedString) -> None:
        if field.data and not field.data.isdecimal():
            raise ValidationError("Alleen het nummer; letters horen bij de toevoeging.")

    def validate_kvk(self, field: StrippedString) -> None:
        field.data = _digits(field.data)
        if field.data and not re.fullmatch(r"[0-9]{8}", field.data):
            raise ValidationError("Een KvK-nummer heeft 8 cijfers.")

    def validate_btw_id(self, field: StrippedString) -> None:
        if field.data:
            try:
                field.data = vat.validate(field.data)
            except BadNumber as error:
                raise ValidationError("Dit btw-id klopt niet; het ziet eruit als NL123456789B01.") from error

    def validate_oin(self, field: StrippedString) -> None:
        field.data = _digits(field.data)
        if field.data and not re.fullmatch(r"[0-9]{20}", field.data):
            raise ValidationError("Een OIN heeft 20 cijfers.")

    def read(self) -> InvoiceDetails:
        """What was filled in; only after `validate`."""
        return InvoiceDetails(**{name: self[name].data or "" for name in DETAIL_NAMES})


def _digits(typed: str | None) -> str:
    """Without the spaces, dots and dashes that make a number readable."""
    return re.sub(r"[\s.-]", "", typed or "")
