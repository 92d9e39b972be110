"""Breakouts for a visitor without JavaScript: chosen with the registration, later, changed, and swapped by an offer."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.questions import QuestionKind
from eventapp.extensions import db
from eventapp.models import BREAKOUT, Capacity, Registration
from eventapp.queries.choices import programme_of
from eventapp.queries.questions import answers_of
from eventapp.queries.rounds import choices_by_slug
from eventapp.services import announcing, choosing, offering
from tests.asking import ask, follow
from tests.factories import (
    NOW,
    make_breakout,
    make_event,
    make_organisation,
    make_person,
    make_registration,
    make_round,
)
from tests.reading import kinds, last_mail, only_registration, registrations, token_in
from tests.web.test_registering_together import MARIEKE, along, soup, text_of

DAY = timedelta(days=1)


@pytest.fixture
def client(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    with app.app_context():
        yield app.test_client()


@pytest.fixture
def day(client):
    """Two rounds: in the first a small breakout for one and a large one; the second is optional."""
    make_organisation()
    event = make_event()
    first, second = make_round(event, "Ronde 1"), make_round(event, "Ronde 2", hours=2, optional=True)
    small, large = make_breakout(first, title="Klein", size=1, room="Zaal 3"), make_breakout(first, title="Groot")
    late = make_breakout(second, title="Laat", speakers="Jo Bakker")
    return SimpleNamespace(event=event, first=first.id, second=second.id, small=small.id, large=large.id, late=late.id)


def sent_by(response) -> dict[str, str]:
    """What the form on this page would send, without a button: of radio buttons the one that is on."""
    form = soup(response).select_one("form.form")
    inputs = [field for field in form.select("input[name]") if not field.has_attr("disabled")]
    on = [field for field in inputs if field["type"] not in ("radio", "checkbox") or field.has_attr("checked")]
    return {field["name"]: field.get("value", "") for field in on}


def titles(registration: Registration) -> list[str]:
    db.session.rollback()
    return [part.title for part in programme_of(registration.id)]


def taken(breakout_id: int) -> tuple[int, int]:
    db.session.rollback()
    own = sa.and_(Capacity.kind == BREAKOUT, Capacity.ref == str(breakout_id))
    return tuple(db.session.execute(sa.select(Capacity.taken, Capacity.waiting).where(own)).one())


def confirm(client, kind: str = "confirm_address"):
    return client.post(f"/aanmelden/bevestigen/{token_in(last_mail(kind))}", follow_redirects=True)


def test_breakouts_and_answers_come_with_the_registration_and_stand_on_ticket_mail_and_calendar(client, day):
    travel = ask(day.event.id, required=True)
    plate = ask(day.event.id, "Kenteken", QuestionKind.TEXT, condition=follow(travel, "Auto"), required=True)
    url = f"/agenda/{day.event.slug}/aanmelden"

    form = client.get(url)
    nothing = client.post(url, data={**sent_by(form), **MARIEKE})
    chosen = {f"ronde-{day.first}": str(day.small), f"vraag-{travel}": "Auto"}
    one_more = client.post(url, data={**sent_by(nothing), **chosen})
    review = client.post(url, data={**sent_by(one_more), **chosen, f"vraag-{plate}": "1-ABC-23"})
    client.post(url, data={**sent_by(review), "step": "versturen"})
    confirm(client)
    registration = only_registration()
    ticket = client.get(f"/ticket/{registration.ticket.token}")
    mine = client.get(f"/bestelling/{registration.order.token}")
    calendar = client.get(f"/ticket/{registration.ticket.token}.ics").text.replace("\r\n ", "")

    assert "nog 1 plaats" in text_of(form)
    assert [link["href"] for link in soup(nothing).select(".error-summary a")] == [
        f"#ronde-{day.first}-0",
        f"#vraag-{travel}-0",
    ]
    assert "Er is nog een vraag voor u" in text_of(one_more)
    assert soup(one_more).select_one(f"input[name=ronde-{day.first}][checked]")["value"] == str(day.small)
    assert "Klein" in text_of(review) and "1-ABC-23" in review.text
    assert titles(registration) == ["Klein", ""]
    assert answers_of(registration.id) == {travel: "Auto", plate: "1-ABC-23"}
    assert "Klein · Zaal 3" in text_of(ticket)
    assert "Ronde 1Klein" in text_of(mine)
    assert "Klein, Zaal 3" in last_mail("confirmed").text
    assert "Klein" in calendar
    assert taken(day.small) == (1, 0)


def test_a_breakout_that_fills_meanwhile_gives_the_form_back_with_everything_kept(client, day):
    url = f"/agenda/{day.event.slug}/aanmelden"
    data = {**MARIEKE, f"ronde-{day.first}": str(day.small), f"ronde-{day.second}": str(day.late)}
    review = client.post(url, data=data)
    other = make_registration(day.event, make_person("Bram", "", "Bakker"))
    choosing.choose(other.id, {day.first: day.small}, by=VISITOR, now=NOW)

    back = client.post(url, data={**sent_by(review), "step": "versturen"})
    again = client.post(url, data={**sent_by(back), f"ronde-{day.first}": str(day.large)})
    client.post(url, data={**sent_by(again), "step": "versturen"})

    assert back.status_code in (409, 422)
    assert "Intussen vol, kies een andere." in text_of(back)
    assert soup(back).select_one("#family_name")["value"] == "Meulen"
    assert soup(back).select_one(f"input[name=ronde-{day.second}][checked]")["value"] == str(day.late)
    assert soup(back).select_one(f"input[name=ronde-{day.first}][value='{day.small}']").has_attr("disabled")
    assert titles(registrations()[-1]) == ["Groot", "Laat"]


def test_a_colleague_gets_the_same_breakouts_or_chooses_on_their_own_page(client, day):
    url = f"/agenda/{day.event.slug}/aanmelden"
    choice = {f"ronde-{day.first}": str(day.large), f"ronde-{day.second}": "geen"}
    same, own = along(0, "Bram", sessions="zelfde"), along(1, "Lotte", sessions="eigen")
    too_many = {**MARIEKE, **along(0, "Bram"), f"ronde-{day.first}": str(day.small)}

    refused = client.post(url, data=too_many)
    review = client.post(url, data={**MARIEKE, **choice, **same, **own})
    client.post(url, data={**sent_by(review), "step": "versturen"})
    confirm(client, "confirm_group")

    assert "Niet genoeg plaats voor iedereen" in text_of(refused)
    marieke, bram, lotte = registrations()
    assert (titles(marieke), titles(bram), titles(lotte)) == (["Groot", ""], ["Groot", ""], [])
    assert "Kies uw deelsessies" in client.get(f"/ticket/{lotte.ticket.token}").text
    assert "/programma" in last_mail("confirmed").text
    assert taken(day.large) == (2, 0)


def test_one_waits_for_a_fuller_breakout_and_an_offer_swaps_both(client, day):
    other = make_registration(day.event, make_person("Bram", "", "Bakker"))
    choosing.choose(other.id, {day.first: day.small}, by=VISITOR, now=NOW)
    registration = make_registration(day.event)
    page = f"/ticket/{registration.ticket.token}/programma"
    registration_id, other_id = registration.id, other.id

    saved = client.post(
        page, data={f"ronde-{day.first}": str(day.large), f"ronde-{day.second}": str(day.late)}, follow_redirects=True
    )
    line = client.post(f"{page}/wachtlijst", data={"deelsessie": str(day.small)}, follow_redirects=True)
    waiting = soup(line).select_one("#wachtlijsten a")["href"]
    before = client.get(waiting)
    ticket = client.get(f"/ticket/{registration.ticket.token}")
    choosing.choose(other_id, {day.first: day.large}, by=VISITOR, now=NOW)
    offering.pass_on(day.event.id, now=NOW)
    offer = client.get(waiting)
    kept = titles(db.session.get(Registration, registration_id))
    done = client.post(f"{waiting}/toezegging", follow_redirects=True)
    twice = client.post(f"{waiting}/toezegging")

    assert "Uw keuze is bewaard" in text_of(saved)
    assert "U bent de eerste op de wachtlijst" in text_of(before)
    assert "U staat op de wachtlijst voor “Klein”." in text_of(ticket)
    assert "Dit komt in de plaats van “Groot”" in text_of(offer)
    assert kept == ["Groot", "Laat"]
    assert "De plaats is van u" in text_of(done)
    assert titles(db.session.get(Registration, registration_id)) == ["Klein", "Laat"]
    assert (taken(day.small), taken(day.large)) == ((1, 0), (1, 0))
    assert twice.status_code == 409


def test_a_programme_that_opens_later_is_announced_once_and_who_did_not_choose_is_reminded(client):
    event = make_event()
    round_ = make_round(event, opens_at=NOW + DAY)
    breakout = make_breakout(round_, title="Groot")
    anna, bram = make_registration(event), make_registration(event, make_person("Bram", "", "Bakker"))
    page, choice = f"/ticket/{anna.ticket.token}/programma", {round_.id: breakout.id}
    closed = client.get(page)
    form = client.get(f"/agenda/{event.slug}/aanmelden")

    early = announcing.announce_programmes(now=NOW)
    told = [announcing.announce_programmes(now=NOW + DAY) for _ in range(2)]
    choosing.choose(anna.id, choice, by=VISITOR, now=NOW + DAY)
    reminded = [announcing.remind_undecided(now=NOW + days * DAY) for days in (7, 8, 9)]

    assert "kiezen kan vanaf" in text_of(closed)
    assert not soup(form).select(".cards")
    assert (early, told, reminded) == (0, [2, 0], [0, 1, 0])
    assert kinds() == ["programme_open", "programme_open", "programme_changed", "programme_reminder"]
    assert last_mail("programme_reminder").to_address == bram.address
    assert f"/ticket/{bram.ticket.token}/programma" in last_mail("programme_reminder").text


def test_the_page_of_the_event_shows_the_programme_and_moves_when_a_breakout_fills(client, day):
    before = client.get(f"/agenda/{day.event.slug}")
    inside = make_registration(day.event)
    choosing.choose(inside.id, {day.first: day.small}, by=VISITOR, now=NOW)

    after = client.get(f"/agenda/{day.event.slug}", headers={"If-None-Match": before.headers["ETag"]})
    own = text_of(client.get(f"/ticket/{inside.ticket.token}/programma"))

    assert "Laat" in text_of(before) and "Jo Bakker" in text_of(before)
    assert "nog 1 plaats" in text_of(before)
    assert after.status_code == 200
    assert "vol, wachtlijst" in text_of(after)
    assert "vol, u heeft een plaats" in own and "vol, wachtlijst" not in own


def test_other_systems_name_breakouts_by_their_slug(client, day):
    page = client.get(f"/agenda/{day.event.slug}")
    slugs = dict(db.session.execute(sa.text("SELECT id, slug FROM breakouts")).all())

    found = choices_by_slug(day.event.id, [slugs[day.large], slugs[day.late], "bestaat-niet"])

    assert page.status_code == 200
    assert found == ({day.first: day.large, day.second: day.late}, ["bestaat-niet"])
