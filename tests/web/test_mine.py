"""What a member sees after signing in: all that is at the address, nothing of anybody else."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import TestConfig
from eventapp.domain.actors import Role
from eventapp.domain.events import EventState, Visibility
from eventapp.domain.guest_lists import Guest
from eventapp.domain.invitations import Terms
from eventapp.domain.pricing import Category, Relation
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import Invitation, OutboxMail, PersonAddress, PersonStatus, UserSession
from eventapp.services import accepting, calling_off, inviting, signing_in
from eventapp.services.knowing import Somebody
from tests.circling import added, make_circle
from tests.factories import OFFICE, make_event, make_organisation, make_person, make_registration, make_staff
from tests.web.office import csrf_token, made, rows, signed_in, words

NOW = TestConfig.NOW
MINE = "marieke@zonnevlinder.example"
SHARED = "team@zonnevlinder.example"


def browser(app: Flask, address: str = MINE, next_path: str = "") -> FlaskClient:
    """A client that followed the link in the mail to this address."""
    client = app.test_client()
    path = mailed_path(app, address, next_path)
    answer = client.post(path, data={"csrf_token": csrf_token(client, path)})
    assert answer.status_code == 303
    return client


def mailed_path(app: Flask, address: str, next_path: str = "") -> str:
    with app.app_context():
        signing_in.request_link(address, visitor_key="", next_path=next_path, now=NOW)
        text = db.session.scalars(sa.select(OutboxMail.text).order_by(OutboxMail.id.desc()).limit(1)).one()
    return re.search(r"/inloggen/\S+", text)[0]


def marieke(**more):
    return make_person(address=MINE, proven=True, **more)


def test_registration_is_shown_with_its_event_state_and_ways_on(make_app):
    app = make_app()
    order, ticket, slug, number = made(app, lambda: _keys(make_registration(make_event(title="Themadag"), marieke())))

    page = browser(app).get("/mijn")

    assert "Marieke van der Meulen" in words(page)
    assert "woensdag 10 februari 2027, 10.00-14.00 uur · Utrecht Aangemeld" in words(page)
    for href in (
        f"/agenda/{slug}",
        f"/bestelling/{order}",
        f"/ticket/{ticket}",
        f"/bestelling/{order}/afmelding/{number}",
    ):
        assert f'href="{href}"' in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert '<meta name="robots" content="noindex">' in page.text


def _keys(registration):
    ticket = registration.ticket
    return registration.order.token, ticket.token if ticket else "", registration.event.slug, registration.id


def test_what_is_past_or_withdrawn_is_folded(make_app):
    app = make_app()

    def make():
        me = marieke()
        make_registration(make_event(title="Vorig jaar", starts_at=NOW - timedelta(days=200)), me)
        make_registration(make_event(title="Teruggegeven"), me, state=State.CANCELLED)
        make_registration(make_event(title="Straks"), me)

    made(app, make)

    coming, folded = words(browser(app).get("/mijn")).split("Geweest of vervallen (2)")

    assert ("Straks" in coming, "Vorig jaar" in coming, "Teruggegeven" in coming) == (True, False, False)
    assert "Vorig jaar" in folded
    assert folded.count("Geweest") == 1
    assert folded.count("Geannuleerd") == 1


def test_event_that_is_called_off_stays_in_sight(make_app):
    app = make_app()

    def make():
        event = make_event(title="Afgelast")
        make_registration(event, marieke())
        calling_off.cancel_event(event.id, reason="Ziek", by=OFFICE, now=NOW)

    made(app, make)

    page = words(browser(app).get("/mijn"))

    assert "Afgelast" in page
    assert "Gaat niet door" in page
    assert "Geweest of vervallen" not in page
    assert "Afmelden" not in page


def test_event_under_way_still_has_its_ticket_but_no_way_to_withdraw(make_app):
    app = make_app()
    made(app, lambda: make_registration(make_event(starts_at=NOW - timedelta(hours=1)), marieke()).id)

    page = words(browser(app).get("/mijn"))

    assert ("Ticket" in page, "Afmelden" in page) == (True, False)


@pytest.mark.parametrize(
    ("state", "more", "word"),
    [
        (State.AWAITING_PAYMENT, {"category": Category.NIET_LID, "price_cents": 9500}, "Wacht op betaling"),
        (State.AWAITING_CONFIRMATION, {}, "Wacht op bevestiging"),
        (State.AWAITING_CONFIRMATION, {"review": Review.PENDING, "proven_at": NOW}, "Wacht op het secretariaat"),
    ],
)
def test_what_waits_says_for_what_and_until_when(make_app, state, more, word):
    app = make_app()
    until = NOW + timedelta(days=1)
    made(app, lambda: make_registration(make_event(), marieke(), state=state, expires_at=until, **more).id)

    page = words(browser(app).get("/mijn"))

    assert f"{word} Vastgehouden tot dinsdag 12 januari 2027 om 10.00 uur." in page


def test_closed_event_is_named_without_a_link_that_would_be_dead(make_app):
    app = make_app()
    slug = made(
        app,
        lambda: _keys(make_registration(make_event(title="Besloten", visibility=Visibility.BESLOTEN), marieke())),
    )[2]

    page = browser(app).get("/mijn")

    assert "Besloten" in words(page)
    assert f"/agenda/{slug}" not in page.text


def test_somebody_elses_data_is_not_shown(make_app):
    """A colleague at the same organisation, a namesake elsewhere, and one's own registration at another address."""
    app = make_app()

    def make():
        me = marieke()
        make_registration(make_event(title="Van mij"), me)
        make_registration(make_event(title="Van een collega"), make_person("Bram", "", "Bakker"))
        make_registration(make_event(title="Van een naamgenoot"), make_person(address="marieke@elders.example"))
        _also(me, "geheim@thuis.example")
        elsewhere = make_registration(make_event(title="Op een ander adres"), me)
        elsewhere.address = elsewhere.order.address = "geheim@thuis.example"
        db.session.commit()

    made(app, make)
    client = browser(app)

    pages = client.get("/mijn").text + client.get("/mijn/gegevens").text

    assert "Van mij" in pages
    for hidden in ("collega", "Bakker", "naamgenoot", "elders", "ander adres", "geheim"):
        assert hidden not in pages
    assert "g•••@thuis.example" in pages


