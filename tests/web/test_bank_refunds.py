"""Money back by bank on pages: who pays gives an account, the treasurer pays, and all read beforehand what happens."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventapp.domain.actors import Role
from eventapp.domain.bank_refunds import BankRefundState
from eventapp.domain.invoices import MatchSource
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import BankRefund, CancellationTerm, Order, Setting
from eventapp.services import cancelling, matching, refunding
from tests.factories import NOW, OFFICE, make_event
from tests.invoicing import TREASURER, issued, make_attempt, make_order, make_ready
from tests.shop import PRICE, Shop
from tests.web.office import csrf_token, made, rows, signed_in, whole_today, words

IBAN = "nl20 ingb 0001 2345 67"
WAITING = sa.select(BankRefund.amount_cents, BankRefund.state, BankRefund.iban).order_by(BankRefund.id)


def on_invoice(*, received: int, percent: int = 100) -> tuple[str, int, str]:
    """An order on an invoice: its link, the id of its registration, and the link of its ticket."""
    make_ready()
    event = make_event(title="Masterclass", prices={Category.NIET_LID: PRICE})
    event.cancellation_terms = [CancellationTerm(days_before=0, refund_percent=percent)]
    order = make_order(event=event, price_cents=PRICE)
    found = order.token, order.registrations[0].id, order.registrations[0].tickets[0].token
    invoice_id = issued(order)
    if received:
        matching.match(invoice_id, received, received_on=NOW.date(), source=MatchSource.BANK, by=TREASURER, now=NOW)
    return found


def post(client: FlaskClient, path: str, action: str = "", **data: str):
    return client.post(action or path, data={"csrf_token": csrf_token(client, path)} | data)


def test_payer_gives_an_account_and_the_treasurer_pays_it(app: Flask):
    token, _, _ = made(app, lambda: on_invoice(received=PRICE + 50000))
    made(app, lambda: (db.session.merge(Setting(name="refund_confirm_cents", value="40000")), db.session.commit())[1])
    page, payer = f"/bestelling/{token}/rekeningnummer", app.test_client()
    treasurer = signed_in(app, Role.PENNINGMEESTER)

    refused = post(payer, page, iban="NL91 ABNA 0417 1643 01", holder="PO Veenrand")
    post(payer, page, iban=IBAN, holder="PO Veenrand & Zn <b>")
    shown = payer.get(page)
    listed = words(treasurer.get("/beheer/geld/terugbetalen"))
    one = treasurer.get("/beheer/geld/terugbetalen/1")
    transfer = "/beheer/geld/terugbetalen/1/overboeking"
    pay = {"betaald-paid_on": NOW.date().isoformat()}
    asked = post(treasurer, "/beheer/geld/terugbetalen/1", transfer, **pay)
    paid = post(
        treasurer,
        "/beheer/geld/terugbetalen/1",
        transfer,
        **pay,
        **{"betaald-second_yes": "y", "betaald-asked": "50000"},
    )

    assert (refused.status_code, "geen geldig rekeningnummer" in words(refused)) == (422, True)
    assert "NL…4567" in words(shown)
    assert "0001 2345" not in shown.text
    assert "NL20 INGB 0001 2345 67" in listed
    assert 'data-copy="NL20INGB0001234567"' in one.text
    assert "PO Veenrand &amp; Zn &lt;b&gt;" in one.text
    assert (asked.status_code, "Bevestig dat hieronder nog een keer" in words(asked)) == (422, True)
    assert paid.status_code == 303
    assert rows(app, WAITING) == [(50000, BankRefundState.DONE, "NL20INGB0001234567")]
    assert "overgemaakt op" in words(payer.get(page))
    assert "Terugbetaald" in words(treasurer.get("/beheer/geld/terugbetalen?stand=gedaan"))
    gone = post(
        treasurer, "/beheer/geld/terugbetalen/1", "/beheer/geld/terugbetalen/1/terugdraaiing", **{"terug-reason": "x"}
    )
    assert gone.status_code == 303
    kept = post(
        treasurer,
        "/beheer/geld/terugbetalen/1",
        "/beheer/geld/terugbetalen/1/behoud",
        **{"blijft-reason": "Gift", "blijft-second_yes": "y", "blijft-asked": "50000"},
    )
    assert (kept.status_code, [state for _, state, _ in rows(app, WAITING)]) == (303, [BankRefundState.KEPT])


@pytest.mark.parametrize("role", [Role.LEZER, Role.DEURVRIJWILLIGER])
def test_account_is_shown_to_nobody_without_the_money(app: Flask, role):
    made(app, lambda: on_invoice(received=PRICE + 500))
    client = signed_in(app, role)

    for path in ("", "/1", "/1/overboeking"):
        answer = client.get(f"/beheer/geld/terugbetalen{path}")
        assert answer.status_code in (403, 405)


def by_provider() -> tuple[str, int, str]:
    order = make_order(event=make_event(title="Masterclass"), price_cents=PRICE)
    make_attempt(order, PRICE)
    return order.token, order.registrations[0].id, order.registrations[0].tickets[0].token


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (by_provider, "U krijgt € 95,00 terug Er is € 95,00 betaald. Wij storten het bedrag meteen terug"),
        (
            lambda: on_invoice(received=PRICE),
            "U krijgt € 95,00 per bank terug De factuur is per bank betaald. U geeft zelf",
        ),
        (lambda: on_invoice(received=PRICE, percent=40), "Volgens de voorwaarden blijft € 57,00 verschuldigd"),
        (lambda: on_invoice(received=0), "U hoeft niets te betalen Voor deze plaats is een factuur"),
        (lambda: on_invoice(received=0, percent=40), "Er blijft € 57,00 te betalen"),
        (lambda: on_invoice(received=0, percent=0), "De factuur verandert niet"),
    ],
)
def test_cancel_pages_say_beforehand_which_way_the_money_goes(
    app: Flask, make: Callable[[], tuple[str, int, str]], said
):
    token, registration_id, ticket = made(app, make)
    client, office = app.test_client(), signed_in(app)

    own = words(client.get(f"/bestelling/{token}/afmelding/{registration_id}")).replace("\xa0", " ")
    of_ticket = words(client.get(f"/ticket/{ticket}/afmelding")).replace("\xa0", " ")
    of_office = words(office.get(f"/beheer/aanmeldingen/{registration_id}/annulering"))
    of_event = words(office.get("/beheer/evenementen/bijeenkomst-1/annulering"))

    assert said in own
    assert said in of_ticket
    assert "Volgens de voorwaarden" in of_office
    assert of_event


def test_office_reads_what_cancelling_the_event_moves_and_chooses_what_falls_away(app: Flask):
    _, registration_id, _ = made(app, lambda: on_invoice(received=PRICE))
    office = signed_in(app)
    slug = rows(app, sa.text("SELECT slug FROM events"))[0][0]

    event = words(office.get(f"/beheer/evenementen/{slug}/annulering")).replace("\xa0", " ")
    page = f"/beheer/aanmeldingen/{registration_id}/annulering"
    said = words(office.get(page)).replace("\xa0", " ")
    post(office, page, back="niets")

    assert "1 mens krijgt bericht, € 95 gaat per bank terug." in event
    assert "wie boekte geeft zelf het rekeningnummer door" in said
    assert rows(app, WAITING) == []
    assert rows(app, sa.text("SELECT kept_cents FROM registrations")) == [(PRICE,)]


def test_ticket_and_order_say_what_goes_back_and_how_far_it_is(app: Flask):
    token, registration_id, ticket = made(app, lambda: on_invoice(received=PRICE))
    client = app.test_client()
    made(app, lambda: cancelling.cancel_own(registration_id, by=OFFICE, now=NOW))

    asked = words(client.get(f"/ticket/{ticket}")).replace("\xa0", " ")
    order = words(client.get(f"/bestelling/{token}")).replace("\xa0", " ")
    post(client, f"/bestelling/{token}/rekeningnummer", iban=IBAN, holder="PO Veenrand")
    given = words(client.get(f"/ticket/{ticket}"))

    assert "€ 95,00 gaat terug naar wie betaalde" in asked
    assert "kreeg een mail om door te geven op welke rekening" in asked
    assert "U krijgt € 95,00 per bank terug" in order
    assert "De penningmeester maakt het over" in given


def test_refund_through_mollie_shows_on_the_ticket_until_it_fails_and_goes_by_bank(shop: Shop):
    order_id = shop.booked(make_event())
    shop.paid(order_id)
    ticket = shop.registration(order_id).tickets[0].token
    client, treasurer = shop.app.test_client(), signed_in(shop.app, Role.PENNINGMEESTER)
    cancelling.cancel_own(shop.registration(order_id).id, by=OFFICE, now=NOW)

    def on_ticket() -> str:
        db.session.rollback()
        return words(client.get(f"/ticket/{ticket}"))

    planned = on_ticket()
    refunding.send_due(shop.gateway, now=NOW)
    shop.sandbox.control(f"refunds/{shop.refunds()[0].provider_id}/settle", status="failed")
    shop.settle(shop.attempts(order_id)[0])
    failed = on_ticket()
    before = "Terugbetalingen die niet lukten" in treasurer.get("/beheer/").text
    page = f"/beheer/geld/terugbetalingen/{shop.refunds()[0].id}/per-bank"
    missing = treasurer.post(page, data={"how": "done"})
    done = treasurer.post(page, data={"how": "done", "paid_on": NOW.date().isoformat()})

    assert "Het is onderweg" in planned
    assert "Dat lukte nog niet" in failed
    assert (before, missing.status_code, done.status_code) == (True, 422, 303)
    assert "is terugbetaald aan wie betaalde" in on_ticket()
    assert "Terugbetalingen die niet lukten" not in treasurer.get("/beheer/").text
    assert db.session.get_one(Order, order_id).registrations[0].kept_cents == 0


def test_credit_that_waits_for_a_setting_stands_on_the_first_page(app: Flask):
    _, registration_id, _ = made(app, lambda: on_invoice(received=0))

    def withdraw() -> None:
        db.session.delete(db.session.get_one(Setting, "kvk"))
        db.session.commit()
        cancelling.cancel_own(registration_id, by=OFFICE, now=NOW)

    made(app, withdraw)

    today = whole_today(signed_in(app, Role.PENNINGMEESTER))

    assert "Creditfacturen die nog niet konden worden gemaakt" in today
    assert "KvK-nummer" in today
