"""Registering in the browser, without an account: every way in, and every way it can go wrong."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from config import TestConfig
from eventapp.domain.events import EventState
from eventapp.domain.limits import LIMITS
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import OutboxMail, Registration
from eventapp.services import knowing
from tests.factories import OFFICE, make_event, make_organisation, make_person, make_registration

NOW = TestConfig.NOW
MARIEKE = {
    "email": "marieke@zonnevlinder.example",
    "given_name": "Marieke",
    "infix": "van der",
    "family_name": "Meulen",
    "organisation": "",
    "function": "Directeur",
    "function_group": "directeur",
}
OUTSIDER = {**MARIEKE, "email": "fatma@gratismail.example", "given_name": "Fatma", "infix": "", "family_name": "Yıldız"}


@pytest.fixture
def client(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    with app.app_context():
        yield app.test_client()


def registrations() -> list[Registration]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Registration).order_by(Registration.id)))


def mails() -> list[tuple[str, str]]:
    return [
        tuple(row)
        for row in db.session.execute(sa.select(OutboxMail.kind, OutboxMail.to_address).order_by(OutboxMail.id))
    ]


def link_in_mail(pattern: str) -> str:
    text = db.session.scalars(sa.select(OutboxMail.text).order_by(OutboxMail.id.desc())).first()
    return re.search(rf"http://127\.0\.0\.1:8000({pattern}\S*)", text).group(1)


def text_of(response) -> str:
    return " ".join(BeautifulSoup(response.text, "html.parser").select_one("main").text.split())


def test_member_registers_free_and_is_confirmed_by_the_mailed_link(client):
    make_organisation()
    event = make_event()
    url = f"/agenda/{event.slug}/aanmelden"

    review = client.post(url, data=MARIEKE)
    sent = client.post(url, data={**MARIEKE, "step": "versturen"}, follow_redirects=True)
    link = link_in_mail("/aanmelden/bevestigen/")
    proof = client.get(link)
    unchanged = registrations()[0].state
    done = client.post(link, follow_redirects=True)

    assert "u komt namens Zonnevlinder" in text_of(review)
    assert "marieke@zonnevlinder.example" in text_of(sent)
    assert "Marieke van der Meulen" in text_of(proof)
    assert unchanged == State.AWAITING_CONFIRMATION
    assert "U bent aangemeld" in text_of(done)
    assert [(r.state, r.category, r.price_cents) for r in registrations()] == [(State.CONFIRMED, Category.LID, 0)]
    assert mails() == [
        ("confirm_address", "marieke@zonnevlinder.example"),
        ("confirmed", "marieke@zonnevlinder.example"),
    ]


def test_used_link_is_a_calm_page_with_the_way_on(client):
    make_organisation()
    event = make_event()
    client.post(f"/agenda/{event.slug}/aanmelden", data={**MARIEKE, "step": "versturen"})
    link = link_in_mail("/aanmelden/bevestigen/")
    client.post(link)

    again = client.post(link)

    assert "Deze link is al gebruikt" in text_of(again)
    assert "Naar mijn aanmelding" in text_of(again)
    assert len(mails()) == 2


def test_unknown_link_is_a_calm_page(client):
    answer = client.get("/aanmelden/bevestigen/dit-is-niets")

    assert answer.status_code == 404
    assert "Deze link kennen wij niet" in text_of(answer)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "marieke", "Dit is geen volledig e-mailadres"),
        ("email", "", "Vul uw e-mailadres in."),
        ("family_name", " ", "Vul uw achternaam in."),
        ("given_name", "x" * 101, "100"),
        ("function_group", "keizer", "geldige keuze"),
    ],
)
def test_bad_input_is_said_beside_the_field_and_keeps_what_was_typed(client, field, value, words):
    event = make_event()

    answer = client.post(f"/agenda/{event.slug}/aanmelden", data={**MARIEKE, field: value})
    page = BeautifulSoup(answer.text, "html.parser")

    assert answer.status_code == 422
    assert words in page.select_one(f"#{field}-fout").text
    assert page.select_one(".error-summary a")["href"] == f"#{field}"
    assert page.select_one("#function")["value"] == "Directeur"
    assert registrations() == []


def test_stale_token_gives_the_form_back_filled_in(make_app):
    app = make_app()
    with app.app_context():
        event = make_event()
        client = app.test_client()
        answer = client.post(
            f"/agenda/{event.slug}/aanmelden", data={**MARIEKE, "csrf_token": "oud", "step": "versturen"}
        )
    page = BeautifulSoup(answer.text, "html.parser")

    assert answer.status_code == 422
    assert "stond lang open" in page.select_one(".error-summary").text
    assert page.select_one("#email")["value"] == MARIEKE["email"]
    assert page.select_one("[name=csrf_token]")["value"] != "oud"


def test_outsider_is_asked_on_what_ground_and_sees_the_price_before_the_button(client):
    event = make_event()
    make_organisation()
    url = f"/agenda/{event.slug}/aanmelden"

    asked = client.post(url, data=OUTSIDER)
    slipped = client.post(url, data={**OUTSIDER, "email": "fatma@zonevlinder.example"})
    review = client.post(url, data={**OUTSIDER, "basis": "niet-lid"})

    assert "Wij herkennen uw adres niet" in text_of(asked) and "Bedoelde u" not in text_of(asked)
    assert "Bedoelde u fatma@zonnevlinder.example?" in text_of(slipped)
    assert "€\xa095,00 (incl. btw)" in asked.text
    assert "Betaal €\xa095" in BeautifulSoup(review.text, "html.parser").select_one("button[value=versturen]").text
    assert registrations() == []


def test_without_a_provider_nothing_paid_is_booked(client):
    event = make_event()

    answer = client.post(f"/agenda/{event.slug}/aanmelden", data={**OUTSIDER, "basis": "niet-lid", "step": "versturen"})

    assert answer.status_code == 409
    assert "Online betalen kan op dit moment niet" in text_of(answer)
    assert registrations() == []


def test_claim_names_the_organisation_and_holds_a_place_without_a_price(client):
    event = make_event()
    url = f"/agenda/{event.slug}/aanmelden"
    claim = {**OUTSIDER, "basis": "medewerker"}

    without = client.post(url, data=claim)
    client.post(url, data={**claim, "organisation": "Spruit en Zo", "step": "versturen"})
    done = client.post(link_in_mail("/aanmelden/bevestigen/"), follow_redirects=True)

    assert without.status_code == 422
    assert "Vul in bij welk lid u werkt." in text_of(without)
    assert "Het secretariaat kijkt naar uw aanmelding" in text_of(done)
    assert "Wacht op het secretariaat" in text_of(done)
    assert "Stuur de mail opnieuw" not in text_of(done)
    found = registrations()[0]
    assert (found.state, found.review, found.claimed_organisation) == (
        State.AWAITING_CONFIRMATION,
        Review.PENDING,
        "Spruit en Zo",
    )
    assert event.capacities[0].taken == 1


def test_outsider_at_a_members_day_is_told_why_and_what_to_do(client):
    event = make_event(prices={Category.LID: None})

    answer = client.post(f"/agenda/{event.slug}/aanmelden", data=OUTSIDER)

    assert answer.status_code == 403
    assert "Deze bijeenkomst is niet voor iedereen" in text_of(answer)
    assert "Wat kunt u doen?" in text_of(answer)


def test_ambassador_and_stranger_get_the_same_page_and_a_different_mail(client):
    from datetime import date

    from eventapp.models import PersonStatus

    event = make_event(prices={Category.LID: 0, Category.AMBASSADEUR: 0})
    person = make_person("Aisha", "", "Amrani", address="aisha@gratismail.example")
    db.session.add(PersonStatus(person=person, category=Category.AMBASSADEUR, starts_on=date(2026, 1, 1)))
    db.session.commit()
    url = f"/agenda/{event.slug}/aanmelden"
    aisha = {**OUTSIDER, "email": "aisha@gratismail.example", "given_name": "Aisha", "family_name": "Amrani"}

    known = client.post(url, data={**aisha, "basis": "eigen", "step": "versturen"}, follow_redirects=True)
    unknown = client.post(url, data={**OUTSIDER, "basis": "eigen", "step": "versturen"}, follow_redirects=True)

    assert text_of(known).replace("aisha@", "fatma@") == text_of(unknown)
    assert mails() == [("confirm_address", "aisha@gratismail.example"), ("not_admitted", "fatma@gratismail.example")]
    assert [r.category for r in registrations()] == [Category.AMBASSADEUR]


def test_known_and_unknown_addresses_get_the_same_page(client):
    make_organisation()
    event = make_event()
    url = f"/agenda/{event.slug}/aanmelden"
    make_registration(event, make_person(address="marieke@zonnevlinder.example"))

    known = client.post(url, data={**MARIEKE, "step": "versturen"}, follow_redirects=True)
    unknown = client.post(
        url, data={**MARIEKE, "email": "nieuwe@zonnevlinder.example", "step": "versturen"}, follow_redirects=True
    )

    assert text_of(known).replace("marieke@", "nieuwe@") == text_of(unknown)
    assert [kind for kind, _ in mails()] == ["already_registered", "confirm_address"]
    assert len(registrations()) == 2


def test_another_name_at_the_same_mailbox_is_another_person(client):
    make_organisation()
    event = make_event()
    url = f"/agenda/{event.slug}/aanmelden"

    client.post(url, data={**MARIEKE, "step": "versturen"})
    client.post(url, data={**MARIEKE, "given_name": "Jan", "infix": "", "step": "versturen"})
    client.post(url, data={**MARIEKE, "given_name": "MARIËKE", "step": "versturen"})

    assert [r.person.given_name for r in registrations()] == ["Marieke", "Jan"]


def test_same_form_sent_twice_is_one_registration(client):
    make_organisation()
    event = make_event()
    url = f"/agenda/{event.slug}/aanmelden"
    data = {**MARIEKE, "step": "versturen", "submission_key": "een-sleutel"}

    first, second = client.post(url, data=data), client.post(url, data=data)

    assert first.location == second.location
    assert len(registrations()) == 1
    assert len(mails()) == 1


def test_mistyped_address_is_put_right_from_the_same_browser(client):
    make_organisation()
    event = make_event()
    wrong = {**MARIEKE, "email": "mareike@zonnevlinder.example"}
    client.post(f"/agenda/{event.slug}/aanmelden", data={**wrong, "step": "versturen"})
    old_link = link_in_mail("/aanmelden/bevestigen/")

    page = client.post(f"/agenda/{event.slug}/aanmelden/adres", data={"email": MARIEKE["email"]}, follow_redirects=True)

    assert MARIEKE["email"] in text_of(page)
    assert [r.address for r in registrations()] == [MARIEKE["email"]]
    assert mails()[-1] == ("confirm_address", MARIEKE["email"])
    client.post(old_link)
    assert registrations()[0].state == State.AWAITING_CONFIRMATION


def test_correcting_does_not_tell_that_the_first_address_was_known(client):
    make_organisation()
    event = make_event()
    make_registration(event, make_person(address=MARIEKE["email"]))
    client.post(f"/agenda/{event.slug}/aanmelden", data={**MARIEKE, "step": "versturen"})

    page = client.post(
        f"/agenda/{event.slug}/aanmelden/adres", data={"email": "m@zonnevlinder.example"}, follow_redirects=True
    )

    assert "m@zonnevlinder.example" in text_of(page)
    assert [r.address for r in registrations()] == [MARIEKE["email"], "m@zonnevlinder.example"]


def test_a_stranger_cannot_put_an_address_right(client):
    make_organisation()
    event = make_event()
    client.post(f"/agenda/{event.slug}/aanmelden", data={**MARIEKE, "step": "versturen"})

    stranger = client.application.test_client()
    answer = stranger.post(f"/agenda/{event.slug}/aanmelden/adres", data={"email": "dief@kwaad.example"})

    assert answer.location == f"/agenda/{event.slug}"
    assert registrations()[0].address == MARIEKE["email"]


def test_likely_typo_is_pointed_out(client):
    make_organisation()
    event = make_event()
    typo = {**MARIEKE, "email": "marieke@zonnevlindr.example", "basis": "niet-lid"}

    review = client.post(f"/agenda/{event.slug}/aanmelden", data=typo)

    assert "Bedoelde u marieke@zonnevlinder.example?" in text_of(review)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"capacity": 0}, "Alle plaatsen zijn bezet"),
        ({"state": EventState.CANCELLED}, "Deze bijeenkomst gaat niet door"),
        ({"opens_at": NOW + timedelta(days=2)}, "Aanmelden kan nog niet"),
        ({"starts_at": NOW - timedelta(days=2)}, "Deze bijeenkomst is geweest"),
    ],
)
def test_closed_event_takes_nothing(client, settings, words):
    event = make_event(**settings)

    answer = client.post(f"/agenda/{event.slug}/aanmelden", data={**MARIEKE, "step": "versturen"})

    assert words in text_of(answer)
    assert registrations() == []


def test_sixth_unconfirmed_of_one_visitor_gets_no_place_held_but_can_still_confirm(client):
    make_organisation(domains=tuple(f"lid{n}.example" for n in range(7)))
    event = make_event(capacity=6)
    for n in range(7):
        data = {**MARIEKE, "email": f"m@lid{n}.example", "family_name": f"Meulen{n}", "step": "versturen"}
        client.post(f"/agenda/{event.slug}/aanmelden", data=data)

    held = [len(r.holds) for r in registrations()]
    last = client.post(link_in_mail("/aanmelden/bevestigen/"), follow_redirects=True)

    assert held == [1, 1, 1, 1, 1, 0, 0]
    assert "U bent aangemeld" in text_of(last)
    assert event.capacities[0].taken == 6


def test_my_link_answers_the_same_for_every_address(client):
    event = make_event()
    make_registration(event, make_person(address="marieke@zonnevlinder.example"))
    url = f"/agenda/{event.slug}/mijn-link"

    known = client.post(url, data={"email": "marieke@zonnevlinder.example"})
    unknown = client.post(url, data={"email": "nieuwe@zonnevlinder.example"})

    assert text_of(known).replace("marieke@", "nieuwe@") == text_of(unknown)
    assert mails() == [
        ("my_link", "marieke@zonnevlinder.example"),
        ("my_link_unknown", "nieuwe@zonnevlinder.example"),
    ]


def test_my_link_is_refused_calmly_to_who_asks_too_often(client):
    urls = [f"/agenda/{make_event().slug}/mijn-link" for _ in range(LIMITS["my_link_to_mailbox"].most + 1)]

    answers = [client.post(url, data={"email": "nieuwe@zonnevlinder.example"}) for url in urls]

    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert answers[-1].status_code == 429
    assert "te veel verzoeken" in text_of(answers[-1])
    assert 'value="nieuwe@zonnevlinder.example"' in answers[-1].text


def test_own_free_place_is_given_back_in_two_steps(client):
    event = make_event()
    registration = make_registration(event)
    url = f"/bestelling/{registration.order.token}/afmelding/{registration.id}"

    page = client.get(url)
    before = registrations()[0].state
    done = client.post(url, follow_redirects=True)

    assert "Ja, meld af" in text_of(page)
    assert before == State.CONFIRMED
    assert registrations()[0].state == State.CANCELLED
    assert "Geannuleerd" in text_of(done)
    assert event.capacities[0].taken == 0


def test_a_ticket_gives_back_its_own_place_and_no_other(client):
    event = make_event()
    mine, other = make_registration(event), make_registration(event)
    url = f"/ticket/{mine.ticket.token}"

    before = client.get(url)
    after = client.post(f"{url}/afmelding", follow_redirects=True)

    assert "Afmelden" in text_of(before)
    assert "U bent afgemeld" in text_of(after) and "Dit ticket is vervallen" in text_of(after)
    assert "Meld u opnieuw aan" in text_of(after) and "U bent afgemeld" not in text_of(client.get(url))
    assert [r.state for r in registrations()] == [State.CANCELLED, State.CONFIRMED]
    assert client.get(f"/bestelling/{mine.order.token}/afmelding/{other.id}").status_code == 404


def test_a_paid_place_can_be_given_back_from_the_ticket(client):
    registration = make_registration(make_event(), category=Category.NIET_LID, price_cents=9500)

    page = client.get(f"/ticket/{registration.ticket.token}")

    assert "Afmelden" in text_of(page)


def test_full_organisation_tells_a_stranger_nothing_about_who_is_named(client):
    organisation = make_organisation()
    event = make_event(free_per_organisation=1, prices={Category.LID: 0})
    colleague = {**MARIEKE, "step": "versturen"}
    client.post(f"/agenda/{event.slug}/aanmelden", data=colleague)
    who = knowing.Somebody("fatma@gratismail.example", "Fatma", "", "Yıldız")
    knowing.name_person(organisation.id, who, until=NOW.date() + timedelta(days=400), by=OFFICE, now=NOW)
    url, as_status = f"/agenda/{event.slug}/aanmelden", {"basis": "eigen", "step": "versturen"}
    stranger = {**OUTSIDER, "email": "sanne@gratismail.example", "given_name": "Sanne"}

    named = client.post(url, data=OUTSIDER | as_status, follow_redirects=True)
    unknown = client.post(url, data=stranger | as_status, follow_redirects=True)

    assert text_of(named).replace("fatma@", "sanne@") == text_of(unknown)
    assert [address for _, address in mails()[1:]] == ["fatma@gratismail.example", "sanne@gratismail.example"]


def test_the_one_page_that_tells_something_is_that_of_a_paid_place_already_confirmed(make_app):
    """A newcomer goes to the checkout at once. Whoever has the place reads that a mail was sent, and pays nothing."""
    app = make_app(WTF_CSRF_ENABLED=False, MOLLIE_API_KEY="test_x", MOLLIE_API_ENDPOINT="http://127.0.0.1:9")
    with app.app_context():
        event = make_event(prices={Category.NIET_LID: 9500})
        person = make_person("Fatma", "", "Yıldız", address=OUTSIDER["email"])
        make_registration(event, person, category=Category.NIET_LID, price_cents=9500)

        url = f"/agenda/{event.slug}/aanmelden"
        answer = app.test_client().post(url, data={**OUTSIDER, "step": "versturen"}, follow_redirects=True)

        assert "mail gestuurd" in text_of(answer) or OUTSIDER["email"] in text_of(answer)
        assert mails() == [("already_registered", OUTSIDER["email"])]
        assert len(registrations()) == 1
