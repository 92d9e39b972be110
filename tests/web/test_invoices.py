"""Geld in the back office, and the page of an invoice by its link: what they show, and what their buttons do."""

import re

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import TestConfig
from eventapp.domain.actors import Role
from eventapp.domain.invoices import TIME_TO_COMPLETE, Buyer
from eventapp.formatting import clock
from eventapp.models import Invoice, InvoiceMatch, RevenueRuleRow
from eventapp.services import drafting, invoice_papers
from tests.factories import make_event, make_registration
from tests.invoicing import get, issued, make_order, make_ready
from tests.web.office import csrf_token, form_on, made, rows, signed_in, words

NOW = TestConfig.NOW
YEAR = NOW.year
LIST = "/beheer/geld/facturen"


def sent(client: FlaskClient, page: str, path: str = "", **data: object):
    return client.post(path or page, data={"csrf_token": csrf_token(client, page), **data})


def papered(*names: str, buyer: Buyer | None = None) -> int:
    """An issued invoice with its papers."""
    order = make_order(*names)
    invoice_id = issued(order) if buyer is None else issued(order, buyer)
    invoice_papers.draw_due(now=NOW)
    return invoice_id


def test_treasurer_finds_marks_undoes_and_writes_off(make_app):
    app = make_app()
    made(app, make_ready)
    invoice_id = made(app, papered)
    client = signed_in(app, Role.PENNINGMEESTER)
    page = f"{LIST}/{invoice_id}"

    listed, late = words(client.get(LIST)), words(client.get(f"{LIST}?stand=te-laat&zoek=veenrand"))
    wrong = sent(client, page, f"{page}/bedragen", amount="veel", way="in", received_on="2027-01-12")
    sent(client, page, f"{page}/bedragen", amount="45", way="in", received_on="2027-01-12", bank_line="regel 7")
    partly = words(client.get(page))
    (match_id,) = rows(app, sa.select(InvoiceMatch.id))[0]
    sent(client, page, f"{page}/bedragen/{match_id}/ongedaan", reason="Andere klant")
    sent(client, page, f"{page}/bedragen", amount="50", way="back", received_on="2027-01-13")
    undone = words(client.get(page))
    sent(client, page, f"{page}/afboeking", reason="Failliet")

    assert f"VNK{YEAR}-0001" in listed and "Geen factuur gevonden" in late
    assert (wrong.status_code, "Dit is geen bedrag" in wrong.text) == (422, True)
    assert "Deels betaald" in partly and "regel 7" in partly
    assert "Ongedaan gemaakt door Kees Kantoor: Andere klant" in undone
    amounts = sa.select(InvoiceMatch.amount_cents, InvoiceMatch.reason).order_by(InvoiceMatch.id)
    assert rows(app, amounts) == [(4500, ""), (-5000, ""), (19500, "Failliet")]
    assert "Afgeboekt" in words(client.get(page))


def test_invoice_without_an_e_invoice_says_what_is_missing(make_app):
    app = make_app()
    made(app, make_ready)
    invoice_id = made(app, lambda: papered(buyer=Buyer(name="Marieke Bakker")))

    page = signed_in(app, Role.PENNINGMEESTER).get(f"{LIST}/{invoice_id}")

    assert "Er is geen e-factuur. Daarvoor ontbreekt: het adres van de klant." in words(page)
    assert "E-factuur (UBL)" not in words(page)


