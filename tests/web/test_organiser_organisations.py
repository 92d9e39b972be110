"""Organisations in the back office: the list, the form with domains and periods, and that members are recognised."""

import re
from datetime import date, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from eventapp import wording
from eventapp.domain.actors import Role
from eventapp.domain.organisations import Phase
from eventapp.domain.pricing import Category, MembershipPeriod, Relation
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import (
    Membership,
    Organisation,
    OrganisationDomain,
    OrganisationInvoicing,
    OrganisationTenant,
    OutboxMail,
    Registration,
)
from tests.factories import NOW, make_event, make_organisation, make_person, make_registration
from tests.web.office import csrf_token, made, rows, signed_in, words

LIST = "/beheer/organisaties"
NEW = f"{LIST}/nieuw"
FILLED = {
    "name": "Kindcentrum Het Kompas",
    "kind": "geintegreerd",
    "phase": "samenwerking",
    "city": "Goes",
    "region": "Zeeland",
    "domains": "@HetKompas.example\r\nhetkompas.example\r\n\r\nbrêge.example; opvang.example",
    "tenants": "5F0B1C52-9C1E-4C55-8A5E-0D4F6C7B2A11",
    "periods-0-key": "",
    "periods-0-relation": "lid",
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
    data |= {s["name"]: (s.select_one("option[selected]") or s.option)["value"] for s in form.select("select")}
    return data | changes


def change(client, path: str, section: str, **changes):
    """Send the form of a section of the page with these changes."""
    return client.post(f"{path}/{section}", data=form_of(client, f"{path}/{section}", **changes))


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
    columns = (Organisation.name, Organisation.phase, Organisation.city, Organisation.region)
    assert rows(office.app, sa.select(*columns)) == [("Kindcentrum Het Kompas", Phase.SAMENWERKING, "Goes", "Zeeland")]
    assert rows(office.app, sa.select(OrganisationTenant.tenant_id)) == [("5f0b1c52-9c1e-4c55-8a5e-0d4f6c7b2a11",)]
    assert rows(office.app, sa.select(Membership.relation)) == [(Relation.LID,)]
    assert rows(office.app, DOMAINS) == [("hetkompas.example",), ("opvang.example",), ("xn--brge-hpa.example",)]
    assert rows(office.app, PERIODS) == [(date(2024, 1, 1), None)]
    said = words(client.get(answer.location))
    assert "De organisatie staat erin." in said
    assert "Ingevoerd, 5f0b1c52-9c1e-4c55-8a5e-0d4f6c7b2a11 erbij, hetkompas.example erbij" in said


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("name", " ", "Vul de naam in."),
        ("kind", "", "Kies een soort."),
        ("domains", "jan@gmail.com", "gmail.com is gratis mail: dat adres bewijst niets."),
        ("domains", "kompas", "“kompas” is geen maildomein; schrijf wat achter de @ staat, zoals organisatie.nl."),
        ("domains", "zonnevlinder.example", "zonnevlinder.example hoort al bij Zonnevlinder."),
        (
            "tenants",
            "common",
            "“common” is geen tenant-id van een organisatie: 32 cijfers en letters a-f in vijf groepen.",
        ),
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
    periods = {"periods-0-ends_on": "2026-12-31", "periods-1-starts_on": "2028-01-01"}

    change(client, path, "herkenning", domains="nieuw.example")
    change(client, path, "lidmaatschap", **periods, **{"periods-1-relation": "steunpartner"})
    change(client, path, "gegevens", city="Assen")
    answer = client.get(path)

    assert rows(office.app, DOMAINS) == [("nieuw.example",)]
    assert rows(office.app, PERIODS) == [(date(2024, 1, 1), date(2026, 12, 31)), (date(2028, 1, 1), None)]
    said = words(answer)
    assert "De wijzigingen van Zonnevlinder zijn bewaard." in said
    assert "Gewijzigd: maildomeinen, nieuw.example erbij, zonnevlinder.example eraf" in said
    assert "Gewijzigd: relatie, lidmaatschap" in said
    assert "Steunpartner 01-01-2028 nader order begint nog Lid 01-01-2024 31-12-2026 voorbij" in said


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

    answer = change(client, path, "lidmaatschap", **changes)

    assert (answer.status_code, error_beside(answer, field)) == (422, error)
    assert words(answer).count(error) == 2
    assert rows(office.app, PERIODS) == [(date(2024, 1, 1), None)]


def test_page_that_is_out_of_date_does_not_save_over_a_colleague(office):
    path = make(office.app)
    client = office(Role.SECRETARIAAT)
    old = form_of(client, f"{path}/gegevens", name="Oude blik")
    change(client, path, "herkenning", domains="zonnevlinder.example\r\nnieuw.example")

    answer = client.post(f"{path}/gegevens", data=old)

    assert answer.status_code == 422
    assert "Iemand anders heeft dit intussen gewijzigd." in words(answer)
    assert 'value="Oude blik"' in answer.text
    assert rows(office.app, DOMAINS) == [("nieuw.example",), ("zonnevlinder.example",)]


def test_stale_token_keeps_what_was_typed(make_app):
    app = make_app()
    path = f"{make(app)}/herkenning"
    client = signed_in(app)
    data = form_of(client, path, domains="getypt.example", csrf_token="oud")

    answer = client.post(path, data=data)

    assert answer.status_code == 422
    assert "Deze pagina stond lang open" in words(answer)
    assert BeautifulSoup(answer.text, "html.parser").select_one("[name=domains]").text.strip() == "getypt.example"
    assert rows(app, DOMAINS) == [("zonnevlinder.example",)]
    again = client.post(path, data=data | {"csrf_token": csrf_token(client, path)})
    assert (again.status_code, rows(app, DOMAINS)) == (303, [("getypt.example",)])


def test_ending_a_membership_first_says_how_many_registrations_it_touches(office):
    def member_with_two() -> int:
        own = make_organisation()
        for days in (30, 60):
            make_registration(make_event(starts_at=NOW + timedelta(days=days)), organisation_id=own.id)
        return own.id

    path = f"{LIST}/{made(office.app, member_with_two)}"
    client = office(Role.SECRETARIAAT)
    last = (NOW + timedelta(days=40)).date()

    asked = change(client, path, "lidmaatschap", **{"periods-0-ends_on": last.isoformat()})
    kept = rows(office.app, PERIODS)
    form = BeautifulSoup(asked.text, "html.parser").select_one("main form")
    again = {i["name"]: i.get("value", "") for i in form.select("input[name]")} | {
        "periods-0-relation": "lid",
        "periods-1-relation": "lid",
    }
    saved = client.post(f"{path}/lidmaatschap", data=again)

    assert (asked.status_code, kept) == (422, [(date(2024, 1, 1), None)])
    assert "Dit raakt 1 aanmelding" in words(asked)
    assert (saved.status_code, rows(office.app, PERIODS)) == (303, [(date(2024, 1, 1), last)])


INVOICING = {
    "legal_name": "Stichting Zonnevlinder",
    "street": "Driehoekplein",
    "house_number": "1",
    "postcode": "3511ab",
    "city": "Utrecht",
    "country": "NL",
    "kvk": "00 12 34 56",
    "btw_id": "NL 8589.88.434.B01",
    "oin": "0000 0001 2345 6789 0000",
    "address": "Crediteuren@Zonnevlinder.example",
    "reference": "Scholing",
}


def test_invoice_details_are_kept_in_one_shape_and_wiped_when_emptied(office):
    path = make(office.app)
    client = office(Role.SECRETARIAAT)

    change(client, path, "factuurgegevens", **INVOICING)
    page = words(client.get(path))
    kept = sa.select(OrganisationInvoicing.postcode, OrganisationInvoicing.kvk, OrganisationInvoicing.btw_id)
    found = rows(office.app, kept)
    change(client, path, "factuurgegevens", **dict.fromkeys(INVOICING, "") | {"country": "NL"})

    assert found == [("3511 AB", "00123456", "NL858988434B01")]
    assert "Driehoekplein 1, 3511 AB Utrecht" in page
    assert "crediteuren@zonnevlinder.example" in page
    assert rows(office.app, kept) == []
    assert "Factuurgegevens gewijzigd: statutaire naam, straat, huisnummer" in words(client.get(path))


def test_each_number_that_cannot_be_is_refused_beside_its_field(office):
    path = f"{make(office.app)}/factuurgegevens"
    wrong = {
        "postcode": "0123 AB",
        "house_number": "12a",
        "kvk": "1234567",
        "btw_id": "NL123456789B01",
        "oin": "123",
        "address": "crediteuren",
    }

    answer = office(Role.SECRETARIAAT).post(path, data=INVOICING | wrong)

    assert answer.status_code == 422
    assert {name: error_beside(answer, name) for name in INVOICING if error_beside(answer, name)} == {
        "house_number": "Alleen het nummer; letters horen bij de toevoeging.",
        "postcode": "Een postcode is vier cijfers en twee letters, zoals 1234 AB.",
        "kvk": "Een KvK-nummer heeft 8 cijfers.",
        "btw_id": "Dit btw-id klopt niet; het ziet eruit als NL123456789B01.",
        "oin": "Een OIN heeft 20 cijfers.",
        "address": "Dit is geen volledig e-mailadres, zoals naam@organisatie.nl.",
    }
    assert rows(office.app, sa.select(OrganisationInvoicing.organisation_id)) == []


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
    section = f"{path}/gegevens"
    data = form_of(office(Role.SECRETARIAAT), section) if role != Role.SECRETARIAAT else None
    client = office(role)
    data = data or form_of(client, section)

    assert [client.get(address).status_code for address in (LIST, path)] == [reads, reads]
    assert client.get(NEW).status_code == (200 if changes == 303 else 403)
    assert client.post(NEW, data=FILLED).status_code == changes
    assert client.post(section, data=data | {"name": "Omgedoopt"}).status_code == changes
    names = rows(office.app, sa.select(Organisation.name).order_by(Organisation.id))
    assert names == ([("Omgedoopt",), (FILLED["name"],)] if changes == 303 else [("Zonnevlinder",)])


def test_reader_sees_the_periods_and_nothing_to_change(office):
    path = make(office.app, until=date(2025, 12, 31))

    answer = office(Role.LEZER).get(path)

    assert "Lid 01-01-2024 31-12-2025 voorbij" in words(answer)
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select("main form, main a.button") == []


def test_unknown_organisation_is_not_found(office):
    client = office(Role.SECRETARIAAT)

    assert client.get(f"{LIST}/4711").status_code == 404
    assert client.post(f"{LIST}/4711/gegevens", data=FILLED).status_code == 404


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
    assert "Komend 2 Afgelopen jaar 1 Alles bij elkaar 3, geannuleerd en" in words(answer)


def test_no_more_than_twenty_coming_registrations_are_listed(office):
    def many() -> int:
        own, event = make_organisation(), make_event()
        for _ in range(21):
            make_registration(event, organisation_id=own.id)
        return own.id

    answer = office(Role.LEZER).get(f"{LIST}/{made(office.app, many)}")

    assert len(listed(answer)) == 20
    assert "De eerste 20; zoek de andere bij de bijeenkomst." in words(answer)


@pytest.mark.parametrize(
    ("periods", "said"),
    [
        ([], ""),
        ([MembershipPeriod(date(2024, 1, 1))], "sinds 01-01-2024"),
        ([MembershipPeriod(date(2024, 1, 1), date(2027, 6, 30))], "sinds 01-01-2024, eindigt op 30-06-2027"),
        ([MembershipPeriod(date(2020, 1, 1), date(2022, 6, 30))], "geëindigd op 30-06-2022"),
        ([MembershipPeriod(date(2028, 1, 1))], "begint op 01-01-2028"),
        (
            [MembershipPeriod(date(2020, 1, 1), date(2026, 12, 31)), MembershipPeriod(date(2027, 1, 1))],
            "sinds 01-01-2020",
        ),
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
