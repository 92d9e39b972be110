"""The page for who was there, and those of the office: what is asked, how it stands, and the outcome as a file."""

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook

from eventapp.domain.actors import Role
from eventapp.domain.evaluation import OwnKind, OwnQuestion, Plan
from eventapp.extensions import db
from eventapp.models import Evaluation, EvaluationInvite, OutboxMail
from eventapp.services import evaluating, thanking
from tests.evaluating import fix, held, says, tokens
from tests.factories import NOW, OFFICE
from tests.web.office import csrf_token, made, rows, signed_in, words

BASE = "/beheer/evenementen/themadag"
PAGE, PLAN = f"{BASE}/evaluatie", f"{BASE}/evaluatie/instellingen"


@pytest.fixture
def house(make_app) -> Flask:
    return make_app()


def asked(*, there: int = 6, plan: Plan | None = None) -> list[str]:
    """Links to an event that was yesterday."""
    event_id = held(there=there, slug="themadag", title="Themadag 2027").id
    if plan:
        evaluating.set_plan(event_id, plan, version=0, by=OFFICE, now=NOW)
    fix(event_id)
    thanking.thank_due(now=NOW)
    return tokens()


def answered(*, answers: int) -> None:
    grades = (8, 8, 9, 7, 6, 8, 10, 7, 8, 9, 8, 4)
    for token, grade in zip(asked(there=12)[:answers], grades, strict=False):
        says(token, grade, recommends="ja" if grade > 6 else "nee", remark=f"=Cijfer {grade}")


def test_somebody_answers_once_without_scripts(house):
    plan = Plan(named=True, questions=(OwnQuestion(OwnKind.CHOICE, "De duur?", ("Te kort", "Goed")),))
    token = made(house, lambda: asked(plan=plan))[0]
    guest, path = house.test_client(), f"/evaluatie/{token}"

    first = guest.get(path)
    data = {"csrf_token": csrf_token(guest, path), "grade": "", "recommend": "ja", "own1": "Goed", "remark": "Mooi"}
    without_grade = guest.post(path, data=data)
    nonsense = guest.post(path, data=data | {"grade": "12"})
    sent = guest.post(path, data={key: data[key] for key in ("csrf_token", "remark")} | {"grade": "9"})
    again = guest.post(path, data=data | {"grade": "1"})

    assert "Uw antwoord is anoniem" in words(first)
    assert "Mens0" not in first.text
    assert len(re.findall(r'type="radio"[^>]*name="grade"', first.text)) == 10
    assert without_grade.status_code == 422
    assert "Kies een cijfer van 1 tot en met 10." in words(without_grade)
    assert re.search(r'name="own1" value="Goed" checked', without_grade.text)
    assert nonsense.status_code == 422
    assert (sent.status_code, again.status_code) == (303, 303)
    assert words(guest.get(path)).startswith("Dank u wel voor uw antwoord")
    assert rows(house, sa.select(Evaluation.asked, Evaluation.answers)) == [(6, 1)]
    assert house.test_client().get("/evaluatie/verzonnen").status_code == 404


def test_the_office_sees_how_it_stands_and_once_closed_the_outcome(house):
    made(house, lambda: answered(answers=12))
    office = signed_in(house)

    while_open, early_file = office.get(PAGE), office.get(f"{PAGE}.csv")
    closing = office.get(f"{PAGE}/sluiting")
    office.post(f"{PAGE}/sluiting", data={"csrf_token": csrf_token(office, f"{PAGE}/sluiting")})
    closed = office.get(PAGE)
    sheet = load_workbook(io.BytesIO(office.get(f"{PAGE}.xlsx").data)).active
    lines = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]

    assert "Geantwoord 12 (100%)" in words(while_open)
    assert "De uitslag komt in één keer" in words(while_open)
    assert "Cijfer" not in words(while_open)
    assert early_file.status_code == 409
    assert "12 van de 12 antwoordden." in words(closing)
    assert "Gemiddeld cijfer 7,7 Zou het aanbevelen 83% Antwoordde 100%" in words(closed)
    assert words(closed).count("=Cijfer") == 12
    assert lines[:3] == [("Vraag", "Antwoord", "Aantal"), ("Gevraagd", None, 12), ("Geantwoord", None, 12)]
    assert ("Welk cijfer geeft u deze bijeenkomst?", "8", 5) in lines
    assert b"'=Cijfer" in office.get(f"{PAGE}.csv").data
    assert words(house.test_client().get(f"/evaluatie/{made(house, tokens)[0]}")).startswith("Dank u wel")


