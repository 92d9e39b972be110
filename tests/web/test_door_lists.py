"""What the office sees and does around a door: live figures, the list to tick, the paper one, the list of Teams."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Role
from eventapp.domain.admission import Action, Result
from eventapp.domain.errors import PresenceFixed
from eventapp.domain.events import EventForm
from eventapp.domain.presence import PresenceStatus
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Choice, Event, Presence, Scan, Ticket
from eventapp.queries.attendance import attendees
from eventapp.queries.door import bearer_of
from eventapp.services import fixing, marking
from eventapp.services.admitting import admit, admit_all
from eventapp.services.scan_reports import ScanReport
from tests.documents.examples import text_of
from tests.factories import (
    NOW,
    OFFICE,
    make_breakout,
    make_event,
    make_person,
    make_registration,
    make_round,
    make_token,
)
from tests.web.office import csrf_token, signed_in, words

LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def app(make_app):
    app = make_app(CLOCK=lambda: LATER, WTF_CSRF_ENABLED=False)
    with app.app_context():
        yield app


@pytest.fixture
def event(app):
    return make_event(title="Themadag", starts_at=NOW)


@pytest.fixture
def people(event):
    """Three with a place, one who still pays, one who withdrew."""
    names = ("Zoë", "van 't", "Hoff"), ("Ali", "", "Yılmaz"), ("Jan-Willem", "van der", "Meulen")
    found = [make_registration(event, make_person(*name)) for name in names]
    make_registration(event, make_person("Ine", "", "Later"), state=State.AWAITING_PAYMENT, category=Category.NIET_LID)
    make_registration(event, make_person("Wim", "", "Weg"), state=State.CANCELLED)
    return [one.id for one in found]


def scan(event, ticket_id, number, *, sent_at=None, minutes=30):
    _token, secret = make_token(event=event)
    report = ScanReport(
        scan_id=f"00000000-0000-4000-8000-{number:012}",
        event_id=event.id,
        action=Action.IN,
        scanned_at=NOW + timedelta(minutes=minutes),
        ticket_id=ticket_id,
        shown=Result.ADMITTED if sent_at else None,
    )
    if sent_at:
        return admit_all([report], by=bearer_of(secret), now=LATER, sent_at=sent_at)[0]
    return admit(report, by=bearer_of(secret), now=NOW + timedelta(minutes=minutes))


def ticket_of(registration_id):
    return db.session.scalar(sa.select(Ticket.id).where(Ticket.registration_id == registration_id))


def present() -> dict[int, object]:
    db.session.rollback()
    return {row.registration_id: row.first_in_at for row in db.session.scalars(sa.select(Presence))}


def test_ticks_are_presence_once_and_never_undo_a_door(app, event, people):
    zoe, ali, jan = people
    scan(event, ticket_of(zoe), 1, minutes=5)
    path = f"/beheer/evenementen/{event.slug}/afvinken"
    client = signed_in(app, Role.DEURVRIJWILLIGER)
    token = {"csrf_token": csrf_token(client, path)}

    whole_list = client.post(path, data=token | {"kwam": [str(ali), str(jan)], "al": []})
    at_once = client.post(path, data=token | {"kwam": str(ali)}, headers={"Accept": "application/json"})
    page = client.get(path).text
    not_after_all = client.post(path, data=token | {"al": [str(zoe), str(jan)]})

    assert [answer.status_code for answer in (whole_list, at_once, not_after_all)] == [303, 204, 303]
    assert present() == {zoe: NOW + timedelta(minutes=5), ali: LATER}
    assert f'id="kwam-{zoe}" name="kwam" value="{zoe}" checked disabled' in page
    assert page.count('name="al"') == 2
    assert [(one.action, one.device_id is None) for one in db.session.scalars(sa.select(Scan).order_by(Scan.id))] == [
        (Action.IN, False),
        (Action.IN, True),
        (Action.IN, True),
        (Action.UNDO, True),
    ]


def test_ticks_after_the_event_and_of_another_event(app, people):
    other = make_event(starts_at=NOW - timedelta(days=1))
    mine = make_registration(other).id

    marking.tick(other.id, [mine], by=OFFICE, now=LATER)
    client = signed_in(app)
    path = f"/beheer/evenementen/{other.slug}/afvinken"
    strange = client.post(path, data={"csrf_token": csrf_token(client, path), "kwam": [str(mine), str(people[0])]})

    assert strange.status_code == 400
    assert present() == {mine: other.starts_at}


@pytest.mark.parametrize("ticked_first", [True, False])
def test_paper_beside_a_phone_without_network_is_no_contradiction(event, people, ticked_first):
    ticket = ticket_of(people[0])
    if ticked_first:
        marking.tick(event.id, [people[0]], by=OFFICE, now=NOW + timedelta(minutes=10))
    verdict = scan(event, ticket, 7, sent_at=LATER, minutes=20)
    marking.tick(event.id, [people[0]], by=OFFICE, now=LATER)

    assert verdict.conflict is False
    assert present() == {people[0]: NOW + timedelta(minutes=10 if ticked_first else 20)}


def test_live_figures_change_only_when_somebody_comes(app, event, people):
    breakout = make_breakout(make_round(event), title="Bouwen", room="Zaal 3")
    chosen = {"round_id": breakout.in_rounds[0].round_id, "breakout_id": breakout.id, "chosen_at": NOW}
    db.session.add(Choice(registration_id=people[0], **chosen))
    db.session.commit()
    scan(event, ticket_of(people[0]), 1, minutes=2)
    with app.app_context():
        door = signed_in(app, Role.DEURVRIJWILLIGER)
    client = signed_in(app)
    path = f"/beheer/evenementen/{event.slug}/live"

    page = client.get(path)
    part = client.get(f"{path}/stand")
    same = client.get(f"{path}/stand", headers={"If-None-Match": part.headers["ETag"]})
    scan(event, ticket_of(people[1]), 2, minutes=13)
    other = client.get(f"{path}/stand", headers={"If-None-Match": part.headers["ETag"]})
    with app.app_context():
        volunteer = door.get(f"{path}/stand")

    assert "1 van 3" in words(page) and "Lid 3 1 1" in words(page) and "Bouwen 11.00 Zaal 3 1 0 0" in words(page)
    assert [answer.status_code for answer in (part, same, other)] == [200, 304, 200]
    assert (same.text, other.text.count('class="live__bar"')) == ("", 3)
    assert "2 binnen, 2 van 3 gekomen." in words(other) and "Jan-Willem van der Meulen" in words(other)
    assert "Jan-Willem" not in volunteer.text


def test_the_paper_list_is_remembered_and_has_everybody(app, event, people):
    client = signed_in(app)
    door = f"/beheer/evenementen/{event.slug}/deur"
    before = words(client.get(door))
    path = f"/beheer/evenementen/{event.slug}/noodlijst"
    answer = client.post(path, data={"csrf_token": csrf_token(client, door)})
    assert answer.status_code == 303, words(answer)
    pdf = client.get(answer.location).data
    paper = text_of(pdf) + text_of(pdf, 1)
    made = words(client.get(door))
    late = make_registration(event)
    late.confirmed_at = LATER + timedelta(minutes=1)
    db.session.commit()

    assert "Noodlijst op papier : voor als" in before and "gemaakt op 11-01-2027 om 10.30 uur" in made
    assert [name for name in ("Hoff, Zoë van 't", "Later, Ine", "Yılmaz, Ali", "Weg, Wim") if name in paper] == [
        "Hoff, Zoë van 't",
        "Later, Ine",
        "Yılmaz, Ali",
    ]
    assert paper.index("Hoff") < paper.index("Later") < paper.index("Meulen") < paper.index("Yılmaz")
    assert "naar de balie" in paper and "Zonder aanmelding" in paper
    assert "daarna 1 wijziging" in words(client.get(door))


TEAMS = """Naam;Eerste deelname;Duur in vergadering;E-mail;Rol
Zoë van 't Hoff;11-1-2027 10:05:00;1u 2m;;Deelnemer
A. Yılmaz;11-1-2027 9:10:00;20m;;Deelnemer
iPad zaal;11-1-2027 10:10:00;20m;;Deelnemer
Jan-Willem van der Meulen (Gast);11-1-2027 10:15:00;2m;;Deelnemer
"""


@pytest.mark.parametrize("coding", ["utf-16", "utf-8-sig"])
def test_the_list_of_teams_is_shown_first_and_then_confirmed(app, coding):
    event = make_event(starts_at=NOW, form=EventForm.ONLINE)
    zoe, ali, jan = (
        make_registration(event, make_person(*name)).id
        for name in (("Zoë", "van 't", "Hoff"), ("Ali", "", "Yılmaz"), ("Jan-Willem", "van der", "Meulen"))
    )
    path = f"/beheer/evenementen/{event.slug}/deelnamelijst"
    client = signed_in(app)
    token = {"csrf_token": csrf_token(client, path)}

    file = {"file": (io.BytesIO(TEAMS.encode(coding)), "lijst.csv")}
    preview = client.post(path, data=token | file, content_type="multipart/form-data")
    nothing_yet = present()
    since = {"sinds-0": "2027-01-11T10:05:00+01:00", "sinds-1": "2027-01-11T09:10:00+01:00"}
    rows = token | since | {"rij-0": str(zoe), "rij-1": str(ali), "rij-2": "", "rij-3": ""}
    confirmed, again = (client.post(f"{path}/bevestiging", data=rows) for _ in range(2))
    strange = client.post(path, data=token | {"file": (io.BytesIO(b"naam\nZo"), "x.csv")})

    assert "2 zeker, 1 misschien, 1 onbekend" in words(preview)
    assert preview.text.count(f'<option value="{zoe}" selected>') == 1
    assert f'<option value="{jan}" selected>' not in preview.text
    assert nothing_yet == {}
    assert [answer.status_code for answer in (confirmed, again, strange)] == [303, 303, 422]
    assert present() == {zoe: NOW + timedelta(minutes=5), ali: NOW}
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == 2
    assert db.session.get_one(Event, event.id).places.taken == 3


def test_at_a_hybrid_event_people_came_as_they_were_seen(app):
    event = make_event(starts_at=NOW - timedelta(hours=5), form=EventForm.HYBRIDE)
    here, online = (make_registration(event, attends=way).id for way in (EventForm.FYSIEK, EventForm.ONLINE))

    marking.were_online(event.id, {here: None}, by=OFFICE, now=LATER)
    marking.tick(event.id, [online], by=OFFICE, now=LATER)

    db.session.rollback()
    event = db.session.get_one(Event, event.id)
    statuses = {one.registration_id: one.status for one in attendees(event, now=LATER)}
    assert statuses == {here: PresenceStatus.ONLINE, online: PresenceStatus.AANWEZIG}
    fixing.fix(event.id, seen=fixing.seen_now(event, now=LATER), by=OFFICE, now=LATER)
    with pytest.raises(PresenceFixed):
        marking.tick(event.id, [], not_after_all=[online], by=OFFICE, now=LATER)
    path = f"/beheer/evenementen/{event.slug}/afvinken"
    assert "De presentie is vastgesteld" in words(signed_in(app).get(path))
