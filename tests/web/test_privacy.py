"""Seeing, taking and erasing what is kept, by whoever it is about and by the office; and the pages that say so."""

import json
import re
from dataclasses import fields
from datetime import timedelta

import sqlalchemy as sa
from bs4 import BeautifulSoup

from eventapp import wording
from eventapp.domain.actors import Role
from eventapp.domain.care import CARE_CONSENT, PHOTO_TEXT
from eventapp.domain.personal_data import PROCESSINGS
from eventapp.domain.sharing import SHARING_TEXT
from eventapp.extensions import db
from eventapp.models import AuditEntry, Person, PersonAddress
from eventapp.services import forgetting
from eventapp.wording import privacy
from tests.factories import NOW, make_event, make_person, make_registration
from tests.services.test_erasing import DAY, YEAR
from tests.traces import leave_traces
from tests.web.office import csrf_token, made, rows, signed_in, words
from tests.web.test_mine import browser

ADDRESS = "anna@werk.example"


def anna() -> int:
    person = make_person("Anna", "", "Bakker", address=ADDRESS, proven=True)
    make_registration(make_event(starts_at=NOW - 2 * DAY), person)
    return person.id


def test_the_file_holds_all_that_is_known_and_no_secret_and_nobody_else(make_app):
    app = make_app()
    left = made(app, lambda: (leave_traces("kwikstaart"), leave_traces("xylofoon")))[1]

    answer = browser(app, left.address).get("/mijn/gegevens.json")

    known = json.loads(answer.text)
    person = known["mensen"][0]
    lists = {what for one in (known, person) for what, found in one.items() if isinstance(found, list) and found}
    assert lists >= {"notities", "labels", "bewijzen", "voorkeuren", "wensen", "antwoorden", "kringen", "facturen"}
    assert lists >= {"toestemmingen", "lijsten", "bijeenkomsten"}
    assert {one["event_id"] for one in person["bijeenkomsten"]} == {one["event_id"] for one in person["aanmeldingen"]}
    texts = [one["tekst"] for one in person["toestemmingen"]]
    assert texts == [wording.CARE_CONSENTS[CARE_CONSENT], wording.PHOTO_TEXTS[PHOTO_TEXT]]
    assert lists >= {"mails", "uitnodigingen", "overdrachten", "berichten", "logboek"}
    assert "kwikstaart" not in answer.text.lower()
    body = json.dumps([{**known, "mails": []}])
    assert [kind for kind, secret in left.secrets.items() if secret in body and kind != "certificate"] == []


def test_a_mailbox_of_before_or_of_several_shows_nothing_that_hangs_on_the_person_alone(make_app):
    app = make_app()

    def known():
        left = leave_traces("xylofoon")
        person = db.session.get_one(Person, left.ids["person"])
        now_at = PersonAddress.of(person, "quirijn@nieuw.example")
        now_at.proven_at = NOW + timedelta(days=1)
        db.session.add(now_at)
        db.session.commit()
        return left

    left = made(app, known)
    office = {"notities", "statussen", "opgegeven"}

    before, after = (_file(app, address) for address in (left.address, "quirijn@nieuw.example"))

    assert office & before["mensen"][0].keys() == set()
    assert "Het kantoor geeft ze u" in before["mensen"][0]["bij_het_kantoor"]
    assert before["mensen"][0]["bewijzen"] and not after["mensen"][0]["bewijzen"]
    assert all(after["mensen"][0][what] for what in office)
    pages = [browser(app, one).get("/mijn/gegevens").text for one in (left.address, "quirijn@nieuw.example")]
    assert ["Het kantoor geeft ze u" in page for page in pages] == [True, False]
    assert [("Ambassadeur" in page, "opgegeven door" in page) for page in pages] == [(False, False), (True, True)]
    made(app, lambda: make_person("Bram", "", "Visser", address="quirijn@nieuw.example").id)
    shared = _file(app, "quirijn@nieuw.example")["mensen"]
    assert [office & one.keys() for one in shared] == [set(), set()]


def _file(app, address: str) -> dict:
    return json.loads(browser(app, address).get("/mijn/gegevens.json").text)


def test_who_signed_in_is_told_ticks_and_is_gone(make_app):
    app = make_app()
    person_id, other_id = made(app, lambda: (anna(), make_person().id))
    client, path = browser(app, ADDRESS), f"/mijn/gegevens/{person_id}/wissen"
    assert path in client.get("/mijn/gegevens").text
    form = {"csrf_token": csrf_token(client, path)}

    asked, unticked = words(client.get(path)), client.post(path, data=form)
    answers = [client.get(path.replace(str(person_id), str(other_id))), client.post(path, data=form | {"agree": "y"})]

    assert "Wat blijft, tot wanneer en waarom" in asked
    assert [unticked.status_code, *(answer.status_code for answer in answers)] == [422, 404, 303]
    assert "Uw gegevens zijn gewist" in client.get(answers[1].location).text
    assert client.get("/mijn").status_code == 302
    assert rows(app, sa.select(Person.family_name).where(Person.id == person_id)) == [("",)]


