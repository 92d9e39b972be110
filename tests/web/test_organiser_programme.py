"""The programme and the division of the places as the office makes them, from empty to full."""

from collections.abc import Callable
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook

from eventapp.domain.actors import VISITOR, Role
from eventapp.extensions import db
from eventapp.models import Breakout, Capacity, Pool, Registration, Round
from eventapp.queries.events import event_by_slug
from eventapp.services import choosing
from tests.factories import NOW, make_breakout, make_event, make_person, make_registration, make_round
from tests.web.office import made, rows, signed_in, words

LIST = """1\tBouwen voor later\tZaal 2\tBea Bouwer\t24\tdirecteuren\tOver hout
2\tBouwen voor later
1+2\tEén cao, kan dat?"""


@pytest.fixture
def office(make_app: Callable[..., Flask]) -> tuple[Flask, FlaskClient]:
    app = make_app(WTF_CSRF_ENABLED=False)
    return app, signed_in(app)


def local(hours: float) -> str:
    """So many hours after the event of the factory began, as a browser sends it."""
    return f"2027-02-10T{10 + int(hours):02}:{int(hours % 1 * 60):02}"


def workbook(*lines: tuple[object, ...]) -> BytesIO:
    book, file = Workbook(), BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(file)
    file.seek(0)
    return file


def test_a_day_from_its_first_round_to_a_full_table(office):
    app, client = office
    slug = made(app, lambda: make_event().slug)
    base = f"/beheer/evenementen/{slug}/programma"

    empty = words(client.get(base))
    late = client.post(f"{base}/rondes/nieuw", data={"title": "Nacht", "starts_at": local(9), "ends_at": local(10)})
    for number, begin in enumerate((1, 2), start=1):
        times = {"starts_at": local(begin), "ends_at": local(begin + 0.75)}
        assert client.post(f"{base}/rondes/nieuw", data={"title": f"Ronde {number}", **times}).status_code == 303
    preview = words(client.post(f"{base}/lijst", data={"rows": LIST}))
    saved = client.post(f"{base}/lijst", data={"rows": LIST, "step": "bewaren"})
    wrong = client.post(f"{base}/lijst", data={"rows": "1;bouwen voor later;;;veel", "step": "bewaren"})
    file = workbook(("Titel", "Ronde", "Plaatsen"), ("Toezicht", 2, 12))
    uploaded = client.post(f"{base}/lijst", data={"file": (file, "programma.xlsx")})

    assert "Er is nog geen programma" in empty
    assert "Een ronde valt tussen het begin en het einde van de bijeenkomst." in words(late)
    assert preview.count("Komt erbij") == 3
    assert (saved.status_code, wrong.status_code) == (303, 200)
    assert "Deze titel staat al in deze ronde." in words(wrong)
    assert "Toezicht Ronde 2 12 Komt erbij" in words(uploaded)
    assert rows(app, sa.select(Breakout.title, Breakout.topic, Breakout.room).order_by(Breakout.id)) == [
        ("Bouwen voor later", "bouwen-voor-later", "Zaal 2"),
        ("Bouwen voor later", "bouwen-voor-later", ""),
        ("Eén cao, kan dat?", "", ""),
    ]
    page = words(client.get(base))
    assert "Bouwen voor later Zaal 2 0 van 24" in page
    assert page.count("Eén cao, kan dat?") == 1


