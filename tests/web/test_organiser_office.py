"""The rest of the back office: today, lists, the door, settings, and who may see which page."""

import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from pypdf import PdfReader

from config import TestConfig
from eventapp.domain.actors import Role, Scope
from eventapp.domain.events import EventState
from eventapp.domain.payments import AttemptStatus, Outcome, RefundState
from eventapp.domain.registrations import State
from eventapp.domain.roster import door_id
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.formatting import iso
from eventapp.models import (
    ApiToken,
    Heartbeat,
    MailState,
    OutboxMail,
    PaymentAttempt,
    Person,
    Presence,
    Refund,
    Registration,
    StaffMember,
)
from eventapp.queries.association import load_association
from eventapp.services.coupling import invite_device
from tests.factories import (
    NOW,
    OFFICE,
    make_event,
    make_organisation,
    make_person,
    make_registration,
    make_staff,
    make_token,
)
from tests.web.office import csrf_token, made, rows, signed_in, whole_today, words

ASSOCIATION = {
    "refund_confirm_cents": "250",
    "name": "Vereniging Voorbeeld",
    "short_name": "Voorbeeld",
    "email": "kantoor@voorbeeld.example",
    "mail_from": "post@voorbeeld.example",
    "calendar_domain": "voorbeeld.example",
    "hold_days": "5",
    "payment_hold_hours": "48",
    "invitation_reminder_days": "10",
    "cancel_free_days": "10",
    "cancel_late_percent": "25",
    "invoice_term_days": "14",
    "invoice_numbering": "yearly",
    "invoice_moment": "booking",
    "invoice_days": "14",
    "offer_hours": "36",
    "invoice_reminder_days": "7",
    "member_goal": "175",
    "member_goal_year": "2030",
    "iban": "nl91abna0417164300",
}


@pytest.fixture
def office(make_app):
    """A function that signs somebody in with a role; `office.app` is the app."""
    app = make_app(WTF_CSRF_ENABLED=False)
    enter = partial(signed_in, app)
    enter.app = app
    return enter


def test_quiet_day_says_so(office):
    def alive():
        db.session.add(Heartbeat(name="worker", beat_at=NOW - timedelta(seconds=90)))
        db.session.commit()

    made(office.app, alive)

    said = words(office(Role.SECRETARIAAT).get("/beheer/"))

    assert "Er wacht niets op u" in said
    assert "Er staat niets gepland" in said
    assert "geen mail verstuurd" not in said


def trouble() -> None:
    event = make_event(title="Themadag")
    r = make_registration(event, make_person("Suharti", "", ""), price_cents=9500)
    stuck = make_person("Fatma", "", "Yıldız")
    late = NOW - timedelta(hours=1)
    make_registration(event, stuck, state=State.AWAITING_PAYMENT, price_cents=9500, expires_at=late)
    attempt = PaymentAttempt(
        order_id=r.order_id,
        token="t",
        idempotency_key="k",
        amount_cents=9500,
        status=AttemptStatus.PAID,
        outcome=Outcome.PAID_TWICE,
        mode="test",
        created_at=NOW,
    )
    db.session.add(attempt)
    db.session.flush()
    db.session.add(
        Refund(
            attempt_id=attempt.id,
            amount_cents=4711,
            reason="paid_twice",
            state=RefundState.FAILED,
            idempotency_key="r",
            created_at=NOW,
        )
    )
    db.session.add(
        OutboxMail(
            purpose="p",
            kind="confirmed",
            to_address="weg@zonnevlinder.example",
            subject="Uw ticket",
            text="",
            html="",
            message_id="<m@x.example>",
            state=MailState.FAILED,
            created_at=NOW,
            last_error="550 onbekend",
        )
    )
    db.session.add(Heartbeat(name="worker", beat_at=NOW - timedelta(minutes=3)))
    db.session.commit()


MONEY_WORDS = ("Dubbel betaald, wordt terugbetaald", "De betaaldienst gaf geen antwoord", "47,11")


def test_today_shows_everything_that_waits(office):
    made(office.app, trouble)

    said = whole_today(office(Role.SECRETARIAAT))

    for text in (*MONEY_WORDS, "Yıldız", "550 onbekend", "Er wordt nu geen mail verstuurd", "Themadag"):
        assert text in said