def _also(person, address):
    """One more address of this person, not proven."""
    with db.session.no_autoflush:
        db.session.add(PersonAddress.of(person, address))
    db.session.flush()


def test_order_of_somebody_else_is_not_opened_but_the_ticket_is(make_app):
    app = make_app()

    def make():
        registration = make_registration(make_event(), marieke())
        registration.order.address = "secretaresse@zonnevlinder.example"
        db.session.commit()
        return _keys(registration)

    order, ticket, _slug, _number = made(app, make)

    page = browser(app).get("/mijn").text

    assert order not in page
    assert f'href="/ticket/{ticket}"' in page
    assert f'href="/ticket/{ticket}/afmelding"' in page


def test_shared_mailbox_is_grouped_by_person(make_app):
    app = make_app()

    def make():
        event = make_event(title="Themadag")
        make_registration(event, make_person("Loes", "van", "Houten", address=SHARED))
        make_registration(event, make_person("Corrie", "", "Aalders", address=SHARED))
        make_person("Zonder", "", "Aanmelding", address=SHARED)
        make_organisation("Zonnevlinder")
        circle = make_circle()
        for name in (("Loes", "van", "Houten"), ("Corrie", "", "Aalders")):
            added(circle, Somebody(SHARED, *name))

    made(app, make)
    client = browser(app, SHARED)

    page = client.get("/mijn").text

    assert re.findall(r'<h2 id="persoon-\d">(.*?)</h2>', page) == ["Corrie Aalders", "Loes van Houten"]
    circles = re.findall(r'Kenniskring HR</a> <span class="muted">(.*?)</span>', page)
    assert circles == ["Loes van Houten, sinds 11-01-2027", "Corrie Aalders, sinds 11-01-2027"]
    details = words(client.get("/mijn/gegevens"))
    assert [name in details for name in ("Corrie Aalders", "Loes van Houten", "Zonder Aanmelding")] == [True] * 3


