"""Importing in the back office: a file, what it would do, doing it once, and the long work that carries it out."""

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import TestConfig
from eventapp.domain.actors import Role
from eventapp.domain.jobs import JobState
from eventapp.extensions import db
from eventapp.models import Event, Job, JobFile, OutboxMail, Person, Registration
from eventapp.services import carrying_out
from eventapp.services.long_work import RUNNERS
from tests.factories import make_event, make_organisation
from tests.services.test_calendar_files import DAILY, ics
from tests.web.office import made, rows, signed_in, words

HEAD = "voornaam;achternaam;e-mail;telefoon\n"
GOOD = "Rik;Voorbeeld;rik@prive.example;06\n"
BAD = "=Jan;Fout;geen-adres;06\n"
PEOPLE = sa.select(Person.given_name)


@pytest.fixture
def app(make_app) -> Flask:
    return make_app(WTF_CSRF_ENABLED=False)


@pytest.fixture
def office(app: Flask) -> FlaskClient:
    return signed_in(app)


def work(app: Flask) -> None:
    with app.app_context():
        while carrying_out.run_next(RUNNERS, clock=lambda: TestConfig.NOW + timedelta(seconds=5)):
            pass
        db.session.remove()


def brought(office: FlaskClient, content: bytes, *, what: str = "mensen") -> int:
    """The id of the job that looks at this file."""
    answer = office.post(f"/beheer/{what}/import", data={"file": (io.BytesIO(content), "C:\\lijst.csv")})
    assert answer.status_code == 303, words(answer)
    return int(re.search(r"/beheer/taken/(\d+)$", answer.location)[1])


def test_a_list_is_looked_at_then_done_once_and_leaves_its_refused_rows(app, office):
    number = brought(office, (HEAD + GOOD + BAD).encode())
    waiting = office.get(f"/beheer/taken/{number}")
    early = office.get(f"/beheer/import/{number}").status_code
    work(app)

    ready = office.get(f"/beheer/taken/{number}")
    preview = office.get(f"/beheer/import/{number}")
    narrowed = office.get(f"/beheer/import/{number}?toon=refused")
    without_consent = office.post(f"/beheer/import/{number}/doorvoering")
    nobody = rows(app, PEOPLE)
    done = office.post(f"/beheer/import/{number}/doorvoering", data={"skip_refused": "y"})
    again = office.post(f"/beheer/import/{number}/doorvoering", data={"skip_refused": "y"})
    work(app)

    assert (waiting.status_code, early, "In de wachtrij" in words(waiting), "data-running" in waiting.text) == (
        *(200, 404),
        *(True, True),
    )
    assert (f"/beheer/import/{number}" in ready.text, "data-running" in ready.text) == (True, False)
    assert "Deze tellen niet mee: telefoon." in words(preview)
    assert "Rik Voorbeeld · rik@prive.example" in words(preview)
    assert "“geen-adres” is geen volledig e-mailadres." in words(narrowed)
    assert "Rik Voorbeeld" not in words(narrowed)
    assert (without_consent.status_code, nobody) == (422, [])
    assert (done.status_code, again.location) == (303, done.location)
    assert rows(app, PEOPLE) == [("Rik",)]
    result = words(office.get(done.location))
    assert "Klaar" in result and "Nieuw 1" in result
    file = office.get(f"{done.location}/bestanden/refused")
    assert file.headers["Content-Disposition"] == "attachment; filename=geweigerde-rijen.csv"
    assert file.data.decode("utf-8-sig").splitlines() == [
        "voornaam;achternaam;e-mail;telefoon;regel;reden",
        "'=Jan;Fout;geen-adres;06;3;“geen-adres” is geen volledig e-mailadres.",
    ]
    assert office.get(f"{done.location}/bestanden/input").status_code == 404
    assert len(office.get("/beheer/taken").text.split("row-link")) == 3


