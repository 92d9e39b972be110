"""Changing one's mind without signing in: handing over, withdrawing with the terms shown, a new date, another way."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import TestConfig
from eventapp.domain.events import EventForm
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import (
    FORM,
    AuditEntry,
    CancellationTerm,
    Capacity,
    Event,
    HandOver,
    OutboxMail,
    PaymentAttempt,
    Refund,
    Registration,
    Ticket,
)
from eventapp.services import organising
from tests.factories import OFFICE, make_event, make_organisation, make_person, make_registration
from tests.web.office import csrf_token, made, rows, signed_in, words
from tests.web.test_contact_person import CONTACT, colleague, contact_of
from tests.web.test_mine import browser

NOW = TestConfig.NOW
BRAM = {"given_name": "Bram", "infix": "", "family_name": "Bakker", "address": "bram@zonnevlinder.example"}


@pytest.fixture
def house(make_app) -> Flask:
    return make_app()


def place(*, organisation: bool = True, paid: int = 0, days: int = 30, **more) -> tuple[str, str, int]:
    """Somebody's confirmed place: the tokens of ticket and order, and its id."""
    zon = make_organisation()
    event = make_event(title="Themadag", starts_at=NOW + timedelta(days=days), **more)
    registration = make_registration(event, price_cents=paid)
    registration.organisation_id = zon.id if organisation else None
    if paid:
        registration.category = Category.NIET_LID
        words = {"token": "t", "idempotency_key": "k", "status": AttemptStatus.PAID, "mode": "test", "created_at": NOW}
        db.session.add(PaymentAttempt(order_id=registration.order_id, amount_cents=paid, provider_id="tr_1", **words))
    db.session.commit()
    return registration.ticket.token, registration.order.token, registration.id


def send(client: FlaskClient, path: str, *, at: str = "", **data):
    return client.post(at or path, data={"csrf_token": csrf_token(client, path), **data})


def asked(house: Flask) -> str:
    (token,) = rows(house, sa.select(HandOver.token).order_by(HandOver.id.desc()).limit(1))[0]
    return f"/overdracht/{token}"


def test_a_place_goes_to_a_colleague_who_says_yes(house):
    ticket, order, _ = made(house, place)
    page = f"/ticket/{ticket}/overdracht"
    giver, other = house.test_client(), house.test_client()
    refused = words(send(giver, page, **BRAM | {"address": "bram@elders.example"}))
    send(giver, page, **BRAM)
    pending = words(giver.get(f"/ticket/{ticket}")), words(giver.get(page))
    link = asked(house)
    offered = other.get(link)

    empty = send(other, link, at=f"{link}/toezegging", given_name="", family_name="")
    answer = send(other, link, at=f"{link}/toezegging", given_name="Bram", family_name="Bakker")

    assert "hierboven staat wie dat wel mag" in refused
    assert "zonnevlinder.example" in refused
    assert ["Bekijk of trek in" in pending[0], "Gevraagd: Bram Bakker" in pending[1]] == [True, True]
    assert ('value="Bram"' in offered.text, "Marieke van der Meulen" in words(offered)) == (True, True)
    assert (empty.status_code, answer.status_code) == (422, 303)
    assert "Bram Bakker" in words(other.get(answer.location))
    assert "U komt in plaats van Marieke van der Meulen." in words(other.get(answer.location))
    assert "Deze plaats is overgedragen" in words(giver.get(f"/ticket/{ticket}"))
    assert "Overgedragen" in words(giver.get(f"/bestelling/{order}"))
    assert "De plaats is overgenomen" in words(other.get(link))
    states = rows(house, sa.select(Registration.state).order_by(Registration.id))
    assert states == [(State.CANCELLED,), (State.CONFIRMED,)]


