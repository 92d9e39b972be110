"""The treasurer's pages: figures of a day with the registrations behind them, files, and giving money back by hand."""

import csv
import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from openpyxl import load_workbook

from eventapp.domain.actors import Role
from eventapp.domain.payments import RefundState
from eventapp.extensions import db
from eventapp.models import Event, Setting
from eventapp.services import refunding
from eventapp.services.cancelling import cancel_registration
from tests.factories import NOW, OFFICE, make_event, make_person
from tests.shop import Shop
from tests.web.office import signed_in, whole_today, words

YEAR = "van=2027-01-01&tot=2027-12-31"
HEADS = [
    *("Geboekt", "Gefactureerd", "Te factureren", "Betaald", "Terugbetaald", "Teruggehaald"),
    *("Afgeboekt", "In kas", "Open", "Vooruit", "Vooruit gefactureerd"),
]


def office(shop: Shop, role: Role = Role.PENNINGMEESTER) -> FlaskClient:
    """Somebody at work, who sees what is there by now."""
    db.session.rollback()
    return signed_in(shop.app, role)


def figures(client, query: str) -> dict[str, dict[str, str]]:
    """The table by event: the amounts that are not nothing, by the name of their column."""
    page = BeautifulSoup(client.get(f"/beheer/geld?{query}").text, "html.parser")
    found = {}
    for row in page.select("tbody tr"):
        name, *cells = row.find_all("td")
        texts = {cell["data-label"]: cell.get_text(" ", strip=True).replace("\xa0", " ") for cell in cells}
        amounts = {label: text.removeprefix("€ ") for label, text in texts.items() if text != "€ 0,00"}
        found[name.find(["a", "strong"]).get_text(strip=True)] = amounts
    return found


def a_year(shop: Shop) -> None:
    """One paid and stays, one was withdrawn next week with half of it back, one has the bank take it back."""
    event = make_event(title="Themadag")
    stays, leaves, disputes = (shop.booked(event) for _ in range(3))
    for order_id in (stays, leaves, disputes):
        shop.paid(order_id)
    week = NOW + timedelta(days=7)
    cancel_registration(shop.registration(leaves).id, by=OFFICE, now=week, back_cents=4750)
    refunding.send_due(shop.gateway, now=week)
    attempt = shop.attempts(disputes)[0]
    shop.sandbox.control(f"payments/{attempt.provider_id}/charge-back")
    shop.settle(attempt, now=week)


def test_figures_of_a_day_stay_what_they_were_and_every_one_leads_to_people(shop: Shop):
    a_year(shop)
    client = office(shop)

    then, later = (figures(client, f"{YEAR}&peildatum=2027-01-{day}") for day in (11, 18))
    behind = client.get(f"/beheer/geld/cijfers/refunded?{YEAR}&peildatum=2027-01-18")

    all_of_it = dict.fromkeys(("Geboekt", "Te factureren", "Betaald", "In kas", "Vooruit"), "285,00")
    assert then["Themadag"] == all_of_it
    # The fee that stays of whoever withdrew is owed, and paid.
    assert later["Themadag"] == {
        "Geboekt": "237,50",
        "Te factureren": "237,50",
        "Betaald": "285,00",
        "Terugbetaald": "47,50",
        "Teruggehaald": "95,00",
        "In kas": "142,50",
        "Open": "95,00",
        "Vooruit": "142,50",
    }
    assert later["Totaal"] == later["Themadag"]
    links = BeautifulSoup(behind.text, "html.parser").select("tbody a.row-link")
    assert [link["href"] for link in links] == ["/beheer/aanmeldingen/2"]
    assert "Terugbetaald: € 47,50" in words(behind).replace("\xa0", " ")
    assert figures(client, "van=2026-01-01&tot=2026-12-31") == {}


