"""What does an invoice to an organisation need to say, and where does it go?"""

from dataclasses import dataclass, fields

from eventapp.domain.tokens import digest

HOME_COUNTRY = "NL"


@dataclass(frozen=True)
class InvoiceDetails:
    """Everything is optional until there is an invoice. `country` is a code of two letters, `address` a mail address.

    `attention` is t.a.v., `reference` the "uw kenmerk" or cost centre that stands on it unless an order says another.
    """

    legal_name: str = ""
    attention: str = ""
    department: str = ""
    street: str = ""
    house_number: str = ""
    addition: str = ""
    postcode: str = ""
    city: str = ""
    country: str = HOME_COUNTRY
    kvk: str = ""
    btw_id: str = ""
    oin: str = ""
    address: str = ""
    reference: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was filled in; a country alone says nothing."""
        return not any(getattr(self, name) for name in DETAIL_NAMES if name != "country")

    @property
    def fingerprint(self) -> str:
        """Differs as soon as a detail does."""
        return digest(repr(self))


DETAIL_NAMES = tuple(item.name for item in fields(InvoiceDetails))