def test_a_breakout_with_its_speaker_its_list_and_its_end(office):
    app, client = office

    def day() -> tuple[str, str, int]:
        event = make_event()
        breakout = make_breakout(make_round(event), title="Rekenen", room="Zaal 3", size=2)
        chose = make_registration(event, make_person("Suharti", "", ""))
        make_registration(event, make_person("Bram", "", "Bakker"))
        choosing.choose(chose.id, {breakout.in_rounds[0].round_id: breakout.id}, by=VISITOR, now=NOW)
        return event.slug, breakout.slug, breakout.in_rounds[0].round_id

    slug, code, round_id = made(app, day)
    base = f"/beheer/evenementen/{slug}"
    page = f"{base}/programma/deelsessies/{code}"
    speaker = {"given_name": "Cas", "family_name": "Cijfer", "address": "cas@cijfers-en-co.example"}

    nameless = client.post(f"{page}/sprekers", data={"address": "cas@cijfers-en-co.example"})
    added = client.post(f"{page}/sprekers", data=speaker)
    changed = client.post(page, data={"title": "Rekenen samen", "rounds": round_id, "size": "1", "room": "Zaal 4"})

    assert ("Vul de naam in." in words(nameless), nameless.status_code) == (True, 422)
    assert (added.status_code, changed.status_code) == (303, 303)
    assert "Rekenen samen Zaal 4 1 van 1, vol Cas Cijfer" in words(client.get(f"{base}/programma"))
    assert "Tijd Deelsessie Sprekers Bezet 11.00-11.45 uur Rekenen samen Ronde 1 1 van 1" in words(
        client.get(f"{base}/programma/zalen")
    )
    listed = client.get(f"{base}/presentielijst.csv?sessie={code}")
    assert [line.split(";")[1:2] + line.split(";")[6:7] for line in listed.text.splitlines()[1:]] == [
        ["Cijfer, Cas", "spreekt"],
        ["Suharti", ""],
    ]
    assert f"presentielijst-{code}-" in listed.headers["Content-Disposition"]
    assert client.get(f"{base}/presentielijst.csv?sessie=niets").status_code == 404
    registrations = words(client.get(f"{base}/aanmeldingen?keuze=geen"))
    assert ("Bakker, Bram" in registrations, "Suharti" in registrations) == (True, False)
    assert "1 aanmelding" in registrations
    assert "2 mensen krijgen bericht en kiezen opnieuw" in words(client.get(f"{page}/annulering"))
    assert client.post(f"{page}/annulering").status_code == 303
    assert rows(app, sa.select(Capacity.size, Capacity.taken).where(Capacity.kind == "breakout")) == [(0, 0)]


def test_places_divided_over_some_and_the_rest(office):
    app, client = office
    slug = made(app, lambda: make_event(capacity=60).slug)
    base = f"/beheer/evenementen/{slug}/verdeling"
    supervisors = {"name": "raden van toezicht", "size": "20", "function_groups": "rvt"}

    nobody = client.post(f"{base}/nieuw", data={"name": "niemand", "size": "20"})
    added = client.post(f"{base}/nieuw", data=supervisors)
    too_many = client.post(f"{base}/nieuw", data=supervisors | {"size": "41"})
    (pool_id,) = rows(app, sa.select(Pool.id))[0]
    client.post(f"{base}/{pool_id}", data=supervisors | {"size": "25"})

    assert "Kies minstens één categorie of functiegroep." in words(nobody)
    assert added.status_code == 303
    assert "naast de andere delen zijn er nog 40 te verdelen" in words(too_many)
    shown = words(client.get(base))
    assert "raden van toezicht raad van toezicht 0 van 25" in shown
    assert "Alle anderen wat er overblijft 0 van 35" in shown
    assert "Plaatsen verdeeld" in words(client.get(f"/beheer/evenementen/{slug}"))
    assert client.post(f"{base}/{pool_id}/verwijdering").status_code == 303
    assert rows(app, sa.select(Capacity.kind)) == [("event",)]


def test_readers_see_the_day_and_change_nothing(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    client = signed_in(app, Role.LEZER)

    def day() -> tuple[str, int]:
        event = make_event()
        first = make_round(event)
        make_breakout(first, title="Rekenen")
        return event.slug, first.id

    slug, round_id = made(app, day)
    base = f"/beheer/evenementen/{slug}"

    page = client.get(f"{base}/programma")
    refused = [
        client.post(f"{base}/programma/rondes/{round_id}/verwijdering"),
        client.post(f"{base}/programma/lijst", data={"rows": LIST}),
        client.post(f"{base}/verdeling/nieuw"),
    ]

    assert ("Rekenen" in page.text, "toevoegen" in words(page)) == (True, False)
    assert [answer.status_code for answer in refused] == [403, 403, 403]
    assert rows(app, sa.select(Round.id)) == [(round_id,)]
    assert rows(app, sa.select(sa.func.count()).select_from(Registration)) == [(0,)]


def test_rows_do_not_outlive_another_event(office):
    app, client = office
    mine, other = made(app, lambda: (make_event().slug, make_event().slug))
    code, round_id = made(app, lambda: _breakout_of(other))

    answers = [
        client.get(f"/beheer/evenementen/{mine}/programma/deelsessies/{code}"),
        client.get(f"/beheer/evenementen/{mine}/programma/rondes/{round_id}"),
        client.get(f"/beheer/evenementen/{mine}/presentielijst.html?sessie={code}"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def _breakout_of(slug: str) -> tuple[str, int]:
    event = event_by_slug(slug)
    assert event is not None
    found = make_breakout(make_round(event))
    db.session.refresh(found)
    return found.slug, found.in_rounds[0].round_id
