"""The back office asks, counts and exports; what is special stays where it belongs."""

import csv
import io

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook

from eventapp.domain.actors import Role
from eventapp.domain.care import Block
from eventapp.domain.pricing import Category
from eventapp.domain.questions import Condition, QuestionKind
from eventapp.extensions import db
from eventapp.models import AuditEntry, OutboxMail, Question
from eventapp.queries.questions import blocks_of
from eventapp.services import cancelling, mails
from tests.asking import NEEDS, SECRET_DIET, SECRET_NEED, answer, ask, ask_standard, labels
from tests.documents.examples import text_of
from tests.factories import NOW, OFFICE, make_event, make_person, make_registration
from tests.web.office import signed_in, words


@pytest.fixture
def site(make_app) -> Flask:
    """The house that browsers talk to; its requests have a context of their own, unlike those of `app`."""
    return make_app(WTF_CSRF_ENABLED=False)


@pytest.fixture
def office(app: Flask, site: Flask):
    return signed_in(site)


def test_office_builds_the_questions_of_an_event(office) -> None:
    event = make_event()
    event_id, base = event.id, f"/beheer/evenementen/{event.slug}/vragen"

    def save(path: str, **data: object) -> int:
        answer = office.post(base + path, data=data)
        db.session.rollback()
        return answer.status_code

    short = save("/nieuw?soort=choice", label="Hoe komt u?", options="Trein", keep_days="30")
    first = save("/nieuw?soort=choice", label="Hoe komt u?", options="Trein\n Auto \nTrein", keep_days="30")
    travel = db.session.scalars(sa.select(Question.id)).one()
    text = {"label": "Kenteken", "keep_days": "14", "categories": "lid"}
    second = save("/nieuw?soort=text", depends=f"{travel}:Auto", required="y", **text)
    made_up = save("/nieuw?soort=text", depends=f"{travel}:Fiets", **text)
    plate = db.session.scalars(sa.select(Question.id).order_by(Question.id.desc()).limit(1)).one()
    above = office.post(base + f"/{plate}/plaats", data={"richting": "omhoog"}, follow_redirects=True)
    standard = save("/standaard", diet="y", photo="y")
    page, preview = words(office.get(base)), words(office.get(base + "/voorbeeld?categorie=niet-lid"))

    assert (short, first, second, made_up, standard) == (422, 303, 303, 422, 303)
    row = db.session.get(Question, plate)
    assert row.condition == Condition(frozenset({Category.LID}), None, travel, frozenset({"Auto"}))
    assert "Een vraag staat altijd na de vraag waarvan zij afhangt." in words(above)
    assert blocks_of(event_id) == {Block.DIET, Block.PHOTO}
    assert "alleen lid · alleen na “Hoe komt u?”: Auto · bewaard tot 14 dagen na de bijeenkomst" in page
    assert ("Hoe komt u?" in preview, "Kenteken" in preview, "Dieetwensen" in preview) == (True, False, True)


def test_question_of_another_event_and_stale_form_are_refused(office) -> None:
    here, there = make_event(), make_event()
    travel, elsewhere = ask(here.id), ask(there.id)
    base, here_id = f"/beheer/evenementen/{here.slug}/vragen", here.id
    data = {"label": "Anders", "options": "Trein\nAuto\nBus", "keep_days": "30"}

    wrong = office.post(f"{base}/{elsewhere}", data=data | {"version": "1"})
    stale = office.post(f"{base}/{travel}", data=data | {"version": "0"})
    saved = office.post(f"{base}/{travel}", data=data | {"version": "1"})

    assert (wrong.status_code, stale.status_code, saved.status_code) == (404, 422, 303)
    assert "Iemand anders heeft dit intussen gewijzigd" in words(stale)
    assert labels(here_id) == ["Anders"]


def test_answers_are_counted_listed_and_exported_without_acting(office) -> None:
    event = make_event()
    remark = ask(event.id, "Opmerking", QuestionKind.TEXT, options=())
    seats, themes = ask(event.id, "Plaatsen", QuestionKind.NUMBER), ask(event.id, "Thema's", QuestionKind.MULTIPLE)
    anna = make_registration(event, make_person("Anna", "", "Aalbers"))
    bram = make_registration(event, make_person("Bram", "", "Bakker"))
    answer(anna, {remark: "=1+1", seats: 2, themes: ["Trein", "Bus"]})
    answer(bram, {seats: 3, themes: ["Bus"]})
    path = f"/beheer/evenementen/{event.slug}/antwoorden"

    page = words(office.get(path))
    sheet = load_workbook(io.BytesIO(office.get(path + ".xlsx").data)).active
    text = office.get(path + ".csv").data.decode("utf-8-sig")

    assert "2 antwoorden, gevraagd aan 2; samen 5." in page
    assert "Trein 1 Auto 0 Bus 2" in page
    heads = ("Naam", "Organisatie", "Opmerking", "Plaatsen", "Thema's")
    assert list(sheet.iter_rows(values_only=True)) == [
        heads,
        ("Aalbers, Anna", "Zonnevlinder", "=1+1", 2, "Trein, Bus"),
        ("Bakker, Bram", "Zonnevlinder", None, 3, "Bus"),
    ]
    assert sheet["C2"].data_type == "s"
    assert list(csv.reader(io.StringIO(text), delimiter=";"))[1][2] == "'=1+1"


