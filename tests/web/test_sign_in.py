"""The pages of signing in: the same answer for everybody, one button, a session that starts fresh."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.actors import Role
from eventapp.extensions import db
from eventapp.models import OneTimeLink, OutboxMail, StaffMember, UserSession
from eventapp.services import signing_in
from eventapp.web.member.sign_in import local_path
from tests.factories import make_staff
from tests.web.office import csrf_token, signed_in, words

ADDRESS = "kantoor@kindcentra.example"


@pytest.fixture
def house(make_app):
    """An app without CSRF checks, with one member of staff."""
    app = make_app(WTF_CSRF_ENABLED=False)
    with app.app_context():
        make_staff()
    return app


def link(app: Flask, now: datetime) -> str:
    with app.app_context():
        return signing_in.make_link(ADDRESS, now=now)


def test_known_and_unknown_address_see_the_same_page(house):
    known, unknown = house.test_client(), house.test_client()

    first = known.post("/inloggen", data={"address": ADDRESS}, follow_redirects=True)
    second = unknown.post("/inloggen", data={"address": "vreemde@elders.example"}, follow_redirects=True)

    assert first.request.path == "/inloggen/verstuurd"
    assert words(first).replace("kantoor @kindcentra", "") == words(second).replace("vreemde @elders", "")
    with house.app_context():
        kinds = db.session.scalars(sa.select(OutboxMail.kind).order_by(OutboxMail.id)).all()
    assert kinds == ["sign_in", "sign_in_unknown"]


def test_typed_address_stays_when_it_is_none(house):
    answer = house.test_client().post("/inloggen", data={"address": "kantoor@"})

    assert answer.status_code == 422
    assert 'value="kantoor@"' in answer.text
    assert "Dit is geen volledig e-mailadres" in words(answer)


def test_stale_token_gives_the_form_back_filled_in(make_app):
    client = make_app().test_client()

    answer = client.post("/inloggen", data={"address": ADDRESS, "csrf_token": "oud"})

    assert answer.status_code == 422
    assert f'value="{ADDRESS}"' in answer.text
    assert "Deze pagina stond lang open" in words(answer)


def test_too_many_links_is_said_calmly(house, now):
    with house.app_context():
        for _ in range(5):
            signing_in.request_link(ADDRESS, visitor_key="", now=now)

    answer = house.test_client().post("/inloggen", data={"address": ADDRESS})

    assert answer.status_code == 429
    assert "Probeer het over een kwartier opnieuw" in words(answer)


def test_following_the_link_changes_nothing_and_the_button_signs_in(house, now):
    token = link(house, now)
    client = house.test_client()

    for _ in range(2):
        client.get(f"/inloggen/{token}")
    with house.app_context():
        assert db.session.scalar(sa.select(OneTimeLink.used_at)) is None
    assert client.get("/beheer/").status_code == 302

    answer = client.post(f"/inloggen/{token}")
    assert (answer.status_code, answer.location) == (303, "/beheer/")
    assert "Vandaag" in words(client.get("/beheer/"))


def test_used_and_unknown_links_show_the_way_on(house, now):
    token = link(house, now)
    with house.app_context():
        signing_in.sign_in(token, now=now)
    client = house.test_client()

    used, unknown = client.get(f"/inloggen/{token}"), client.get("/inloggen/verzonnen")

    assert (used.status_code, unknown.status_code) == (410, 404)
    assert "Deze link is al gebruikt." in words(used)
    assert 'href="/inloggen"' in used.text
    assert 'href="/inloggen"' in unknown.text


def test_signing_in_starts_a_fresh_session(house, now):
    client = house.test_client()
    client.post("/inloggen", data={"address": ADDRESS})
    with client.session_transaction() as before:
        assert before["sign_in_address"] == ADDRESS

    client.post(f"/inloggen/{link(house, now)}")

    with client.session_transaction() as after:
        assert set(after) == {"sid"}


@pytest.mark.parametrize(
    ("asked", "landed"),
    [
        ("/beheer/evenementen?zoek=a", "/beheer/evenementen?zoek=a"),
        ("https://elders.example/", "/beheer/"),
        ("//elders.example", "/beheer/"),
        ("/\\elders.example", "/beheer/"),
        ("beheer", "/beheer/"),
    ],
)
def test_only_local_pages_are_next(house, now, asked, landed):
    token = link(house, now)

    answer = house.test_client().post(f"/inloggen/{token}", query_string={"volgende": asked})

    assert answer.location == landed


@pytest.mark.parametrize("path", ["/\t/elders.example", "javascript:alert(1)", ""])
def test_what_is_no_local_path_is_dropped(path):
    assert local_path(path) == ""


def test_page_that_needs_signing_in_comes_back_by_way_of_the_mail(house):
    client = house.test_client()

    answer = client.get("/beheer/evenementen", follow_redirects=True)
    client.post(answer.request.full_path, data={"address": ADDRESS})

    assert answer.request.path == "/inloggen"
    with house.app_context():
        assert "?volgende=/beheer/evenementen" in db.session.scalar(sa.select(OutboxMail.text))


def test_signing_out_ends_the_session_in_the_database_too(make_app, now):
    app = make_app()
    client = signed_in(app)

    client.post("/uitloggen", data={"csrf_token": csrf_token(client, "/beheer/")})

    assert client.get("/beheer/").status_code == 302
    with app.app_context():
        assert db.session.scalar(sa.select(UserSession.revoked_at)) == now


def test_account_that_ended_sees_nothing_more(make_app, now):
    app = make_app()
    client = signed_in(app, Role.BEHEERDER)
    with app.app_context():
        db.session.execute(sa.update(StaffMember).values(ends_on=date(2027, 1, 10)))
        db.session.commit()

    assert client.get("/beheer/").status_code == 302


def test_demo_accounts_are_shown_in_the_demo_only(make_app, now):
    for demo in (True, False):
        app = make_app(DEMO=demo)
        with app.app_context():
            if demo:
                make_staff()
                db.session.execute(sa.update(StaffMember).values(ends_on=now.date() + timedelta(days=1)))
                db.session.commit()
        page = words(app.test_client().get("/inloggen"))
        assert ("Kees Kantoor" in page) is demo
