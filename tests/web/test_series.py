"""The pages of a series: the matrix with its files, who may settle a meeting, and a certificate over all of it."""

import io
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook

from eventapp.domain.actors import Role
from eventapp.extensions import db
from eventapp.models import Circle, Event, Job, Presence, Registration, Ticket
from eventapp.services import fixing
from tests.circling import FATMA, added, make_circle, make_meeting
from tests.documents.examples import text_of
from tests.factories import NOW, OFFICE, make_grant, make_registration
from tests.web.office import csrf_token, made, rows, signed_in, words

BASE = "/beheer/kringen/kenniskring-hr"
MATRIX = f"{BASE}/presentie"


@pytest.fixture
def house(make_app) -> Flask:
    return make_app()


def season() -> None:
    """Fatma was at the first of two meetings and is expected at a third; the presence of both is fixed."""
    circle = make_circle()
    meetings = [make_meeting(circle, days=days, title=f"Kring {days}") for days in (-40, -10, 20)]
    added(circle, FATMA, first=date(2026, 1, 1))
    for meeting in meetings[:2]:
        registration = make_registration(meeting, circle.members[0].person, source="circle")
        if meeting is meetings[0]:
            seen = {"registration_id": registration.id, "event_id": meeting.id, "first_in_at": meeting.starts_at}
            db.session.add(Presence(**seen))
    db.session.commit()
    for meeting in meetings[:2]:
        fixing.fix(meeting.id, seen=fixing.seen_now(meeting, now=NOW), by=OFFICE, now=NOW)


def test_the_matrix_stands_on_a_page_and_in_files(house: Flask) -> None:
    made(house, season)
    office = signed_in(house)

    page = office.get(f"{MATRIX}.html")
    paper, to_sign = office.get(f"{MATRIX}.pdf").data, office.get(f"{MATRIX}.pdf?stand=vooraf").data
    book = load_workbook(io.BytesIO(office.get(f"{MATRIX}.xlsx").data))["Mensen"]
    csv = office.get(f"{MATRIX}.csv").data.decode("utf-8-sig").splitlines()

    assert f'href="{MATRIX}.html"' in office.get(BASE).text
    assert "Yıldız, Fatma" in words(page)
    assert "1 van 2 50%" in words(page)
    assert "Yıldız, Fatma" in text_of(paper)
    assert "om te tekenen · 1 bijeenkomst" in text_of(to_sign)
    assert [cell.value for cell in book[2]][2:7] == ["O", "X", None, 1, 2]
    assert csv[1].split(";")[2:8] == ["O", "X", "", "1", "2", "50"]
    assert office.get(f"{MATRIX}.docx").status_code == 404


def test_who_runs_a_circle_settles_its_meetings_and_no_others(house: Flask) -> None:
    def others() -> list[str]:
        season()
        circle = db.session.scalars(sa.select(Circle)).one()
        make_grant(Role.KRINGCOORDINATOR, circle_id=circle.id, address="kringcoordinator@kindcentra.example")
        make_meeting(make_circle(slug="kenniskring-ict", name="Kenniskring ICT"), days=-3)
        db.session.commit()
        return list(db.session.scalars(sa.select(Event.slug).order_by(Event.id)))

    runner = signed_in(house, Role.KRINGCOORDINATOR)
    first, _, _, other = made(house, others)
    reader = signed_in(house, Role.LEZER)

    meeting = f"{BASE}/bijeenkomsten/{first}"
    presence = f"/beheer/evenementen/{first}/presentie"
    assert f'href="{presence}"' in runner.get(meeting).text
    assert f'href="{presence}"' not in reader.get(meeting).text
    assert runner.get(presence).status_code == 200
    assert runner.get(f"/beheer/evenementen/{other}/presentie").status_code == 403
    assert runner.get("/beheer/kringen/kenniskring-ict/presentie.html").status_code == 403
    assert "Mail bewijzen over de reeks" not in words(runner.get(f"{MATRIX}.html"))


def test_a_certificate_over_the_series_is_made_by_its_owner_and_mailed_by_the_office(house: Flask) -> None:
    made(house, season)
    own = sa.select(Ticket.token).join(Registration).join(Event).order_by(Event.starts_at)
    tokens = [row[0] for row in rows(house, own)]
    visitor, office = house.test_client(), signed_in(house)
    ticket = f"/ticket/{tokens[0]}/bewijs"

    offered = words(visitor.get(ticket))
    token = csrf_token(visitor, ticket)
    missing = visitor.get(f"{ticket}/reeks.pdf")
    done = visitor.post(f"{ticket}/reeks", data={"csrf_token": token})
    paper = text_of(visitor.get(f"{ticket}/reeks.pdf").data)
    sending = office.post(f"{BASE}/bewijzen/verzending", data={"csrf_token": csrf_token(office, f"{MATRIX}.html")})

    assert "U was bij 1 van 2 bijeenkomsten van Kenniskring HR" in offered
    assert (missing.status_code, done.status_code, sending.status_code) == (404, 303, 303)
    assert "1 van 2 bijeenkomsten" in paper
    assert visitor.get(f"/ticket/{tokens[1]}/bewijs").status_code == 404
    assert rows(house, sa.select(Job.kind)) == [("series_certificates",)]
