"""Signing in with Microsoft through the pages, against a real provider process: one button, one browser, no tricks."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import ExternalIdentity, OrganisationTenant, OutboxMail, Registration, UserSession
from tests.factories import make_event, make_organisation, make_person, make_staff
from tests.oidc import RunningProvider, press
from tests.oidc_provider import TENANT
from tests.web.office import csrf_token, rows, words

ADDRESS = "marieke@zonnevlinder.example"
PAGE = "/inloggen/microsoft/verder"


@pytest.fixture
def house(make_app, provider: RunningProvider) -> Flask:
    """An app with a provider; Zonnevlinder is a member and has a tenant."""
    app = make_app(**provider.settings)
    # Apps are lent to one test after the other; what this one learnt of the provider in an earlier test is forgotten.
    app.extensions.pop("openid", None)
    with app.app_context():
        organisation = make_organisation()
        db.session.add(OrganisationTenant(organisation_id=organisation.id, tenant_id=TENANT))
        db.session.commit()
    return app


def sessions(app: Flask) -> list[tuple]:
    return rows(app, sa.select(UserSession.address, UserSession.revoked_at.is_(None)).order_by(UserSession.id))


def mailed(app: Flask) -> tuple[str, str]:
    """The link and the code in the last mail."""
    (text,) = rows(app, sa.select(OutboxMail.text).order_by(OutboxMail.id.desc()).limit(1))[0]
    return re.search(r"(/inloggen/[\w-]+)", text)[1], re.search(r"^\d{4} \d{4}$", text, re.MULTILINE)[0]


def type_code(client: FlaskClient, code: str, page: str = "/inloggen/verstuurd"):
    return client.post("/inloggen/code", data={"csrf_token": csrf_token(client, page), "code": code})


def test_employee_of_a_member_signs_in_and_out_again(house, provider):
    client = house.test_client()

    shown = provider.trip(client, "/mijn/gegevens")
    before = sessions(house)
    answer = press(client)

    assert (shown.request.path, before) == (PAGE, [])
    assert "Verder als marieke@zonnevlinder.example" in words(shown)
    assert answer.location == "/mijn/gegevens"
    assert "Ingelogd met het Microsoft-account van Zonnevlinder." in words(client.get("/mijn"))
    with client.session_transaction() as cookie:
        assert set(cookie) == {"sid", "_permanent", "csrf_token"}
    details = client.get("/mijn/gegevens")
    assert "Account van Zonnevlinder" in words(details)
    form = {
        "csrf_token": csrf_token(client, "/mijn/gegevens"),
        "account": re.search(r'"account" value="(\d+)"', details.text)[1],
    }
    client.post("/mijn/ontkoppeling", data=form)
    assert (rows(house, sa.select(ExternalIdentity.id)), sessions(house)) == ([], [(ADDRESS, False)])


def test_new_account_of_elsewhere_is_tied_by_the_code_of_the_mail_and_then_signs_in(house, provider):
    with house.app_context():
        make_person(address="jan@elders.example", proven=True)
    elsewhere = {"tid": "77777777-2222-3333-4444-555555555555", "oid": "o", "sub": "s", "email": "jan@elders.example"}
    provider.control(account=elsewhere)
    client, other = house.test_client(), house.test_client()

    asked = provider.sign_in(client, "/mijn/gegevens")
    link, code = mailed(house)
    other.post(link, data={"csrf_token": csrf_token(other, link)})
    assert asked.location == "/inloggen/verstuurd?volgende=/mijn/gegevens"
    assert rows(house, sa.select(ExternalIdentity.id)) == []
    provider.sign_in(client)
    _, code = mailed(house)
    assert type_code(client, code).location == "/mijn"

    provider.control(account=elsewhere | {"email": "kantoor@kindcentra.example"})
    again = house.test_client()
    assert "Verder als jan@elders.example" in words(provider.trip(again))
    assert press(again).location == "/mijn"
    assert "Ingelogd met een Microsoft-account." in words(again.get("/mijn"))


def test_an_account_of_a_members_tenant_registers_as_a_member_at_its_own_address_alone(house, provider):
    own = "ria@eigen.example"
    with house.app_context():
        make_person("Ria", "", "Vos", address=own, proven=True)
        slug = make_event(prices={Category.LID: 0}).slug
        db.session.remove()
    provider.control(account={"tid": TENANT, "oid": "ria", "sub": "s", "email": own})
    client = house.test_client()
    provider.sign_in(client)
    type_code(client, mailed(house)[1])
    page = f"/agenda/{slug}/aanmelden"
    sent = {"given_name": "Ria", "family_name": "Vos", "function": "Adviseur", "function_group": "overig"}
    sent["csrf_token"] = csrf_token(client, page)

    another = client.post(page, data=sent | {"email": "ander@eigen.example", "step": "versturen"})
    review = client.post(page, data=sent | {"email": own})
    client.post(page, data=sent | {"email": own, "step": "versturen"})
    corrected = client.post(f"/agenda/{slug}/aanmelden/adres", data=sent | {"email": "ander@eigen.example"})

    assert "Zonnevlinder" not in words(another)
    assert "namens Zonnevlinder" in words(review)
    assert corrected.status_code == 409
    found = rows(house, sa.select(Registration.address, Registration.category, Registration.reason["via"].as_string()))
    assert found == [(own, Category.LID, "tenant")]


def test_who_claims_an_address_of_the_office_gets_nothing_but_a_mail_there(house, provider):
    with house.app_context():
        make_staff(address="kantoor@kindcentra.example")
    provider.control(account={"tid": TENANT, "oid": "evil", "sub": "s", "email": "kantoor@kindcentra.example"})
    client = house.test_client()

    provider.sign_in(client)

    assert client.get("/beheer/").status_code == 302
    assert rows(house, sa.select(OutboxMail.kind, OutboxMail.to_address)) == [("sign_in", "kantoor@kindcentra.example")]
    assert (sessions(house), rows(house, sa.select(ExternalIdentity.id))) == ([], [])


def test_return_address_changes_no_row_and_works_in_the_browser_that_left_once(house, provider):
    client, victim = house.test_client(), house.test_client()
    back = provider.leave(client)

    forged = victim.get(back)
    first, second = client.get(back), client.get(back)

    assert (forged.status_code, first.location, second.status_code) == (400, PAGE, 400)
    assert "Begin opnieuw" in words(forged)
    assert (sessions(house), rows(house, sa.select(ExternalIdentity.id))) == ([], [])
    assert victim.get(PAGE).location == "/inloggen"


def test_signing_in_ends_the_session_that_this_browser_had(house, provider):
    client = house.test_client()
    provider.sign_in(client)
    with client.session_transaction() as cookie:
        first = cookie["sid"]

    provider.control(account={"tid": TENANT, "oid": "second", "sub": "s", "email": "bram@zonnevlinder.example"})
    client.get(provider.leave(client, page="/mijn"))
    press(client)

    with client.session_transaction() as cookie:
        assert cookie["sid"] != first
    assert sessions(house) == [(ADDRESS, False), ("bram@zonnevlinder.example", True)]


def test_only_local_pages_are_next(house, provider):
    elsewhere = ("https://elders.example/", "//elders.example", "/\\elders.example")

    landed = [provider.sign_in(house.test_client(), next_path).location for next_path in elsewhere]

    assert landed == ["/mijn"] * 3


WRONG = [
    ({"error": "access_denied"}, 403, "U bent gestopt bij Microsoft"),
    ({"error": "temporarily_unavailable"}, 503, "lukt nu niet; vraag een link per mail"),
    ({"token": "503"}, 503, "lukt nu niet; vraag een link per mail"),
    ({"sign": "other"}, 400, "Begin opnieuw"),
    ({"account": {"tid": TENANT, "oid": "x", "sub": "s"}}, 422, "noemt geen e-mailadres"),
]


def test_what_goes_wrong_is_said_calmly(house, provider):
    said = []
    for fault, status, sentence in WRONG:
        provider.reset()
        provider.control(**fault)
        answer = provider.trip(house.test_client())
        said.append((answer.status_code == status, sentence in words(answer), 'href="/inloggen"' in answer.text))

    assert said == [(True, True, True)] * len(WRONG)


def test_provider_that_is_gone_leaves_the_mailed_link(house, provider):
    provider.control(discovery={"token_endpoint": None})
    client = house.test_client()

    answer = client.post("/inloggen/microsoft", data={"csrf_token": csrf_token(client, "/inloggen")})

    assert answer.status_code == 503
    assert "Inloggen met Microsoft lukt nu niet; vraag een link per mail." in words(answer)


def test_without_settings_there_is_no_button_and_no_page(make_app):
    client = make_app().test_client()
    page = client.get("/inloggen")
    data = {"csrf_token": csrf_token(client, "/inloggen")}

    posted = [client.post(path, data=data).status_code for path in ("/inloggen/microsoft", PAGE)]
    opened = [client.get(path).status_code for path in (PAGE, "/inloggen/microsoft/terug?code=a&state=b")]

    assert (posted, opened, "Microsoft" in words(page)) == ([404, 404], [404, 404], False)


def test_forms_may_lead_to_the_provider_only_when_there_is_one(house, provider, make_app):
    policies = [app.test_client().get("/inloggen").headers["Content-Security-Policy"] for app in (house, make_app())]

    actions = [re.search("form-action ([^;]+)", policy)[1] for policy in policies]
    assert actions == [f"'self' {provider.url}", "'self'"]


def test_wrong_code_stays_on_the_page_and_five_end_it(make_app):
    app = make_app()
    with app.app_context():
        make_person(address=ADDRESS, proven=True)
    client = app.test_client()
    client.post("/inloggen", data={"csrf_token": csrf_token(client, "/inloggen"), "address": ADDRESS})
    _, code = mailed(app)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**8:08d}"

    short, first = type_code(client, "1234"), type_code(client, wrong)
    last = [type_code(client, wrong).status_code for _ in range(4)]

    assert (short.status_code, "De code heeft acht cijfers." in words(short)) == (422, True)
    assert (first.status_code, "nog 4 keer proberen kan" in words(first)) == (422, True)
    assert last == [422, 422, 422, 429]
    assert type_code(client, code).status_code == 429
    assert sessions(app) == []
