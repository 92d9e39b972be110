"""Organisations in the back office: the list, the form with domains and periods, and that members are recognised."""

import re
from datetime import date, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from eventapp import wording
from eventapp.domain.actors import Role
from eventapp.domain.pricing import Category, Period, Relation
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Membership, Organisation, OrganisationDomain, OutboxMail, Registration
from tests.factories import NOW, make_event, make_organisation, make_person, make_registration
from tests.web.office import csrf_token, made, rows, signed_in, words

LIST = "/beheer/organisaties"
NEW = f"{LIST}/nieuw"
FILLED = {
    "name": "Kindcentrum Het Kompas",
    "kind": "geintegreerd",
    "relation": "lid",
    "city": "Goes",
    "region": "Zeeland",
    "domains": "@HetKompas.example\r\nhetkompas.example\r\n\r\nbrêge.example; opvang.example",
    "periods-0-key": "",
    "periods-0-starts_on": "2024-01-01",
    "periods-0-ends_on": "",
}
DOMAINS = sa.select(OrganisationDomain.domain).order_by(OrganisationDomain.domain)
PERIODS = sa.select(Membership.starts_on, Membership.ends_on).order_by(Membership.starts_on)


@pytest.fixture
def office(make_app):
    """A function that signs somebody in with a role; `office.app` is the app."""
    app = make_app(WTF_CSRF_ENABLED=False)
    enter = partial(signed_in, app)
    enter.app = app
    return enter


def make(app, *args, **values) -> str:
    """An organisation, and the address of its page."""
    return f"{LIST}/{made(app, lambda: make_organisation(*args, **values).id)}"


def form_of(client, path: str, **changes) -> dict[str, str]:
    """What the form on this page would send, with these changes."""
    form = BeautifulSoup(client.get(path).text, "html.parser").select_one("main form[method=post]")
    data = {i["name"]: i.get("value", "") for i in form.select("input[name]")}
    data |= {t["name"]: t.text.lstrip("\n") for t in form.select("textarea")}
    data |= {s["name"]: s.select_one("option[selected]")["value"] for s in form.select("select")}
    return data | changes


def listed(answer) -> list[str]:
    page = BeautifulSoup(answer.text, "html.parser")
    return [link.text for link in page.select("main td a.row-link")]


def error_beside(answer, field: str) -> str:
    found = BeautifulSoup(answer.text, "html.parser").select_one(f"#{field}-fout")
    return found.text.removeprefix("Fout: ") if found else ""


def test_empty_list_offers_to_enter_the_first(office):
    answer = office(Role.SECRETARIAAT).get(LIST)

    assert "Er staat nog geen organisatie in" in words(answer)
    assert "Voer de eerste in" in words(answer)
    assert "Voer de eerste in" not in words(office(Role.LEZER).get(LIST))


def test_list_says_who_is_what_and_until_when(office):
    make(office.app, "Zonnevlinder", domains=("zonne.example", "a-vlinder.example"), until=date(2027, 6, 30))
    make(office.app, "Écht Bouwadvies", domains=(), relation=Relation.STEUNPARTNER, since=date(2030, 1, 1))

    answer = office(Role.LEZER).get(LIST)

    assert listed(answer) == ["Écht Bouwadvies", "Zonnevlinder"]
    said = words(answer)
    assert "Steunpartner begint op 01-01-2030" in said
    assert "Lid a-vlinder.example, zonne.example sinds 01-01-2024, eindigt op 30-06-2027" in said
    assert said.endswith("2 organisaties")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?zoek=brege", ["De Brêge"]),
        ("?zoek=BRÊGE+de", ["De Brêge"]),
        ("?zoek=@spruit.example", ["Zonnevlinder"]),
        ("?zoek=drachten", ["De Brêge"]),
        ("?zoek=%25", []),
        ("?relatie=kernpartner", ["De Brêge"]),
        ("?relatie=lid&zoek=brege", []),
        ("?relatie=onzin", ["De Brêge", "Zonnevlinder"]),
    ],
)
def test_list_is_narrowed_by_words_and_relation(office, query, found):
    def two():
        make_organisation("Zonnevlinder", domains=("zonnevlinder.example", "spruit.example"))
        make_organisation("De Brêge", domains=("breg.example",), relation=Relation.KERNPARTNER).city = "Drachten"
        db.session.commit()

    made(office.app, two)

    answer = office(Role.LEZER).get(LIST + query)

    assert listed(answer) == found
    assert ("Geen organisatie gevonden" in words(answer)) == (not found)


