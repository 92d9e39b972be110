"""The work list: who stands on it, what the pages say before the click, and what the click does."""

import re

import pytest
import sqlalchemy as sa

from config import TestConfig
from eventapp.domain.actors import Role
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import LinkDismissal, Organisation, OrganisationDomain, OrganisationPerson, Registration
from tests.factories import make_event, make_organisation
from tests.services.test_linking import SCHOOL, outsider
from tests.web.office import csrf_token, made, rows, signed_in, whole_today, words

NOW = TestConfig.NOW
TO_PAY = {"state": State.AWAITING_PAYMENT, "paid": False, "proven_at": NOW}


def test_from_today_to_a_linked_domain_and_the_difference(make_app):
    app = make_app()

    def make():
        event = make_event(title="Themadag")
        outsider(event, "Anna", **TO_PAY)
        outsider(event, "Dirk")
        outsider(event, "Bram", address="bram@gratismail.example")

    made(app, make)
    client = signed_in(app)
    today = whole_today(client)
    listed = words(client.get("/beheer/koppelen"))
    page = f"/beheer/koppelen/domeinen/{SCHOOL}"
    made_one = client.post(
        "/beheer/koppelen/organisaties",
        data={
            "csrf_token": csrf_token(client, page),
            "domein": SCHOOL,
            "name": "Nieuwe School",
            "kind": _kind(client.get(page).text),
            "relation": "lid",
            "since": "2027-01-01",
        },
    )
    effect = words(client.get(made_one.location))
    chosen = re.search(r'name="organisation_id"[^>]*value="(\d+)"', client.get(made_one.location).text)[1]

    linked = client.post(page, data={"csrf_token": csrf_token(client, page), "organisation_id": chosen})
    after = client.get("/beheer/koppelen")

    assert "3 Koppelen: aan het mailadres niet herkend" in today
    assert f"2 mensen @{SCHOOL}" in listed
    assert "Bram Bakker" in listed
    assert "1 onbetaalde aanmelding krijgt de prijs van deze organisatie" in effect
    assert "Voor 1 betaalde aanmelding stellen wij voor samen € 95 terug te betalen" in effect
    assert (linked.status_code, linked.location) == (303, "/beheer/koppelen")
    assert rows(app, sa.select(OrganisationDomain.domain)) == [(SCHOOL,)]
    assert f"@{SCHOOL}" not in words(after).partition("Bram")[2]
    assert "Betaal € 95 terug" in words(after)

    give = re.search(r'action="(/beheer/koppelen/verschillen/\d+/terugbetaling)"', after.text)[1]
    answer = client.post(give, data={"csrf_token": csrf_token(client, "/beheer/koppelen")}, follow_redirects=True)

    assert "€ 95 wordt terugbetaald; de betaler krijgt bericht." in words(answer)
    assert rows(app, sa.select(Registration.price_cents).order_by(Registration.id)) == [(0,), (0,), (9500,)]


@pytest.mark.parametrize(
    "domain", ["zonnevlnder.example", "zonnevlinder.example.evil.example", "xn--zonnevlnder-ucb.example"]
)
def test_a_domain_that_looks_like_a_members_is_pointed_out(make_app, domain):
    app = make_app()

    def make():
        make_organisation()
        outsider(make_event(), "Anna", address=f"anna@{domain}")

    made(app, make)

    page = words(signed_in(app).get(f"/beheer/koppelen/domeinen/{domain}"))

    assert f"@{domain} lijkt op @zonnevlinder.example van Zonnevlinder" in page


