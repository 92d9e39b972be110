"""One's own page with questions: without JavaScript, for whom it is, and what it never shows."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventapp.domain.care import Block, Care, Diet
from eventapp.domain.questions import QuestionKind
from eventapp.extensions import db
from eventapp.models import CareAnswer, PhotoChoice
from eventapp.queries.questions import answers_of
from eventapp.services import mails, signing_in
from tests.asking import NEEDS, SECRET_DIET, SECRET_NEED, answer, ask, ask_standard, follow
from tests.factories import NOW, make_event, make_person, make_registration
from tests.reading import last_mail
from tests.web.office import words

ADDRESS = "marieke@zonnevlinder.example"


@pytest.fixture
def registration(app: Flask):
    return make_registration(make_event(), make_person(address=ADDRESS))


@pytest.fixture
def site(make_app) -> Flask:
    """The house that browsers talk to; its requests have a context of their own, unlike those of `app`."""
    return make_app(WTF_CSRF_ENABLED=False)


def page_of(registration) -> str:
    return f"/ticket/{registration.ticket.token}/gegevens"


def send(client: FlaskClient, page: str, **fields: object):
    """Post the form; what the test reads afterwards is what the database says then."""
    answer = client.post(page, data={name.replace("__", "-"): value for name, value in fields.items()})
    db.session.rollback()
    return answer


def fields_of(text: str) -> set[str]:
    """Names of the questions that show."""
    shown = re.findall(r'<div data-question="(\d+)"[^>]*?(hidden)?>', text)
    return {number for number, hidden in shown if not hidden}


def test_questions_come_step_by_step_without_javascript(site: Flask, registration) -> None:
    travel = ask(registration.event_id, required=True)
    plate = ask(registration.event_id, "Kenteken", QuestionKind.TEXT, condition=follow(travel, "Auto"), required=True)
    page, client, registration_id = page_of(registration), site.test_client(), registration.id
    first = client.get(page)
    nothing = send(client, page, getoond=str(travel))
    second = send(client, page, getoond=str(travel), **{f"vraag-{travel}": "Auto"})
    again = client.get(second.location)
    refused = send(client, page, getoond=f"{travel} {plate}", **{f"vraag-{travel}": "Auto", f"vraag-{plate}": " "})
    done = send(client, page, getoond=f"{travel} {plate}", **{f"vraag-{travel}": "Auto", f"vraag-{plate}": "AB-12"})
    thanks = client.get(done.location)
    changed = send(client, page, getoond=f"{travel} {plate}", **{f"vraag-{travel}": "Bus", f"vraag-{plate}": "AB-12"})

    assert (fields_of(first.text), first.headers["Cache-Control"]) == ({str(travel)}, "private, no-store")
    assert (nothing.status_code, "Deze vraag is verplicht." in nothing.text) == (422, True)
    assert (second.status_code, fields_of(again.text)) == (303, {str(travel), str(plate)})
    assert "Door uw antwoord is er nog een vraag" in words(again)
    assert (refused.status_code, done.status_code, changed.status_code) == (422, 303, 303)
    assert "Bewaard. Dank u wel" in words(thanks)
    assert answers_of(registration_id) == {travel: "Bus"}


def test_needs_want_consent_and_are_never_shown_to_who_has_the_link(site: Flask, registration) -> None:
    ask_standard(registration.event)
    page, client, registration_id = page_of(registration), site.test_client(), registration.id
    needs = {"dieet": "halal", "dieet__anders": SECRET_DIET, "toegang": "tolk", "toegang__anders": SECRET_NEED}
    refused = send(client, page, **needs)
    saved = send(client, page, toestemming="y", foto="nee", **needs)
    looked = client.get(page)
    untouched = send(client, page, wensen="bekend")
    kept = db.session.get(CareAnswer, registration_id).care
    kept_photo = db.session.get(PhotoChoice, registration_id).agreed
    anew = send(client, page, wensen="bekend", dieet="veganistisch", toestemming="y")
    replaced = db.session.get(CareAnswer, registration_id).care
    withdrawn = send(client, page + "/intrekking")

    assert (refused.status_code, "alleen bewaren met uw toestemming" in words(refused)) == (422, True)
    assert [answered.status_code for answered in (saved, untouched, anew, withdrawn)] == [303] * 4
    assert (SECRET_DIET in looked.text, SECRET_NEED in looked.text) == (False, False)
    assert not re.search(r'value="(halal|tolk|nee)" checked', looked.text)
    assert "Uw antwoord staat hier niet" in words(looked)
    assert (kept, kept_photo) == (NEEDS, False)
    assert replaced == Care(diets=frozenset({Diet.VEGANISTISCH}))
    assert db.session.scalars(sa.select(CareAnswer)).all() == []


def test_who_signed_in_with_the_own_address_sees_and_empties_them(site: Flask, registration) -> None:
    ask_standard(registration.event, Block.DIET, Block.ACCESS)
    answer(registration, care=NEEDS)
    page, registration_id = page_of(registration), registration.id
    colleague = "collega@zonnevlinder.example"
    make_registration(make_event(), make_person("Bram", "", "Bakker", address=colleague))
    own, other = signed_in_as(site, ADDRESS), signed_in_as(site, colleague)

    seen, not_seen = own.get(page).text, other.get(page).text
    emptied = send(own, page, wensen="getoond", dieet__anders="", toegang__anders="")

    assert (SECRET_DIET in seen, 'value="halal" checked' in seen) == (True, True)
    assert SECRET_DIET not in not_seen
    assert emptied.status_code == 303
    row = db.session.get(CareAnswer, registration_id)
    assert (row.care, row.consented_at) == (Care(), None)


def signed_in_as(site: Flask, address: str) -> FlaskClient:
    """A browser that followed the link in the mail to this address."""
    signing_in.request_link(address, visitor_key="", now=NOW)
    path = re.search(r"/inloggen/\S+", last_mail("sign_in").text)[0]
    client = site.test_client()
    assert send(client, path).status_code == 303
    return client


def test_page_and_mail_ask_only_when_there_is_something_to_ask(site: Flask, registration) -> None:
    client = site.test_client()
    ticket, page = f"/ticket/{registration.ticket.token}", page_of(registration)
    quiet = words(client.get(ticket))
    empty = words(client.get(page))
    mails.confirmed(registration, now=NOW, again="1")
    db.session.commit()
    plain = last_mail("confirmed").text

    travel = ask(registration.event_id)
    mails.confirmed(registration, now=NOW, again="2")
    db.session.commit()
    asking_mail, asking_page = last_mail("confirmed").text, words(client.get(ticket))
    answer(registration, {travel: "Bus"})
    ready = words(client.get(ticket))

    assert ("Nog een paar vragen" in quiet, "Nog een paar vragen" in plain) == (False, False)
    assert "Er is niets (meer) te beantwoorden." in empty
    assert f"http://127.0.0.1:8000{page}\n" in asking_mail
    assert ("Nog een paar vragen" in asking_page, "Nog een paar vragen" in ready) == (True, False)
    assert "Mijn antwoorden" in ready


def test_page_is_closed_from_the_start_and_with_a_dead_ticket(make_app, registration) -> None:
    travel = ask(registration.event_id)
    page, starts_at = page_of(registration), registration.event.starts_at
    late = make_app(CLOCK=lambda: starts_at, WTF_CSRF_ENABLED=False).test_client()

    closed = words(late.get(page))
    refused = send(late, page, **{f"vraag-{travel}": "Bus"})
    unknown = late.get("/ticket/onbekend/gegevens")

    assert "Er is niets (meer) te beantwoorden." in closed
    assert refused.status_code == 409
    assert unknown.status_code == 404
    assert answers_of(registration.id) == {}


def test_a_yes_to_photos_is_taken_back_on_the_page_after_the_day(site: Flask, registration) -> None:
    page, ticket = page_of(registration), f"/ticket/{registration.ticket.token}"
    ask_standard(registration.event)
    answer(registration, photo=True)
    event = registration.event
    event.starts_at, event.ends_at = NOW - timedelta(days=3), NOW - timedelta(days=2)
    db.session.commit()
    client = site.test_client()

    offered, asked = client.get(ticket).text, client.get(page).text
    done = send(client, f"{page}/foto-intrekking")

    assert ("Toestemming intrekken" in offered, "Niet meer op de foto" in asked) == (True, True)
    assert "Wij laten geen foto’s meer zien" in words(client.get(done.location))
    assert db.session.scalars(sa.select(PhotoChoice.agreed)).all() == [False]
