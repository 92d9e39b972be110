"""The pages of presence and certificates: the whole list, fixing it in numbers, and a certificate anybody can check."""

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from eventapp.domain.actors import Role
from eventapp.domain.presence import PresenceStatus as S
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Certificate, Event, FixedPresence, Presence, Registration, Ticket
from tests.documents.examples import text_of
from tests.factories import NOW, make_event, make_person, make_registration
from tests.web.office import csrf_token, made, rows, signed_in, whole_today, words

BEGAN = NOW - timedelta(days=1)
BASE = "/beheer/evenementen/kring"
PRESENCE, FIXING = f"{BASE}/presentie", f"{BASE}/presentie/vaststelling"


@pytest.fixture
def house(make_app) -> Flask:
    return make_app()


def yesterday() -> None:
    """Anna came, Bram did not, Cas had withdrawn."""
    event = make_event(slug="kring", title="Kenniskring HR", starts_at=BEGAN)
    anna = make_registration(event, make_person("Anna", "van", "Aalst", address="anna@zonnevlinder.example"))
    make_registration(event, make_person("Bram", "", "Bakker"))
    early = {"state": State.CANCELLED, "cancelled_at": BEGAN - timedelta(days=5)}
    make_registration(event, make_person("Cas", "", "Cijfer"), **early)
    db.session.add(Presence(registration_id=anna.id, event_id=event.id, first_in_at=BEGAN))
    db.session.commit()


def post(client: FlaskClient, path: str, page: str = PRESENCE, **data: str):
    return client.post(path, data={"csrf_token": csrf_token(client, page), **data})


def corrections(client: FlaskClient, reason: str = "", **changes: str) -> dict[str, str]:
    """The form as the page has it, with other statuses for these ids."""
    page = client.get(PRESENCE).text
    seen = dict(re.findall(r'name="gezien-(\d+)" value="([^"]*)"', page))
    chosen = seen | {key.removeprefix("id"): value for key, value in changes.items()}
    form = {f"gezien-{key}": value for key, value in seen.items()}
    return form | {f"status-{key}": value for key, value in chosen.items()} | {"reason": reason}


def test_presence_goes_from_the_list_to_fixed_to_a_certificate(house):
    made(house, yesterday)
    office = signed_in(house)
    ids = dict(rows(house, sa.select(sa.literal_column("given_name"), Registration.id).join(Registration.person)))

    today, before = whole_today(office), words(office.get(PRESENCE))
    saved = post(office, PRESENCE, **corrections(office, **{f"id{ids['Cas']}": "online"}))
    preview = office.get(FIXING)
    seen = re.search(r'name="seen"[^>]* value="([^"]+)"', preview.text)[1]
    fixed = post(office, FIXING, FIXING, seen=seen)
    after = words(office.get(PRESENCE))

    assert "Wanneer Kenniskring HR zondag 10 januari 2027" in today
    assert "2 op de lijst: 1 aanwezig en 1 afwezig." in before
    assert "Niet op de lijst, wel ooit aangemeld (1)" in before
    assert (saved.status_code, fixed.status_code) == (303, 303)
    assert "Presentie vaststellen" not in whole_today(office)
    assert "Zo was het: 2 mensen waren erbij. Aanwezig 1 Online 1 Afwezig 1" in words(preview)
    assert "De presentie is vastgesteld: 1 aanwezig, 1 online en 1 afwezig." in after
    assert "Cas Cijfer: niet op de lijst → online" in after
    assert set(rows(house, sa.select(FixedPresence.registration_id, FixedPresence.status))) == {
        (ids["Anna"], S.AANWEZIG),
        (ids["Bram"], S.AFWEZIG),
        (ids["Cas"], S.ONLINE),
    }
    no_reason = post(office, PRESENCE, **corrections(office, **{f"id{ids['Bram']}": "aanwezig"}))
    assert no_reason.status_code == 422
    assert "Schrijf erbij waarom u dit wijzigt." in words(no_reason)
    assert re.search(rf'name="status-{ids["Bram"]}">.*?value="aanwezig" selected', no_reason.text, re.DOTALL)
    reopened = post(office, f"{PRESENCE}/heropening", f"{PRESENCE}/heropening", reason="Papieren lijst gevonden")
    assert (reopened.status_code, rows(house, sa.select(Event.presence_fixed_at))) == (303, [(None,)])


def test_what_changed_between_reading_and_fixing_is_shown_again(house):
    made(house, yesterday)
    office = signed_in(house)

    answer = post(office, FIXING, FIXING, seen="something older")

    assert answer.status_code == 409
    assert "Zo was het: 1 mens was erbij." in words(answer)
    assert rows(house, sa.select(FixedPresence)) == []


def test_lists_of_before_and_afterwards(house):
    made(house, yesterday)
    office = signed_in(house, Role.LEZER)
    address = f"{BASE}/presentielijst"

    page = words(office.get(f"{address}.html"))
    before = office.get(f"{address}.csv?stand=vooraf").data.decode("utf-8-sig").splitlines()
    after = office.get(f"{address}.csv").data.decode("utf-8-sig").splitlines()
    book = load_workbook(io.BytesIO(office.get(f"{address}.xlsx").data)).active
    paper, to_sign = (text_of(office.get(f"{address}.pdf?stand={stand}").data) for stand in ("na", "vooraf"))

    assert "2 op de lijst, 1 aanwezig. Nog niet vastgesteld." in page
    assert [line.split(";")[1] for line in before[1:]] == ["Aalst, Anna van", "Bakker, Bram"]
    assert before[0].split(";")[-1] == "Tijd"
    assert [line.split(";")[-1] for line in after] == ["Status", "Aanwezig", "Afwezig"]
    assert [row[-1] for row in book.iter_rows(values_only=True)] == ["Status", "Aanwezig", "Afwezig"]
    assert ("Handtekening" in to_sign, "Handtekening" in paper) == (True, False)
    assert "Aanwezig 10.00" in paper
    assert "2 namen, 1 aanwezig · voorlopig" in paper


