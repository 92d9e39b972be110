"""Words for invoices: where one stands, how money came in, which btw, and how it was paid."""

from eventapp.domain.invoices import InvoiceKind, InvoiceState, IssueMoment, MatchSource, Numbering
from eventapp.domain.vat import Vat

INVOICE_KINDS = {InvoiceKind.INVOICE: "Factuur", InvoiceKind.CREDIT: "Creditfactuur"}
INVOICE_STATES = {
    InvoiceState.DRAFT: "Concept",
    InvoiceState.OPEN: "Open",
    InvoiceState.PARTLY_PAID: "Deels betaald",
    InvoiceState.PAID: "Betaald",
    InvoiceState.OVERPAID: "Te veel ontvangen",
    InvoiceState.CREDITED: "Gecrediteerd",
    InvoiceState.WRITTEN_OFF: "Afgeboekt",
    InvoiceState.SETTLED: "Creditfactuur",
}
MATCH_SOURCES = {
    MatchSource.HAND: "Met de hand",
    MatchSource.BANK: "Bank",
    MatchSource.MOLLIE: "Mollie",
    MatchSource.WRITE_OFF: "Afgeboekt (oninbaar)",
}
NUMBERINGS = {
    Numbering.YEARLY: "Met het jaartal, elk jaar weer vanaf 1",
    Numbering.ENDLESS: "Zonder jaartal, doorlopend",
}
ISSUE_MOMENTS = {
    IssueMoment.BOOKING: "Meteen bij het boeken",
    IssueMoment.DAYS: "Een aantal dagen na het boeken",
    IssueMoment.EVENT: "De dag na de bijeenkomst",
}
VATS = {
    Vat.HIGH: "21%",
    Vat.LOW: "9%",
    Vat.ZERO: "0%",
    Vat.EXEMPT: "Vrijgesteld van btw",
    Vat.OUTSIDE: "Buiten de btw-heffing",
}
# In the narrow column of a printed line.
VATS_SHORT = VATS | {Vat.EXEMPT: "vrijgesteld", Vat.OUTSIDE: "geen btw"}
_METHODS = {
    "ideal": "iDEAL",
    "bancontact": "Bancontact",
    "creditcard": "creditcard",
    "applepay": "Apple Pay",
    "paypal": "PayPal",
    "bank": "overboeking",
    "banktransfer": "overboeking",
}
SELLER_WORDS = {"street": "straat", "postcode": "postcode", "city": "plaats", "kvk": "KvK-nummer", "iban": "IBAN"}
UBL_LACKS = {
    "buyer_address": "het adres van de klant",
    "buyer_number": "KvK-nummer, OIN of factuuradres van de klant",
    "seller_tax_number": "het btw-id (of RSIN) van de vereniging",
    "vat_reason": "de tekst waarom er geen btw op zit",
    "mixed_outside": "regels met en zonder btw-heffing horen op aparte facturen",
}


def method(code: str) -> str:
    """How somebody paid, in the middle of a sentence; a way that is new to us by its own name."""
    return _METHODS.get(code, code or "de betaalpagina")
