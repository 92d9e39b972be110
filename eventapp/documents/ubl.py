"""How does a bookkeeping program read an invoice? UBL 2.1 as Peppol BIS Billing 3 wants it, with the Dutch rules."""

import re
import xml.etree.ElementTree as ET
from datetime import date

from eventapp.domain.invoices import Buyer, InvoiceKind, IssuedInvoice, Seller
from eventapp.domain.money import to_provider
from eventapp.domain.numbers import compact
from eventapp.domain.vat import Share, Vat

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_CUSTOMISATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_KVK, _OIN, _MAIL = "0106", "0190", "EM"
_CATEGORIES = {Vat.HIGH: "S", Vat.LOW: "S", Vat.ZERO: "Z", Vat.EXEMPT: "E", Vat.OUTSIDE: "O"}
_SEPA_TRANSFER = "58"
_ONE = "C62"
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def lacking(invoice: IssuedInvoice) -> tuple[str, ...]:
    """Codes of what is not known and has to be said; then there is no UBL, as nothing in it is guessed."""
    buyer, vats = invoice.buyer, {share.vat for share in invoice.split.shares}
    found = (
        ("buyer_address", buyer.country == "NL" and not buyer.postal),
        ("buyer_number", not (buyer.kvk or buyer.oin or buyer.address)),
        ("seller_tax_number", vats != {Vat.OUTSIDE} and not (invoice.seller.btw_id or invoice.seller.rsin)),
        ("vat_reason", any(line.vat.needs_reason and not line.reason for line in invoice.lines)),
        ("mixed_outside", Vat.OUTSIDE in vats and len(vats) > 1),
    )
    return tuple(code for code, missing in found if missing)


def to_ubl(invoice: IssuedInvoice) -> bytes:
    """The XML of an invoice that lacks nothing; the same invoice gives the same bytes. Refuses others by ValueError."""
    if missing := lacking(invoice):
        raise ValueError(f"not known: {', '.join(missing)}")
    kind = "CreditNote" if invoice.kind == InvoiceKind.CREDIT else "Invoice"
    root = ET.Element(
        kind,
        {
            "xmlns": f"{_UBL}{kind}-2",
            "xmlns:cac": f"{_UBL}CommonAggregateComponents-2",
            "xmlns:cbc": f"{_UBL}CommonBasicComponents-2",
        },
    )
    outside = {line.vat for line in invoice.lines} == {Vat.OUTSIDE}
    _head(root, invoice, kind)
    _seller(_add(root, "cac:AccountingSupplierParty"), invoice.seller, outside=outside)
    _buyer(_add(root, "cac:AccountingCustomerParty"), invoice.buyer, outside=outside)
    _put(_add(root, "cac:Delivery"), "ActualDeliveryDate", _day(invoice.service[1]))
    _payment(root, invoice)
    _totals(root, invoice)
    for place in range(len(invoice.lines)):
        _line(root, invoice, place, kind)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _head(root: ET.Element, invoice: IssuedInvoice, kind: str) -> None:
    credit = invoice.kind == InvoiceKind.CREDIT
    _put(root, "CustomizationID", _CUSTOMISATION)
    _put(root, "ProfileID", _PROFILE)
    _put(root, "ID", invoice.number)
    _put(root, "IssueDate", _day(invoice.issued_on))
    if not credit:
        _put(root, "DueDate", _day(invoice.due_on))
    _put(root, f"{kind}TypeCode", "381" if credit else "380")
    _put(root, "Note", " ".join(filter(None, (invoice.mark, invoice.reason))))
    _put(root, "DocumentCurrencyCode", "EUR")
    buyer = invoice.buyer
    _put(root, "AccountingCost", buyer.cost_centre)
    _put(root, "BuyerReference", buyer.reference or ("" if buyer.order_number else invoice.order_reference))
    if buyer.order_number:
        _put(_add(root, "cac:OrderReference"), "ID", buyer.order_number)
    if credit and invoice.credits_on:
        reference = _add(_add(root, "cac:BillingReference"), "cac:InvoiceDocumentReference")
        _put(reference, "ID", invoice.credits_number)
        _put(reference, "IssueDate", _day(invoice.credits_on))


def _seller(parent: ET.Element, seller: Seller, *, outside: bool) -> None:
    party = _add(parent, "cac:Party")
    _put(party, "EndpointID", seller.kvk, schemeID=_KVK)
    _address(party, seller.street, "", seller.city, seller.postcode, "NL")
    if not outside:
        scheme = _add(party, "cac:PartyTaxScheme")
        _put(scheme, "CompanyID", compact(seller.btw_id) or seller.rsin)
        _put(_add(scheme, "cac:TaxScheme"), "ID", "VAT" if seller.btw_id else "TAX")
    entity = _add(party, "cac:PartyLegalEntity")
    _put(entity, "RegistrationName", seller.name)
    _put(entity, "CompanyID", seller.kvk, schemeID=_KVK)
    _put(_add(party, "cac:Contact"), "ElectronicMail", seller.email)