def test_invitations_kept_about_the_address_are_shown(make_app):
    """Not those to others, and nothing of a closed event once the invitation was taken back."""
    app = make_app()

    def make():
        marieke()
        to_me = [Guest(MINE, "Marieke", "van der", "Meulen")]
        for title, visibility in (("Themadag", "openbaar"), ("Heidag", "besloten"), ("Diner", "besloten")):
            event = make_event(title=title, visibility=Visibility(visibility))
            inviting.invite(event.id, to_me, Terms(Category.SPREKER), by=OFFICE, now=NOW)
        other = make_event(title="Iets anders").id
        inviting.invite(other, [Guest("jan@gratismail.example")], Terms(Category.SPREKER), by=OFFICE, now=NOW)
        first, second, third, _ = db.session.scalars(sa.select(Invitation).order_by(Invitation.id))
        inviting.withdraw(second.id, by=OFFICE, now=NOW)
        accepting.decline(third.token, now=NOW)
        return first.token

    token = made(app, make)

    page = browser(app).get("/mijn/gegevens")

    assert "Uitnodigingen aan dit adres Themadag" in words(page)
    assert ("Marieke van der Meulen: uitgenodigd" in words(page), f'href="/uitnodiging/{token}"' in page.text) == (
        True,
    ) * 2
    assert ("Een besloten bijeenkomst Marieke van der Meulen: ingetrokken" in words(page)) is True
    assert ("Diner" in words(page), "afgeslagen" in words(page)) == (True, True)
    assert ("Heidag" in words(page), "Iets anders" in words(page)) == (False, False)


def test_nothing_yet_shows_the_way_to_the_agenda(make_app):
    app = make_app()
    made(app, lambda: marieke().id)

    page = browser(app).get("/mijn")

    assert "U heeft nog geen aanmeldingen" in words(page)
    assert '<a href="/">Naar de agenda</a>' in page.text


@pytest.mark.parametrize(
    ("organisation", "sentence"),
    [
        ({}, "U hoort bij Zonnevlinder , lid sinds 01-01-2024."),
        (
            {"relation": Relation.STEUNPARTNER, "until": date(2027, 1, 10)},
            "Die organisatie is nu geen steunpartner: lidmaatschap geëindigd op 10-01-2027.",
        ),
        ({"relation": Relation.GEEN}, "U hoort bij Zonnevlinder . Die organisatie is geen lid."),
    ],
)
def test_organisation_and_what_it_means_today(make_app, organisation, sentence):
    app = make_app()
    made(app, lambda: [marieke().id, make_organisation(**organisation).id])

    assert sentence in words(browser(app).get("/mijn"))


def test_details_name_statuses_with_their_period_and_addresses_as_proven(make_app):
    app = make_app()

    def make():
        me = marieke()
        _also(me, "m.meulen@gratismail.example")
        me.statuses = [
            PersonStatus(category=Category.AMBASSADEUR, region="Noord", starts_on=date(2026, 1, 1)),
            PersonStatus(category=Category.BESTUUR, starts_on=date(2022, 1, 1), ends_on=date(2025, 12, 31)),
        ]
        db.session.commit()

    made(app, make)

    page = words(browser(app).get("/mijn/gegevens"))

    assert f"{MINE} hiermee bent u ingelogd" in page
    assert "m•••@gratismail.example nog niet bevestigd" in page
    assert "Bestuur, 01-01-2022 t/m 31-12-2025 Ambassadeur Noord, sinds 01-01-2026" in page
    assert "Aan dit adres herkennen wij geen organisatie." in page


def test_number_of_statements_does_not_grow_with_the_registrations(make_app):
    app = make_app()
    made(app, lambda: [make_organisation().id, make_registration(make_event(), marieke()).id])
    client = browser(app)
    few = statements_of(app, client)

    def more():
        me = db.session.scalars(sa.select(PersonAddress)).one().person
        for _ in range(29):
            make_registration(make_event(), me)

    made(app, more)

    assert statements_of(app, client) == few
    assert client.get("/mijn").text.count('class="mine-row"') == 30


def statements_of(app: Flask, client: FlaskClient) -> int:
    seen = []
    with app.app_context():
        engine = db.engine

    def see(_connection, _cursor, statement, *_):
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", see)
    try:
        assert client.get("/mijn").status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", see)
    return len([statement for statement in seen if statement.startswith("SELECT")])


