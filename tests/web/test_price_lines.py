"""Lines for some kinds of organisations: written in the event's form, read on its page, met when registering."""

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from eventapp import wording
from eventapp.domain.actors import Role
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.pricing import Admission, Category, PriceLine, Relation
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, Registration
from eventapp.web import presenting
from tests.factories import make_event, make_organisation
from tests.web.office import signed_in, words
from tests.web.test_organiser_events import FILLED, published, save, section_of

GEMEENTE, JEUGDHULP, OPVANG = OrganisationKind.GEMEENTE, OrganisationKind.JEUGDHULP, OrganisationKind.KINDEROPVANG
MEMBERS_FREE = PriceLine(Category.LID, Admission.GRATIS)
OUTSIDERS_PAY = PriceLine(Category.NIET_LID, Admission.PRIJS, 6000)
NEW = "/beheer/evenementen/nieuw?soort=inspiratiebijeenkomst"
ROW = {
    "only1_category": "niet-lid",
    "only1_kinds": ["gemeente", "jeugdhulp"],
    "only1_admission": "gratis",
    "only1_amount": "",
}


def only(*kinds: OrganisationKind, admission: Admission = Admission.GRATIS, cents: int = 0, of=Category.NIET_LID):
    return PriceLine(of, admission, cents, frozenset(kinds))


@pytest.fixture
def office(make_app):
    """A signed-in browser of the secretariat; its `application` is the app behind it."""
    return signed_in(make_app(WTF_CSRF_ENABLED=False))


def lines_of(client) -> set[PriceLine]:
    with client.application.app_context():
        return set(db.session.scalars(sa.select(Event)).one().price_lines)


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([MEMBERS_FREE, OUTSIDERS_PAY, only(GEMEENTE)], "Gratis voor leden en gemeenten; € 60 voor niet-leden"),
        (
            [MEMBERS_FREE, OUTSIDERS_PAY, only(JEUGDHULP, GEMEENTE, admission=Admission.PRIJS, cents=2500)],
            "Gratis voor leden; € 25 voor gemeenten en jeugdhulporganisaties; € 60 voor niet-leden",
        ),
        (
            [only(OPVANG, of=Category.LID), OUTSIDERS_PAY],
            "Gratis voor leden (kinderopvangorganisaties); € 60 voor niet-leden",
        ),
        ([MEMBERS_FREE, only(GEMEENTE)], "Gratis voor leden en gemeenten"),
        (
            [MEMBERS_FREE, PriceLine(Category.NIET_LID, Admission.GRATIS), only(GEMEENTE, admission=Admission.NIET)],
            "Gratis voor leden en niet-leden",
        ),
    ],
)
def test_the_prices_in_words_name_the_kinds(lines, text):
    assert presenting.price_text(lines).replace("\N{NO-BREAK SPACE}", " ") == text


def test_the_rows_say_it_of_every_group_and_also_who_is_kept_out():
    rows = presenting.price_rows([MEMBERS_FREE, only(GEMEENTE), only(JEUGDHULP, admission=Admission.NIET)])

    assert rows == [("Leden", "gratis"), ("Gemeenten", "gratis"), ("Jeugdhulporganisaties", "niet toegankelijk")]


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        (
            {"via": "domain", "organisation": "Voorbeeldstad", "detail": "voorbeeldstad.example", "kind": "gemeente"},
            "niet-lid via @voorbeeldstad.example (Voorbeeldstad, gemeente)",
        ),
        (
            {"via": "named", "organisation": "Voorbeeldstad", "detail": "Kees", "kind": "gemeente"},
            "niet-lid via Voorbeeldstad, gemeente",
        ),
        ({"via": "none"}, "niet-lid"),
    ],
)
def test_the_reason_of_a_niet_lid_says_where_they_work(facts, text):
    assert wording.reason({"category": "niet-lid", **facts}) == text


def test_a_row_of_the_form_becomes_a_line_and_is_shown_again(office):
    answer = office.post(NEW, data=FILLED | ROW)

    assert answer.status_code == 303
    assert only(GEMEENTE, JEUGDHULP) in lines_of(office)
    shown = section_of(office, "een-team-twee-cao-s", "prijzen")
    assert {name: shown[name] for name in ROW} == ROW
    assert "only2_kinds" not in shown
    assert "Gemeenten en jeugdhulporganisaties" in words(office.get(answer.location))


