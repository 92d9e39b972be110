"""The treasurer's books: closing and opening a month, the journal with its numbers, and settlements of Mollie."""

import csv
import io
from datetime import date

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from openpyxl import load_workbook

from eventapp.domain.actors import Role
from eventapp.domain.closed_periods import BookPeriod
from eventapp.domain.figures import Figure
from eventapp.domain.settlements import SettlementKind
from eventapp.extensions import db
from eventapp.models import InvoiceMatch, SettlementLine
from eventapp.services import carrying_out, closed_periods
from eventapp.services.long_work import RUNNERS
from tests.factories import NOW, OFFICE
from tests.invoicing import issued, make_order, make_ready
from tests.shop import Shop
from tests.web.office import made, rows, signed_in, words

SETTLEMENT = (
    "Date,Payment method,Currency,Amount,Status,ID,Description,Settlement currency,Settlement amount,"
    "Settlement reference\n"
    "2027-01-11 10:12:00,ideal,EUR,95.00,paidout,{paid},,EUR,95.00,1234567.2701.01\n"
    "2027-01-11 10:12:00,ideal,EUR,12.00,paidout,tr_vreemd,,EUR,12.00,1234567.2701.01\n"
    "2027-01-11 23:59:00,,EUR,-0.78,,,Withheld transaction fees MOL-1,EUR,-0.78,1234567.2701.01\n"
)