def test_two_hundred_organisations_stand_in_one_list(office):
    made(office.app, lambda: [make_organisation(f"Stichting {n:03}", domains=()).id for n in range(200)])

    answer = office(Role.LEZER).get(LIST)

    assert listed(answer) == [f"Stichting {n:03}" for n in range(200)]


def test_filled_form_becomes_an_organisation(office):
    client = office(Role.COORDINATOR)

    answer = client.post(NEW, data=FILLED)

    assert (answer.status_code, re.sub(r"\d+", "N", answer.location)) == (303, f"{LIST}/N")
    columns = (Organisation.name, Organisation.relation, Organisation.city, Organisation.region)
    assert rows(office.app, sa.select(*columns)) == [("Kindcentrum Het Kompas", Relation.LID, "Goes", "Zeeland")]
    assert rows(office.app, DOMAINS) == [("hetkompas.example",), ("opvang.example",), ("xn--brge-hpa.example",)]
    assert rows(office.app, PERIODS) == [(date(2024, 1, 1), None)]
    said = words(client.get(answer.location))
    assert "De organisatie staat erin." in said
    assert "Ingevoerd, hetkompas.example erbij" in said


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("name", " ", "Vul de naam in."),
        ("kind", "", "Kies een soort."),
        ("domains", "jan@gmail.com", "gmail.com is gratis mail: dat adres bewijst niets."),
        ("domains", "kompas", "“kompas” is geen maildomein; schrijf wat achter de @ staat, zoals organisatie.nl."),
        ("domains", "zonnevlinder.example", "zonnevlinder.example hoort al bij Zonnevlinder."),
        ("periods-0-starts_on", "", "Vul ook de eerste dag in."),
        ("periods-0-starts_on", "1 januari", "Dit is geen datum."),
        ("periods-0-starts_on", "0024-01-01", "Kijk het jaartal na."),
        ("periods-0-ends_on", "2023-12-31", "De laatste dag ligt voor de eerste dag."),
    ],
)
def test_error_stands_beside_its_field_and_what_was_typed_stays(office, field, typed, error):
    make(office.app)
    data = FILLED | {"periods-0-ends_on": "2030-12-31", field: typed}

    answer = office(Role.SECRETARIAAT).post(NEW, data=data)

    assert answer.status_code == 422
    assert error_beside(answer, field) == error
    assert words(answer).count(error) == 2
    page = BeautifulSoup(answer.text, "html.parser")
    shown = page.select_one(f"[name={field}]")
    selected = shown.select_one("option[selected]") if field == "kind" else None
    assert (selected["value"] if selected else shown.get("value") or shown.text).strip() == typed.strip()
    assert page.select_one("[name=city]")["value"] == "Goes"
    assert rows(office.app, sa.select(Organisation.name)) == [("Zonnevlinder",)]


def test_every_refused_domain_is_named(office):
    answer = office(Role.SECRETARIAAT).post(NEW, data=FILLED | {"domains": "a.example\r\ngmail.com\r\nkompas"})

    assert error_beside(answer, "domains").startswith("gmail.com is gratis mail: dat adres bewijst niets. “kompas”")


def test_changes_are_kept_and_shown_in_the_log(office):
    path = make(office.app)
    client = office(Role.SECRETARIAAT)
    data = form_of(client, path, domains="nieuw.example", **{"periods-0-ends_on": "2026-12-31"})

    answer = client.post(path, data=data | {"periods-1-starts_on": "2028-01-01"}, follow_redirects=True)

    assert rows(office.app, DOMAINS) == [("nieuw.example",)]
    assert rows(office.app, PERIODS) == [(date(2024, 1, 1), date(2026, 12, 31)), (date(2028, 1, 1), None)]
    said = words(answer)
    assert "De wijzigingen zijn bewaard." in said
    assert "Gewijzigd: maildomeinen, lidmaatschap, nieuw.example erbij, zonnevlinder.example eraf" in said


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        (
            {"periods-0-starts_on": ""},
            "periods-0-starts_on",
            "Een lidmaatschap wordt beëindigd, niet gewist. Vul de eerste dag weer in.",
        ),
        (
            {"periods-1-starts_on": "2028-01-01"},
            "periods-1-starts_on",
            "Deze periode valt samen met een andere. Beëindig eerst de ene voordat de andere begint.",
        ),
    ],
)
def test_history_is_neither_wiped_nor_doubled(office, changes, field, error):
    path = make(office.app)
    client = office(Role.SECRETARIAAT)

    answer = client.post(path, data=form_of(client, path, **changes))

    assert (answer.status_code, error_beside(answer, field)) == (422, error)
    assert words(answer).count(error) == 2
    assert rows(office.app, PERIODS) == [(date(2024, 1, 1), None)]


