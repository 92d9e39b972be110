"""Can the office say something of its own in mails, see what did not arrive, and only that?"""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp import wording
from eventapp.domain.mail_texts import PLACEHOLDERS
from eventapp.extensions import db
from eventapp.models import DeadAddress, Event, EventReminders, MailState, MailText, OutboxMail
from eventapp.services import mails
from tests.factories import NOW, make_event, make_person, make_registration
from tests.web.office import csrf_token, made, rows, signed_in, whole_today, words

MakeApp = Callable[..., Flask]
TEXTS = "/beheer/berichten/teksten"
OPENING = "Beste {voornaam},\n\nFijn dat u *op {datum}* komt. Lees https://kindcentra.example/tips.\n<b>nee</b>"


def an_event(title: str = "Themadag *2027* https://x.example") -> tuple[int, str]:
    event = make_event(title=title)
    return event.id, event.slug


def test_a_text_of_the_office_stands_in_the_next_mail_of_that_event_only(make_app: MakeApp) -> None:
    app = make_app()
    event_id, slug = made(app, an_event)
    client = signed_in(app)
    path = f"/beheer/evenementen/{slug}/berichten/confirmed"
    typed = {"csrf_token": csrf_token(client, path), "subject": "Tot {datum}, {voornaam}!", "opening": OPENING}

    answer = client.post(path, data=typed | {"closing": "Groet,\n{vereniging}", "step": "bewaren", "seen": ""})

    mail, other = made(app, lambda: [_confirmed(event_id), _confirmed(make_event(title="Anders").id)])
    assert answer.status_code == 303
    assert mail["subject"] == "Tot woensdag 10 februari 2027, Marieke!"
    assert "Beste Marieke,\n\nFijn dat u *op woensdag 10 februari 2027* komt." in mail["text"]
    assert "<strong>op woensdag 10 februari 2027</strong>" in mail["html"]
    assert 'href="https://kindcentra.example/tips"' in mail["html"]
    assert "&lt;b&gt;nee&lt;/b&gt;" in mail["html"]
    assert 'href="https://x.example' not in mail["html"]
    assert "Groet,\nVereniging Netwerk Kindcentra" in mail["text"]
    assert mail["text"].index("U bent aangemeld") < mail["text"].index("Beste") < mail["text"].index("/ticket/")
    assert other["subject"] == "Ticket voor Marieke van der Meulen: Anders"


def _confirmed(event_id: int) -> dict[str, str]:
    registration = make_registration(db.session.get_one(Event, event_id), make_person())
    mails.confirmed(registration, now=NOW)
    db.session.commit()
    mail = db.session.query(OutboxMail).filter_by(registration_id=registration.id).one()
    return {"subject": mail.subject, "text": mail.text, "html": mail.html}


def test_the_original_comes_back_and_what_was_written_stays_in_the_history(make_app: MakeApp) -> None:
    app = make_app()
    client = signed_in(app)
    path = f"{TEXTS}/reminder"
    token = csrf_token(client, path)
    client.post(path, data={"csrf_token": token, "opening": "Dag {naam}", "step": "bewaren", "seen": ""})

    client.post(f"{path}/origineel", data={"csrf_token": token})

    kept = rows(app, sa.select(MailText.opening, MailText.written_by).order_by(MailText.id))
    assert kept == [("Dag {naam}", "Kees Kantoor"), ("", "Kees Kantoor")]
    assert "origineel teruggezet" in words(client.get(path))


@pytest.mark.parametrize(
    ("seen", "opening", "said"),
    [
        ("", "Dag {organisaties}", "{organisaties} wordt hier niet ingevuld"),
        ("99", "Dag", wording.REFUSALS["changed_meanwhile"]),
    ],
)
def test_a_text_that_cannot_be_is_refused_and_kept_in_the_form(
    make_app: MakeApp, seen: str, opening: str, said: str
) -> None:
    app = make_app()
    client = signed_in(app)
    path = f"{TEXTS}/confirmed"

    answer = client.post(
        path, data={"csrf_token": csrf_token(client, path), "opening": opening, "seen": seen, "step": "bewaren"}
    )

    assert answer.status_code == 422
    assert said in words(answer)
    assert opening in answer.text
    assert rows(app, sa.select(MailText.id)) == []