def test_one_bank_line_pays_two(make_app):
    app = make_app()
    made(app, make_ready)
    one, two = made(app, papered), made(app, papered)
    client = signed_in(app, Role.PENNINGMEESTER)
    page, line = "/beheer/geld/bankregel", {"received_on": "2027-01-12", "bank_line": "Veenrand 12-1"}

    nothing = sent(client, page, **line)
    wrong = sent(client, page, **line, **{f"amounts-{one}": "veel", f"amounts-{two}": "12,50"})
    done = sent(client, page, **line, **{f"amounts-{one}": "145", f"amounts-{two}": "12,50"})

    assert (nothing.status_code, wrong.status_code, done.status_code) == (422, 422, 303)
    beside = BeautifulSoup(wrong.text, "html.parser").select_one("td .field--bad")
    assert "Dit is geen bedrag" in beside.text and beside.select_one("input[aria-invalid]")["value"] == "veel"
    assert rows(app, sa.select(InvoiceMatch.invoice_id, InvoiceMatch.amount_cents)) == [(one, 14500), (two, 1250)]
    assert f"ook bij VNK{YEAR}-0002" in words(client.get(f"{LIST}/{one}"))


def test_looking_for_another_invoice_keeps_what_was_typed_for_the_first(make_app):
    app = make_app()
    made(app, make_ready)
    one, two = made(app, papered), made(app, papered)
    client = signed_in(app, Role.PENNINGMEESTER)
    page, line = "/beheer/geld/bankregel", {"received_on": "2027-01-12", "bank_line": "Veenrand 12-1"}

    narrowed = form_on(client, f"{page}?zoek=-0001")
    looked = sent(client, page, **line, **{f"amounts-{one}": "145"}, zoek=f"Betreft VNK{YEAR}-0002", zoeken="ja")
    nothing = rows(app, sa.select(InvoiceMatch.id))
    sent(client, page, **line, **{f"amounts-{one}": "145"})
    late = sent(client, page, **line, **{f"amounts-{one}": "145", f"amounts-{two}": "145"})

    kept = _amounts_on(looked)
    assert [name for name in narrowed if name.startswith("amounts-")] == [f"amounts-{one}"]
    assert (looked.status_code, kept, nothing) == (200, {f"amounts-{one}": "145", f"amounts-{two}": ""}, [])
    assert (late.status_code, "staat niet meer open" in late.text) == (422, True)
    assert _amounts_on(late) == {f"amounts-{two}": "145"}
    assert rows(app, sa.select(InvoiceMatch.invoice_id, InvoiceMatch.amount_cents)) == [(one, 14500)]


def _amounts_on(answer: TestResponse) -> dict[str, str]:
    fields = BeautifulSoup(answer.text, "html.parser").select("input[name^=amounts-]")
    return {field["name"]: field.get("value", "") for field in fields}


def test_credit_in_part_and_anew_with_another_reference(make_app):
    app = make_app()
    made(app, make_ready)
    invoice_id = made(app, lambda: papered("Anna", "Bram"))
    anna, bram = made(app, lambda: [line.id for line in get(invoice_id).lines])
    client = signed_in(app, Role.SECRETARIAAT)
    page = f"{LIST}/{invoice_id}"

    amounts = {f"amounts-{anna}": "200", f"amounts-{bram}": ""}
    refused = sent(client, f"{page}/creditering", reason="Ziek", **amounts)
    credited = sent(client, f"{page}/creditering", reason="Ziek", **amounts | {f"amounts-{anna}": "145"})
    filled = re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', client.get(f"{page}/nieuw").text)
    data = dict(filled) | {"order_number": "PO-9", "country": "NL", "reason": "Ander ordernummer"}
    anew = client.post(f"{page}/nieuw", data=data)

    assert (refused.status_code, "Hooguit €" in refused.text) == (422, True)
    assert (credited.status_code, anew.status_code) == (303, 303)
    state = sa.select(Invoice.number, Invoice.kind, Invoice.gross_cents, Invoice.reason).order_by(Invoice.number)
    assert rows(app, state) == [
        (f"VNK{YEAR}-0001", "invoice", 29000, ""),
        (f"VNK{YEAR}-0002", "credit", -14500, "Ziek"),
        (f"VNK{YEAR}-0003", "credit", -14500, "Ander ordernummer"),
        (f"VNK{YEAR}-0004", "invoice", 14500, ""),
    ]
    assert "PO-9" in words(client.get(anew.location))
    assert "Er is niets meer om te crediteren" in words(client.get(f"{page}/creditering"))