def test_an_offer_is_taken_back_or_declined_and_its_page_says_so(house):
    ticket, order, registration_id = made(house, place)
    page = f"/bestelling/{order}/overdracht/{registration_id}"
    client = house.test_client()
    send(client, page, **BRAM)
    first = asked(house)
    send(client, page, at=f"{page}/intrekking")
    taken_back = words(client.get(first))
    send(client, page, **BRAM)
    second = asked(house)

    answer = send(client, second, at=f"{second}/afzegging")

    assert "Dit aanbod geldt niet meer" in taken_back
    assert "U komt niet" in words(client.get(answer.location))
    kinds = rows(house, sa.select(OutboxMail.kind).order_by(OutboxMail.id))
    assert kinds == [("hand_over",), ("hand_over",), ("hand_over_declined",)]
    assert "Ja, ik kom" not in words(client.get(second))
    assert house.test_client().get(f"/ticket/{ticket}").status_code == 200


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"starts_at": NOW - timedelta(hours=1)}, "Deze bijeenkomst is geweest."),
        ({"hand_over_to_anybody": False}, "U kunt deze plaats niet overnemen"),
    ],
)
def test_what_was_offered_can_come_to_nothing(house, change, says):
    ticket, _, _ = made(house, lambda: place(organisation=False, paid=9500, hand_over_to_anybody=True))
    client = house.test_client()
    send(client, f"/ticket/{ticket}/overdracht", **BRAM | {"address": "bram@elders.example"})
    link = asked(house)
    with house.app_context():
        db.session.execute(sa.update(Event).values(**change))
        db.session.commit()

    assert says in words(client.get(link))
    assert client.get(link).status_code == 200


def test_nobody_hands_over_or_withdraws_what_is_anothers(house):
    def make():
        _, order, _ = place()
        other = make_registration(make_event())
        zon, spruit = other.organisation_id, make_organisation("Spruit", domains=("spruit.example",))
        contact_of(spruit)
        return order, other.id, other.ticket.token, spruit.id, zon

    order, other_id, other_ticket, spruit_id, _ = made(house, make)
    with house.app_context():
        db.session.execute(sa.update(Ticket).values(state="cancelled").where(Ticket.token == other_ticket))
        db.session.commit()
    client, contact = house.test_client(), browser(house, CONTACT)
    csrf = csrf_token(contact, f"/mijn/organisatie/{spruit_id}/opgaven")
    of_colleague = f"/mijn/organisatie/{spruit_id}/aanmeldingen/{other_id}/overdracht"

    got = [
        client.get(f"/bestelling/{order}/overdracht/{other_id}").status_code,
        client.get(f"/bestelling/{order}/afmelding/{other_id}").status_code,
        client.get("/overdracht/onbekend").status_code,
        client.get("/ticket/onbekend/overdracht").status_code,
        client.get("/ticket/onbekend/deelname").status_code,
        client.get("/ticket/onbekend/datum").status_code,
        contact.get(of_colleague).status_code,
        contact.post(of_colleague, data=BRAM | {"csrf_token": csrf}).status_code,
        contact.post(f"{of_colleague}/intrekking", data={"csrf_token": csrf}).status_code,
    ]
    dead = [client.get(f"/ticket/{other_ticket}/{page}").location for page in ("overdracht", "deelname", "datum")]

    assert got == [404] * 9
    assert dead == [f"/ticket/{other_ticket}"] * 3
    assert rows(house, sa.select(HandOver.id)) == []


def test_a_contact_person_lets_another_colleague_come(house):
    def make():
        zon = make_organisation()
        contact_of(zon)
        return zon.id, colleague(make_event(), zon, "Fatma")

    organisation_id, registration_id = made(house, make)
    contact = browser(house, CONTACT)
    page = f"/mijn/organisatie/{organisation_id}/aanmeldingen/{registration_id}/overdracht"

    answer = send(contact, page, **BRAM)

    assert f'href="{page}"' in contact.get(f"/mijn/organisatie/{organisation_id}").text
    assert "Gevraagd: Bram Bakker" in words(contact.get(answer.location))
    who = rows(house, sa.select(AuditEntry.actor_name).where(AuditEntry.act == "hand_over_offered"))
    assert who == [("Corrie Postma",)]


def test_the_terms_are_shown_in_euros_and_dates_before_anybody_withdraws(house):
    def make():
        terms = [
            CancellationTerm(days_before=14, refund_percent=100),
            CancellationTerm(days_before=0, refund_percent=50),
        ]
        made_place = place(paid=9500, days=10, cancellation_terms=terms)
        return *made_place, db.session.scalars(sa.select(Event.slug)).one()

    ticket, order, registration_id, slug = made(house, make)
    client = house.test_client()

    page = words(client.get(f"/bestelling/{order}/afmelding/{registration_id}")).replace("\xa0", " ")
    event = words(client.get(f"/agenda/{slug}")).replace("\xa0", " ")
    send(client, f"/ticket/{ticket}/afmelding")

    assert "U krijgt € 47,50 terug" in page
    assert "Tot en met donderdag 7 januari 2027 € 95,00 terug Daarna € 47,50 terug" in page
    assert "tot en met donderdag 7 januari 2027 kosteloos, daarna 50 % van de prijs" in event
    assert rows(house, sa.select(Refund.amount_cents)) == [(4750,)]
    assert "Daarvan krijgt u € 47,50 terug" in rows(house, sa.select(OutboxMail.text))[0][0].replace("\xa0", " ")


