"""The agenda on another site: who may show it, what it holds, and what it must never hold."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import url_for

from eventapp.domain.actors import Role
from eventapp.domain.events import EventKind, EventState, RegistrationMode, Visibility
from eventapp.extensions import db
from eventapp.models import EventSlug, Setting
from eventapp.transaction import transaction
from tests.factories import NOW, make_event
from tests.web.office import made, signed_in


@pytest.fixture
def client(app):
    return app.test_client()


def set_sites(**values: str) -> None:
    with transaction() as session:
        session.add_all([Setting(name=name, value=value) for name, value in values.items()])


def framers(answer) -> str:
    return answer.headers["Content-Security-Policy"].partition("frame-ancestors ")[2]


def titles(answer) -> list[str]:
    return [link.text for link in BeautifulSoup(answer.data, "html.parser").select(".event-row__title a")]


def test_only_the_sites_of_the_settings_may_show_it_and_nothing_else_of_ours(make_app):
    app = make_app()
    client = app.test_client()
    with app.app_context():
        make_event(slug="themadag")
    nobody = framers(client.get("/embed/agenda"))
    with app.app_context():
        set_sites(website="https://www.Vnk.example/wij", embed_sites="https://leden.example:8443 http://127.0.0.1:9000")

    addresses = ["/embed/agenda", "/embed/agenda?evenement=themadag", "/embed/agenda?evenement=nergens"]
    answers = [client.get(address) for address in addresses]
    others = [client.get(address) for address in ("/", "/agenda/themadag", "/agenda/themadag/aanmelden", "/inloggen")]

    assert nobody == "'none'"
    assert {framers(answer) for answer in answers} == {
        "https://www.vnk.example https://leden.example:8443 http://127.0.0.1:9000"
    }
    assert {answer.headers.get("X-Frame-Options") for answer in answers} == {None}
    assert {(framers(answer), answer.headers["X-Frame-Options"]) for answer in others} == {("'none'", "DENY")}
    again = client.get("/embed/agenda", headers={"If-None-Match": answers[0].headers["ETag"]})
    assert (again.status_code, framers(again)) == (304, framers(answers[0]))


def test_it_sets_no_cookie_holds_no_form_and_reads_no_session(client):
    make_event(slug="themadag")
    with client.session_transaction() as session:
        session["sid"] = "somebody"

    answers = [
        client.get("/embed/agenda"),
        client.get("/embed/agenda?evenement=themadag"),
        client.get("/embed/agenda.js"),
    ]

    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert answer.headers["ETag"]
    for answer in answers[:2]:
        page = BeautifulSoup(answer.data, "html.parser")
        assert page.select("form, input, button, iframe") == []
        assert page.select_one("base").attrs == {"target": "_top"}


def test_it_has_the_filters_of_the_agenda_and_a_number(client):
    for number in range(1, 4):
        make_event(title=f"Kring {number}", kind=EventKind.KENNISKRING)
    make_event(title="Themadag", kind=EventKind.THEMADAG)
    make_event(title="Besloten", kind=EventKind.KENNISKRING, visibility=Visibility.BESLOTEN)
    make_event(title="Concept", kind=EventKind.KENNISKRING, state=EventState.DRAFT)

    some = client.get("/embed/agenda?soort=kenniskring&aantal=2&kleur=donker")
    page = BeautifulSoup(some.data, "html.parser")

    assert titles(some) == ["Kring 1", "Kring 2"]
    assert page.html["data-theme"] == "dark"
    assert page.select("p a")[-1].attrs == {"href": "http://127.0.0.1:8000/?soort=kenniskring"}
    assert page.select("p a")[-1].text == "Bekijk de hele agenda"
    assert len(titles(client.get("/embed/agenda?aantal=veel&kleur=paars"))) == 4
    assert client.get("/embed/agenda?soort=alv").text.count("Er staat nu niets gepland") == 1


def _button(answer) -> tuple[str, str] | None:
    found = BeautifulSoup(answer.data, "html.parser").select_one("a.button")
    return (found.text, found["href"]) if found else None


@pytest.mark.parametrize(
    ("settings", "button", "words"),
    [
        ({}, ("Aanmelden", "http://127.0.0.1:8000/agenda/dag/aanmelden"), "Wanneer"),
        ({"capacity": 0}, ("Op de wachtlijst", "http://127.0.0.1:8000/agenda/dag/aanmelden"), "Vol"),
        ({"capacity": 0, "waiting_list": False}, None, "Vol"),
        ({"state": EventState.CANCELLED}, None, "Gaat niet door"),
        ({"closes_at": NOW}, None, "De aanmelding is gesloten"),
        (
            {"registration": RegistrationMode.ELDERS, "external_url": "https://elders.example/x"},
            ("Aanmelden op een andere site", "https://elders.example/x"),
            "Wanneer",
        ),
        ({"visibility": Visibility.BESLOTEN}, None, "staat niet (meer)"),
        ({"state": EventState.DRAFT}, None, "staat niet (meer)"),
    ],
)
def test_one_event_says_what_can_be_done(client, settings, button, words):
    make_event(slug="dag", **settings)

    answer = client.get("/embed/agenda?evenement=dag")

    assert (_button(answer), words in answer.text) == (button, True)


def test_an_old_address_shows_the_event_as_it_is_now(client):
    event = make_event(slug="nieuw", title="Themadag")
    with transaction():
        db.session.add(EventSlug(slug="oud", event_id=event.id))

    assert "Themadag" in client.get("/embed/agenda?evenement=oud").text


def test_the_office_finds_the_lines_ready_to_paste(make_app):
    app = make_app()
    made(app, lambda: make_event(slug="dag", title="Dag & <nacht>").id)

    page = BeautifulSoup(signed_in(app, Role.BEHEERDER).get("/beheer/instellingen/website").data, "html.parser")

    assert page.select("pre")[2].text == (
        '<div class="agenda-embed"><a href="http://127.0.0.1:8000/agenda/dag">Dag &amp; &lt;nacht&gt;</a></div>\n'
        '<script src="http://127.0.0.1:8000/embed/agenda.js" async></script>'
    )
    assert [text["data-copy"] for text in page.select("[data-copy]")] == [text.text for text in page.select("pre")]


def test_no_other_page_of_ours_may_be_framed(make_app):
    """Every address, as a stranger; behind signing in it is the same header.

    Besides the agenda of other sites only the editor widens it, for its own preview.
    """
    app = make_app()
    with app.app_context():
        make_event(slug="dag")
        set_sites(website="https://www.vnk.example")
    client, framed = app.test_client(), set()
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods:
            values = {name: _DUMMIES.get(name, 1) for name in rule.arguments if name not in (rule.defaults or {})}
            answer = client.get(_address(app, rule, values))
            if (framers(answer), answer.headers.get("X-Frame-Options")) != ("'none'", "DENY"):
                framed.add((rule.rule, framers(answer)))
    widening = [path.name for path in Path(app.root_path).rglob("*.py") if "allow_framing(" in path.read_text()]

    assert framed == {("/embed/agenda", "https://www.vnk.example")}
    assert sorted(widening) == ["embedding.py", "event_editor.py", "headers.py"]


_DUMMIES = {"slug": "dag", "token": "x" * 43, "secret": "x" * 43, "filename": "css/site.css"}


def _address(app, rule, values):
    with app.test_request_context():
        for name, converter in rule._converters.items():
            values[name] = next(iter(converter.items), 1) if hasattr(converter, "items") else values[name]
        return url_for(rule.endpoint, **values)