def fixed(app: Flask) -> tuple[FlaskClient, str]:
    """An office at which yesterday is fixed, and the page of Anna's ticket."""
    made(app, yesterday)
    office = signed_in(app)
    seen = re.search(r'name="seen"[^>]* value="([^"]+)"', office.get(FIXING).text)[1]
    post(office, FIXING, FIXING, seen=seen)
    tokens = sa.select(Ticket.token).join(Ticket.registration).join(Registration.person)
    [(token,)] = rows(app, tokens.where(sa.literal_column("given_name") == "Anna"))
    return office, f"/ticket/{token}"


def test_anna_makes_her_certificate_and_anybody_checks_it(house):
    _, ticket = fixed(house)
    visitor = house.test_client()

    offered = words(visitor.get(f"{ticket}/bewijs"))
    nothing_made = rows(house, sa.select(Certificate.id))
    made_now = post(visitor, f"{ticket}/bewijs", f"{ticket}/bewijs")
    file = visitor.get(f"{ticket}/bewijs.pdf")
    paper = text_of(file.data)
    code = re.search(r"/bewijs/([0-9A-Z-]{14})", paper)[1]
    checked = visitor.get(f"/bewijs/{code.lower().replace('-', ' ')}")

    assert "Anna van Aalst was bij Kenniskring HR" in offered
    assert (nothing_made, made_now.status_code) == ([], 303)
    assert "bewijs-van-deelname-kenniskring-hr.pdf" in file.headers["Content-Disposition"]
    assert "Wij bevestigen dat Anna van Aalst deelnam aan Kenniskring HR" in paper
    assert "Omvang 4 uur" in paper
    assert "Dit bewijs is echt A. van Aalst nam deel aan “Kenniskring HR”" in words(checked)
    assert "Anna" not in checked.text
    assert (checked.headers["Cache-Control"], "noindex" in checked.text) == ("private, no-store", True)
    assert f'href="{ticket}/bewijs"' in visitor.get(ticket).text


def test_a_certificate_that_was_taken_back_says_so_and_nothing_else(house):
    office, ticket = fixed(house)
    visitor = house.test_client()
    post(visitor, f"{ticket}/bewijs", f"{ticket}/bewijs")
    [(certificate_id, code)] = rows(house, sa.select(Certificate.id, Certificate.code))
    revocation = f"{BASE}/bewijzen/{certificate_id}/intrekking"

    assert office.get(f"{BASE}/bewijzen/{certificate_id}.pdf").status_code == 200
    assert post(office, revocation, revocation, reason="Verwisseld").status_code == 303
    checked = words(visitor.get(f"/bewijs/{code}"))

    assert "Dit bewijs is ingetrokken" in checked
    assert "Aalst" not in checked
    assert "Kenniskring HR" not in checked
    assert visitor.get(f"{ticket}/bewijs.pdf").status_code == 404
    assert "Verwisseld" in words(office.get(f"{BASE}/bewijzen"))
    assert visitor.get("/bewijs/0000-0000-0000").status_code == 404
    again = post(office, f"{BASE}/bewijzen/{_registration_of(house)}/uitgifte", f"{BASE}/bewijzen")
    assert (again.status_code, len(rows(house, sa.select(Certificate.id)))) == (303, 2)


def _registration_of(app: Flask) -> int:
    return rows(app, sa.select(FixedPresence.registration_id).where(FixedPresence.status == S.AANWEZIG))[0][0]


def test_the_office_says_what_stands_on_it_and_mails_them(house):
    office, _ = fixed(house)
    page = f"{BASE}/bewijzen"

    wrong = post(office, page, page, minutes="een uur")
    saved = post(office, page, page, minutes="90", goals="Samen leren", register_name="", register_number="", points="")
    sent = post(office, f"{page}/{_registration_of(house)}/verzending", page)
    job = post(office, f"{page}/verzending", page)

    assert (wrong.status_code, saved.status_code, sent.status_code) == (422, 303, 303)
    assert re.fullmatch(r"/beheer/taken/\d+", job.headers["Location"])
    [(facts,)] = rows(house, sa.select(Certificate.facts))
    assert (facts["hours"], facts["goals"]) == ("1,5 uur", "Samen leren")


def test_who_was_not_there_has_no_page_and_readers_change_nothing(house):
    fixed(house)
    tokens = sa.select(Ticket.token).join(Ticket.registration).join(Registration.person)
    [(token,)] = rows(house, tokens.where(sa.literal_column("given_name") == "Bram"))
    reader = signed_in(house, Role.LEZER)

    assert house.test_client().get(f"/ticket/{token}/bewijs").status_code == 404
    assert reader.get(PRESENCE).status_code == 403
    assert reader.get(f"{BASE}/bewijzen").status_code == 403