def test_booker_completes_by_link_until_it_is_issued_and_then_downloads(make_app):
    app = make_app()
    made(app, make_ready)

    def draft() -> tuple[int, str]:
        found = drafting.draft_for(make_order().id, now=NOW)
        return found.id, found.token

    invoice_id, token = made(app, draft)
    client, page = app.test_client(), f"/factuur/{token}"
    details = {"order_number": "PO-77", "legal_name": "Stichting De Brêge", "country": "NL"}
    address = {
        "street": "Brêgeleane",
        "house_number": "1",
        "postcode": "8401 aa",
        "city": "Gorredijk",
        "kvk": "12345678",
    }

    asked = words(client.get(page))
    wrong = sent(client, page, **details, postcode="84", kvk="1")
    right = sent(client, page, **details, **address)
    office = signed_in(app, Role.PENNINGMEESTER)
    sent(office, f"{LIST}/{invoice_id}", f"{LIST}/{invoice_id}/uitgifte")
    early = client.get(f"{page}.pdf")
    made(app, lambda: invoice_papers.draw_due(now=NOW))
    late = client.post(page, data={"order_number": "PO-78"})
    shown = words(client.get(page))
    pdf, xml = client.get(f"{page}.pdf"), client.get(f"{page}.xml")

    assert (wrong.status_code, right.status_code, early.status_code) == (422, 303, 404)
    assert f"Aanvullen kan vandaag tot {clock(NOW + TIME_TO_COMPLETE)} uur" in asked
    assert "wat u invulde, staat er niet op" in words(late)
    assert late.status_code == 200 and "PO-77" in shown and "Nog te betalen: € 145,00" in shown.replace("\xa0", " ")
    assert pdf.data.startswith(b"%PDF") and "Stichting De Brêge" in xml.text
    assert f'filename="factuur-vnk{YEAR}-0001.pdf"' in pdf.headers["Content-Disposition"]
    assert client.get("/factuur/anders").status_code == 404


def test_treasurer_says_how_prices_are_booked(make_app):
    app = make_app()
    made(app, lambda: make_registration(make_event(title="Masterclass")).id)
    client = signed_in(app, Role.PENNINGMEESTER)
    page = "/beheer/geld/btw"
    rule = {"starts_on": "2027-01-01", "kind": "masterclass", "category": "", "event_id": "", "ledger_account": "8010"}

    empty = words(client.get(page))
    refused = sent(client, page, **rule, vat="vrijgesteld")
    sent(client, page, **rule, vat="21")
    shown = words(client.get(page))
    (rule_id,) = rows(app, sa.select(RevenueRuleRow.id))[0]
    sent(client, page, f"{page}/{rule_id}/einde")

    assert "wij raden geen btw-tarief" in empty
    assert (refused.status_code, "Zonder btw moet" in refused.text) == (422, True)
    assert "Masterclass 21% " in shown and "geen btw-id" in shown
    assert rows(app, sa.select(RevenueRuleRow.id)) == []


def test_money_is_for_who_may_see_it(make_app):
    app: Flask = make_app()
    made(app, make_ready)
    invoice_id = made(app, papered)
    paths = (
        LIST,
        f"{LIST}/{invoice_id}",
        f"{LIST}/{invoice_id}/factuur.pdf",
        "/beheer/geld/btw",
        "/beheer/geld/bankregel",
    )
    reader, secretary = signed_in(app, Role.LEZER), signed_in(app, Role.SECRETARIAAT)

    assert [reader.get(path).status_code for path in paths] == [403] * 5
    assert [secretary.get(path).status_code for path in paths] == [200] * 5
    assert secretary.get(f"{LIST}/{invoice_id}/factuur.doc").status_code == 404
    assert "Nieuwe regel" not in secretary.get("/beheer/geld/btw").text