def test_a_new_date_is_asked_about_answered_and_withdrawing_is_free(house):
    def make():
        tokens = place(paid=9500, days=40), make_registration(db.session.scalars(sa.select(Event)).one()).ticket.token
        db.session.execute(sa.update(Registration).values(created_at=NOW - timedelta(days=1)))
        db.session.commit()
        event = db.session.scalars(sa.select(Event)).one()
        later = {"starts_at": NOW + timedelta(days=3), "ends_at": NOW + timedelta(days=3, hours=4)}
        details = replace(organising.details_of(event), **later)
        organising.change_event(event.id, details, version=event.version, by=OFFICE, now=NOW - timedelta(hours=1))
        return tokens[0][0], tokens[1], event.slug

    first, second, slug = made(house, make)
    client, office = house.test_client(), signed_in(house)
    asked_on_ticket = words(client.get(f"/ticket/{first}"))

    answer = send(client, f"/ticket/{second}/datum")
    leaving = words(client.get(f"/ticket/{first}/afmelding")).replace("\xa0", " ")
    overview = words(office.get(f"/beheer/evenementen/{slug}"))
    send(client, f"/ticket/{first}/afmelding")

    mail = rows(house, sa.select(OutboxMail.text).where(OutboxMail.kind == "event_changed"))[0][0]
    assert (f"/ticket/{first}/datum" in mail, "is verplaatst naar donderdag 14 januari 2027" in mail) == (True, True)
    assert "Kunt u ook dan?" in asked_on_ticket
    assert "Fijn dat u ook dan komt" in words(client.get(answer.location))
    assert "U zei dat u ook op de nieuwe datum kunt" in words(client.get(f"/ticket/{second}/datum"))
    assert "zei 1 mens ja; 1 antwoordde nog niet" in overview
    assert "U krijgt € 95,00 terug" in leaving
    assert rows(house, sa.select(Refund.amount_cents)) == [(9500,)]


def test_somebody_goes_online_and_the_page_says_when_the_room_is_full(house):
    def make():
        ticket, _, _ = place(form=EventForm.HYBRIDE, online_url="https://meet.example/x")
        event_id = db.session.scalars(sa.select(Event.id)).one()
        db.session.add(Capacity(event_id=event_id, kind=FORM, ref=EventForm.FYSIEK.value, size=0))
        db.session.commit()
        return ticket

    ticket = made(house, make)
    client, page = house.test_client(), f"/ticket/{ticket}/deelname"

    answer = send(client, page, attends="online")
    online = words(client.get(answer.location))
    wrong = send(client, page, attends="hybride")
    full = send(client, page, attends="fysiek")

    assert ("U doet online mee" in online, "Naar de online bijeenkomst" in online) == (True, True)
    assert (wrong.status_code, full.status_code) == (422, 422)
    assert "Alle plaatsen op de locatie zijn bezet." in words(full)
    assert rows(house, sa.select(Registration.attends)) == [(EventForm.ONLINE,)]


def test_who_withdrew_on_the_day_is_told_apart_at_the_office(house):
    def make():
        event = make_event(starts_at=NOW + timedelta(hours=3))
        make_registration(event, make_person("Fatma", "", "Bakker"), state=State.CANCELLED, cancelled_at=NOW)
        early = {"state": State.CANCELLED, "cancelled_at": NOW - timedelta(days=1)}
        make_registration(event, make_person("Suharti", "", ""), **early)
        return event.slug

    slug = made(house, make)
    office = signed_in(house)

    listed = words(office.get(f"/beheer/evenementen/{slug}/aanmeldingen"))
    attendance = words(office.get(f"/beheer/evenementen/{slug}/presentielijst.html"))

    assert (listed.count("Afgemeld op de dag"), listed.count("Geannuleerd")) == (1, 2)
    assert "Afgemeld op de dag: Fatma Bakker." in attendance