def test_page_that_is_out_of_date_does_not_save_over_a_colleague(office):
    path = make(office.app)
    client = office(Role.SECRETARIAAT)
    old = form_of(client, path, name="Oude blik")
    client.post(path, data=form_of(client, path, domains="zonnevlinder.example\r\nnieuw.example"))

    answer = client.post(path, data=old)

    assert answer.status_code == 422
    assert "Iemand anders heeft dit intussen gewijzigd." in words(answer)
    assert 'value="Oude blik"' in answer.text
    assert rows(office.app, DOMAINS) == [("nieuw.example",), ("zonnevlinder.example",)]


def test_stale_token_keeps_what_was_typed(make_app):
    app = make_app()
    path = make(app)
    client = signed_in(app)
    data = form_of(client, path, name="Net getypt", domains="getypt.example", csrf_token="oud")

    answer = client.post(path, data=data | {"periods-1-starts_on": "2028-01-01"})

    assert answer.status_code == 422
    assert "Deze pagina stond lang open" in words(answer)
    page = BeautifulSoup(answer.text, "html.parser")
    typed = [page.select_one(f"[name={name}]")["value"] for name in ("name", "periods-1-starts_on")]
    assert typed == ["Net getypt", "2028-01-01"]
    assert page.select_one("[name=domains]").text.strip() == "getypt.example"
    assert rows(app, DOMAINS) == [("zonnevlinder.example",)]
    again = client.post(path, data=data | {"csrf_token": csrf_token(client, path)})
    assert (again.status_code, rows(app, DOMAINS)) == (303, [("getypt.example",)])


@pytest.mark.parametrize(
    ("role", "reads", "changes"),
    [
        (Role.BEHEERDER, 200, 303),
        (Role.COORDINATOR, 200, 303),
        (Role.SECRETARIAAT, 200, 303),
        (Role.PENNINGMEESTER, 200, 403),
        (Role.KRINGCOORDINATOR, 200, 403),
        (Role.LEZER, 200, 403),
        (Role.DEURVRIJWILLIGER, 403, 403),
    ],
)
def test_readers_read_and_editors_change(office, role, reads, changes):
    path = make(office.app)
    data = form_of(office(Role.SECRETARIAAT), path) if role != Role.SECRETARIAAT else None
    client = office(role)
    data = data or form_of(client, path)

    assert [client.get(address).status_code for address in (LIST, path)] == [reads, reads]
    assert client.get(NEW).status_code == (200 if changes == 303 else 403)
    assert client.post(NEW, data=FILLED).status_code == changes
    assert client.post(path, data=data | {"name": "Omgedoopt"}).status_code == changes
    names = rows(office.app, sa.select(Organisation.name).order_by(Organisation.id))
    assert names == ([("Omgedoopt",), (FILLED["name"],)] if changes == 303 else [("Zonnevlinder",)])


def test_reader_sees_the_periods_and_no_form(office):
    path = make(office.app, until=date(2025, 12, 31))
    client = office(Role.SECRETARIAAT)
    client.post(path, data=form_of(client, path, **{"periods-1-starts_on": "2027-01-01"}))

    answer = office(Role.LEZER).get(path)

    assert "01-01-2024 tot en met 31-12-2025 01-01-2027 tot en met nader order" in words(answer)
    assert BeautifulSoup(answer.text, "html.parser").select("main form") == []


