"""Registering colleagues in the browser, without JavaScript: adding, taking out, choosing, and what shows to whom."""

import re

import pytest
from bs4 import BeautifulSoup

from eventapp.domain.events import EventForm
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import OrganisationPerson
from eventapp.services import dividing, signing_in
from eventapp.services.dividing import PoolDetails
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.reading import all_mails, last_mail, registrations, states, token_in

MARIEKE = {
    "email": "marieke@zonnevlinder.example",
    "given_name": "Marieke",
    "infix": "van der",
    "family_name": "Meulen",
    "organisation": "",
    "function": "Directeur",
    "function_group": "directeur",
}


@pytest.fixture
def client(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    with app.app_context():
        yield app.test_client()


def along(number: int, name: str, domain: str = "zonnevlinder.example", **more: str) -> dict[str, str]:
    """The fields of one colleague."""
    fields = {"given_name": name, "infix": "", "family_name": "Bakker", "email": f"{name.lower()}@{domain}"} | more
    return {f"colleagues-{number}-{field}": value for field, value in fields.items()}


THREE = {**MARIEKE, **along(0, "Bram"), **along(1, "Lotte")}


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def text_of(response) -> str:
    return " ".join(soup(response).select_one("main").text.split())


def sent_by(response) -> dict[str, str]:
    """What the form on this page would send, without a button."""
    form = soup(response).select_one("form.form")
    fields = {
        field["name"]: field.get("value", "") for field in form.select("input[name]") if field["type"] != "checkbox"
    }
    ticked = {field["name"]: "y" for field in form.select("input[type=checkbox][checked]")}
    options = {field["name"]: field.select_one("[selected]") for field in form.select("select")}
    return fields | ticked | {name: option["value"] for name, option in options.items() if option}


def test_a_director_registers_two_colleagues_and_each_has_a_ticket_of_their_own(client):
    make_organisation()
    event = make_event()
    url = f"/agenda/{event.slug}/aanmelden"

    added = client.post(url, data={**MARIEKE, "step": "collega"})
    added_again = client.post(url, data={**sent_by(added), **along(0, "Bram"), "step": "collega"})
    one_out = client.post(url, data={**sent_by(added_again), **along(1, "Lotte"), "step": "weg-0"})
    review = client.post(url, data=THREE)
    page = client.post(url, data={**sent_by(review), "step": "versturen"}, follow_redirects=True)
    link = f"/aanmelden/bevestigen/{token_in(last_mail('confirm_group'))}"
    proof = client.get(link)
    before = states()
    order = client.post(link, follow_redirects=True)

    assert soup(added).select_one("#colleagues-0-email") and not soup(added).select(".error-summary")
    assert soup(added_again).select_one("#colleagues-0-given_name")["value"] == "Bram"
    assert [field["value"] for field in soup(one_out).select("[name$=given_name]")] == ["Marieke", "Lotte"]
    assert "Meld 3 mensen aan" in text_of(review)
    assert text_of(review).count("Gratis, namens Zonnevlinder") == 3
    assert "deze 3 mensen" in text_of(page)
    assert "Bevestig deze 3 aanmeldingen" in text_of(proof)
    assert before == [State.AWAITING_CONFIRMATION] * 3
    tickets = [registration.ticket for registration in registrations()]
    assert [ticket.token in order.text for ticket in tickets] == [True, False, False]
    assert not any(ticket.code in order.text for ticket in tickets)
    assert text_of(order).count("Aangemeld") == 3


def test_two_places_for_three_give_the_form_back_with_everything_and_a_choice(client):
    make_organisation()
    event = make_event(capacity=2)
    url = f"/agenda/{event.slug}/aanmelden"

    answer = client.post(url, data={**THREE, "step": "versturen"})
    kept = sent_by(answer)
    first_two = client.post(url, data={**kept, "step": "passend"})
    other_choice = client.post(url, data={**kept, "colleagues-0-skip": "y"})
    back = client.post(url, data={**sent_by(first_two), "step": "wijzigen"})
    client.post(url, data={**sent_by(other_choice), "step": "versturen"})

    assert answer.status_code == 409
    assert "Alleen de eerste 2" in text_of(answer)
    assert "Voor deze persoon is er geen plaats meer." in text_of(answer)
    assert {name: value for name, value in kept.items() if name in THREE} == THREE
    assert ("Bram Bakker" in text_of(first_two), "Lotte Bakker" in text_of(first_two)) == (True, False)
    assert soup(back).select_one("#colleagues-1-skip[checked]")
    assert [one.person.given_name for one in registrations()] == ["Marieke", "Lotte"]


def test_a_full_form_or_pool_says_who_fits_and_how_many_places_are_left(client):
    """The event has places for all of them; on the spot there is one left, and for members two."""
    make_organisation()
    event = make_event(form=EventForm.HYBRIDE)
    dividing.divide_forms(event.id, {EventForm.FYSIEK: 1, EventForm.ONLINE: 5}, by=OFFICE, now=NOW)
    details = PoolDetails("leden", 2, categories=frozenset({Category.LID}))
    dividing.add_pool(event.id, details, by=OFFICE, now=NOW)
    url = f"/agenda/{event.slug}/aanmelden"

    on_the_spot = client.post(url, data={**THREE, "attends": "fysiek", "step": "versturen"})
    online = client.post(url, data={**THREE, "attends": "online", "step": "versturen"})
    fitting = client.post(url, data={**sent_by(online), "attends": "online", "step": "passend"})
    client.post(url, data={**sent_by(fitting), "attends": "online", "step": "versturen"})

    assert (on_the_spot.status_code, online.status_code) == (409, 409)
    assert "Er is nog 1 plaats op locatie. Er is nog niemand aangemeld" in text_of(on_the_spot)
    assert text_of(on_the_spot).count("Voor deze persoon is er geen plaats meer op locatie.") == 2
    assert "Er zijn nog 2 plaatsen voor leden. Er is nog niemand aangemeld" in text_of(online)
    assert text_of(online).count("Voor deze persoon is er geen plaats meer bij de plaatsen voor leden.") == 1
    assert "Alleen de eerste 2" in text_of(online)
    assert [(one.person.given_name, one.attends) for one in registrations()] == [
        ("Marieke", EventForm.ONLINE),
        ("Bram", EventForm.ONLINE),
    ]


def test_mistakes_stand_beside_the_field_of_that_colleague_and_in_the_summary(client):
    make_organisation()
    event = make_event()
    wrong = along(0, "Bram", family_name="") | along(1, "Lotte", email="lotte") | along(2, "", email="", family_name="")
    same = along(3, "Marieke", infix="van der", family_name="Meulen", email=MARIEKE["email"])

    answer = client.post(f"/agenda/{event.slug}/aanmelden", data={**MARIEKE, **wrong, **same})

    summary = [link["href"] for link in soup(answer).select(".error-summary a")]
    assert summary == ["#colleagues-0-family_name", "#colleagues-1-email", "#colleagues-3-family_name"]
    assert "Collega 1: Vul de achternaam in." in soup(answer).select_one("#colleagues-0-family_name-fout").text
    assert "deze persoon staat er al bij" in soup(answer).select_one("#colleagues-3-family_name-fout").text
    assert registrations() == []


def test_the_page_tells_nobody_which_colleague_was_known(client):
    make_organisation()
    event = make_event()
    url = f"/agenda/{event.slug}/aanmelden"
    make_registration(event, make_person("Bram", "", "Bakker", address="bram@zonnevlinder.example"))

    known = client.post(url, data={**MARIEKE, **along(0, "Bram"), "step": "versturen"}, follow_redirects=True)
    other = {**MARIEKE, "email": "x@zonnevlinder.example", **along(0, "Sanne"), "step": "versturen"}
    unknown = client.post(url, data=other, follow_redirects=True)

    assert text_of(known).replace("marieke@", "x@") == text_of(unknown)


def test_the_order_says_neither_who_was_registered_nor_what_is_not_decided(client):
    """Bram came already; what Lotte is said to be, the office still looks at."""
    make_organisation()
    event = make_event()
    make_registration(event, make_person("Bram", "", "Bakker", address="bram@zonnevlinder.example"))
    claimed = along(1, "Lotte", "gratismail.example")
    data = {**MARIEKE, **along(0, "Bram"), **claimed, **along(2, "Sanne"), "step": "versturen"}
    client.post(f"/agenda/{event.slug}/aanmelden", data=data)

    order = client.post(f"/aanmelden/bevestigen/{token_in(last_mail('confirm_group'))}", follow_redirects=True)

    words = text_of(order)
    assert ("al aangemeld" in words, "Bram" in words) == (False, False)
    lotte = words[words.index("Lotte Bakker") : words.index("Sanne Bakker")]
    assert ("Lidmaatschap wordt nagekeken" in lotte, "CategorieLid " in lotte) == (True, False)
    assert "CategorieLid " in words[words.index("Sanne Bakker") :]


def test_a_colleague_sees_the_own_ticket_never_the_order_and_can_say_that_it_is_not_right(client):
    make_organisation()
    make_organisation("Spruit", domains=("spruit.example",))
    event = make_event()
    data = {**MARIEKE, **along(0, "Bram"), **along(1, "Fatma", "spruit.example"), "step": "versturen"}
    client.post(f"/agenda/{event.slug}/aanmelden", data=data)
    client.post(f"/aanmelden/bevestigen/{token_in(last_mail('confirm_group'))}")
    stranger = client.application.test_client()

    link = f"/aanmelden/bevestigen/{token_in(last_mail('confirm_address'))}"
    asked = stranger.get(link)
    landed = stranger.post(link)
    used = stranger.get(link)
    order_token = registrations()[0].order.token
    not_right = f"/ticket/{registrations()[1].ticket.token}/klopt-niet"
    looked = stranger.get(not_right)
    before = states()
    done = stranger.post(not_right, follow_redirects=True)

    assert "Marieke van der Meulen heeft u aangemeld." in text_of(asked)
    assert "Bram" not in text_of(asked)
    assert landed.location == f"/ticket/{registrations()[2].ticket.token}"
    assert [order_token in page.text for page in (asked, landed, used, looked, done)] == [False] * 5
    assert (before, states()) == (
        [State.CONFIRMED] * 3,
        [State.CONFIRMED, State.CANCELLED, State.CONFIRMED],
    )
    assert "Uw bericht is doorgegeven" in text_of(done)
    to_colleagues = [mail for mail in all_mails() if mail.to_address != MARIEKE["email"]]
    assert [order_token in mail.text + mail.html for mail in to_colleagues] == [False] * len(to_colleagues)


def test_whoever_booked_withdraws_one_or_all(client):
    make_organisation()
    event = make_event()
    client.post(f"/agenda/{event.slug}/aanmelden", data={**THREE, "step": "versturen"})
    client.post(f"/aanmelden/bevestigen/{token_in(last_mail('confirm_group'))}")
    url = f"/bestelling/{registrations()[0].order.token}/afmelding"

    client.post(f"{url}/{registrations()[1].id}")
    after_one = states()
    asked = client.get(url)
    client.post(url)

    assert after_one == [State.CONFIRMED, State.CANCELLED, State.CONFIRMED]
    assert "2 mensen afmelden?" in text_of(asked)
    assert states() == [State.CANCELLED] * 3


def signed_in(client, address: str) -> None:
    signing_in.request_link(address, visitor_key="x", now=NOW)
    link = re.search(r"/inloggen/[\w-]+", last_mail("sign_in").text)[0]
    client.post(link)


def test_who_is_signed_in_finds_the_own_details_and_is_asked_for_whom_they_come(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    with app.app_context():
        make_organisation()
        spruit = make_organisation("Spruit", domains=("spruit.example",))
        person = make_person(address=MARIEKE["email"], proven=True)
        until = NOW.date().replace(year=NOW.year + 1)
        naming = {"starts_on": NOW.date(), "ends_on": until, "named_by": "secretariaat"}
        db.session.add(OrganisationPerson(organisation=spruit, person=person, **naming))
        make_registration(make_event(), person, function="Bestuurder", function_group="bestuurder")
        url = f"/agenda/{make_event(prices={Category.LID: 0}).slug}/aanmelden"
        signing_in.request_link(MARIEKE["email"], visitor_key="x", now=NOW)
        link = re.search(r"/inloggen/[\w-]+", last_mail("sign_in").text)[0]
        spruit_id = str(spruit.id)
    client = app.test_client()
    stranger = client.post(url, data=MARIEKE)
    client.post(link)

    form = client.get(url)
    asked = client.post(url, data=sent_by(form))
    review = client.post(url, data={**sent_by(asked), "on_behalf": spruit_id})
    client.post(url, data={**sent_by(review), "step": "versturen"})

    filled = sent_by(form)
    assert (filled["email"], filled["family_name"], filled["function"]) == (MARIEKE["email"], "Meulen", "Bestuurder")
    assert filled["function_group"] == "bestuurder"
    assert "Spruit" not in text_of(stranger)
    assert "Namens wie komt u?" in text_of(asked)
    with app.app_context():
        found = registrations()[-1]
        assert (found.organisation_name, found.reason["via"]) == ("Spruit", "named")