def of_size(size: int) -> dict[str, object]:
    """A form with a file of so many bytes, as it goes over the line."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    return {"data": head + b"a" * size + b"\r\n--x--\r\n", "content_type": "multipart/form-data; boundary=x"}


def test_what_is_no_list_or_too_large_is_said_kindly(app, office):
    number = brought(office, b"%PDF-1.7\n\0")
    empty = office.post("/beheer/mensen/import", data={})
    large = office.post("/beheer/mensen/import", **of_size(10 * 2**20 + 1))
    huge = office.post("/beheer/mensen/import", **of_size(41 * 2**20))
    work(app)

    assert "Dit bestand kunnen wij niet lezen." in words(office.get(f"/beheer/taken/{number}"))
    assert (empty.status_code, large.status_code, huge.status_code) == (422, 422, 413)
    assert [words(answer).count("hooguit 10 MB. Verdeel") > 0 for answer in (large, huge)] == [True, True]


def test_refused_rows_stop_the_work_itself_too(app, office):
    looked_at = brought(office, (HEAD + GOOD).encode())
    work(app)

    def changed_file() -> None:
        db.session.execute(sa.update(JobFile).values(content=(HEAD + GOOD + BAD).encode()))
        db.session.commit()

    made(app, changed_file)
    office.post(f"/beheer/import/{looked_at}/doorvoering", data={})
    work(app)

    refusal = sa.select(Job.state, Job.refusal["code"].as_string()).where(Job.follows_id == looked_at)
    assert (rows(app, refusal), rows(app, PEOPLE)) == ([(JobState.FAILED, "rows_refused")], [])


def test_a_task_can_be_called_off_and_an_example_can_be_had(app, office):
    number = brought(office, (HEAD + GOOD).encode())

    answer = office.post(f"/beheer/taken/{number}/afbreking")
    work(app)

    assert (answer.status_code, rows(app, sa.select(Job.state))) == (303, [("cancelled",)])
    assert "Afgebroken" in words(office.get(f"/beheer/taken/{number}"))
    example = office.get("/beheer/organisaties/import/voorbeeld.csv")
    assert example.data.decode("utf-8-sig").startswith("naam;soort;fase;relatie;plaats;")


def test_organisations_are_found_again_by_domain_and_readers_bring_no_lists(app, office):
    made(app, lambda: make_organisation("Zonnevlinder").id)
    number = brought(office, b"naam;maildomeinen\nDe Zonnevlinder;zonnevlinder.example\n", what="organisaties")
    work(app)
    reader = signed_in(app, Role.LEZER)

    assert "naam: Zonnevlinder → De Zonnevlinder" in words(office.get(f"/beheer/import/{number}"))
    assert [
        reader.get(path).status_code
        for path in ("/beheer/mensen/import", "/beheer/taken", f"/beheer/taken/{number}", f"/beheer/import/{number}")
    ] == [403] * 4


def test_a_calendar_of_outlook_becomes_drafts_of_the_kind_that_was_chosen(app, office):
    file = {"file": (io.BytesIO(ics(DAILY + "RRULE:FREQ=WEEKLY;COUNT=3")), "agenda.ics"), "kind": "kenniskring"}

    page = office.get("/beheer/evenementen/import")
    answer = office.post("/beheer/evenementen/import", data=file)
    number = int(answer.location.rpartition("/")[2])
    work(app)
    preview = office.get(f"/beheer/import/{number}")
    nothing = rows(app, sa.select(Event.title))
    done = office.post(f"/beheer/import/{number}/doorvoering")
    work(app)

    assert "of een agenda (.ics)" in words(page)
    assert "A · 22-03-2027" in words(preview) and "begin: 22-03-2027 09.30" in words(preview)
    assert "Doorvoeren: 3 nieuw, 0 gewijzigd" in words(preview)
    assert nothing == []
    assert rows(app, sa.select(Event.kind, Event.state)) == [("kenniskring", "draft")] * 3
    assert "Naar de evenementen" in words(office.get(done.location))
    example = office.get("/beheer/evenementen/import/voorbeeld.csv").data.decode("utf-8-sig")
    assert example.startswith("kenmerk;titel;soort;datum;van;einddatum;tot;")


def test_who_comes_is_brought_at_the_event_and_told_only_when_that_was_ticked(app, office):
    made(app, lambda: (make_organisation("Zonnevlinder").id, make_event(slug="dag", capacity=1).id))
    head = b"voornaam;achternaam;e-mail\nJan;Jansen;jan@zonnevlinder.example\nPiet;Pot;piet@zonnevlinder.example\n"

    number = brought(office, head, what="evenementen/dag/aanmeldingen")
    work(app)
    preview = words(office.get(f"/beheer/import/{number}"))
    done = office.post(f"/beheer/import/{number}/doorvoering", data={"skip_refused": "y"})
    work(app)
    told = office.post(
        "/beheer/evenementen/dag/aanmeldingen/import", data={"file": (io.BytesIO(head), "a.csv"), "told": "y"}
    )

    assert "Niemand krijgt bericht." in preview and "Alle plaatsen zijn bezet." in preview
    assert rows(app, sa.select(Registration.address, Registration.state)) == [("jan@zonnevlinder.example", "confirmed")]
    assert rows(app, sa.select(OutboxMail.kind).where(OutboxMail.event_id.is_not(None))) == []
    work(app)
    again = words(office.get(f"/beheer/import/{told.location.rpartition('/')[2]}"))
    assert "Wie erbij komt krijgt bericht" in again and "Is al aangemeld." in again
    assert office.get("/beheer/evenementen/nergens/aanmeldingen/import").status_code == 404
    assert "Nieuw 1" in words(office.get(done.location))
    assert "e-mail" in office.get("/beheer/aanmeldingen/import/voorbeeld.csv").text