def test_failed_mail_is_settled_by_a_later_one_that_arrived(office):
    def resent():
        r = make_registration(make_event())
        for n, state in enumerate((MailState.FAILED, MailState.SENT)):
            mail = {"purpose": f"p{n}", "message_id": f"<m{n}@x.example>", "kind": "confirmed", "state": state}
            text = {"to_address": r.address, "subject": "Uw ticket", "text": "", "html": "", "created_at": NOW}
            db.session.add(OutboxMail(registration_id=r.id, **mail, **text))
            db.session.flush()
        db.session.commit()

    made(office.app, resent)

    assert "Mails die niet aankwamen" not in words(office(Role.SECRETARIAAT).get("/beheer/"))


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.PENNINGMEESTER, MONEY_WORDS),
        # Whoever may do nothing about it is not told of it.
        (Role.LEZER, ()),
        (Role.KRINGCOORDINATOR, ()),
    ],
)
def test_today_shows_what_ones_role_may_act_on(office, role, seen):
    made(office.app, trouble)

    client = office(role)

    said = whole_today(client)

    assert client.get("/beheer/vandaag/mails").status_code == 403
    assert tuple(text for text in (*MONEY_WORDS, "550 onbekend") if text in said) == seen
    assert "Themadag" in said


def listed() -> None:
    event = make_event(slug="kring", title="Kenniskring HR")
    first = make_registration(event, make_person("Zoë", "van 't", "Hoff-Müller"), function="=1+1")
    make_registration(event, make_person("Suharti", "", ""))
    make_registration(event, make_person("Nooit", "", "Bevestigd"), state=State.AWAITING_CONFIRMATION)
    unpaid = make_registration(event, make_person("Toch", "", "Binnen"), state=State.AWAITING_PAYMENT)
    db.session.add_all(
        Presence(registration_id=r.id, event_id=event.id, first_in_at=NOW, inside_since=NOW) for r in (first, unpaid)
    )
    db.session.commit()


def test_attendance_list_is_the_same_in_every_form(office):
    made(office.app, listed)
    client = office(Role.LEZER)
    address = "/beheer/evenementen/kring/presentielijst"

    page = words(client.get(f"{address}.html"))
    pdf = client.get(f"{address}.pdf")
    book = load_workbook(io.BytesIO(client.get(f"{address}.xlsx").data)).active
    lines = client.get(f"{address}.csv").data.decode("utf-8-sig").splitlines()

    names = ["Binnen, Toch", "Hoff-Müller, Zoë van 't", "Suharti"]
    assert [name for name in names if name in page] == names
    assert "Nooit" not in page
    assert "3 aangemeld, 2 gekomen" in page
    assert [row[1] for row in book.iter_rows(min_row=2, values_only=True)] == names
    assert [line.split(";")[1] for line in lines[1:]] == names
    assert ";'=1+1;" in lines[2]
    assert "Hoff-Müller" in "".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf.data)).pages)
    assert pdf.headers["Content-Disposition"] == 'inline; filename="presentielijst-kring-2027-02-10.pdf"'


def test_unknown_kind_of_list_is_not_found(office):
    made(office.app, lambda: make_event(slug="kring").id)

    assert office(Role.SECRETARIAAT).get("/beheer/evenementen/kring/presentielijst.doc").status_code == 404


def test_door_phone_gets_a_link_that_is_shown_once(office):
    made(office.app, lambda: make_event(slug="kring").id)
    client = office(Role.DEURVRIJWILLIGER)

    shown = client.post("/beheer/evenementen/kring/deur/telefoon", data={"name": "Ingang", "search": "y"})
    after = words(client.get("/beheer/evenementen/kring/deur"))

    assert "http://127.0.0.1:8000/deur/koppelen/" in words(shown)
    assert 'role="img"' in shown.text
    assert "Wacht op koppelen" in after
    assert "/deur/koppelen/" not in after
    assert rows(office.app, sa.select(ApiToken.name, ApiToken.scopes)) == [("Ingang", "checkin checkin:search")]