def test_every_kind_has_an_example_that_stores_nothing_and_a_proof(make_app: MakeApp) -> None:
    app = make_app()
    _, slug = made(app, an_event)
    client = signed_in(app)
    token = csrf_token(client, f"{TEXTS}/confirmed")
    paths = [f"{base}/{kind}" for kind in PLACEHOLDERS for base in (TEXTS, f"/beheer/evenementen/{slug}/berichten")]
    typed = {"csrf_token": token, "opening": "Hallo {naam}", "step": "proef", "seen": ""}

    shown = {path: client.post(f"{path}/voorbeeld", data=typed) for path in paths}
    proven = [client.post(f"{TEXTS}/{kind}", data=typed).status_code for kind in PLACEHOLDERS]

    assert list(wording.MAIL_KINDS) == list(PLACEHOLDERS)
    assert [path for path, answer in shown.items() if "Hallo Marieke van der Meulen" not in answer.text] == []
    assert {answer.headers["Content-Security-Policy"] for answer in shown.values()} == {
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    }
    assert set(proven) == {200}
    sent = rows(app, sa.select(OutboxMail.to_address, OutboxMail.registration_id).distinct())
    assert sent == [("secretariaat@kindcentra.example", None)]
    assert all(subject.startswith("Proef: ") for (subject,) in rows(app, sa.select(OutboxMail.subject)))
    assert rows(app, sa.select(MailText.id)) == []


def test_an_event_reminds_when_the_office_says(make_app: MakeApp) -> None:
    app = make_app()
    _, slug = made(app, an_event)
    client = signed_in(app)
    path = f"/beheer/evenementen/{slug}/berichten"
    token = csrf_token(client, path)

    wrong = [client.post(path, data={"csrf_token": token, "days": days}) for days in ("morgen", "0", "1,2,3,4,5")]
    right = client.post(path, data={"csrf_token": token, "days": "3, 14"})

    assert [answer.status_code for answer in wrong] == [422, 422, 422]
    assert right.status_code == 303
    assert rows(app, sa.select(EventReminders.days, EventReminders.online)) == [("14 3", False)]


def test_a_mail_that_was_refused_is_shown_and_can_be_sent_anew_once_the_address_works(make_app: MakeApp) -> None:
    app = make_app()

    def refused() -> tuple[int, int, str]:
        registration = make_registration(make_event(), make_person())
        mails.confirmed(registration, now=NOW)
        mail = db.session.query(OutboxMail).one()
        mail.state, mail.last_error = MailState.FAILED, "recipient refused: 550 5.1.1"
        db.session.commit()
        return mail.id, registration.id, registration.address

    mail_id, registration_id, address = made(app, refused)
    client = signed_in(app)
    token = csrf_token(client, "/beheer/berichten")
    where = {"csrf_token": token, "adres": address, "registration_id": registration_id}

    said = words(client.get("/beheer/berichten"))
    buried = client.post("/beheer/berichten/adres-klopt-niet", data=where)
    shown = words(client.get(buried.location))
    on_today = whole_today(client)
    client.post("/beheer/berichten/adres-klopt", data=where)
    again = client.post(f"/beheer/berichten/{mail_id}/verzending", data={"csrf_token": token})
    twice = client.post(f"/beheer/berichten/{mail_id}/verzending", data={"csrf_token": token})

    assert "kent dit adres niet of weigert het (550 5.1.1)." in said
    assert f"Mail naar {address} komt niet aan" in shown
    assert "kent dit adres niet of weigert het (550 5.1.1)." in on_today
    assert (again.status_code, twice.status_code) == (303, 404)
    assert rows(app, sa.select(OutboxMail.state, OutboxMail.tries)) == [(MailState.WAITING, 0)]
    assert rows(app, sa.select(DeadAddress.address)) == []