def test_month_is_closed_after_a_look_at_what_is_open_and_refuses_a_day_at_its_field(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    made(app, make_ready)
    invoice_id = made(app, lambda: issued(make_order()))
    client = signed_in(app, Role.PENNINGMEESTER)

    preview = words(client.get("/beheer/geld/afsluiting/2026-12"))
    answer = client.post("/beheer/geld/afsluiting/2026-12", follow_redirects=True)
    data = {"amount": "10,00", "way": "in", "received_on": "2026-12-30", "bank_line": "Bakker"}
    refused = client.post(f"/beheer/geld/facturen/{invoice_id}/bedragen", data=data)
    line = {"received_on": "2026-12-30", "bank_line": "Bakker", f"amounts-{invoice_id}": "10,00"}
    by_line = client.post("/beheer/geld/bankregel", data=line)
    running = client.get("/beheer/geld/afsluiting/2027-01")

    assert "Er staat niets open" in preview
    assert "Afgesloten: december 2026" in words(answer)
    for page in (refused, by_line):
        beside = BeautifulSoup(page.text, "html.parser").select_one("#received_on-fout")
        assert beside is not None and "De boekhouding van december 2026 is afgesloten" in beside.get_text()
    assert [page.status_code for page in (refused, by_line, running)] == [422, 422, 409]
    assert rows(app, sa.select(InvoiceMatch.id)) == []


def test_only_a_beheerder_opens_a_month_again_and_says_why(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    made(app, lambda: closed_periods.close(BookPeriod(2026, 12), by=OFFICE, now=NOW))
    path = "/beheer/geld/afsluiting/2026-12/heropening"

    treasurer = signed_in(app, Role.PENNINGMEESTER).post(path, data={"reason": "Toch"}).status_code
    client = signed_in(app, Role.BEHEERDER)
    silent = client.post(path, data={"reason": ""}).status_code
    answer = words(client.post(path, data={"reason": "Bankregel vergeten"}, follow_redirects=True))

    assert (treasurer, silent) == (403, 422)
    assert "Bankregel vergeten" in answer
    assert [client.get(f"/beheer/geld/afsluiting/{odd}").status_code for odd in ("2026-13", "alles")] == [404, 404]


def test_journal_is_shown_and_downloaded_with_the_numbers_of_the_treasurer(app: Flask):
    make_ready()
    issued(make_order())
    client = signed_in(app, Role.PENNINGMEESTER)
    query = "van=2027-01-01&tot=2027-01-31"
    form = BeautifulSoup(client.get("/beheer/geld/rekeningen").text, "html.parser")
    filled = {field["name"]: field.get("value", "") for field in form.select("form.form input[name]")}

    kept = client.post("/beheer/geld/rekeningen", data=filled | {"ledger_debtors": "1305", "vat_code_high": "HOOG"})
    page = words(client.get(f"/beheer/geld/journaal?{query}"))
    text = client.get(f"/beheer/geld/journaal.csv?{query}").data.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(client.get(f"/beheer/geld/journaal.xlsx?{query}").data)).active

    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert kept.status_code == 303
    assert "1305 Debiteuren € 145,00" in page.replace("\xa0", " ")
    assert [(row["Grootboek"], row["Btw-code"], row["Debet"], row["Credit"]) for row in rows] == [
        ("1305", "", "145,00", "0,00"),
        ("8000", "HOOG", "0,00", "119,83"),
        ("1510", "HOOG", "0,00", "25,17"),
        ("", "", "145,00", "145,00"),
    ]
    assert [sheet["I3"].value, sheet["J3"].value, sheet["C3"].value.date()] == [145, 0, date(2027, 1, 11)]


def test_every_account_opens_what_was_booked_on_it_and_that_leads_to_people_or_a_payout(app: Flask):
    make_ready()
    order = make_order()
    registration_id = order.registrations[0].id
    issued(order)
    line = SettlementLine(
        settlement="1234567.2701.01",
        key="payment:tr_vreemd",
        kind=SettlementKind.PAYMENT,
        provider_id="tr_vreemd",
        payment_id="tr_vreemd",
        amount_cents=1200,
        happened_on=NOW.date(),
        settled_on=NOW.date(),
        description="",
        job_id=0,
        booked_at=NOW,
        booked_by="Kees Kantoor",
    )
    db.session.add(line)
    db.session.commit()
    client = signed_in(app, Role.PENNINGMEESTER)
    query = "van=2027-01-01&tot=2027-01-31"

    page = BeautifulSoup(client.get(f"/beheer/geld/journaal?{query}").text, "html.parser")
    behind = {}
    for link in page.select("tbody a.row-link"):
        account = BeautifulSoup(client.get(link["href"]).text, "html.parser")
        rows = [[cell.get_text(" ", strip=True) for cell in row.select("td.num")] for row in account.select("tr.total")]
        behind[link.get_text()] = rows[0], [one["href"] for one in account.select("tbody a.row-link")]
    nothing = words(client.get(f"/beheer/geld/journaal/fees?{query}&nummer=4500"))

    person, payout = (
        f"/beheer/aanmeldingen/{registration_id}",
        "/beheer/geld/uitbetalingen/regels?uitbetaling=1234567.2701.01",
    )
    assert behind == {
        "1100": (["€\xa012,00", "€\xa00,00"], [payout]),
        "1150": (["€\xa00,00", "€\xa012,00"], [payout]),
        "1300": (["€\xa0145,00", "€\xa00,00"], [person]),
        "1510": (["€\xa00,00", "€\xa025,17"], [person]),
        "8000": (["€\xa00,00", "€\xa0119,83"], [person]),
    }
    assert "Op deze rekening is niets geboekt" in nothing


def test_settlement_is_looked_at_booked_once_and_its_differences_lead_to_people(shop: Shop):
    attempt = shop.paid(shop.booked())
    registration_id, payment_id = shop.registration(attempt.order_id).id, attempt.provider_id
    db.session.rollback()
    client = signed_in(shop.app, Role.PENNINGMEESTER)
    content = SETTLEMENT.format(paid=payment_id).encode()

    sent = client.post("/beheer/geld/uitbetalingen/bestand", data={"file": (io.BytesIO(content), "uitbetaling.csv")})
    waiting = client.get(sent.location)
    work()
    preview = words(client.get(sent.location))
    nothing = db.session.query(SettlementLine).count()
    booked = [client.post(f"{sent.location}/boeking").location for _ in range(2)]
    work()
    overview = client.get("/beheer/geld/uitbetalingen")
    lines = client.get("/beheer/geld/uitbetalingen/regels?uitbetaling=1234567.2701.01")

    assert "data-running" in waiting.text
    assert "Klopt 2 Verschil 1 Al geboekt 0 Geweigerd 0" in preview
    assert nothing == 0
    assert len(set(booked)) == 1
    assert "Onbekend bij ons" in words(overview)
    assert "€ 106,22" in words(overview).replace("\xa0", " ")
    links = [link["href"] for link in BeautifulSoup(lines.text, "html.parser").select("tbody a.row-link")]
    assert links == [f"/beheer/aanmeldingen/{registration_id}"]


def work() -> None:
    """What the worker does within seconds."""
    db.session.rollback()
    while carrying_out.run_next(RUNNERS, clock=lambda: NOW):
        pass


def test_file_that_is_no_settlement_is_refused_at_once(app: Flask):
    client = signed_in(app, Role.PENNINGMEESTER)

    answers = [
        client.post("/beheer/geld/uitbetalingen/bestand", data={"file": (io.BytesIO(content), "x.csv")})
        for content in (b"naam;bedrag\nJan;3\n", b"\0\1\2", b"")
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert "ontbreken kolommen: Date, ID, Settlement amount, Settlement reference" in words(answers[0])


def test_every_figure_opens_what_is_behind_it_and_the_balance_counts_all_events(shop: Shop):
    shop.paid(shop.booked())
    db.session.rollback()
    client = signed_in(shop.app, Role.PENNINGMEESTER)

    # The period is of events that are over; the balance of the day counts those to come.
    overview = client.get("/beheer/geld?van=2026-01-01&tot=2026-12-31&peildatum=2027-01-11")
    pages = [client.get(f"/beheer/geld/cijfers/{figure.value}") for figure in Figure]

    links = BeautifulSoup(overview.text, "html.parser").select("dl.facts a")
    shown = [link.get_text(strip=True).replace("\xa0", " ") for link in links]
    assert shown == ["€ 0,00", "€ 95,00", "€ 0,00", "€ 95,00"]
    assert {page.status_code for page in pages} == {200}
    assert "Vooruit: € 95,00" in words(client.get(links[1]["href"])).replace("\xa0", " ")
