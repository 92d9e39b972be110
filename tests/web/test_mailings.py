"""Messages to many in the browser: written, looked at, tried, sent or planned, and left by who wants no more."""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from eventapp.domain.actors import Role
from eventapp.domain.events import Field
from eventapp.domain.mailings import MailingState, Stream
from eventapp.extensions import db
from eventapp.models import Mailing, MailPreference, OutboxMail
from eventapp.queries.audiences import Whom
from eventapp.services import mailing
from eventapp.services.mailing import Message
from tests.circling import MARIEKE, added, make_circle
from tests.factories import NOW, OFFICE, make_event, make_grant, make_organisation, make_person, make_registration
from tests.mailing import send_now, work
from tests.web.office import csrf_token, made, rows, signed_in, words

MakeApp = Callable[..., Flask]
NEW = "/beheer/berichten/rondsturen/nieuw"


def test_the_office_announces_an_event_sees_whom_it_reaches_and_sends_it(make_app: MakeApp) -> None:
    app = make_app()

    def an_event() -> tuple[int, str]:
        make_organisation()
        make_person(address="anna@zonnevlinder.example", proven=True)
        event = make_event(title="Werkbezoek Assen", summary="Kijken hoe een ander het doet.")
        make_registration(event, make_person("Gaat", address="gaat@zonnevlinder.example"))
        return event.id, event.slug

    event_id, slug = made(app, an_event)
    client = signed_in(app)
    form = client.get(f"{NEW}?bijeenkomst={slug}")
    token = csrf_token(client, NEW)
    typed = {"csrf_token": token, "event": event_id, "topic": "hr", "subject": "Komt u ook?"}

    wrong = client.post(NEW, data={**typed, "text": "Beste {achternaam}"})
    kept = client.post(NEW, data={**typed, "text": "Beste {voornaam},\n\nTot *{datum}*."})
    page, example = client.get(kept.location), client.get(f"{kept.location}/voorbeeld")
    client.post(f"{kept.location}/proef", data={"csrf_token": token})
    before = rows(app, sa.select(OutboxMail.subject, OutboxMail.to_address))
    unplanned = client.post(f"{kept.location}/verzending", data={"csrf_token": token, "version": 1, "step": "plannen"})
    gone = client.post(f"{kept.location}/verzending", data={"csrf_token": token, "version": 1, "step": "nu"})
    twice = client.post(f"{kept.location}/verzending", data={"csrf_token": token, "version": 1, "step": "nu"})
    made(app, work)

    assert "Kijken hoe een ander het doet." in form.text
    assert "{achternaam} wordt hier niet ingevuld" in words(wrong)
    assert "Aan 1 persoon" in words(page) and "gaat@zonnevlinder.example" not in page.text
    assert "Beste Marieke," in example.text and "Afmelden, of kiezen" in example.text
    assert before == [("Proef: Komt u ook?", "secretariaat@kindcentra.example")]
    assert (unplanned.status_code, gone.status_code, twice.status_code) == (422, 303, 303)
    assert "Kies een dag en een tijd." in words(unplanned)
    assert rows(app, sa.select(OutboxMail.to_address).where(OutboxMail.kind == "announcement"))[1:] == [
        ("anna@zonnevlinder.example",)
    ]
    after = words(client.get(kept.location))
    assert "Onderweg 1" in after and "Meulen, Marieke van der anna@zonnevlinder.example Onderweg" in after


def test_who_is_ticked_in_a_list_gets_a_message_after_a_look_at_it(make_app: MakeApp) -> None:
    app = make_app()

    def listed() -> list[int]:
        one, two = make_event(slug="dag", title="Themadag"), make_event(slug="web", title="Webinar")
        people = [make_person(f"P{n}", address=f"p{n}@x.example") for n in range(3)]
        return [make_registration(event, who).id for event, who in zip((one, one, two), people, strict=True)]

    ids, path = made(app, listed), "/beheer/aanmeldingen/samen/bericht"
    client = signed_in(app)
    one_event = client.get(f"{path}?id={ids[0]}&id={ids[1]}&evenement=dag")
    all_shown = client.get(f"{path}?alles=1&zoek=p2")
    typed = {"csrf_token": csrf_token(client, "/beheer/aanmeldingen"), "subject": "Over {evenement}", "text": "Dag"}

    wrong = client.post(path, data={**typed, "ids": f"{ids[0]},{ids[2]}", "text": ""})
    kept = client.post(path, data={**typed, "ids": f"{ids[0]},{ids[2]}"})
    edited = client.get(f"{kept.location}/bewerken")
    client.post(f"{kept.location}/bewerken", data={**typed, "subject": "Beter", "version": 1})
    page = words(client.get(kept.location))

    assert "Aan 2 aangevinkte aanmeldingen." in words(one_event) and 'value="Themadag"' in one_event.text
    assert "Aan 1 aangevinkte aanmelding." in words(all_shown) and 'value="Webinar"' in all_shown.text
    assert wrong.status_code == 422 and f'name="ids" value="{ids[0]},{ids[2]}"' in wrong.text
    assert "van meer dan één bijeenkomst" in words(edited) and "Status van de aanmelding" not in edited.text
    assert "Beter" in page and "Aan 2 mensen" in page and "p1@x.example" not in page
    assert "Aangevinkte aanmeldingen" in words(client.get("/beheer/berichten/rondsturen"))
    assert all("Er is niets aangevinkt" in words(client.get(f"{path}{asked}")) for asked in ("", "?id=x"))