def test_member_lands_on_mine_and_staff_in_the_office(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    made(app, lambda: [marieke().id, make_staff().id])

    landed = [
        app.test_client().post(mailed_path(app, address)).location for address in (MINE, "kantoor@kindcentra.example")
    ]
    asked = app.test_client().post(mailed_path(app, MINE, "/mijn/gegevens")).location

    assert landed == ["/mijn", "/beheer/"]
    assert asked == "/mijn/gegevens"


def test_link_says_how_long_one_stays_signed_in(make_app):
    app = make_app()
    made(app, lambda: [marieke().id, make_staff().id])
    client = app.test_client()

    assert "in deze browser, voor 30 dagen." in words(client.get(mailed_path(app, MINE)))
    assert "in deze browser, voor twaalf uur." in words(client.get(mailed_path(app, "kantoor@kindcentra.example")))


def test_cookie_of_a_member_outlives_the_browser_and_never_travels_with_public_pages(make_app):
    app = make_app()
    made(app, lambda: marieke().id)
    client = browser(app)

    kept = client.get_cookie("sessie").expires
    public = client.get("/")

    assert kept is not None
    assert "Set-Cookie" not in public.headers
    assert public.headers["Cache-Control"] == "public, no-cache"


def test_staff_see_their_own_registrations_too(make_app):
    app = make_app()
    client = signed_in(app, Role.LEZER)
    made(app, lambda: make_registration(make_event(title="Ook ik"), make_person(address="lezer@kindcentra.example")).id)

    assert "Ook ik" in words(client.get("/mijn"))


@pytest.mark.parametrize("path", ["/mijn", "/mijn/gegevens"])
def test_signed_out_is_asked_to_sign_in_and_comes_back(make_app, path):
    app = make_app()
    made(app, lambda: make_registration(make_event(title="Geheim"), marieke()).id)

    answer = app.test_client().get(path)

    assert (answer.status_code, answer.location) == (302, f"/inloggen?volgende={path}?")
    assert "Geheim" not in answer.text


def test_member_is_no_staff_and_is_told_so(make_app):
    app = make_app()
    made(app, lambda: marieke().id)
    client = browser(app)

    answer = client.get("/beheer/", follow_redirects=True)

    assert answer.request.path == "/inloggen"
    assert f"U bent ingelogd met {MINE}" in words(answer)
    assert client.get("/inloggen").location == "/mijn"


def test_who_becomes_staff_meanwhile_signs_in_anew_after_twelve_hours(make_app):
    app = make_app()
    made(app, lambda: marieke().id)
    client = browser(app)
    made(app, lambda: make_staff(address=MINE).id)

    seen = []
    for later in (timedelta(hours=11, minutes=59), timedelta(hours=12)):
        app.config["CLOCK"] = lambda later=later: NOW + later
        seen.append((client.get("/beheer/").status_code, client.get("/mijn").status_code))

    assert seen == [(200, 200), (302, 200)]


def test_signing_out_everywhere_ends_other_browsers_too(make_app):
    app = make_app()
    made(app, lambda: [marieke().id, make_person(address="ander@zonnevlinder.example", proven=True).id])
    here, there, somebody = browser(app), browser(app), browser(app, "ander@zonnevlinder.example")
    listed = words(here.get("/mijn/gegevens"))

    answer = here.post("/mijn/uitlogging", data={"csrf_token": csrf_token(here, "/mijn/gegevens")})

    assert (listed.count("Deze browser"), listed.count("Een andere browser")) == (1, 1)
    assert (answer.status_code, answer.location) == (303, "/inloggen")
    assert [client.get("/mijn").status_code for client in (here, there, somebody)] == [302, 302, 200]


def test_stale_form_ends_nothing(make_app):
    app = make_app()
    made(app, lambda: marieke().id)
    client = browser(app)

    answer = client.post("/mijn/uitlogging", data={"csrf_token": "oud"})

    assert answer.status_code == 400
    assert "Het formulier is verlopen" in words(answer)
    assert rows(app, sa.select(UserSession.revoked_at)) == [(None,)]
    assert client.get("/mijn").status_code == 200


def test_menu_signs_out_here_only(make_app):
    app = make_app()
    made(app, lambda: marieke().id)
    here, there = browser(app), browser(app)

    here.post("/uitloggen", data={"csrf_token": csrf_token(here, "/mijn")})

    assert [client.get("/mijn").status_code for client in (here, there)] == [302, 200]


def test_names_stay_text(make_app):
    app = make_app()
    event = "<b>Vet</b>"
    made(app, lambda: make_registration(make_event(title=event), make_person("<i>A", "", "B</i>", address=MINE)).id)
    client = browser(app)

    pages = client.get("/mijn").text + client.get("/mijn/gegevens").text

    assert ("<b>Vet" in pages, "<i>A" in pages) == (False, False)
    assert ("&lt;b&gt;Vet" in pages, "&lt;i&gt;A" in pages) == (True, True)


def test_drafts_are_never_linked(make_app):
    app = make_app()
    slug = made(app, lambda: _keys(make_registration(make_event(state=EventState.DRAFT), marieke())))[2]

    assert f"/agenda/{slug}" not in browser(app).get("/mijn").text
