"""The office prints badges, signs and tickets: what is on the file, what is noted, and who may not."""

from datetime import timedelta

import sqlalchemy as sa

from eventapp.domain.actors import Role
from eventapp.domain.events import EventForm
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import BadgePrint, BadgePrintLine, Job, PhotoChoice, Registration
from eventapp.services import carrying_out, drawing
from eventapp.services.long_work import RUNNERS
from tests.documents.examples import read_pdf, text_of
from tests.factories import NOW, make_breakout, make_event, make_person, make_registration, make_round
from tests.web.office import csrf_token, made, rows, signed_in, words

NAMES = (("Fatma", "", "Yıldız"), ("Jan-Willem", "van der", "Meulen"), ("Suharti", "", ""))


def _themadag() -> str:
    event = make_event(title="Themadag 2027", slug="themadag")
    for name in NAMES:
        make_registration(event, make_person(*name))
    make_registration(event, make_person("Wim", "", "Wachter"), state=State.AWAITING_CONFIRMATION)
    return event.slug


def _fields(client, **changes) -> dict[str, str]:
    """The form as the page fills it in, with changes; "L4784" and everybody unless told otherwise."""
    sizes = {"columns": "2", "rows": "5", "width": "80", "height": "50", "left": "17,5", "top": "13,5"}
    plain = {"selection": "all", "order": "family_name", "kind": "l4784", "first_label": "1", "stap": "afdrukken"}
    token = csrf_token(client, "/beheer/evenementen/themadag/badges")
    return {**plain, **sizes, "gap_across": "15", "gap_down": "5", "csrf_token": token, **changes}


def _print(client, **changes):
    return client.post("/beheer/evenementen/themadag/badges", data=_fields(client, **changes))


def test_everybody_then_only_who_is_new_or_reads_differently(make_app):
    app = make_app()
    made(app, _themadag)
    client = signed_in(app)
    page = client.get("/beheer/evenementen/themadag/badges")

    first = _print(client)
    pdf = client.get(first.location)
    made(app, _change_one_add_one)
    second = _print(client, selection="changed", first_label="4")
    again = client.get(second.location)
    third = _print(client, selection="changed")

    assert "Iedereen (3 badges)" in words(page)
    assert "Wim" not in text_of(pdf.data)
    assert [name in text_of(pdf.data) for name in ("Fatma", "Jan-Willem", "Suharti")] == [True] * 3
    assert "Zonnevlinder Lid" in text_of(pdf.data)
    assert [name in text_of(again.data) for name in ("Fatma", "Jan-Willem", "Suharti", "Nieuw")] == [0, 1, 0, 1]
    assert (third.status_code, rows(app, sa.select(sa.func.count(BadgePrint.id)))) == (422, [(2,)])
    assert "niets veranderd" in words(third)
    log = words(client.get("/beheer/evenementen/themadag"))
    assert "Badges afgedrukt: 3" in log
    assert "Badges afgedrukt: 2" in log


def _change_one_add_one() -> None:
    changed, gone = db.session.scalars(
        sa.select(Registration).where(Registration.state == State.CONFIRMED).order_by(Registration.id).offset(1)
    )
    changed.organisation_name = "Kompaskring"
    gone.state = State.CANCELLED
    make_registration(changed.event, make_person("Nieuw", "", "Komer"))


def test_who_does_not_come_any_more_is_named_and_a_failed_print_does_not_count(make_app):
    app = make_app()
    made(app, _themadag)
    client = signed_in(app)
    print_id = int(_print(client).location.rsplit("/", 1)[1].removesuffix(".pdf"))
    made(app, _change_one_add_one)

    page = words(client.get("/beheer/evenementen/themadag/badges"))
    pdf = client.get(f"/beheer/evenementen/themadag/badges/{print_id}.pdf")
    token = csrf_token(client, "/beheer/evenementen/themadag/badges")
    back = client.post(f"/beheer/evenementen/themadag/badges/{print_id}/verwijdering", data={"csrf_token": token})

    assert "Kan eruit: Suharti" in page
    assert "Suharti" not in text_of(pdf.data)
    assert back.status_code == 303
    assert rows(app, sa.select(sa.func.count(BadgePrintLine.digest))) == [(0,)]
    assert "sinds vorige afdruk" not in words(client.get("/beheer/evenementen/themadag/badges"))


REFUSED = [
    ({"width": "120"}, "niet naast elkaar"),
    ({"height": "80"}, "niet onder elkaar"),
    ({"width": "20"}, "ten minste 40 mm breed"),
    ({"width": "een"}, "Vul millimeters in"),
    ({"columns": "0"}, "Vul een getal van 1 tot en met 10 in."),
    ({"first_label": "11"}, "Op dit vel zijn 10 labels."),
    ({"kind": "letter"}, "Vel :"),
    ({"selection": "changed"}, "Welke badges? :"),
]


def test_labels_that_cannot_be_are_refused_with_the_form(make_app):
    app = make_app()
    made(app, _themadag)
    client = signed_in(app)

    answers = [(problem, _print(client, **{"kind": "free", **changes})) for changes, problem in REFUSED]

    assert [(problem, answer.status_code) for problem, answer in answers if problem not in words(answer)] == []
    assert {answer.status_code for _, answer in answers} == {422}
    assert rows(app, sa.select(BadgePrint.id)) == []