def test_unknown_organisation_is_not_found(office):
    client = office(Role.SECRETARIAAT)

    assert client.get(f"{LIST}/4711").status_code == 404
    assert client.post(f"{LIST}/4711", data=FILLED).status_code == 404


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"domains": ()}, "Er is nog geen maildomein. Tot die tijd"),
        ({"until": date(2025, 1, 1)}, "Er loopt geen lidmaatschap. Tot die tijd"),
        (
            {"domains": (), "until": date(2025, 1, 1)},
            "Er is nog geen maildomein en er loopt geen lidmaatschap. Tot die tijd",
        ),
        ({}, ""),
    ],
)
def test_member_whom_nobody_would_recognise_is_pointed_out(office, values, said):
    path = make(office.app, **values)

    page = words(office(Role.LEZER).get(path))

    assert said in page
    assert ("Niemand wordt herkend aan het mailadres" in page) == bool(said)


def test_page_counts_registrations_and_leads_to_the_coming_ones(office):
    def people() -> int:
        own = make_organisation()
        soon, past = make_event(title="Straks"), make_event(title="Toen", starts_at=NOW - timedelta(days=30))
        for event in (soon, past):
            make_registration(event, make_person("Anna", "de", "Wit"), organisation_id=own.id)
        make_registration(soon, make_person("Bo", "", "Buiten"), category=Category.NIET_LID)
        make_registration(soon, make_person("Kim", "", "Weg"), state=State.CANCELLED, organisation_id=own.id)
        make_registration(soon, make_person("Els", "", "Los", address="els@elders.example"))
        other = make_organisation("Ander", domains=())
        make_registration(soon, make_person("Mo", "", "Elders"), organisation_id=other.id)
        return own.id

    path = f"{LIST}/{made(office.app, people)}"

    answer = office(Role.LEZER).get(path)

    assert listed(answer) == ["Wit, Anna de", "Buiten, Bo"]
    assert "Aanmeldingen 3, geannuleerd en verlopen niet meegeteld" in words(answer)


def test_no_more_than_fifty_coming_registrations_are_listed(office):
    def many() -> int:
        own, event = make_organisation(), make_event()
        for _ in range(51):
            make_registration(event, organisation_id=own.id)
        return own.id

    answer = office(Role.LEZER).get(f"{LIST}/{made(office.app, many)}")

    assert len(listed(answer)) == 50
    assert "De eerste 50; zoek de andere bij de bijeenkomst." in words(answer)


@pytest.mark.parametrize(
    ("periods", "said"),
    [
        ([], ""),
        ([Period(date(2024, 1, 1))], "sinds 01-01-2024"),
        ([Period(date(2024, 1, 1), date(2027, 6, 30))], "sinds 01-01-2024, eindigt op 30-06-2027"),
        ([Period(date(2020, 1, 1), date(2022, 6, 30))], "geëindigd op 30-06-2022"),
        ([Period(date(2028, 1, 1))], "begint op 01-01-2028"),
        ([Period(date(2020, 1, 1), date(2026, 12, 31)), Period(date(2027, 1, 1))], "sinds 01-01-2020"),
    ],
)
def test_membership_is_said_in_words(periods, said):
    assert wording.membership(periods, date(2026, 6, 1)) == said


def test_member_entered_here_is_recognised_and_comes_free(office):
    slug = made(office.app, lambda: make_event().slug)
    office(Role.SECRETARIAAT).post(NEW, data=FILLED)
    visitor = office.app.test_client()
    filled = {
        "email": "jan+themadag@HetKompas.example",
        "given_name": "Jan",
        "infix": "",
        "family_name": "Prins",
        "organisation": "",
        "function": "Directeur",
        "function_group": "directeur",
    }

    review = visitor.post(f"/agenda/{slug}/aanmelden", data=filled)
    visitor.post(f"/agenda/{slug}/aanmelden", data=filled | {"step": "versturen"})
    [[text]] = rows(office.app, sa.select(OutboxMail.text))
    done = visitor.post(re.search(r"/aanmelden/bevestigen/\S+", text)[0], follow_redirects=True)

    assert "u komt namens Kindcentrum Het Kompas" in words(review)
    assert "U bent aangemeld" in words(done)
    came = (Registration.state, Registration.category, Registration.price_cents, Organisation.name)
    joined = sa.select(*came).join(Organisation, Organisation.id == Registration.organisation_id)
    assert rows(office.app, joined) == [(State.CONFIRMED, Category.LID, 0, "Kindcentrum Het Kompas")]
