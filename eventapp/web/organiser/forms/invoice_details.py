"""The form for to whom and where invoices go; numbers that can be checked are checked."""

from collections.abc import Callable
from functools import partial

from wtforms import HiddenField, SelectChoice, SelectField
from wtforms.validators import ValidationError

from eventapp.domain.invoice_details import DETAIL_NAMES, HOME_COUNTRY, InvoiceDetails
from eventapp.web import company_numbers
from eventapp.web.forms import AddressField, DutchForm, StrippedString, at_most

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
        _right(field, partial(company_numbers.postcode, country=self.country.data))

    def validate_house_number(self, field: StrippedString) -> None:
        _right(field, company_numbers.house_number)

    def validate_kvk(self, field: StrippedString) -> None:
        _right(field, company_numbers.kvk)

    def validate_btw_id(self, field: StrippedString) -> None:
        _right(field, company_numbers.btw_id)

    def validate_oin(self, field: StrippedString) -> None:
        _right(field, company_numbers.oin)

    def read(self) -> InvoiceDetails:
        """What was filled in; only after `validate`."""
        return InvoiceDetails(**{name: self[name].data or "" for name in DETAIL_NAMES})


def _right(field: StrippedString, check: Callable[[str], str]) -> None:
    """Written as it should be, or refused with what is wrong."""
    try:
        field.data = check(field.data or "")
    except ValueError as error:
        raise ValidationError(str(error)) from error
