"""Does every kind of mail say what it has to, the same in text and HTML, to nobody more than they may know?"""

import re
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from eventapp.extensions import db
from eventapp.models import Order, OutboxMail, Registration
from eventapp.services import mails
from tests.factories import NOW, make_event
from tests.mail import kinds

BASE = "http://127.0.0.1:8000/"
TEMPLATES = ROOT / "templates" / "mail"


def links_of_text(mail: OutboxMail) -> set[str]:
    return set(re.findall(r"https?://\S+", mail.text))


def links_of_html(mail: OutboxMail) -> set[str]:
    return set(re.findall(r'href="(https?://[^"]+)"', mail.html))


@pytest.mark.parametrize("case", kinds.CASES)
def test_every_mail_names_its_subject_and_has_the_same_links_twice(app: Flask, case: str) -> None:
    subject, _ = kinds.CASES[case]

    mail = kinds.written(case)

    assert mail.subject == subject
    assert mail.kind == case.partition(",")[0]
    assert links_of_text(mail) == links_of_html(mail)
    assert {link[: len(BASE)] for link in links_of_text(mail)} <= {BASE}
    assert "\n\n\n\n" not in mail.text
    assert mail.text.startswith(("http", " ", "\n")) is False


def test_no_kind_is_left_out() -> None:
    def kinds_with(ending: str) -> set[str]:
        return {path.stem for path in Path(TEMPLATES).glob(f"*.{ending}") if not path.stem.startswith("_")}

    tried = {case.partition(",")[0] for case in kinds.CASES}

    assert tried == kinds_with("txt") == kinds_with("html")


def test_a_ticket_mail_in_a_group_opens_nothing_but_the_ticket(app: Flask) -> None:
    mail = kinds.written("confirmed, in a group")

    order = db.session.query(Order).filter(Order.registrations.any(id=mail.registration_id)).one()
    ticket = order.registrations[0].ticket
    assert links_of_text(mail) == {f"{BASE}ticket/{ticket.token}"}
    assert order.token not in mail.text + mail.html
    assert order.pay_token not in mail.text + mail.html


def test_a_ticket_mail_of_somebody_alone_opens_ticket_and_order(app: Flask) -> None:
    mail = kinds.written("confirmed")

    order = db.session.query(Order).one()
    ticket = order.registrations[0].ticket
    assert links_of_text(mail) == {f"{BASE}ticket/{ticket.token}", f"{BASE}bestelling/{order.token}"}


def test_an_online_event_is_joined_by_the_personal_page(app: Flask) -> None:
    registration = kinds.somebody(kinds.themadag(form="online", online_url="https://meet.example/geheim"))

    mails.confirmed(registration, now=NOW)

    mail = db.session.query(OutboxMail).one()
    assert f"{BASE}deelnemen/{registration.ticket.token}" in links_of_text(mail)
    assert "meet.example" not in mail.text + mail.html


@pytest.mark.parametrize("case", ["confirm_address", "confirm_reminder"])
def test_a_held_place_is_promised_until_its_time(app: Flask, case: str) -> None:
    mail = kinds.written(case)

    assert "Uw plaats is vastgehouden tot donderdag 14 januari 2027 om 10.00 uur." in mail.text
    assert "Uw plaats is vastgehouden tot donderdag 14 januari 2027 om 10.00 uur." in mail.html


def test_no_place_is_promised_that_is_not_held(app: Flask) -> None:
    mail = kinds.written("confirm_address, not held")

    assert "vastgehouden tot" not in mail.text + mail.html
    assert "Er is nog geen plaats voor u vastgehouden" in mail.text


def test_only_the_confirmed_lose_a_calendar_entry(app: Flask) -> None:
    event = kinds.themadag()
    words = {"paid_cents": 0}

    mails.calendar_cancel("registration_cancelled", kinds.somebody(event, state="cancelled"), now=NOW, **words)

    mail = db.session.query(OutboxMail).one()
    assert mail.attachments == []
    assert "verdwijnt uit uw agenda" not in mail.text + mail.html


def test_the_new_address_is_masked_for_the_old_one(app: Flask) -> None:
    mail = kinds.written("address_changing")

    assert "m•••@zonnevlinder.example" in mail.text
    assert "m.vandermeulen" not in mail.text + mail.html


EVIL = '<b onclick="x">A&B</b>'
OF_EVENTS = [case for case in kinds.CASES if not case.startswith(("sign_in", "erased"))]


def test_what_people_type_stays_text(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "TITLE", EVIL)

    written = {case: kinds.written(case) for case in OF_EVENTS}

    assert [case for case, mail in written.items() if "<b " in mail.html or "A&amp;B" not in mail.html] == []
    assert [
        case for case, mail in written.items() if "&amp;" in mail.text or EVIL not in mail.subject + mail.text
    ] == []


def test_long_and_odd_names_survive(app: Flask) -> None:
    registration: Registration = kinds.somebody(make_event(title='Themadag "één" ' + "x" * 180))
    registration.person.rename("D'Arcy-Ann", "van 't", "O’Neill-Żółć")

    mails.confirmed(registration, now=NOW)

    mail = db.session.query(OutboxMail).one()
    assert mail.subject.startswith("Ticket voor D'Arcy-Ann van 't O’Neill-Żółć: Themadag \"één\" xxx")
    assert len(mail.subject) <= 250
