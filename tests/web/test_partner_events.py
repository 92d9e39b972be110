"""What a partner offers: said everywhere, and the partner hears of nobody who did not agree to that."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from eventapp.domain.events import EventKind, RegistrationMode
from eventapp.domain.pricing import Category, Relation
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import PartnerConsent, Registration
from eventapp.queries.sharing import shared_of
from eventapp.services import forgetting, sharing
from eventapp.services.merging import ORGANISATION, merge
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.reading import acts
from tests.web.office import signed_in, words
from tests.web.test_registration_form import MARIEKE, link_in_mail

ELSEWHERE = {"registration": RegistrationMode.ELDERS, "external_url": "https://www.ikc-dag.example/aanmelden"}
OFFERED = "aangeboden door partner Orgmodel & Co"


@pytest.fixture
def office(make_app):
    """A signed-in browser of the secretariat, in the context of its app."""
    app = make_app(WTF_CSRF_ENABLED=False)
    client = signed_in(app)
    with app.app_context():
        yield client


def partner(name: str = "Orgmodel & Co") -> int:
    domain = f"{name.split()[0].lower()}.example"
    return make_organisation(name, domains=(domain,), relation=Relation.STEUNPARTNER).id


def offered(**more):
    return make_event(kind=EventKind.PARTNERACTIVITEIT, offered_by_id=more.pop("by", None) or partner(), **more)


def names(event_id: int) -> list[str]:
    return [one.family_name for one in shared_of(event_id)]


def test_a_partner_is_named_wherever_the_event_is(office):
    event = offered(slug="dag")

    assert OFFERED in words(office.get("/"))
    assert "Aangeboden door partner Orgmodel & Co" in words(office.get("/agenda/dag"))
    assert OFFERED in words(office.get("/embed/agenda"))
    assert "Aangeboden door partner Orgmodel & Co" in words(office.get("/embed/agenda?evenement=dag"))
    assert "Aangeboden door partner Orgmodel & Co" in office.get("/agenda/dag.ics").text.replace("\r\n ", "")
    (item,) = office.get("/agenda.json").get_json(force=True)["items"]
    assert item["_event"]["offered_by"] == "Orgmodel & Co"
    page = BeautifulSoup(office.get("/agenda/dag").text, "html.parser")
    structured = json.loads(page.select_one('script[type="application/ld+json"]').text)
    assert [one["name"] for one in structured["organizer"]][1:] == ["Orgmodel & Co"]
    assert event.partner_name == "Orgmodel & Co"


def test_a_page_made_earlier_is_made_anew_when_the_partner_is_another(office):
    kept, gone = partner("Nieuwe Naam"), partner()
    offered(by=gone, slug="dag")
    before = office.get("/agenda/dag").headers["ETag"]

    merge(ORGANISATION, kept, gone, by=OFFICE, now=NOW + timedelta(hours=1))

    answer = office.get("/agenda/dag", headers={"If-None-Match": before})
    assert (answer.status_code, "partner Nieuwe Naam" in words(answer)) == (200, True)
    assert "partner Nieuwe Naam" in words(office.get("/"))


@pytest.mark.parametrize(
    ("mode", "said"),
    [(ELSEWHERE, "ikc-dag.example"), ({"registration": RegistrationMode.GEEN}, "Aanmelden is niet nodig")],
    ids=["elsewhere", "none"],
)
def test_what_is_registered_elsewhere_or_not_at_all_has_no_form_of_ours(office, mode, said):
    event = make_event(kind=EventKind.EXTERN, slug="dag", prices={}, **mode)
    path = "/agenda/dag/aanmelden"

    shown, form, sent = (
        office.get("/agenda/dag"),
        office.get(path),
        office.post(path, data={**MARIEKE, "step": "versturen"}),
    )

    assert said in words(shown)
    assert (form.status_code, sent.status_code) == (409, 409)
    assert "mijn-link" not in form.text
    assert office.get("/agenda/dag").text.count('/aanmelden"') == ("external_url" in mode)
    assert said in words(office.get("/embed/agenda?evenement=dag"))
    assert said in office.get("/agenda/dag.ics").text.replace("\r\n ", "")
    assert said in office.get("/agenda.atom").text
    (item,) = office.get("/agenda.json").get_json(force=True)["items"]
    assert item["_event"]["registration"] == event.registration.value
    assert item["_event"].get("register_url", "") == event.external_url
    assert db.session.scalars(sa.select(Registration.id)).all() == []


def test_who_ticks_it_is_on_the_list_until_they_take_it_back(office):
    make_organisation()
    event = offered(slug="dag", prices={Category.LID: 0})
    event_id, partner_id = event.id, event.offered_by_id
    path = "/agenda/dag/aanmelden"
    tick = BeautifulSoup(office.get(path).text, "html.parser").select_one('input[name="partner"]')

    review = office.post(path, data={**MARIEKE, "partner": tick["value"]})
    carried = BeautifulSoup(review.text, "html.parser").select_one('input[name="partner"]')["value"]
    office.post(path, data={**MARIEKE, "partner": carried, "step": "versturen"})
    unproven = names(event_id)
    done = office.post(link_in_mail("/aanmelden/bevestigen/"), follow_redirects=True)
    agreed = names(event_id)
    ticket = BeautifulSoup(done.text, "html.parser").select_one('a[href^="/ticket/"]')["href"].partition(".")[0]
    said = words(office.get(ticket))
    office.post(f"{ticket}/partner", data={"partner": partner_id, "keuze": "nee"})

    assert not tick.has_attr("checked")
    assert "Naam en organisatie naar Orgmodel & Co Ja" in words(review)
    assert (unproven, agreed, names(event_id)) == ([], ["Meulen"], [])
    assert "Mijn naam en organisatie mogen naar Orgmodel & Co." in said
    assert "Mijn naam en organisatie mogen naar Orgmodel & Co" in words(office.get(ticket))
    row = db.session.scalars(sa.select(PartnerConsent)).one()
    assert (row.text_version, row.stands) == ("2026-11", False)
    assert acts()[-1] == "sharing_withdrawn"


@pytest.mark.parametrize("value", ["y", "987654"])
def test_nothing_but_the_tick_for_this_partner_is_a_yes(office, value):
    make_organisation()
    event = offered(slug="dag", prices={Category.LID: 0})

    office.post("/agenda/dag/aanmelden", data={**MARIEKE, "partner": value, "step": "versturen"})

    assert len(db.session.scalars(sa.select(Registration.id)).all()) == 1
    assert db.session.scalars(sa.select(PartnerConsent)).all() == []
    assert names(event.id) == []


def test_the_list_holds_names_and_organisations_of_who_agreed_and_making_it_is_logged(office):
    event = offered(slug="dag")
    partner_id, other = event.offered_by_id, partner("Anders")
    people = {
        "Ja": (State.CONFIRMED, partner_id),
        "Afgemeld": (State.CANCELLED, partner_id),
        "Andere": (State.CONFIRMED, other),
        "Nee": (State.CONFIRMED, None),
    }
    for family_name, (state, agreed_with) in people.items():
        person = make_person("Jo", "", family_name, address=f"{family_name.lower()}@geheim.example")
        one = make_registration(event, person, state=state, organisation_name="=Zonnevlinder", function="Geheim")
        if agreed_with:
            consent = PartnerConsent(organisation_id=agreed_with, text_version="2026-11", agreed_at=NOW)
            consent.registration_id = one.id
            db.session.add(consent)
    db.session.commit()

    page = office.get("/beheer/evenementen/dag/partnerlijst")
    files = {kind: office.post(f"/beheer/evenementen/dag/partnerlijst.{kind}") for kind in ("csv", "xlsx", "pdf")}

    assert ("1 persoon gaf toestemming" in words(page), "Ja, Jo" in page.text) == (True, False)
    assert files["csv"].data.decode("utf-8-sig").splitlines() == ["Naam;Organisatie", "Ja, Jo;'=Zonnevlinder"]
    assert {kind: answer.status_code for kind, answer in files.items()} == dict.fromkeys(files, 200)
    assert b"geheim" not in b"".join(answer.data.lower() for answer in files.values())
    assert acts()[-3:] == ["partner_list_seen"] * 3
    assert office.get("/beheer/evenementen/dag/partnerlijst.csv").status_code == 405


def test_who_is_forgotten_or_does_not_come_is_forgotten_by_the_partner_too(office):
    event = offered()
    for state in (State.CONFIRMED, State.CANCELLED):
        one = make_registration(event, state=state)
        db.session.add(
            PartnerConsent(
                registration_id=one.id, organisation_id=event.offered_by_id, text_version="2026-11", agreed_at=NOW
            )
        )
    db.session.commit()

    first = forgetting.sweep(now=NOW).sharing
    later = forgetting.sweep(now=event.ends_at + timedelta(days=800)).sharing

    assert (first, later) == (1, 1)


def test_taking_it_back_stays_possible_and_agreeing_with_another_partner_does_not(office):
    event = offered(slug="dag")
    one = make_registration(event)
    one_id, before, other = one.id, event.offered_by_id, partner("Anders")
    sharing.say(one_id, before, agreed=True, by=OFFICE, now=NOW)
    event.offered_by_id = other
    db.session.commit()
    token = db.session.get(Registration, one_id).ticket.token

    refused = office.post(f"/ticket/{token}/partner", data={"partner": before, "keuze": "ja"})
    sharing.say(one_id, before, agreed=False, by=OFFICE, now=NOW + timedelta(days=400))
    late = office.post(f"/ticket/{token}/partner", data={"partner": 424242, "keuze": "ja"})

    assert (refused.status_code, late.status_code) == (303, 409)
    assert not db.session.scalars(sa.select(PartnerConsent)).one().stands