def test_an_emptied_row_takes_its_line_away_and_leaves_the_others(office):
    office.post(NEW, data=FILLED | ROW)
    before = lines_of(office)

    data = section_of(office, "een-team-twee-cao-s", "prijzen", only1_admission="")
    del data["only1_kinds"]
    answer = office.post("/beheer/evenementen/een-team-twee-cao-s/bewerken/prijzen", data=data)

    assert answer.status_code == 303
    assert lines_of(office) == before - {only(GEMEENTE, JEUGDHULP)}


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"only1_kinds": []}, "only1_kinds", "Kruis aan voor welke organisaties"),
        ({"only1_admission": ""}, "only1_admission", "Kies de toegang"),
        ({"only1_admission": "prijs"}, "only1_amount", "Vul het bedrag in"),
        ({"only1_amount": "25"}, "only1_admission", "Er staat een bedrag"),
        ({"only1_amount": "veel"}, "only1_amount", "Dit is geen bedrag"),
        ({"only1_kinds": ["kerk"]}, "only1_kinds", "ongeldige keuze"),
        (
            {"only2_category": "niet-lid", "only2_kinds": ["gemeente", "welzijn"], "only2_admission": "niet"},
            "only2_kinds",
            "Hierboven staat al een regel voor gemeenten.",
        ),
    ],
)
def test_an_error_stands_beside_its_field_in_an_open_row(office, changes, field, error):
    answer = office.post(NEW, data=FILLED | ROW | changes)

    page = BeautifulSoup(answer.text, "html.parser")
    shown = page.select_one(f"#{field}-fout")
    assert answer.status_code == 422
    assert error in shown.text
    assert shown.find_parent("details").has_attr("open")


def test_the_same_kind_may_stand_in_lines_of_two_categories(office):
    second = {"only2_category": "lid", "only2_kinds": ["gemeente"], "only2_admission": "prijs", "only2_amount": "10"}

    office.post(NEW, data=FILLED | ROW | second)

    paid = only(GEMEENTE, of=Category.LID, admission=Admission.PRIJS, cents=1000)
    assert {paid, only(GEMEENTE, JEUGDHULP)} < lines_of(office)


def test_the_preview_says_for_whom_the_price_changes(office):
    slug = published(office.application)

    save(office, slug, "prijzen", **ROW)
    preview = words(office.get(f"/beheer/evenementen/{slug}/wijzigingen"))

    assert "Gemeenten en jeugdhulporganisaties was geen eigen regel, wordt gratis" in preview
    assert "Niet-leden was" not in preview


def test_a_group_whose_own_line_goes_is_not_said_to_be_kept_out():
    changes = presenting.price_changes([MEMBERS_FREE, only(GEMEENTE)], [only(GEMEENTE, JEUGDHULP)])

    assert changes == [
        ("Leden", "was gratis, wordt niet"),
        ("Gemeenten", "was gratis, wordt geen eigen regel"),
        ("Gemeenten en jeugdhulporganisaties", "was geen eigen regel, wordt gratis"),
    ]


def test_the_day_that_counts_is_a_setting(make_app):
    browser = signed_in(make_app(WTF_CSRF_ENABLED=False), Role.BEHEERDER)
    page = BeautifulSoup(browser.get("/beheer/instellingen").text, "html.parser")
    data = {i["name"]: i.get("value", "") for i in page.select("main form input[name]")}

    answer = browser.post("/beheer/instellingen", data=data | {"membership_on": "booking"})

    chosen = BeautifulSoup(browser.get("/beheer/instellingen").text, "html.parser")
    assert answer.status_code == 303
    assert chosen.select_one("#membership_on option[selected]")["value"] == "booking"


@pytest.fixture
def visitor(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    with app.app_context():
        make_organisation(
            "Gemeente Voorbeeldstad", domains=("voorbeeldstad.example",), kind=GEMEENTE, relation=Relation.GEEN
        )
        yield app.test_client()


OFFICIAL = {
    "email": "wim@voorbeeldstad.example",
    "given_name": "Wim",
    "infix": "",
    "family_name": "Ambtenaar",
    "organisation": "",
    "function": "",
    "function_group": "",
}


def test_somebody_from_a_municipality_is_asked_the_ground_and_comes_free(visitor):
    event = make_event(prices={Category.LID: 0, Category.NIET_LID: 6000}, narrowed=(only(GEMEENTE),))
    address = f"/agenda/{event.slug}/aanmelden"

    asked = words(visitor.post(address, data=OFFICIAL))
    review = words(visitor.post(address, data=OFFICIAL | {"basis": "niet-lid"}))
    sent = visitor.post(address, data=OFFICIAL | {"basis": "niet-lid", "step": "versturen"})

    assert "Gratis: u komt namens Gemeente Voorbeeldstad." in asked
    assert "Gratis voor gemeenten: u komt namens Gemeente Voorbeeldstad" in review
    assert sent.status_code == 303
    found = db.session.scalars(sa.select(Registration)).one()
    assert (found.state, found.price_cents) == (State.AWAITING_CONFIRMATION, 0)


def test_where_only_municipalities_come_besides_members_they_do(visitor):
    event = make_event(prices={Category.KERNPARTNER: 0}, narrowed=(only(GEMEENTE),))

    page = visitor.post(f"/agenda/{event.slug}/aanmelden", data=OFFICIAL | {"basis": "niet-lid"})

    assert "Klopt dit?" in words(page)


def test_a_kind_that_is_kept_out_is_told_so_where_strangers_come_free(visitor):
    kept_out = only(GEMEENTE, admission=Admission.NIET)
    event = make_event(prices={Category.NIET_LID: 0}, narrowed=(kept_out,))

    page = visitor.post(f"/agenda/{event.slug}/aanmelden", data=OFFICIAL)

    assert page.status_code == 403
    assert "Gemeenten niet toegankelijk" in words(page)