def test_a_new_member_needs_its_first_day(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    made(app, lambda: outsider(make_event(), "Anna"))
    client = signed_in(app)
    asked = {"domein": SCHOOL, "name": "Nieuwe School", "kind": "primair-onderwijs", "relation": "lid"}

    without = client.post("/beheer/koppelen/organisaties", data=asked)
    with_day_alone = client.post(
        "/beheer/koppelen/organisaties", data=asked | {"relation": "geen", "since": "2027-01-01"}
    )

    assert (without.status_code, with_day_alone.status_code) == (422, 422)
    assert "Vul de eerste dag in, of kies “Geen lid”." in words(without)
    assert rows(app, sa.select(Organisation.name)) == []


def _kind(page: str) -> str:
    """The first kind of organisation that the form offers."""
    return re.search(r'<select id="kind".*?<option value="([^"]+)"', page, re.DOTALL)[1]


def test_one_person_is_linked_until_a_day_with_the_member_they_named_chosen(make_app):
    app = make_app()

    def make():
        make_organisation()
        registration = outsider(make_event(), "Bram", address="bram@gratismail.example", **TO_PAY)
        registration.claimed_organisation = "zonnevlinder"
        db.session.commit()
        return registration.person_id

    person_id = made(app, make)
    client, page = signed_in(app), f"/beheer/koppelen/mensen/{person_id}"
    shown = client.get(page)
    chosen = re.search(r'name="organisation_id"[^>]*value="(\d+)"', shown.text)[1]
    data = {"csrf_token": csrf_token(client, page), "organisation_id": chosen}

    early = client.post(page, data={**data, "until": "2026-01-01"})
    linked = client.post(page, data={**data, "until": "2027-06-30"})

    assert "Bram Bakker hoort bij Zonnevlinder" in words(shown)
    assert 'value="2028-12-31"' in shown.text
    assert (early.status_code, linked.status_code) == (422, 303)
    assert "De laatste dag ligt voor de eerste dag." in words(early)
    assert rows(app, sa.select(OrganisationPerson.named_by, sa.func.count()).group_by(OrganisationPerson.named_by)) == [
        ("", 1)
    ]
    assert client.get(page).location == "/beheer/koppelen"


def test_dismissed_and_undone(make_app):
    app = make_app()
    made(app, lambda: outsider(make_event(), "Anna").id)
    client = signed_in(app)
    token = csrf_token(client, "/beheer/koppelen")

    dismissed = client.post(
        "/beheer/koppelen/afwijzingen", data={"csrf_token": token, "domein": SCHOOL}, follow_redirects=True
    )
    number = rows(app, sa.select(LinkDismissal.id))[0][0]
    undone = client.post(
        f"/beheer/koppelen/afwijzingen/{number}/einde", data={"csrf_token": token}, follow_redirects=True
    )

    assert "Er is niemand om te koppelen" in words(dismissed)
    assert f"Wie Besloten Door @{SCHOOL}" in words(dismissed)
    assert f"1 persoon @{SCHOOL}" in words(undone)
    both = client.post(
        "/beheer/koppelen/afwijzingen", data={"csrf_token": token, "domein": "a.example", "persoon": "1"}
    )
    assert both.status_code == 400


def test_free_mail_is_refused_and_unknown_things_are_not_found(make_app):
    app = make_app()
    organisation_id = made(
        app, lambda: [outsider(make_event(), "Bram", address="b@gratismail.example"), make_organisation().id][1]
    )
    client = signed_in(app)
    page = "/beheer/koppelen/domeinen/gratismail.example"

    answer = client.post(page, data={"csrf_token": csrf_token(client, page), "organisation_id": str(organisation_id)})
    missing = client.post(page, data={"csrf_token": csrf_token(client, page), "organisation_id": "4711"})

    assert answer.status_code == 422
    assert "gratismail.example is gratis mail: dat adres bewijst niets." in words(answer)
    assert missing.status_code == 404
    assert rows(app, sa.select(Organisation.id)) == [(organisation_id,)]
    assert client.get("/beheer/koppelen/domeinen/niemand.example").location == "/beheer/koppelen"
    assert signed_in(app, Role.LEZER).get("/beheer/koppelen").status_code == 403


def test_who_is_no_member_reads_how_to_become_one(make_app):
    app = make_app()

    def make():
        registration = outsider(make_event(), "Dirk")
        return registration.order.token

    token = made(app, make)

    page = words(app.test_client().get(f"/bestelling/{token}"))

    assert "Voor mensen van lidorganisaties is deze bijeenkomst gratis. Lid worden? Mail" in page
