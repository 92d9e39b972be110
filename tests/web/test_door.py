"""The door's pages: a shell without a name in it, and a link that one tap uses up."""

import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from eventapp.extensions import db
from eventapp.models import ApiToken
from eventapp.queries.door import bearer_of
from eventapp.services.coupling import invite_device
from eventapp.services.coupling_codes import code_for
from tests.factories import NOW, OFFICE, make_event, make_registration


@pytest.fixture
def app(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    with app.app_context():
        yield app


@pytest.fixture
def event(app):
    return make_event(title="Themadag", starts_at=NOW + timedelta(hours=2))


def link(event) -> str:
    token = invite_device(event.id, name="Telefoon van Sam", search=True, by=OFFICE, now=NOW)
    return f"/deur/koppelen/{token}"


def soup(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def test_shell_holds_nobodys_name_and_may_use_the_camera(app, event):
    make_registration(event)

    answer = app.test_client().get("/deur")

    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Meulen" not in text
    assert event.title not in text
    assert "camera=(self)" in answer.headers["Permissions-Policy"]
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "set-cookie" not in answer.headers


def test_every_verdict_of_an_entry_has_its_words(app):
    page = soup(app.test_client().get("/deur"))

    words = {
        one["data-verdict"]: one.select_one(".verdict__word").string for one in page.select("template[data-verdict]")
    }

    assert {
        "admitted": "Welkom",
        "already_in": "Al binnen",
        "unpaid": "Niet betaald",
        "cancelled": "Geannuleerd",
        "wrong_event": "Ander evenement",
        "wrong_day": "Andere dag",
        "unknown": "Onbekend",
    }.items() <= words.items()


def test_opening_the_link_couples_nothing(app, event):
    address = link(event)

    pages = [app.test_client().get(address) for _ in range(2)]

    assert [page.status_code for page in pages] == [200, 200]
    assert soup(pages[0]).select_one(".door-event").text == "Themadag"
    assert [button.text for button in soup(pages[0]).select("form[method=post] button")] == ["Koppel deze telefoon"]
    assert db.session.scalar(sa.select(ApiToken.coupled_at)) is None


def test_one_tap_hands_the_secret_to_the_page_and_to_no_address(app, event):
    answer = app.test_client().post(link(event))

    handed = soup(answer).select_one("#secret").attrs
    bearer = bearer_of(handed["data-secret"])
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert bearer.event_id == event.id
    assert (handed["data-event"], handed["data-title"], handed["data-search"]) == (event.slug, "Themadag", "yes")
    assert handed["data-until"] == "2027-01-12T04:00:00+01:00"
    assert "Location" not in answer.headers


def test_used_link_shows_the_way_on(app, event):
    address = link(event)
    app.test_client().post(address)

    answers = [app.test_client().get(address), app.test_client().post(address)]

    for answer in answers:
        assert answer.status_code == 410
        assert soup(answer).select_one("main .lead").text == "Deze link is al gebruikt."
        assert soup(answer).select_one("main a.button")["href"] == "/deur"


def test_typed_code_leads_to_the_page_of_the_link(app, event):
    token = invite_device(event.id, name="Telefoon van Sam", search=True, by=OFFICE, now=NOW)
    code = code_for(token, now=NOW).code
    client = app.test_client()

    wrong = client.post("/deur/koppelen", data={"code": "0000 0000"})
    right = client.post("/deur/koppelen", data={"code": f"{code[:4]}-{code[4:].lower()}"})

    assert soup(wrong).select_one(".field .error").text == (
        "Fout: Deze code klopt niet of werkt niet meer. Kijk hem na, of vraag om een nieuwe."
    )
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert code not in right.headers["Location"]
    assert soup(client.get(right.headers["Location"])).select_one(".door-event").text == "Themadag"
    assert client.post(right.headers["Location"]).status_code == 200


def test_expired_and_unknown_links_are_calm(make_app, event):
    address = link(event)
    later = make_app(CLOCK=lambda: NOW + timedelta(hours=24)).test_client()

    answers = [later.get(address), later.get("/deur/koppelen/niet-van-ons")]

    assert [answer.status_code for answer in answers] == [410, 404]
    assert soup(answers[0]).select_one("main .lead").text == "Deze link is verlopen."


def test_coupling_needs_the_token_of_its_own_page(make_app, event):
    address = link(event)
    client = make_app(WTF_CSRF_ENABLED=True).test_client()

    without = client.post(address)
    token = soup(client.get(address)).select_one("input[name=csrf_token]")["value"]
    with_token = client.post(address, data={"csrf_token": token})

    assert (without.status_code, with_token.status_code) == (400, 200)


@pytest.mark.parametrize("path", ["/deur", "link"])
def test_no_script_or_style_stands_in_the_page(app, event, path):
    client = app.test_client()

    answers = [client.get(path)] if path == "/deur" else [client.get(address := link(event)), client.post(address)]

    for answer in answers:
        page = soup(answer)
        assert [script for script in page.select("script") if not script.get("src")] == []
        assert page.select("[style], style") == []
        assert re.search(r"\son[a-z]+=", str(page)) is None


def test_phone_is_told_which_files_make_the_page_work_without_network(app):
    client = app.test_client()

    page, worker = client.get("/deur"), client.get("/deur/sw.js")

    release = json.loads(worker.get_data(as_text=True).partition(";\n")[0].removeprefix("const RELEASE = "))
    shown = soup(page)
    asked_for = {
        tag[name] for name in ("src", "href") for tag in shown.select(f"[{name}^='/static'], [{name}^='/deur/']")
    }
    assert worker.headers["Service-Worker-Allowed"] == "/deur"
    assert worker.headers["Cache-Control"] == "no-cache"
    assert release["name"] == page.headers["X-Door-Release"] == shown.select_one("meta[name=door-release]")["content"]
    assert asked_for - set(release["files"]) == set()
    assert [name for name in release["files"] if name.endswith("reader/zxing_reader.wasm")] != []
    answers = [client.get(name) for name in release["files"]]
    assert {answer.status_code for answer in answers} == {200}
    for answer in answers:
        answer.close()
