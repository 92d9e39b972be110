"""Free places per member organisation on the pages: what the visitor reads is what refuses, and the office's form."""

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import Event, Registration, Setting
from eventapp.queries import health
from eventapp.services.registering import Basis
from tests.booking import book
from tests.factories import make_event, make_organisation
from tests.reading import last_mail, token_in
from tests.web.office import signed_in, words
from tests.web.test_organiser_events import FILLED, carry_through, save, section_of

LIMITED = {"free_per_organisation": "3", "beyond_free": "pays", "beyond_free_cents": "45"}
PAYS = {"beyond_free": BeyondFree.PAYS, "beyond_free_cents": 4500}
MARIEKE = {
    "email": "marieke@zonnevlinder.example",
    "given_name": "Marieke",
    "family_name": "Meulen",
    "function_group": "directeur",
}


@pytest.fixture
def client(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    with app.app_context():
        make_organisation()
        yield app.test_client()


@pytest.fixture
def office(make_app):
    return signed_in(make_app(WTF_CSRF_ENABLED=False))


def text_of(answer) -> str:
    text = BeautifulSoup(answer.text, "html.parser").select_one("main").text
    return " ".join(text.replace("\xa0", " ").split())


def with_one_taken(**more) -> tuple[Event, str]:
    """An event where Zonnevlinder has one free place, which a colleague holds, and the address of its form."""
    event = make_event(free_per_organisation=1, **more)
    book(event, "collega@zonnevlinder.example")
    return event, f"/agenda/{event.slug}/aanmelden"


def test_the_review_says_beforehand_that_one_pays(client):
    _event, form = with_one_taken(**PAYS)

    review = client.post(form, data=MARIEKE)

    expected = "De gratis plaatsen van Zonnevlinder zijn vergeven; u betaalt € 45,00 (incl. btw), nadat u"
    assert (review.status_code, expected in text_of(review)) == (200, True)


@pytest.mark.parametrize("step", ["", "versturen"])
def test_with_nothing_beyond_a_kind_page_names_the_function(client, step):
    _event, form = with_one_taken()

    answer = client.post(form, data={**MARIEKE, "step": step})

    text = text_of(answer)
    assert answer.status_code == 409
    assert "De gratis plaatsen van Zonnevlinder zijn vergeven" in text
    assert "Overleg met de contactpersoon van uw organisatie." in text
    assert "collega" not in text.lower()


def test_the_function_is_a_setting(client):
    _event, form = with_one_taken()
    db.session.add(Setting(name="member_contact_function", value="uw beleidssecretaris"))
    db.session.commit()

    answer = client.post(form, data=MARIEKE)

    assert "Overleg met uw beleidssecretaris." in text_of(answer)


def test_while_there_is_a_free_place_the_review_promises_it(client):
    event = make_event(free_per_organisation=1)

    review = client.post(f"/agenda/{event.slug}/aanmelden", data=MARIEKE)

    assert "Gratis voor leden: u komt namens Zonnevlinder" in text_of(review)


def unheld(event: Event) -> str:
    """Marieke for whom no place is held; a colleague then takes the last free one. Answers her link."""
    for other in range(5):
        book(event, f"vol{other}@elders{other}.example", basis=Basis.CLAIM, visitor_key="druk")
    book(event, "marieke@zonnevlinder.example", visitor_key="druk")
    link = f"/aanmelden/bevestigen/{token_in(last_mail('confirm_address'))}"
    book(event, "collega@zonnevlinder.example", given_name="Bram", visitor_key="thuis")
    return link


def test_the_page_behind_the_link_warns_who_had_no_hold_and_the_button_leads_to_paying(client):
    link = unheld(make_event(free_per_organisation=1, **PAYS))

    page = client.get(link)
    order = client.post(link, follow_redirects=True)

    assert "De gratis plaatsen van Zonnevlinder zijn vergeven. Na het bevestigen betaalt u € 45,00" in text_of(page)
    assert "Wacht op betaling" in text_of(order)
    paying = last_mail("pay").text.replace("\xa0", " ")
    assert "De gratis plaatsen van Zonnevlinder zijn vergeven; daarom vragen wij deze bijdrage." in paying
    assert health.miscounts() == []


def test_the_page_behind_the_link_says_so_when_there_is_nothing_beyond(client):
    link = unheld(make_event(free_per_organisation=1))

    page = client.get(link)
    pressed = client.post(link)

    assert "Overleg met de contactpersoon van uw organisatie" in text_of(page)
    assert BeautifulSoup(page.text, "html.parser").select("main button") == []
    assert (pressed.status_code, "zijn vergeven" in text_of(pressed)) == (409, True)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"free_per_organisation": 3, **PAYS}, "Per lidorganisatie zijn 3 plaatsen gratis; daarna € 45."),
        ({"free_per_organisation": 1}, "Per lidorganisatie is 1 plaats gratis; meer kan niet."),
    ],
)
def test_the_page_of_the_event_says_how_many_come_in_free(client, more, sentence):
    event = make_event(**more)

    assert sentence in text_of(client.get(f"/agenda/{event.slug}"))