def test_phone_is_closed_off_but_not_that_of_another_event(office):
    def two():
        here, there = make_event(slug="hier"), make_event(slug="daar")
        return make_token(Scope.CHECKIN, event=here)[0].id, make_token(Scope.CHECKIN, event=there)[0].id

    own, other = made(office.app, two)
    client = office(Role.SECRETARIAAT)

    assert client.post(f"/beheer/evenementen/hier/deur/{other}/afsluiting").status_code == 404
    assert client.post(f"/beheer/evenementen/hier/deur/{own}/afsluiting").status_code == 303
    assert rows(office.app, sa.select(ApiToken.revoked_at).order_by(ApiToken.id)) == [(NOW,), (None,)]


def test_list_of_doors_says_what_a_phone_may_and_did_and_asks_for_a_desk(office):
    def two():
        event = make_event(slug="kring")
        token, _secret = make_token(Scope.CHECKIN, event=event, name="Ingang links")
        token.rehearsed_at, token.rehearsal_failed, token.waiting = NOW, "camera sound", 3
        invite_device(event.id, name="Zaal 3", search=True, by=OFFICE, now=NOW)

    made(office.app, two)
    client = office(Role.SECRETARIAAT)
    page = "/beheer/evenementen/kring/deur"
    said = words(client.get(page))
    proposed = client.get(f"{page}?balie=1").text

    again = words(client.post(f"{page}/2/koppelcode", data={"csrf_token": csrf_token(client, page)}))
    coupled = client.post(f"{page}/1/koppelcode", data={"csrf_token": csrf_token(client, page)})
    client.post(f"{page}/telefoon", data={"name": "Balie", "names": "y"})

    assert "Ingang links scannen Gekoppeld" in said
    assert "heeft geen camera: kan niet scannen, geeft geen geluid" in said
    assert "Zaal 3 scannen en op naam zoeken Wacht op koppelen" in said
    assert "vindt geen enkele telefoon iemand zonder ticket" in said
    assert 'value="Balie"' in proposed
    assert proposed.count(" checked") == 2
    assert re.search(r"typ daar deze code\. Hij werkt tot \d\d\.\d\d uur\. [0-9A-Z]{4} [0-9A-Z]{4} ", again)
    assert coupled.status_code == 410
    assert "geen enkele telefoon" not in words(client.get(page))
    assert "Er is al een balie: Balie" in words(client.get(page))


def test_file_of_a_phone_brings_home_scans_and_a_colleague_once(office):
    def day():
        event = make_event(slug="kring", starts_at=NOW - timedelta(hours=1))
        organisation = make_organisation()
        one, other = (make_registration(event, organisation_id=organisation.id) for _ in range(2))
        token, _secret = make_token(Scope.CHECKIN, event=event)
        token.revoked_at = NOW
        db.session.commit()
        return token.id, [door_id("kring", registration.ticket.code) for registration in (one, other)]

    device, listed = made(office.app, day)
    common = {"event": "kring", "session": "", "scanned_at": iso(NOW), "seq": 1, "list_version": "x"}
    newcomer = {"given_name": "Bram", "infix": "", "family_name": "Bakker", "email": "bram@zonnevlinder.example"}
    scans = [
        {"scan_id": str(uuid4()), "ticket_id": listed[0], "action": "in", "shown": "admitted", **common},
        {
            "scan_id": str(uuid4()),
            "ticket_id": listed[1],
            "action": "swap",
            "shown": "swapped",
            "newcomer": newcomer,
            **common,
        },
        {"scan_id": "stuk"},
    ]
    file = json.dumps({"kind": "deur-scans", "device": device, "name": "Ingang", "skew": 0, "scans": scans}).encode()
    client = office(Role.SECRETARIAAT)

    pages = []
    for _ in range(2):
        client.post("/beheer/evenementen/kring/deur/inlezen", data={"file": (io.BytesIO(file), "deur.json")})
        pages.append(words(client.get("/beheer/evenementen/kring/deur")))

    assert all("Ingelezen: 2 scans. Niet te lezen: 1 scan." in page for page in pages)
    inside = sa.select(Person.family_name).join(Registration).join(Presence).order_by(Registration.id)
    assert rows(office.app, inside) == [("Meulen",), ("Bakker",)]


