"""Mail filters and previews follow links. Following every link of every mail must change nothing."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import TestConfig
from eventapp.domain.actors import VISITOR
from eventapp.domain.events import EventForm
from eventapp.domain.guest_lists import Guest
from eventapp.domain.invitations import Terms
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import OutboxMail
from eventapp.services import (
    calling_off,
    confirming,
    correcting,
    handing_over,
    inviting,
    organising,
    own_links,
    registering,
    reviewing,
    signing_in,
)
from eventapp.services.registering import Basis, Booking
from tests.factories import OFFICE, make_event, make_organisation, make_registration, make_staff
from tests.mail.kinds import CASES

NOW = TestConfig.NOW
BASE = "http://127.0.0.1:8000"
LINK = re.compile(rf"{re.escape(BASE)}([^\s\"<>]*)")


def snapshot() -> dict[str, list[tuple]]:
    """Every row of every table."""
    db.session.rollback()
    connection = db.session.connection()
    rows = {
        name: sorted(map(str, connection.exec_driver_sql(f'SELECT * FROM "{name}"'))) for name in db.metadata.tables
    }
    db.session.rollback()
    return rows


def links_of_all_mails() -> set[str]:
    mails = db.session.execute(sa.select(OutboxMail.text, OutboxMail.html)).all()
    found = {link.replace("&amp;", "&") for text, html in mails for link in LINK.findall(text + html)}
    db.session.rollback()
    return found


def follow_all(client: FlaskClient, links: set[str]) -> list[int]:
    return [client.get(link, follow_redirects=True).status_code for link in sorted(links)]


def booking(event_id: int, name: str, address: str, **more: object) -> Booking:
    return Booking(event_id=event_id, address=address, given_name=name, infix="", family_name="Bakker", **more)


def write_mails_by_living() -> None:
    """Real registrations in every state, so that every link in a mail is one that does something when pressed."""
    organisation = make_organisation()
    make_staff()
    event = make_event(form=EventForm.HYBRIDE, online_url="https://meet.example/x")
    by_mail = "bakker@zonnevlinder.example"
    registering.register(booking(event.id, "Anna", by_mail), by=VISITOR, now=NOW)
    registering.register(booking(event.id, "Bram", "bram@gratismail.example"), by=VISITOR, now=NOW)
    claim = booking(event.id, "Cas", "cas@gratismail.example", basis=Basis.CLAIM, organisation_name="Zonnevlinder")
    claimed = registering.register(claim, by=VISITOR, now=NOW)
    reviewing.refuse(claimed.registration_id, by=OFFICE, now=NOW)
    confirmed = make_registration(event)
    correcting.correct_address(confirmed.id, "nieuw@zonnevlinder.example", by=OFFICE, now=NOW)
    correcting.resend(confirmed.id, by=OFFICE, now=NOW)
    own_links.send(event.id, by_mail, visitor_key="", now=NOW)
    signing_in.request_link("kantoor@kindcentra.example", visitor_key="x", now=NOW)
    details = replace(organising.details_of(event), city="Zwolle", starts_at=event.starts_at - timedelta(days=1))
    organising.change_event(event.id, details, version=event.version, by=OFFICE, now=NOW)
    colleague = "bram@zonnevlinder.example"
    with_place = make_registration(event, organisation_id=organisation.id)
    handing_over.offer(with_place.id, colleague, "Bram", "", "Bakker", by=VISITOR, now=NOW)
    inviting.invite(event.id, [Guest("rik@gratismail.example")], Terms(Category.SPREKER), by=OFFICE, now=NOW)
    other = make_event(prices={Category.LID: 0})
    make_registration(other)
    calling_off.cancel_event(other.id, reason="De zaal staat blank", by=OFFICE, now=NOW)


def test_following_the_links_of_real_registrations_changes_nothing(app: Flask):
    write_mails_by_living()
    links, before = links_of_all_mails(), snapshot()

    statuses = follow_all(app.test_client(), links)

    assert {path.split("/")[1] for path in links} >= {
        "aanmelden",
        "bestelling",
        "ticket",
        "adres",
        "inloggen",
        "uitnodiging",
        "overdracht",
    }
    assert set(statuses) == {200}
    assert snapshot() == before


@pytest.mark.parametrize("case", CASES)
def test_following_the_links_of_every_kind_of_mail_changes_nothing(app: Flask, case: str):
    CASES[case][1]()
    db.session.commit()
    links, before = links_of_all_mails(), snapshot()

    follow_all(app.test_client(), links)

    assert snapshot() == before


def test_the_same_link_pressed_does_change_something(app: Flask):
    """So that the tests above cannot pass because links lead nowhere."""
    make_organisation()
    event = make_event()
    registering.register(booking(event.id, "Anna", "anna@zonnevlinder.example"), by=VISITOR, now=NOW)
    link = next(link for link in links_of_all_mails() if link.startswith("/aanmelden/bevestigen/"))
    before = snapshot()

    confirming.prove(link.rpartition("/")[2], now=NOW)

    assert snapshot() != before