def test_the_office_says_how_it_knows_who_asks_and_types_the_word(make_app):
    app = make_app()
    person_id = made(app, anna)
    client, path = signed_in(app, Role.BEHEERDER), f"/beheer/mensen/{person_id}/wissen"
    form = {"csrf_token": csrf_token(client, path), "proof": "Teruggebeld op het nummer van de school"}

    statuses = [client.post(path, data=form | {"word": word}).status_code for word in ("", "weg", "Wissen")]

    assert statuses == [422, 422, 303]
    log = sa.select(AuditEntry.facts).where(AuditEntry.act == "person_erased")
    assert rows(app, log) == [({"how": "office", "note": "Teruggebeld op het nummer van de school"},)]
    assert signed_in(app, Role.COORDINATOR).get(path).status_code == 403
    assert "Gewist op" in words(client.get(f"/beheer/mensen/{person_id}"))


def test_the_pages_say_what_the_table_says(make_app):
    app = make_app()
    made(app, lambda: (anna(), forgetting.sweep(now=NOW + 3 * YEAR)))

    page = app.test_client().get("/privacy")
    register = signed_in(app, Role.BEHEERDER).get("/beheer/instellingen/privacy")

    assert "2 jaar na de bijeenkomst; 1 jaar na de bijeenkomst, als u zich afmeldde" in words(page)
    shown = {one.code for one in PROCESSINGS if privacy.PROCESSINGS[one.code][0] in words(page)}
    assert shown == {one.code for one in PROCESSINGS if one.shown}
    assert [one.code for one in PROCESSINGS if privacy.PROCESSINGS[one.code][0] not in words(register)] == []
    assert "1 persoon, 1 aanmelding" in words(register)


def test_every_list_of_the_file_and_every_count_of_the_sweep_has_words(make_app):
    app = make_app()
    left = made(app, lambda: leave_traces("xylofoon"))

    known = _file(app, left.address)

    lists = {what for one in (known, known["mensen"][0]) for what, found in one.items() if isinstance(found, list)}
    assert lists - {"mensen"} == privacy.IN_THE_FILE.keys()
    assert {field.name for field in fields(forgetting.Swept)} == privacy.SWEPT.keys()
    assert "1 aanmelding," in words(browser(app, made(app, lambda: _one_registration())).get("/mijn/gegevens"))


def _one_registration() -> str:
    anna()
    return ADDRESS


def test_visitors_read_who_sees_it_and_all_their_rights(make_app):
    page = words(make_app().test_client().get("/privacy"))

    for right in ("Inzien en meenemen", "Verbeteren", "Wissen", "Toestemming intrekken", "Bezwaar maken", "Even niets"):
        assert right in page
    for who in ("secretariaat", "bij de deur", "Wie u aanmeldde", "De contactpersoon van uw organisatie", "Mollie"):
        assert who in page
    assert "binnen een maand" in page and "Autoriteit Persoonsgegevens" in page


def test_what_stands_in_the_way_is_said_to_the_office_with_where_to_settle_it(make_app):
    app = make_app()
    left = made(app, lambda: leave_traces("xylofoon"))
    office, person = signed_in(app, Role.BEHEERDER), browser(app, left.address)

    asked = [
        client.get(path)
        for client, path in (
            (office, f"/beheer/mensen/{left.ids['person']}/wissen"),
            (person, f"/mijn/gegevens/{left.ids['person']}/wissen"),
        )
    ]

    blocked = BeautifulSoup(asked[0].text, "html.parser").select("main li a")
    pages = [str(link["href"]) for link in blocked if "eerst" in link.text]
    assert {re.sub(r"[^/]+$", "", page) for page in pages} == {"/beheer/aanmeldingen/", "/beheer/kringen/"}
    assert {office.get(page).status_code for page in pages} == {200}
    assert ["deze persoon is nog aangemeld" in words(page) for page in asked] == [True, False]
    assert ["u bent nog aangemeld" in words(page) for page in asked] == [False, True]


# Every text that anybody can have agreed with, by what it is for and its version. Other words are another version.
AGREED_WITH = {
    (
        "care",
        "2026-11",
    ): "Ik geef toestemming om wat ik hier invul te gebruiken voor mijn deelname aan deze bijeenkomst.",
    ("photo", "2026-11"): "Mag u herkenbaar op een foto staan die wij van deze bijeenkomst laten zien?",
    ("partner", "2026-11"): "Mijn naam en organisatie mogen naar {partner}.",
}


def test_a_text_that_somebody_agreed_with_keeps_its_words() -> None:
    texts = {"care": wording.CARE_CONSENTS, "photo": wording.PHOTO_TEXTS, "partner": wording.PARTNER_CONSENTS}

    found = {(what, version): text for what, versions in texts.items() for version, text in versions.items()}

    assert found == AGREED_WITH
    assert {("care", CARE_CONSENT), ("photo", PHOTO_TEXT), ("partner", SHARING_TEXT)} <= found.keys()