def test_one_badge_on_a_half_used_sheet_and_the_picture_of_it(make_app):
    app = make_app()
    made(app, _themadag)
    client = signed_in(app)
    ((one,),) = rows(app, sa.select(Registration.id).order_by(Registration.id).limit(1))
    made(app, lambda: _no_photo(one))

    page = client.get(f"/beheer/evenementen/themadag/badges?aanmelding={one}")
    shown = _print(client, selection="one", aanmelding=str(one), first_label="7", stap="voorbeeld")
    printed = _print(client, selection="one", aanmelding=str(one), first_label="7")

    assert "Alleen die van Fatma Yıldız" in words(page)
    assert 'aria-label="Het eerste vel: 1 van 10 labels gevuld, te beginnen bij label 7"' in shown.text
    text = text_of(client.get(printed.location).data)
    assert "Fatma Yıldız Zonnevlinder Lid" in text
    assert "liever niet op de foto" in text
    assert "Suharti" not in text
    assert rows(app, sa.select(BadgePrintLine.registration_id)) == [(one,)]


def _no_photo(registration_id: int) -> None:
    db.session.add(PhotoChoice(registration_id=registration_id, agreed=False, text_version="x", answered_at=NOW))
    db.session.commit()


def test_who_joins_by_video_gets_no_badge(make_app):
    app = make_app()
    made(app, _hybrid)
    client = signed_in(app)

    pages = [words(client.get(f"/beheer/evenementen/{slug}/badges")) for slug in ("hybride", "online")]

    assert "Iedereen (1 badge)" in pages[0]
    assert "Deze bijeenkomst is online" in pages[1]


def _hybrid() -> None:
    event = make_event(slug="hybride", form=EventForm.HYBRIDE)
    make_registration(event, make_person("Fatma", "", "Thuis"), attends=EventForm.ONLINE)
    make_registration(event, make_person("Jan", "", "Hier"))
    make_registration(make_event(slug="online", form=EventForm.ONLINE))


def test_more_than_one_waits_for_is_a_job(make_app, monkeypatch):
    app = make_app()
    made(app, _themadag)
    client = signed_in(app)
    monkeypatch.setattr(drawing, "MOST_AT_ONCE", 2)

    badges = _print(client)
    token = csrf_token(client, "/beheer/evenementen/themadag/badges")
    tickets = client.post("/beheer/evenementen/themadag/tickets", data={"csrf_token": token})
    with app.app_context():
        while carrying_out.run_next(RUNNERS, clock=lambda: NOW):
            pass
    files = [client.get(f"{answer.location}/bestanden/pdf") for answer in (badges, tickets)]

    assert rows(app, sa.select(Job.state, Job.done, Job.last_error)) == [("done", 3, ""), ("done", 3, "")]
    assert [len(read_pdf(file.data).pages) for file in files] == [1, 3]
    assert client.get("/beheer/evenementen/themadag/tickets.pdf").status_code == 404


def test_tickets_of_everybody_are_a_page_each_by_name(make_app):
    app = make_app()
    made(app, _themadag)
    client = signed_in(app)
    token = csrf_token(client, "/beheer/evenementen/themadag/badges")

    answer = client.post("/beheer/evenementen/themadag/tickets", data={"csrf_token": token})
    pdf = client.get(answer.location)

    names = ("Jan-Willem van der Meulen", "Suharti", "Fatma Yıldız")
    assert [name in text_of(pdf.data, page) for page, name in enumerate(names)] == [True] * 3
    assert "Tickets van iedereen in één bestand: 3" in words(client.get("/beheer/evenementen/themadag"))


def test_signs_for_the_door_and_for_each_room_and_round(make_app):
    app = make_app()
    made(app, _programme)
    client = signed_in(app, Role.LEZER)

    pdf = client.get("/beheer/evenementen/themadag/borden.pdf")

    pages = [text_of(pdf.data, page) for page in range(len(read_pdf(pdf.data).pages))]
    assert len(pages) == 4
    assert "Welkom Inspiratiebijeenkomst Themadag 2027" in pages[0]
    assert "Aula 10.00-10.45 uur Ronde 1 Bouwen voor later Zoë de Bouwer Gaat door tot 11.45 uur" in pages[1]
    assert "Aula 11.00-11.45 uur Ronde 2 Bouwen voor later Zoë de Bouwer" in pages[2]
    assert "Gaat door" not in pages[2]
    assert "Zaal 2 10.00-10.45 uur Ronde 1 Ouders" in pages[3]


def _programme() -> None:
    event = make_event(title="Themadag 2027", slug="themadag", starts_at=NOW.replace(hour=8) + timedelta(days=30))
    first, second = make_round(event), make_round(event, "Ronde 2", hours=2)
    make_breakout(first, title="Ouders", room="Zaal 2")
    make_breakout(first, second, room="Aula", speakers="Zoë de Bouwer")
    make_breakout(first, title="Nog geen zaal")
    make_breakout(second, title="Gaat niet door", room="Zaal 2", cancelled_at=NOW)


def test_codes_and_names_are_for_editors(make_app):
    app = make_app()
    made(app, _themadag)
    paths = ("badges", "badges/1.pdf", "tickets.pdf")

    clients = [signed_in(app, role) for role in (Role.LEZER, Role.PENNINGMEESTER, Role.DEURVRIJWILLIGER)]

    answers = [client.get(f"/beheer/evenementen/themadag/{path}") for client in clients for path in paths]
    assert [answer.status_code for answer in answers] == [403] * 9