def test_files_hold_the_same_amounts_and_no_formula(shop: Shop):
    order_id = shop.booked(make_event(title="=HYPERLINK(1)"), person=make_person("=1+1", "", "Tester"))
    shop.paid(order_id)
    client = office(shop)
    query = f"{YEAR}&peildatum=2027-01-11"

    overview = client.get(f"/beheer/geld/overzicht.csv?{query}").data.decode("utf-8-sig")
    behind = client.get(f"/beheer/geld/cijfers/paid.csv?{query}").data.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(client.get(f"/beheer/geld/cijfers/paid.xlsx?{query}").data)).active

    table = list(csv.reader(io.StringIO(overview), delimiter=";"))
    assert table[0] == ["Bijeenkomst", "Datum", *HEADS]
    assert table[1][0] == "'=HYPERLINK(1)"
    assert table[1][2:6] == ["95,00", "0,00", "95,00", "95,00"]
    assert [row[3] for row in (HEADS, table[1][2:])] == ["Betaald", "95,00"]
    assert "'=1+1 Tester" in behind
    assert [sheet["D3"].value, sheet["D3"].data_type, sheet["H3"].value] == ["=1+1 Tester", "s", 95]


@pytest.mark.parametrize("role", [Role.LEZER, Role.KRINGCOORDINATOR, Role.DEURVRIJWILLIGER])
def test_money_is_for_who_handles_it(shop: Shop, role: Role):
    path = f"/beheer/geld/betalingen/{shop.paid(shop.booked()).id}/terugbetaling"
    client = office(shop, role)

    paths = ("/beheer/geld", "/beheer/geld/cijfers/paid", "/beheer/geld/overzicht.csv")
    answers = [client.get(path).status_code for path in (*paths, path)]
    answers.append(client.post("/beheer/geld/terugbetalingen/1/herhaling").status_code)

    assert answers == [403] * 5


def test_refund_by_hand_asks_twice_for_a_large_amount_and_shows_what_moved(shop: Shop):
    db.session.add(Setting(name="refund_confirm_cents", value="5000"))
    db.session.commit()
    attempt = shop.paid(shop.booked())
    path, client = f"/beheer/geld/betalingen/{attempt.id}/terugbetaling", office(shop)
    typed = {"amount_cents": "60,00", "reason": "dubbel gerekend"}

    too_much = client.post(path, data=typed | {"amount_cents": "95,01"})
    first = client.post(path, data=typed)
    another = client.post(path, data=typed | {"second_yes": "y", "asked": "5100"})
    done = client.post(path, data=typed | {"second_yes": "y", "asked": "6000"})
    shop.sandbox.fault("http-403", operation="refund")
    refunding.send_due(shop.gateway, now=NOW)
    today = whole_today(client)

    assert [answer.status_code for answer in (too_much, first, another, done)] == [422, 422, 422, 303]
    assert "U betaalt € 60,00 terug. Bevestig dat hieronder nog een keer." in words(first).replace("\xa0", " ")
    assert [refund.amount_cents for refund in shop.refunds()] == [6000]
    assert "Mollie weigert onze sleutel" in today


def test_failed_refund_has_a_button_that_works_once_and_a_chargeback_is_seen(shop: Shop):
    attempt = shop.paid(shop.booked())
    registration_id = shop.registration(attempt.order_id).id
    client, page = office(shop), f"/beheer/aanmeldingen/{registration_id}"
    refund = {"amount_cents": "10", "reason": "x"}
    client.post(f"/beheer/geld/betalingen/{shop.attempts(1)[0].id}/terugbetaling", data=refund)
    attempt = shop.attempts(1)[0]
    refunding.send_due(shop.gateway, now=NOW)
    shop.sandbox.control(f"refunds/{shop.refunds()[0].provider_id}/settle", status="failed")
    shop.sandbox.control(f"payments/{attempt.provider_id}/charge-back", amount_cents=500)
    shop.settle(attempt)
    refund_id = shop.refunds()[0].id

    before = words(client.get(page))
    answers = [client.post(f"/beheer/geld/terugbetalingen/{refund_id}/herhaling").location for _ in range(2)]
    after = words(client.get(page))

    assert "De bank stuurde het geld terug" in before
    assert "Door de bank teruggehaald" in before
    assert "Door de bank teruggehaald" in whole_today(client)
    assert set(answers) == {page}
    assert [refund.state for refund in shop.refunds()] == [RefundState.FAILED, RefundState.PLANNED]
    assert "(opnieuw gepland)" in after


def test_looking_at_figures_of_another_event_is_not_found(shop: Shop):
    client = office(shop)

    assert client.get("/beheer/geld/cijfers/paid?bijeenkomst=weg").status_code == 404
    assert client.get("/beheer/geld/cijfers/winst").status_code == 404
    assert client.get("/beheer/geld/overzicht.pdf").status_code == 404
    assert db.session.get(Event, 4711) is None
