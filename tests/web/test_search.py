"""The search over everything: what it finds by which word, and for whom it finds nothing."""

import re

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Role
from eventapp.domain.payments import AttemptStatus
from eventapp.extensions import db
from eventapp.models import Event, PaymentAttempt, Ticket
from eventapp.queries import search
from tests.circling import make_circle
from tests.factories import NOW, make_event, make_grant, make_organisation, make_person, make_registration
from tests.web.office import client_of, made, signed_in, words


def a_house() -> str:
    """One of everything, and a second event with somebody else; answers a ticket code."""
    event, other = make_event(slug="dag", title="Themadag Bouwen"), make_event(slug="kring", title="Kenniskring HR")
    make_circle(name="Kring Huisvesting")
    make_organisation("Zonnevlinder")
    zoe = make_person("Zoë", "van 't", "Hoff-Müller", address="zoe@zonnevlinder.example")
    registration = make_registration(event, zoe, price_cents=9500)
    make_registration(other, make_person("Bram", "", "Bakker", address="bram@elders.example"))
    attempt = {
        "token": "t",
        "idempotency_key": "k",
        "amount_cents": 9500,
        "mode": "test",
        "provider_id": "tr_7UhSN1zuXS",
    }
    db.session.add(PaymentAttempt(order_id=registration.order_id, status=AttemptStatus.PAID, created_at=NOW, **attempt))
    db.session.commit()
    return db.session.scalars(sa.select(Ticket.code).where(Ticket.registration_id == registration.id)).one()


def hits(client, text: str) -> list[str]:
    """Where the results lead."""
    page = client.get("/beheer/zoeken", query_string={"q": text}).text
    return re.findall(r'<li><a href="(/beheer/[^"]+)"', page.split("<main")[1])


@pytest.fixture
def house(make_app):
    app = make_app()
    app.code = made(app, a_house)
    return app


def test_everything_is_found_by_what_one_has_at_hand(house) -> None:
    client = signed_in(house, Role.SECRETARIAAT)
    registration, person = "/beheer/aanmeldingen/1", "/beheer/mensen/1"

    assert hits(client, "bouwen thema") == ["/beheer/evenementen/dag"]
    assert hits(client, "huisvesting") == ["/beheer/kringen/kenniskring-hr"]
    assert hits(client, "zoe muller") == [person, registration]
    assert hits(client, "zonnevlinder") == [person, "/beheer/organisaties/1", registration]
    assert hits(client, "zoe@zonnevlinder.example") == [person, registration]
    assert hits(client, f" {house.code[:4].lower()}-{house.code[4:]} ") == [registration]
    assert hits(client, "tr_7UhSN1zuXS") == [registration]
    assert hits(client, "order-1-attempt-1") == [registration]
    assert hits(client, "z") == hits(client, "") == hits(client, "%") == []
    assert "Niets gevonden voor “100%”" in words(client.get("/beheer/zoeken?q=100%25"))
    assert 'name="q"' in client.get("/beheer/").text


def test_of_many_called_alike_those_who_registered_last_are_looked_at(app, monkeypatch) -> None:
    monkeypatch.setattr(search, "_PEOPLE", 1)
    event = make_event()
    known_long = make_person("Zoë", "", "Bos")
    make_registration(event, make_person("Anna", "", "Bos"))
    make_person("Bram", "", "Bos")
    newest = make_registration(make_event(), known_long)

    found = search.search("bos", search.Sight(own=None, circles=None, people=False, money=False))

    assert [one.id for one in found.registrations] == [newest.id]


@pytest.mark.parametrize(
    ("role", "by_payment", "status"),
    [(Role.LEZER, [], 200), (Role.PENNINGMEESTER, ["/beheer/aanmeldingen/1"], 200), (Role.DEURVRIJWILLIGER, [], 403)],
)
def test_a_payment_is_found_by_who_sees_money(house, role, by_payment, status) -> None:
    client = signed_in(house, role)

    assert client.get("/beheer/zoeken?q=thema").status_code == status
    if status == 200:
        assert hits(client, "tr_7UhSN1zuXS") == by_payment
        assert hits(client, "bram") == ["/beheer/mensen/2", "/beheer/aanmeldingen/2"]
    else:
        assert 'name="q"' not in client.get("/beheer/").text


def test_a_role_for_one_event_finds_what_is_there(house) -> None:
    made(house, lambda: make_grant(event=db.session.scalars(sa.select(Event).where(Event.slug == "kring")).one()).id)
    client = client_of(house, "kantoor@kindcentra.example")

    assert hits(client, "thema") == hits(client, "huisvesting") == hits(client, "zonnevlinder") == []
    assert hits(client, house.code) == hits(client, "zoe@zonnevlinder.example") == []
    assert hits(client, "kenniskring") == ["/beheer/evenementen/kring"]
    assert hits(client, "bram bakker") == ["/beheer/aanmeldingen/2"]