def test_what_is_special_is_in_no_mail_file_log_or_calendar(office) -> None:
    event = make_event()
    travel = ask(event.id)
    ask_standard(event)
    registration = make_registration(event, make_person("Anna", "", "Aalbers"))
    answer(registration, {travel: "Bus"}, care=NEEDS, photo=False)
    mails.confirmed(registration, now=NOW, again="1")
    db.session.commit()
    base, ticket = f"/beheer/evenementen/{event.slug}", f"/ticket/{registration.ticket.token}"
    registration_id, order = registration.id, f"/bestelling/{registration.order.token}"
    csv_file = office.get(base + "/presentielijst.csv").data.decode("utf-8-sig")
    pages = [
        base,
        base + "/vragen",
        base + "/antwoorden",
        base + "/antwoorden.csv",
        base + "/aanmeldingen",
        base + "/presentielijst.html",
        f"/beheer/aanmeldingen/{registration_id}",
        ticket,
        ticket + ".ics",
        ticket + "/gegevens",
        order,
    ]
    texts = {page: office.get(page).get_data(as_text=True) for page in pages}
    for pdf in (base + "/presentielijst.pdf", ticket + ".pdf"):
        texts[pdf] = text_of(office.get(pdf).data)
    for file in (base + "/presentielijst.xlsx", base + "/antwoorden.xlsx"):
        sheet = load_workbook(io.BytesIO(office.get(file).data)).active
        texts[file] = str(list(sheet.iter_rows(values_only=True)))
    clicked = office.post(f"/beheer/aanmeldingen/{registration_id}/wensen")
    db.session.rollback()
    cancelling.cancel_registration(registration_id, by=OFFICE, now=NOW, back_cents=0)
    texts["mails"] = str(
        [(mail.text, mail.html, mail.attachments) for mail in db.session.scalars(sa.select(OutboxMail))]
    )
    texts["log"] = str([(entry.act, entry.facts) for entry in db.session.scalars(sa.select(AuditEntry))])

    leaks = {where for where, text in texts.items() if SECRET_DIET in text or SECRET_NEED in text}
    assert leaks == set()
    assert (SECRET_DIET in clicked.text, SECRET_NEED in clicked.text) == (True, True)
    assert "care_seen" in texts["log"]
    assert "liever niet op de foto" in csv_file
    assert "Hoe komt u? Bus" in " ".join(words(office.get(f"/beheer/aanmeldingen/{registration_id}")).split())


def test_catering_is_for_editors_and_tells_no_name(site: Flask, office) -> None:
    event = make_event()
    ask_standard(event)
    registration = make_registration(event, make_person("Anna", "", "Aalbers"), organisation_name="Zonnevlinder")
    answer(registration, care=NEEDS)
    make_registration(event)
    base, registration_id = f"/beheer/evenementen/{event.slug}", registration.id
    reader = signed_in(site, Role.LEZER)

    page, paper = words(office.get(base + "/catering")), text_of(office.get(base + "/catering.pdf").data)
    refused = [reader.get(base + path).status_code for path in ("/catering", "/catering.pdf")]
    refused.append(reader.post(f"/beheer/aanmeldingen/{registration_id}/wensen").status_code)

    assert "Op locatie 2 Beantwoord 1 Nog niet geantwoord 1" in page
    assert (SECRET_NEED in page, SECRET_NEED in paper) == (True, False)
    for text in (page, paper):
        assert (SECRET_DIET in text, "Halal" in text) == (True, True)
        assert ("Aalbers" in text, "Anna" in text, "Zonnevlinder" in text) == (False, False, False)
    assert "2 personen op locatie. Nog niet geantwoord: 1." in paper
    assert refused == [403, 403, 403]
    assert "Bekijk de wensen" not in words(reader.get(f"/beheer/aanmeldingen/{registration_id}"))