def test_a_plan_can_be_changed_taken_back_and_thrown_away(make_app: MakeApp) -> None:
    app = make_app()

    def planned() -> str:
        event = make_event()
        make_registration(event)
        return event.slug

    slug = made(app, planned)
    client = signed_in(app)
    path = f"/beheer/evenementen/{slug}/bericht"
    token = csrf_token(client, f"{path}?staat=confirmed")
    kept = client.post(
        path, data={"csrf_token": token, "states": ["confirmed"], "subject": "Jas mee", "text": "Beste {naam}"}
    ).location
    plan = {"csrf_token": token, "version": 1, "step": "plannen", "moment": "2027-02-01T09:30"}

    client.post(f"{kept}/verzending", data=plan)
    shown = words(client.get(kept))
    changed = {"csrf_token": token, "version": 2, "states": ["confirmed"], "subject": "Jas", "text": "Dag"}
    client.post(f"{kept}/bewerken", data=changed)
    stale = client.post(f"{kept}/bewerken", data=changed)
    listed = words(client.get("/beheer/berichten/rondsturen"))
    client.post(f"{kept}/intrekking", data={"csrf_token": token})
    draft = rows(app, sa.select(Mailing.state, Mailing.subject, Mailing.text, Mailing.scheduled_at))
    client.post(f"{kept}/verwijdering", data={"csrf_token": token})

    assert "Gepland voor maandag 1 februari 2027 om 09.30 uur" in shown
    assert (stale.status_code, "Iemand anders heeft dit intussen gewijzigd" in words(stale)) == (422, True)
    assert "Jas" in listed and "01-02-2027 09.30" in listed and "Gepland" in listed
    assert draft == [(MailingState.DRAFT, "Jas", "Dag", None)]
    assert rows(app, sa.select(Mailing.id)) == []


def test_a_coordinator_writes_to_the_own_circle_and_sees_no_other_message(make_app: MakeApp) -> None:
    app = make_app()
    client = signed_in(app, Role.KRINGCOORDINATOR)

    def circles() -> tuple[int, int]:
        own, other = make_circle(), make_circle(slug="kenniskring-ict", name="Kenniskring ICT")
        added(own, MARIEKE)
        make_grant(Role.KRINGCOORDINATOR, circle_id=own.id, address="kringcoordinator@kindcentra.example")
        those = [Whom(Stream.CIRCLE, circle_id=other.id), Whom(Stream.ANNOUNCEMENT, topic=Field.HR)]
        first, second = (mailing.keep(Message(one, "Dag", "Dag"), by=OFFICE, now=NOW) for one in those)
        return first, second

    others = made(app, circles)
    path = "/beheer/kringen/kenniskring-hr/bericht"
    form = {"csrf_token": csrf_token(client, path), "subject": "{kring}", "text": "Beste {voornaam}"}

    kept = client.post(path, data=form)
    sent = client.post(f"{kept.location}/verzending", data={**form, "version": 1, "step": "nu"})
    made(app, work)

    assert (kept.status_code, sent.status_code) == (303, 303)
    assert "Onderweg 1" in words(client.get(kept.location))
    assert "{kring} Verstuurd" in words(client.get("/beheer/kringen/kenniskring-hr"))
    refused = ["/beheer/kringen/kenniskring-ict/bericht", "/beheer/berichten/rondsturen", NEW]
    refused += [f"/beheer/berichten/rondsturen/{number}{end}" for number in others for end in ("", "/voorbeeld")]
    assert {client.get(path).status_code for path in refused} == {403}
    assert client.post(f"/beheer/berichten/rondsturen/{others[0]}/verzending", data=form).status_code == 403


def test_one_tap_leaves_one_subject_or_all_and_a_mail_program_leaves_without_cookie(make_app: MakeApp) -> None:
    app = make_app()

    def announced() -> str:
        make_organisation()
        make_person(address="anna@zonnevlinder.example", proven=True)
        send_now(Message(Whom(Stream.ANNOUNCEMENT, topic=Field.HR), "Nieuws", "Dag"))
        return db.session.query(MailPreference).one().token

    path = f"/voorkeuren/{made(app, announced)}"
    off = sa.select(MailPreference.off)
    client, program = app.test_client(), app.test_client()

    page = client.get(path)
    untouched = rows(app, off)
    token = csrf_token(client, path)
    client.post(f"{path}/keuze", data={"csrf_token": token, "onderwerp": "hr", "wens": "nee"})
    one = rows(app, off)
    forged = program.post(f"{path}/keuze", data={"onderwerp": "alles", "wens": "ja"})
    left = program.post(path, data={"List-Unsubscribe": "One-Click"})
    again = program.post(path, data={"List-Unsubscribe": "One-Click"})
    none = rows(app, off)
    client.post(f"{path}/keuze", data={"csrf_token": token, "onderwerp": "alles", "wens": "ja"})

    assert "Geen aankondigingen meer" in words(page)
    assert (untouched, one, forged.status_code) == ([("",)], [("hr",)], 400)
    assert (left.status_code, again.status_code, none) == (200, 200, [(" ".join(sorted(Field)),)])
    assert "Set-Cookie" not in left.headers
    assert rows(app, off) == [("",)]
    assert program.post("/voorkeuren/x", data={"List-Unsubscribe": "One-Click"}).status_code == 404
    assert client.get("/voorkeuren/x").status_code == 404
    assert client.post(f"{path}/keuze", data={"csrf_token": token, "onderwerp": "zeilen"}).status_code == 400
