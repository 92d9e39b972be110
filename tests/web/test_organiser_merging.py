"""Samenvoegen in the back office, and what ends before a gathering on the page of today."""

from datetime import date, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from eventapp.domain.actors import Role
from eventapp.extensions import db
from eventapp.models import Organisation, PersonAddress, Registration
from tests.factories import NOW, make_event, make_organisation, make_person, make_registration
from tests.web.office import made, rows, signed_in, words


@pytest.fixture
def office(make_app):
    """A function that signs somebody in with a role; `office.app` is the app."""
    app = make_app(WTF_CSRF_ENABLED=False)
    enter = partial(signed_in, app)
    enter.app = app
    return enter


def form_of(answer) -> dict[str, str]:
    """What the form of the page would send as it stands."""
    form = BeautifulSoup(answer.text, "html.parser").select_one("main form[method=post]")
    return {i["name"]: i.get("value", "") for i in form.select("input[type=hidden], input[checked]")}


def test_two_organisations_become_one_after_a_look_at_both(office):
    def both() -> tuple[int, int]:
        kept = make_organisation("Stichting Zonnevlinder", until=date(2026, 12, 31))
        gone = make_organisation("Zonnevlinder Kinderopvang", domains=("zonne.example",), since=date(2027, 1, 1))
        kept.city, gone.city = "Amersfoort", "Soest"
        make_registration(make_event(), organisation_id=gone.id)
        make_registration(make_event(), organisation_id=gone.id)
        return kept.id, gone.id

    kept, gone = made(office.app, both)
    client = office(Role.SECRETARIAAT)
    search = client.get(f"/beheer/organisaties/{kept}/samenvoeging?zoek=zonne")
    [found] = BeautifulSoup(search.text, "html.parser").select("main td a.row-link")
    page = client.get(found["href"])

    answer = client.post(found["href"], data=form_of(page) | {"take-city": "verdwijnt"})

    assert found.text == "Zonnevlinder Kinderopvang"
    assert "Dit gaat over: 2 aanmeldingen, 1 maildomein en 1 periode van lidmaatschap" in words(page)
    assert "Stichting Zonnevlinder (blijft) Zonnevlinder Kinderopvang (gaat erin op)" in words(page)
    assert (answer.status_code, answer.location) == (303, f"/beheer/organisaties/{kept}")
    said = words(client.get(answer.location))
    assert "Samengevoegd met Zonnevlinder Kinderopvang: 2 aanmeldingen, 1 maildomein" in said
    assert rows(office.app, sa.select(Organisation.name, Organisation.city)) == [("Stichting Zonnevlinder", "Soest")]
    old = client.get(f"/beheer/organisaties/{gone}")
    assert (old.status_code, old.location) == (303, f"/beheer/organisaties/{kept}")


def test_two_people_become_one_and_the_old_address_of_the_page_leads_on(office):
    def both() -> tuple[int, int]:
        kept = make_person("Marieke", "van der", "Meulen", address="m@zonnevlinder.example")
        gone = make_person("M.", "", "Meulen", address="marieke@zonnevlinder.example")
        make_registration(make_event(title="Themadag"), gone)
        return kept.id, gone.id

    kept, gone = made(office.app, both)
    client = office(Role.SECRETARIAAT)
    search = client.get(f"/beheer/mensen/{kept}/samenvoeging?zoek=meulen")
    address = f"/beheer/mensen/{kept}/samenvoeging/{gone}"
    page = client.get(address)

    answer = client.post(address, data=form_of(page))

    links = BeautifulSoup(search.text, "html.parser").select("main td a.row-link")
    assert [link["href"] for link in links] == [address]
    assert "Dit gaat over: 1 aanmelding, 1 bestelling en 1 adres" in words(page)
    assert (answer.status_code, answer.location) == (303, f"/beheer/mensen/{kept}")
    old = client.get(f"/beheer/mensen/{gone}")
    assert (old.status_code, old.location) == (303, f"/beheer/mensen/{kept}")
    said = words(client.get(old.location))
    assert "m@zonnevlinder.example" in said
    assert "marieke@zonnevlinder.example" in said
    assert "Themadag 10-02-2027" in said
    assert rows(office.app, sa.select(PersonAddress.person_id)) == [(kept,)] * 2


def test_refusal_names_the_gathering_and_keeps_both(office):
    def both() -> tuple[int, int]:
        kept, gone, event = make_person("An", "", "Bos"), make_person("Ann", "", "Bos"), make_event(title="Themadag")
        for person in (kept, gone):
            make_registration(event, person)
        return kept.id, gone.id

    kept, gone = made(office.app, both)
    client = office(Role.SECRETARIAAT)
    address = f"/beheer/mensen/{kept}/samenvoeging/{gone}"

    answer = client.post(address, data=form_of(client.get(address)))

    assert answer.status_code == 422
    assert "Beiden zijn aangemeld voor Themadag. Annuleer eerst een van die twee aanmeldingen." in words(answer)
    assert rows(office.app, sa.select(Registration.person_id).order_by(Registration.person_id)) == [(kept,), (gone,)]


@pytest.mark.parametrize("role", [Role.PENNINGMEESTER, Role.LEZER])
def test_readers_do_not_merge(office, role):
    one, other = made(office.app, lambda: [make_organisation(n, domains=()).id for n in ("Een", "Twee")])
    client = office(role)

    paths = [f"/beheer/organisaties/{one}/samenvoeging{rest}" for rest in ("", f"/{other}")]

    assert [client.get(path).status_code for path in paths] == [403, 403]
    assert client.post(paths[1]).status_code == 403
    assert "Samenvoegen" not in words(client.get(f"/beheer/organisaties/{one}"))


def test_what_ends_before_the_gathering_is_on_today_until_it_was_seen(office):
    def lapsed() -> int:
        organisation = make_organisation("Regenjas", until=NOW.date() + timedelta(days=1))
        registration = make_registration(make_event(title="Themadag"), organisation_id=organisation.id)
        registration.reason = {"category": "lid", "via": "domain", "organisation": "Regenjas", "detail": "x.example"}
        db.session.commit()
        return registration.id

    key = made(office.app, lapsed)
    client = office(Role.SECRETARIAAT)
    first = words(client.get("/beheer/"))
    today = client.get("/beheer/vandaag/lidmaatschap-eindigt")
    own = client.get(f"/beheer/aanmeldingen/{key}")
    reader = office(Role.LEZER).get("/beheer/")

    answer = client.post(f"/beheer/aanmeldingen/{key}/gezien", data=form_of(today), follow_redirects=True)

    ends = "Lidmaatschap van Regenjas eindigt op 12-01-2027"
    assert "eindigt voor de bijeenkomst" in first
    assert ends in words(today)
    assert ends in words(own)
    assert "Gezien" not in words(reader)
    assert ends not in words(answer)
    assert "Gezien door Kees Kantoor op 11-01-2027." in words(client.get(f"/beheer/aanmeldingen/{key}"))