def test_phone_for_an_event_that_is_over_is_refused_in_the_form(office):
    made(office.app, lambda: make_event(slug="toen", starts_at=NOW - timedelta(days=2)).id)

    answer = office(Role.SECRETARIAAT).post("/beheer/evenementen/toen/deur/telefoon", data={"name": "Ingang"})

    assert answer.status_code == 422
    assert 'value="Ingang"' in answer.text


def test_settings_are_kept_and_used(office):
    answer = office(Role.BEHEERDER).post("/beheer/instellingen", data=ASSOCIATION)

    assert answer.status_code == 303
    association = made(office.app, load_association)
    assert (association.name, association.hold_days, association.iban) == (
        "Vereniging Voorbeeld",
        5,
        "NL91 ABNA 0417 1643 00",
    )
    assert (association.member_goal, association.member_goal_year) == (175, 2030)


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("name", "", "Vul de naam in."),
        ("iban", "NL91ABNA0417164301", "Dit IBAN klopt niet."),
        ("kvk", "123", "Een KvK-nummer heeft acht cijfers."),
        ("hold_days", "nul", "Dit is geen geheel getal."),
        ("calendar_domain", "geen domein", "Dit is geen domein"),
        ("mail_from", "", "Vul de afzender in."),
    ],
)
def test_wrong_setting_is_said_beside_its_field(office, field, typed, error):
    answer = office(Role.BEHEERDER).post("/beheer/instellingen", data=ASSOCIATION | {field: typed})

    assert answer.status_code == 422
    assert words(answer).count(error) == 2
    assert made(office.app, load_association).name == "Vereniging Netwerk Kindcentra"


def test_new_account_can_sign_in_and_an_ended_one_is_out_at_once(office):
    client = office(Role.BEHEERDER)
    reader = office(Role.LEZER)
    data = {"address": "Nieuw@kindcentra.example", "name": "Nia Nieuw", "role": "coordinator", "ends_on": "2027-12-31"}

    client.post("/beheer/instellingen/medewerkers", data=data)
    [[reader_id]] = rows(office.app, sa.select(StaffMember.id).where(StaffMember.role == Role.LEZER))
    client.post(f"/beheer/instellingen/medewerkers/{reader_id}/einde")

    newest = sa.select(StaffMember.address, StaffMember.role).where(StaffMember.name == "Nia Nieuw")
    assert rows(office.app, newest) == [("nieuw@kindcentra.example", Role.COORDINATOR)]
    assert reader.get("/beheer/").status_code == 302


def test_own_account_stays(office):
    client = office(Role.BEHEERDER)
    [[own_id]] = rows(office.app, sa.select(StaffMember.id))

    ended = client.post(f"/beheer/instellingen/medewerkers/{own_id}/einde")
    data = {"address": "beheerder@kindcentra.example", "name": "Ik", "role": "lezer"}
    changed = client.post("/beheer/instellingen/medewerkers", data=data)

    assert (ended.status_code, changed.status_code) == (403, 422)
    assert rows(office.app, sa.select(StaffMember.role, StaffMember.ends_on)) == [(Role.BEHEERDER, None)]


def test_api_token_is_shown_once_and_stored_hashed(office):
    client = office(Role.BEHEERDER)

    data = {"name": "Ledenadministratie", "scopes": ["events:read", "registrations:read"]}
    shown = words(client.post("/beheer/instellingen/koppelingen", data=data))

    secret = shown.split("meer te zien. ")[1].split()[0]
    [[stored, scopes, by]] = rows(office.app, sa.select(ApiToken.token_digest, ApiToken.scopes, ApiToken.created_by))
    assert (stored, scopes, by) == (digest(secret), "events:read registrations:read", "Kees Kantoor")
    assert secret not in client.get("/beheer/instellingen/koppelingen").text


