"""What does a contact person see and do of the own organisation, and what of any other? Nothing."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from config import TestConfig
from eventapp.domain.actors import Role
from eventapp.domain.pricing import Category, Relation
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import (
    AuditEntry,
    Event,
    OrganisationContact,
    OrganisationPerson,
    OutboxMail,
    PersonAddress,
    Registration,
)
from eventapp.services import contacts, knowing
from eventapp.services.knowing import Somebody
from eventapp.services.registering import Basis
from tests.booking import book
from tests.factories import OFFICE, make_event, make_organisation, make_person, make_registration
from tests.web.office import csrf_token, made, rows, signed_in, words
from tests.web.test_mine import browser

NOW = TestConfig.NOW
CONTACT = "corrie@zonnevlinder.example"
CORRIE = Somebody(CONTACT, "Corrie", "", "Postma")
HESTER = {"address": "hester@gratismail.example", "given_name": "Hester", "infix": "van", "family_name": "Zin"}


def contact_of(organisation, *, who=CORRIE, first=date(2027, 1, 1), until=None) -> int:
    added = contacts.add_contact(organisation.id, who, first=first, receives_invoices=False, by=OFFICE, now=NOW)
    db.session.execute(sa.update(OrganisationContact).where(OrganisationContact.id == added).values(ends_on=until))
    db.session.commit()
    return added


def colleague(event, organisation, name, **more) -> int:
    person = make_person(name, "", "Bakker", address=f"{name.lower()}@zonnevlinder.example")
    registration = make_registration(event, person, organisation_name=organisation.name, **more)
    registration.organisation_id = organisation.id
    db.session.commit()
    return registration.id


def send(client, path, **data):
    return client.post(path, data={"csrf_token": csrf_token(client, path), **data})


def test_contact_sees_who_comes_and_never_what_is_somebodys_own(make_app):
    app = make_app()

    def make():
        zon, other = make_organisation(), make_organisation("Spruit", domains=("spruit.example",))
        contact_of(zon)
        contact_of(other)
        event = make_event(title="Themadag", free_per_organisation=3)
        number = colleague(event, zon, "Anna")
        colleague(event, zon, "Weg", state=State.CANCELLED)
        colleague(make_event(title="Vorig jaar", starts_at=NOW - timedelta(days=9)), zon, "Geweest")
        colleague(event, other, "Vreemd")
        own_status = make_person("Eigen", "", "Status", address="eigen@zonnevlinder.example")
        make_registration(event, own_status, category=Category.AMBASSADEUR)
        ticket = db.session.get(Registration, number).ticket
        return zon.id, number, (ticket.code, ticket.token, ticket.registration.order.token), event.slug

    organisation_id, number, secrets, slug = made(app, make)

    answer = browser(app, CONTACT).get(f"/mijn/organisatie/{organisation_id}")

    page = words(answer)
    assert "Themadag" in page
    assert "Gratis plaatsen: 0 van 3 gebruikt" in page
    assert "Anna Bakker gratis · aangemeld op 11-01-2027 Aangemeld" in page
    assert f'href="/mijn/organisatie/{organisation_id}/aanmeldingen/{number}/afmelding"' in answer.text
    assert f'href="/agenda/{slug}/aanmelden"' in answer.text
    assert "ook contactpersoon van Spruit" in page
    for hidden in ("Weg", "Geweest", "Vreemd", "Eigen", "@zonnevlinder.example", *secrets):
        assert hidden not in answer.text


def test_contact_withdraws_a_colleague_who_is_told_who_did_it(make_app):
    app = make_app()

    def make():
        zon = make_organisation()
        contact_of(zon)
        return zon.id, colleague(make_event(title="Themadag"), zon, "Anna")

    organisation_id, number = made(app, make)
    client, path = browser(app, CONTACT), f"/mijn/organisatie/{organisation_id}/aanmeldingen/{number}/afmelding"
    before = words(client.get(path))

    answer = send(client, path)

    assert "Anna Bakker krijgt een mail waarin staat dat u dit deed. Het ticket vervalt meteen" in before
    assert (answer.status_code, answer.location) == (303, f"/mijn/organisatie/{organisation_id}")
    assert rows(app, sa.select(Registration.state)) == [(State.CANCELLED,)]
    mail = rows(app, sa.select(OutboxMail.to_address, OutboxMail.text).order_by(OutboxMail.id.desc()).limit(1))[0]
    assert mail[0] == "anna@zonnevlinder.example"
    assert "Corrie Postma heeft u afgemeld" in mail[1]
    assert rows(app, sa.select(AuditEntry.actor_name).where(AuditEntry.act == "cancelled")) == [("Corrie Postma",)]
    assert client.post(path, data={"csrf_token": csrf_token(client, "/mijn")}).status_code == 409


def test_contact_names_somebody_and_the_reason_says_who_did(make_app):
    app = make_app()
    organisation_id, event_id = made(app, lambda: (_with_contact(make_organisation()), make_event().id))
    client, page = browser(app, CONTACT), f"/mijn/organisatie/{organisation_id}"

    refused = [
        send(client, f"{page}/opgaven", **HESTER, until="2027-01-10").status_code,
        send(
            client, f"{page}/opgaven", **HESTER | {"family_name": "", "given_name": ""}, until="2027-12-31"
        ).status_code,
    ]
    answer = send(client, f"{page}/opgaven", **HESTER, until="2027-12-31")
    shown = words(client.get(page))
    again = send(client, f"{page}/opgaven", **HESTER, until="2028-12-31")

    def register() -> dict:
        booked = book(db.session.get(Event, event_id), **HESTER, basis=Basis.STATUS)
        return db.session.get(Registration, booked.registration_id).reason

    reason = made(app, register)
    assert (refused, answer.status_code, again.status_code) == ([422, 422], 303, 422)
    assert "Hester van Zin tot en met 31-12-2027, opgegeven door Corrie Postma" in shown
    assert "gratismail" not in shown.replace("Hester van Zin (hester@gratismail.example) is opgegeven", "")
    assert (reason["via"], reason["detail"], reason["category"]) == ("named", "Corrie Postma", "lid")
    assert "U bent opgegeven door Zonnevlinder tot en met 31-12-2027." in words(
        browser(app, HESTER["address"]).get("/mijn")
    )

    naming_id = rows(app, sa.select(OrganisationPerson.id))[0][0]
    ended = send(client, f"{page}/opgaven/{naming_id}/einde", last="2027-01-11")

    assert ended.status_code == 303
    assert rows(app, sa.select(OrganisationPerson.ends_on)) == [(date(2027, 1, 11),)]


def _with_contact(organisation) -> int:
    contact_of(organisation)
    return organisation.id


def test_everything_of_another_organisation_is_not_found(make_app):
    """Own organisation with the registration or naming of another, and the other organisation altogether."""
    app = make_app()

    def make():
        zon, other = make_organisation(), make_organisation("Spruit", domains=("spruit.example",))
        contact_of(zon)
        theirs = colleague(make_event(), other, "Vreemd")
        knowing.name_person(other.id, Somebody(**HESTER), until=date(2027, 12, 31), by=OFFICE, now=NOW)
        return zon.id, other.id, theirs, db.session.query(OrganisationPerson).one().id

    own, other, registration, naming = made(app, make)
    client = browser(app, CONTACT)
    token = csrf_token(client, "/mijn")
    paths = [f"/mijn/organisatie/{other}", "/mijn/organisatie/4711", f"/mijn/organisatie/{other}/opgaven"]
    for organisation in (own, other):
        paths.append(f"/mijn/organisatie/{organisation}/aanmeldingen/{registration}/afmelding")
        paths.append(f"/mijn/organisatie/{organisation}/opgaven/{naming}/einde")

    looked = {path: client.get(path).status_code for path in paths}
    data = {"csrf_token": token, "last": "2027-01-11", "until": "2027-12-31", **HESTER}
    posted = {path: client.post(path, data=data).status_code for path in paths[2:]}

    assert looked == dict.fromkeys(paths, 404)
    assert posted == dict.fromkeys(paths[2:], 404)
    assert rows(app, sa.select(Registration.state)) == [(State.CONFIRMED,)]
    assert rows(app, sa.select(OrganisationPerson.ends_on)) == [(date(2027, 12, 31),)]


@pytest.mark.parametrize(
    ("first", "until", "status"),
    [
        (date(2027, 1, 11), None, 200),
        (date(2027, 1, 1), date(2027, 1, 11), 200),
        (date(2027, 1, 1), date(2027, 1, 10), 404),
        (date(2027, 1, 12), None, 404),
    ],
)
def test_contact_sees_it_from_the_first_to_the_last_day(make_app, first, until, status):
    app = make_app()

    def make():
        organisation = make_organisation(relation=Relation.LID)
        contact_of(organisation, first=first, until=until)
        return organisation.id

    organisation_id = made(app, make)
    client = browser(app, CONTACT)

    assert client.get(f"/mijn/organisatie/{organisation_id}").status_code == status
    assert ("U bent contactpersoon" in words(client.get("/mijn"))) == (status == 200)


def test_another_address_that_came_to_be_of_the_contact_gives_nothing(make_app):
    """Whoever gets an address of their own onto somebody's name does not become that contact person."""
    app = make_app()

    def make():
        organisation = make_organisation()
        contact_of(organisation)
        person = db.session.query(OrganisationContact).one().person
        row = PersonAddress(person_id=person.id, address="sluw@elders.example", name_key="x", proven_at=NOW)
        db.session.add(row)
        db.session.commit()
        return organisation.id

    organisation_id = made(app, make)

    assert browser(app, "sluw@elders.example").get(f"/mijn/organisatie/{organisation_id}").status_code == 404


