"""The choice between paying now and paying on an invoice: may one, and whom is the invoice for?"""

from typing import Any, Self

from flask import request

from eventapp.domain.invoices import Buyer
from eventapp.models import Event
from eventapp.queries.on_invoice import may_pay_on_invoice
from eventapp.web import money
from eventapp.web.organiser.forms.invoice import BuyerForm

_NEEDED = {
    "legal_name": "Vul de naam van de organisatie in.",
    "street": "Vul de straat of postbus in.",
    "postcode": "Vul de postcode in.",
    "city": "Vul de plaats in.",
}
_PREFIX = "factuur-"


def can_pay(event: Event) -> bool:
    """Whether there is a way to pay for this event: online, or on an invoice."""
    return money.gateway() is not None or may_pay_on_invoice(event)


class OnInvoiceForm(BuyerForm):
    """Whom an invoice is for, on choosing it. An address is needed, unless we know that of the organisation."""

    address_known = False

    @classmethod
    def ask(cls, *, shown: Buyer | None = None, address_known: bool = False) -> Self:
        """The form, which may stand beside another one on the same page: that one answers for the CSRF token."""
        found = cls(prefix=_PREFIX, data=vars(shown) if shown else None, meta={"csrf": False})
        found.address_known = address_known
        return found

    @property
    def was_sent(self) -> bool:
        """Whether somebody saw these fields, and sent them."""
        return self.country.name in request.form

    def validate(self, extra_validators: Any = None) -> bool:
        fine: bool = super().validate(extra_validators)
        if self.address_known and not any(self[name].data for name in _NEEDED):
            return fine
        for name, sentence in _NEEDED.items():
            if not self[name].data:
                self[name].errors = [sentence]
                fine = False
        return fine
