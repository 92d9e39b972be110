"""Invoices on paper are read back: what they ask, what they must not say, and where it stands."""

from datetime import date
from pathlib import Path

import pytest
import zxingcpp

from eventapp.documents.invoice_pdf import invoice_pdf
from eventapp.documents.sepa import transfer_code
from eventapp.domain.invoices import Buyer, IssuedInvoice, Paid
from eventapp.domain.vat import Vat
from tests.documents.examples import HOSTILE_NAMES, picture_of, read_pdf, text_of
from tests.invoicing import SELLER, credit_paper, line, paper

PAID = (Paid("ideal", date(2027, 1, 30), 24500),)
REASON = "Vrijgesteld van btw op grond van artikel 11 van de Wet op de omzetbelasting 1968."


def test_open_invoice_asks_for_the_money_and_the_code_fills_in_the_transfer(tmp_path: Path) -> None:
    drawn = invoice_pdf(paper(line(), line(2950, Vat.LOW, "Boek")))

    text = text_of(drawn)
    (code,) = zxingcpp.read_barcodes(picture_of(drawn, tmp_path))
    for words in (
        "Factuur VNK2027-0042",
        "Stichting PO Veenrand",
        "T.a.v. Crediteurenadministratie",
        "PO-4500123",
        "maandag 15 februari 2027",
        "NL91 ABNA 0417 1643 00",
        "21% btw over € 202,48",
        "9% btw over € 27,06",
        "KvK 00000000",
    ):
        assert words in text
    assert "Btw-id" not in text
    lines = ["BCD", "002", "1", "SCT", "", SELLER.name, "NL91ABNA0417164300", "EUR274.50", "", "", "VNK2027-0042"]
    assert code.text.splitlines() == lines


@pytest.mark.parametrize(
    ("invoice", "told"),
    [
        (
            paper(paid=PAID, due_on=date(2027, 2, 1)),
            "Voldaan via iDEAL op zaterdag 30 januari 2027, niet meer betalen.",
        ),
        (credit_paper(), "Dit bedrag gaat af van factuur VNK2027-0041."),
    ],
    ids=["paid", "credit"],
)
def test_nothing_to_pay_has_no_account_and_no_code(tmp_path: Path, invoice: IssuedInvoice, told: str) -> None:
    drawn = invoice_pdf(invoice)

    text = text_of(drawn)
    assert told in text
    assert "IBAN" not in text and "Vervaldatum" not in text
    assert zxingcpp.read_barcodes(picture_of(drawn, tmp_path)) == []


def test_paid_in_part_asks_for_the_rest() -> None:
    text = text_of(invoice_pdf(paper(line(), line(), paid=PAID)))

    assert "Nog te betalen" in text
    assert "€ 245,00 betalen, uiterlijk" in text


def test_exemption_is_explained_and_practice_is_said() -> None:
    text = text_of(
        invoice_pdf(paper(line(vat=Vat.EXEMPT, reason=REASON), line(vat=Vat.EXEMPT, reason=REASON), mark="DEMO"))
    )

    assert " ".join(text.split()).count(REASON) == 1
    assert "DEMO: dit is geen echte factuur" in text


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (12, 1), (16, 2), (24, 2), (25, 2), (26, 2), (60, 3)])
def test_pages_break_between_lines_and_the_totals_are_never_alone(count: int, pages: int) -> None:
    drawn = invoice_pdf(paper(*(line(detail=f"Deelnemer {n}") for n in range(count))))

    texts = [page.extract_text() for page in read_pdf(drawn).pages]
    assert len(texts) == pages
    assert "Totaal exclusief" in texts[-1] and f"Deelnemer {count - 1}" in texts[-1]
    assert sum(text.count("Deelnemer") for text in texts) == count


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_names_never_break_the_page(name: str) -> None:
    buyer = Buyer(legal_name=name, attention=name, department=name, street=name, city=name, reference=name)

    drawn = invoice_pdf(paper(line(detail=name), buyer=buyer))

    assert len(read_pdf(drawn).pages) == 1


def test_same_invoice_gives_the_same_bytes() -> None:
    assert invoice_pdf(paper()) == invoice_pdf(paper())


def test_a_bank_takes_no_transfer_of_nothing() -> None:
    with pytest.raises(ValueError):
        transfer_code(name="VNK", iban=SELLER.iban, amount_cents=0, text="x")