def _buyer(parent: ET.Element, buyer: Buyer, *, outside: bool) -> None:
    party = _add(parent, "cac:Party")
    scheme, number = next(
        (scheme, number) for scheme, number in ((_OIN, buyer.oin), (_KVK, buyer.kvk), (_MAIL, buyer.address)) if number
    )
    _put(party, "EndpointID", number, schemeID=scheme)
    house = " ".join(filter(None, (buyer.street, buyer.house_number, buyer.addition)))
    _address(party, house, buyer.department, buyer.city, buyer.postcode, buyer.country)
    if buyer.btw_id and not outside:
        tax = _add(party, "cac:PartyTaxScheme")
        _put(tax, "CompanyID", compact(buyer.btw_id))
        _put(_add(tax, "cac:TaxScheme"), "ID", "VAT")
    entity = _add(party, "cac:PartyLegalEntity")
    _put(entity, "RegistrationName", buyer.addressee)
    if scheme != _MAIL:
        _put(entity, "CompanyID", number, schemeID=scheme)
    if buyer.attention:
        _put(_add(party, "cac:Contact"), "Name", buyer.attention)


def _address(party: ET.Element, street: str, more: str, city: str, postcode: str, country: str) -> None:
    address = _add(party, "cac:PostalAddress")
    _put(address, "StreetName", street)
    _put(address, "AdditionalStreetName", more)
    _put(address, "CityName", city)
    _put(address, "PostalZone", postcode)
    _put(_add(address, "cac:Country"), "IdentificationCode", country)


def _payment(root: ET.Element, invoice: IssuedInvoice) -> None:
    """How to pay, only when there is something to pay."""
    if not invoice.open_cents:
        return
    means = _add(root, "cac:PaymentMeans")
    _put(means, "PaymentMeansCode", _SEPA_TRANSFER)
    _put(means, "PaymentID", invoice.number)
    account = _add(means, "cac:PayeeFinancialAccount")
    _put(account, "ID", compact(invoice.seller.iban))
    _put(account, "Name", invoice.seller.name)


def _totals(root: ET.Element, invoice: IssuedInvoice) -> None:
    sign = _sign(invoice)
    split = invoice.split
    total = _add(root, "cac:TaxTotal")
    _money(total, "TaxAmount", sign * split.vat_cents)
    for share in split.shares:
        part = _add(total, "cac:TaxSubtotal")
        _money(part, "TaxableAmount", sign * share.net_cents)
        _money(part, "TaxAmount", sign * share.vat_cents)
        _category(_add(part, "cac:TaxCategory"), share.vat, reason=_reason(invoice, share))
    sums = _add(root, "cac:LegalMonetaryTotal")
    _money(sums, "LineExtensionAmount", sign * split.net_cents)
    _money(sums, "TaxExclusiveAmount", sign * split.net_cents)
    _money(sums, "TaxInclusiveAmount", sign * invoice.gross_cents)
    prepaid = 0 if invoice.kind == InvoiceKind.CREDIT else invoice.gross_cents - invoice.open_cents
    if prepaid:
        _money(sums, "PrepaidAmount", prepaid)
    _money(sums, "PayableAmount", sign * invoice.gross_cents - prepaid)


def _reason(invoice: IssuedInvoice, share: Share) -> str:
    return " ".join(dict.fromkeys(line.reason for line in invoice.lines if line.vat == share.vat and line.reason))


def _line(root: ET.Element, invoice: IssuedInvoice, place: int, kind: str) -> None:
    """Amount and price agree to the cent: a price that does not divide is given for all pieces together."""
    line, net = invoice.lines[place], _sign(invoice) * invoice.split.nets_cents[place]
    item = _add(root, f"cac:{kind}Line")
    _put(item, "ID", str(place + 1))
    quantity = "CreditedQuantity" if kind == "CreditNote" else "InvoicedQuantity"
    _put(item, quantity, str(line.quantity), unitCode=_ONE)
    _money(item, "LineExtensionAmount", net)
    thing = _add(item, "cac:Item")
    _put(thing, "Description", line.detail)
    _put(thing, "Name", line.description)
    _category(_add(thing, "cac:ClassifiedTaxCategory"), line.vat)
    price = _add(item, "cac:Price")
    _money(price, "PriceAmount", net)
    _put(price, "BaseQuantity", str(line.quantity), unitCode=_ONE)


def _category(category: ET.Element, vat: Vat, *, reason: str = "") -> None:
    _put(category, "ID", _CATEGORIES[vat])
    if vat != Vat.OUTSIDE:
        _put(category, "Percent", str(vat.percent))
    _put(category, "TaxExemptionReason", reason if vat.needs_reason else "")
    _put(_add(category, "cac:TaxScheme"), "ID", "VAT")


def _sign(invoice: IssuedInvoice) -> int:
    """A credit note says what is taken back as positive amounts."""
    return -1 if invoice.kind == InvoiceKind.CREDIT else 1


def _add(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, name)


def _put(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    """A plain value; what is empty is left out."""
    if text:
        ET.SubElement(parent, f"cbc:{name}", attributes).text = _NOT_XML.sub("", text)


def _money(parent: ET.Element, name: str, cents: int) -> None:
    _put(parent, name, to_provider(cents), currencyID="EUR")


def _day(day: date) -> str:
    return day.isoformat()