def test_a_token_can_have_a_last_day(office):
    client = office(Role.BEHEERDER)
    path, today = "/beheer/instellingen/koppelingen", TestConfig.NOW.date()

    def make(day):
        return client.post(path, data={"name": "Website", "scopes": ["events:read"], "last_day": day.isoformat()})

    refused = [make(day).status_code for day in (today - timedelta(days=1), date.max)]
    secret = words(make(today)).split("meer te zien. ")[1].split()[0]
    bearer = {"Authorization": f"Bearer {secret}"}
    page = words(client.get(path))
    ends = rows(office.app, sa.select(ApiToken.expires_at))
    before = client.get("/api/v1/events", headers=bearer).status_code
    office.app.config["CLOCK"] = lambda: datetime(2027, 1, 11, 23, tzinfo=UTC)
    after = client.get("/api/v1/events", headers=bearer)

    assert refused == [422, 422]
    # Midnight in the Netherlands.
    assert ends == [(datetime(2027, 1, 11, 23, tzinfo=UTC),)]
    assert ("11-01-2027 Actief" in page, before) == (True, 200)
    assert (after.status_code, after.json["code"]) == (401, "token_expired")


def test_token_without_rights_is_refused_and_a_closed_one_opens_nothing(office):
    client = office(Role.BEHEERDER)
    token_id, secret = made(office.app, lambda: (lambda t: (t[0].id, t[1]))(make_token(Scope.EVENTS_READ)))

    program, bearer = office.app.test_client(), {"Authorization": f"Bearer {secret}"}

    refused = client.post("/beheer/instellingen/koppelingen", data={"name": "Leeg"})
    before = program.get("/api/v1/events", headers=bearer).status_code
    client.post(f"/beheer/instellingen/koppelingen/{token_id}/einde")
    after = program.get("/api/v1/events", headers=bearer)

    assert refused.status_code == 422
    assert before == 200
    assert (after.status_code, after.json["code"]) == (401, "token_revoked")


EDITING = ["/beheer/evenementen/nieuw", "/beheer/evenementen/kring/bewerken", "/beheer/evenementen/kring/annulering"]
READING = ["/beheer/evenementen", "/beheer/evenementen/kring", "/beheer/evenementen/kring/aanmeldingen"]
SETTING = [
    "/beheer/instellingen",
    "/beheer/instellingen/medewerkers",
    "/beheer/instellingen/koppelingen",
    "/beheer/instellingen/website",
]
DOOR = ["/beheer/", "/beheer/evenementen/kring/deur"]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.BEHEERDER, [*DOOR, *READING, *EDITING, *SETTING]),
        (Role.COORDINATOR, [*DOOR, *READING, *EDITING]),
        (Role.SECRETARIAAT, [*DOOR, *READING, *EDITING]),
        (Role.PENNINGMEESTER, [*DOOR, *READING]),
        (Role.KRINGCOORDINATOR, [*DOOR, *READING]),
        (Role.LEZER, [*DOOR, *READING]),
        (Role.DEURVRIJWILLIGER, DOOR),
    ],
)
def test_each_role_opens_its_own_pages(office, role, allowed):
    made(office.app, lambda: make_event(slug="kring").id)
    client = office(role)

    statuses = {path: client.get(path).status_code for path in (*DOOR, *READING, *EDITING, *SETTING)}

    assert statuses == {path: 200 if path in allowed else 403 for path in statuses}


def test_what_a_page_offers_can_be_opened(office):
    made(office.app, listed)
    for role in (Role.LEZER, Role.PENNINGMEESTER, Role.DEURVRIJWILLIGER):
        client = office(role)
        page = client.get("/beheer/").text + client.get("/beheer/evenementen/kring/deur").text
        offered = {part.split('"')[0] for part in page.split('href="')[1:]}
        local = sorted(path for path in offered if path.startswith("/beheer"))
        assert {path: client.get(path).status_code for path in local} == dict.fromkeys(local, 200)


def test_stranger_is_sent_to_signing_in(make_app):
    app = make_app()
    with app.app_context():
        make_staff()
        make_event(slug="kring", state=EventState.DRAFT)

    answers = [app.test_client().get(path) for path in (*DOOR, *READING, *EDITING, *SETTING)]

    assert {(answer.status_code, answer.location.split("?")[0]) for answer in answers} == {(302, "/inloggen")}