@pytest.mark.parametrize(
    "more",
    [{}, {"free_per_organisation": 3, **PAYS, "prices": {Category.LID: 2500}}],
    ids=["no limit", "members pay"],
)
def test_otherwise_it_says_nothing_of_that(client, more):
    event = make_event(**more)

    assert "Per lidorganisatie" not in text_of(client.get(f"/agenda/{event.slug}"))


def only_event() -> Event:
    db.session.rollback()
    return db.session.scalars(sa.select(Event)).one()


def test_the_form_keeps_what_was_filled_in(office):
    office.post("/beheer/evenementen/nieuw?soort=inspiratiebijeenkomst", data=FILLED | LIMITED)

    with office.application.app_context():
        rule = only_event().free_places
        assert (rule.per_organisation, rule.beyond, rule.beyond_cents) == (3, BeyondFree.PAYS, 4500)
        slug = only_event().slug
    again = section_of(office, slug, "prijzen")
    assert {name: again[name] for name in LIMITED} == LIMITED | {"beyond_free_cents": "45,00"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"beyond_free_cents": ""}, "Vul het bedrag in."),
        ({"beyond_free": "refused"}, "Dit geldt alleen met een aantal gratis plaatsen en “Betaalt”."),
        ({"free_per_organisation": ""}, "Dit geldt alleen met een aantal gratis plaatsen en “Betaalt”."),
        ({"free_per_organisation": "0"}, "Vul een getal van 1 tot 10.000 in."),
        ({"free_per_organisation": "drie"}, "Dit is geen geheel getal."),
        ({"admission_lid": "niet"}, "Dit kan alleen als leden gratis komen."),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(office, changes, error):
    answer = office.post("/beheer/evenementen/nieuw?soort=inspiratiebijeenkomst", data=FILLED | LIMITED | changes)

    assert answer.status_code == 422
    assert words(answer).count(error) == 2


def test_the_preview_names_the_change_and_saving_shows_on_the_page(office):
    with office.application.app_context():
        event = make_event()
        book(event, "collega@zonnevlinder.example", can_pay=True)
        slug = event.slug
    before = office.get(f"/agenda/{slug}")

    save(office, slug, "prijzen", **LIMITED)
    preview = office.get(f"/beheer/evenementen/{slug}/wijzigingen")
    saved = carry_through(office, slug)
    after = office.get(f"/agenda/{slug}", headers={"If-None-Match": before.headers["ETag"]})

    assert "Gratis plaatsen per lidorganisatie Was geen grens Wordt 3" in words(preview)
    assert "Niemand verliest een gratis plaats" in words(preview)
    assert (saved.status_code, after.status_code) == (303, 200)
    assert "Per lidorganisatie zijn 3 plaatsen gratis" in text_of(after)
    assert "Per lidorganisatie zijn 3 plaatsen gratis" in words(office.get(f"/beheer/evenementen/{slug}"))


def test_a_claim_without_a_free_place_stays_with_the_office(office):
    with office.application.app_context():
        organisation_id = make_organisation().id
        event, _form = with_one_taken()
        book(event, "fatma@elders.example", basis=Basis.CLAIM, organisation_name="Zonnevlinder", visitor_key="f")
        claim_id = db.session.scalars(sa.select(Registration.id).order_by(Registration.id.desc())).first()
        db.session.remove()

    answer = office.post(
        f"/beheer/aanmeldingen/{claim_id}/lidmaatschap",
        data={"besluit": "ja", "organisatie": organisation_id},
        follow_redirects=True,
    )

    assert "De gratis plaatsen van Zonnevlinder zijn vergeven. Het lidmaatschap is nog niet bevestigd." in words(answer)
    with office.application.app_context():
        assert db.session.get(Registration, claim_id).review == Review.PENDING


def test_adding_by_hand_above_the_free_places_asks_for_the_tick(office):
    with office.application.app_context():
        make_organisation()
        slug = with_one_taken()[0].slug
    person = {"address": "gast@zonnevlinder.example", "given_name": "Gast", "family_name": "Hand", "category": "lid"}
    person |= {"function_group": "", "attends": "fysiek"}
    address = f"/beheer/evenementen/{slug}/aanmeldingen/nieuw"

    asked = office.post(address, data=person)
    added = office.post(address, data=person | {"force": "y"})

    assert "De gratis plaatsen van Zonnevlinder zijn vergeven. Vink dit aan" in words(asked)
    with office.application.app_context():
        states = list(db.session.scalars(sa.select(Registration.state).order_by(Registration.id)))
        assert (added.status_code, states) == (303, [State.AWAITING_CONFIRMATION, State.CONFIRMED])
        assert health.miscounts() == []