def test_office_makes_somebody_contact_person_and_ends_it(make_app):
    app: Flask = make_app()
    organisation_id = made(app, lambda: make_organisation().id)
    client = signed_in(app)
    page = f"/beheer/organisaties/{organisation_id}"
    who = {"address": CONTACT, "given_name": "Corrie", "family_name": "Postma", "receives_invoices": "y"}

    added = send(client, f"{page}/contactpersonen", **who, first="2027-01-01")
    twice = send(client, f"{page}/contactpersonen", **who, first="2027-02-01")
    shown = words(client.get(page))
    contact = rows(app, sa.select(OrganisationContact.id, OrganisationContact.receives_invoices))
    early = send(client, f"{page}/contactpersonen/{contact[0][0]}/einde", last="2026-12-31")
    ended = send(client, f"{page}/contactpersonen/{contact[0][0]}/einde", last="2027-01-10")

    assert [answer.status_code for answer in (added, twice, early, ended)] == [303, 422, 422, 303]
    assert "Postma, Corrie corrie@zonnevlinder.example sinds 01-01-2027 ja" in shown
    assert contact[0][1] is True
    assert rows(app, sa.select(OrganisationContact.ends_on)) == [(date(2027, 1, 10),)]
    assert client.get(f"{page}/contactpersonen/4711/einde").status_code == 404
    assert signed_in(app, Role.LEZER).get(f"{page}/contactpersonen").status_code == 403