def test_under_five_answers_nothing_shows_however_it_is_asked(house):
    made(house, lambda: answered(answers=4))
    office = signed_in(house)

    while_open = words(office.get(PAGE))
    office.post(f"{PAGE}/sluiting", data={"csrf_token": csrf_token(office, f"{PAGE}/sluiting")})
    closed = words(office.get(PAGE))
    files = [office.get(f"{PAGE}.{extension}").status_code for extension in ("xlsx", "csv")]
    office.post(f"{PAGE}/heropening", data={"csrf_token": csrf_token(office, PAGE)})

    assert "Nog te weinig antwoorden" in while_open
    assert "Te weinig antwoorden" in closed
    assert "Cijfer" not in while_open + closed
    assert files == [409, 409]
    assert "Nu al sluiten" in words(office.get(PAGE))


def test_the_office_says_what_is_asked_until_somebody_is(house):
    event_id = made(house, lambda: held(slug="themadag").id)
    office = signed_in(house)
    form = {"thanks": "y", "asks": "y", "days": "7", "own1_label": "De duur?", "own1_kind": "choice"}
    form |= {f"own{place}_kind": "open" for place in range(2, 6)}

    def save(**more: str):
        found = re.search(r'name="version"[^>]* value="(\d+)"', office.get(PLAN).text)
        assert found
        return office.post(PLAN, data={"csrf_token": csrf_token(office, PLAN), "version": found[1], **form, **more})

    one_option = save(own1_options="Goed")
    saved = save(own1_options="Te kort\nGoed\n\nGoed")
    preview, fixing = office.get(f"{PAGE}/voorbeeld"), office.get(f"{BASE}/presentie/vaststelling")
    with house.app_context():
        fix(event_id)
        thanking.thank_due(now=NOW)
        db.session.remove()
    begun = save(own1_options="Te kort\nTe lang")
    silent = save(own1_options="Te kort\nGoed", thanks="")

    assert one_option.status_code == 422
    assert "Schrijf 2 tot 8 antwoorden op" in words(one_option)
    assert saved.status_code == 303
    assert "De duur?" in words(preview)
    assert "Er gaat meteen een bedankmail naar 6 mensen, ieder één keer." in words(fixing)
    assert rows(house, sa.select(Evaluation.questions, Evaluation.days))[0] == (
        [{"kind": "choice", "label": "De duur?", "options": ["Te kort", "Goed"]}],
        7,
    )
    assert begun.status_code == 422
    assert "verandert nu niet meer" in words(begun)
    assert silent.status_code == 303
    assert rows(house, sa.select(Evaluation.thanks)) == [(False,)]


def test_who_reads_may_look_and_change_nothing(house):
    made(house, asked)
    reader = signed_in(house, Role.LEZER)

    page = reader.get(PAGE)
    statuses = [reader.get(path).status_code for path in (PLAN, f"{PAGE}/sluiting")]

    assert page.status_code == 200
    assert "Nu al sluiten" not in words(page)
    assert statuses == [403, 403]


def test_the_office_reads_the_mail_but_not_the_link_that_says_who_answered(house):
    token = made(house, asked)[0]
    office = signed_in(house)
    found = rows(house, sa.select(OutboxMail.registration_id, OutboxMail.id).order_by(OutboxMail.id))[0]

    page = office.get("/beheer/aanmeldingen/{}/mail/{}".format(*found))

    assert "/evaluatie/…" in page.text
    assert token not in page.text


def test_a_link_is_no_use_after_the_last_day_but_says_so(house):
    token = made(house, asked)[0]
    with house.app_context():
        db.session.execute(sa.update(Evaluation).values(closes_at=NOW - timedelta(minutes=1)))
        db.session.commit()

    page = house.test_client().get(f"/evaluatie/{token}")

    assert words(page).startswith("Deze evaluatie is gesloten")
    assert rows(house, sa.select(EvaluationInvite.answered).distinct()) == [(False,)]
    assert rows(house, sa.select(OutboxMail.kind).distinct()) == [("thanks",)]
