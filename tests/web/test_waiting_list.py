"""The waiting list for a visitor without JavaScript: getting on it, an offer, what becomes of it, and groups."""

from datetime import timedelta

import pytest

from eventapp.domain.events import EventForm
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import FORM, Capacity, Registration, WaitingEntry
from eventapp.services import cancelling, offering
from tests.factories import (
    NOW,
    OFFICE,
    make_breakout,
    make_event,
    make_organisation,
    make_person,
    make_registration,
    make_round,
)
from tests.reading import kinds, last_mail, mails, mails_left, registrations, states, token_in
from tests.web.test_programme import sent_by
from tests.web.test_registering_together import MARIEKE, THREE, text_of

DAY = timedelta(days=1)


@pytest.fixture
def client(make_app):
    app = make_app(WTF_CSRF_ENABLED=False)
    with app.app_context():
        yield app.test_client()


def confirm(client, kind: str = "confirm_address"):
    return client.post(f"/aanmelden/bevestigen/{token_in(last_mail(kind))}", follow_redirects=True)


def waiting_page(registration_id: int) -> str:
    db.session.rollback()
    entry = db.session.query(WaitingEntry).filter_by(registration_id=registration_id).one()
    return f"/wachtlijst/{entry.token}"


def state_of(registration_id: int) -> State:
    db.session.rollback()
    return db.session.get(Registration, registration_id).state


def test_from_a_full_event_by_the_waiting_list_to_a_ticket(client):
    make_organisation()
    event = make_event(capacity=1)
    make_breakout(make_round(event))
    holder = make_registration(event)
    holder_id, url = holder.id, f"/agenda/{event.slug}"

    page = client.get(url)
    form = client.get(f"{url}/aanmelden")
    review = client.post(f"{url}/aanmelden", data={**sent_by(form), **MARIEKE})
    sent = client.post(f"{url}/aanmelden", data={**sent_by(review), "step": "versturen"}, follow_redirects=True)
    before = states()
    waits = confirm(client)
    mine = registrations()[-1].id
    client.post(f"{url}/mijn-link", data={"email": MARIEKE["email"]})
    counted = client.get(url)
    cancelling.cancel_registration(holder_id, by=OFFICE, now=NOW, back_cents=0)
    offer = client.get(waiting_page(mine))
    taken = client.post(f"{waiting_page(mine)}/toezegging", follow_redirects=True)

    assert "Vol: wachtlijst" in text_of(page)
    assert "Vol: u komt op de wachtlijst" in text_of(form) and "ronde-" not in form.text
    assert "U komt op de wachtlijst" in text_of(review) and "Zet mij op de wachtlijst" in text_of(review)
    assert "Pas daarna staat u op de wachtlijst." in text_of(sent)
    assert before == [State.CONFIRMED, State.AWAITING_CONFIRMATION]
    assert "U bent de eerste op de wachtlijst" in text_of(waits)
    assert "Vol: wachtlijst (1 wacht)" in text_of(counted)
    assert "Er is een plaats voor u" in text_of(offer)
    assert "De plaats is van u" in text_of(taken)
    assert state_of(mine) == State.CONFIRMED
    assert kinds()[-5:] == ["waitlisted", "my_link", "registration_cancelled", "place_offered", "confirmed"]


def test_the_last_place_that_goes_while_sending_leads_to_the_waiting_list(client):
    make_organisation()
    event = make_event(capacity=1)
    url = f"/agenda/{event.slug}/aanmelden"
    review = client.post(url, data=MARIEKE)
    make_registration(event, make_person("Bram", "", "Bakker"))

    again = client.post(url, data={**sent_by(review), "step": "versturen"})
    client.post(url, data={**sent_by(again), "step": "versturen"})
    confirm(client)

    assert "Zet mij op de wachtlijst" in text_of(again)
    assert states() == [State.CONFIRMED, State.WAITLISTED]


def test_two_places_for_three_and_who_does_not_fit_waits(client):
    make_organisation()
    event = make_event(capacity=2)
    url = f"/agenda/{event.slug}/aanmelden"

    choice = client.post(url, data={**THREE, "step": "versturen"})
    review = client.post(url, data={**sent_by(choice), "step": "wachtlijst"})
    client.post(url, data={**sent_by(review), "step": "versturen"})
    before = states()
    order = confirm(client, "confirm_group")

    assert "Zet wie niet past op de wachtlijst" in text_of(choice)
    assert "Wie niet past, komt op de wachtlijst" in text_of(review)
    assert text_of(review).count("Komt op de wachtlijst.") == 1
    assert before == [State.AWAITING_CONFIRMATION] * 3
    assert states() == [State.CONFIRMED, State.CONFIRMED, State.WAITLISTED]
    assert ("waitlisted", "lotte@zonnevlinder.example") in mails()
    assert "Wachtlijst" in text_of(order)


def test_declining_lapsing_and_stepping_out_say_what_now(client):
    event = make_event(capacity=1, prices={Category.NIET_LID: 0})
    holder = make_registration(event)
    url = f"/agenda/{event.slug}/aanmelden"
    ids = []
    for name in ("anna", "bram", "cas"):
        data = {**MARIEKE, "email": f"{name}@elders.example", "given_name": name.title()}
        review = client.post(url, data=data)
        client.post(url, data={**sent_by(review), "step": "versturen"})
        confirm(client)
        ids.append(registrations()[-1].id)
    anna, bram, cas = ids

    stopped = client.post(f"{waiting_page(cas)}/afzegging", follow_redirects=True)
    cancelling.cancel_registration(holder.id, by=OFFICE, now=NOW, back_cents=0)
    declined = client.post(f"{waiting_page(anna)}/afzegging", follow_redirects=True)
    offered = state_of(bram)
    mails_left()
    offering.lapse_offers(now=NOW + 2 * DAY)
    lapsed = client.get(waiting_page(bram))
    late = client.post(f"{waiting_page(bram)}/toezegging")

    assert "U staat niet meer op de wachtlijst" in text_of(stopped)
    assert "U heeft de plaats doorgegeven" in text_of(declined)
    assert offered == State.OFFERED
    assert "Het aanbod is verlopen" in text_of(lapsed) and "Opnieuw aanmelden" in text_of(lapsed)
    assert late.status_code == 409
    assert [state_of(one) for one in ids] == [State.CANCELLED, State.EXPIRED, State.CANCELLED]


def test_a_full_room_for_a_group_is_told_when_sending_and_offers_the_list(client):
    make_organisation()
    event = make_event(form=EventForm.HYBRIDE, online_url="https://meet.example/x")
    db.session.add(Capacity(event_id=event.id, kind=FORM, ref="fysiek", size=2))
    db.session.commit()
    url = f"/agenda/{event.slug}/aanmelden"

    choice = client.post(url, data={**THREE, "step": "versturen"})
    review = client.post(url, data={**sent_by(choice), "step": "wachtlijst"})
    client.post(url, data={**sent_by(review), "step": "versturen"})
    confirm(client, "confirm_group")

    assert choice.status_code == 409
    assert "Zet wie niet past op de wachtlijst" in text_of(choice)
    assert states() == [State.CONFIRMED, State.CONFIRMED, State.WAITLISTED]


def test_a_full_room_at_a_hybrid_event_leads_to_the_list_and_online_does_not(client):
    make_organisation()
    event = make_event(form=EventForm.HYBRIDE, online_url="https://meet.example/x")
    db.session.add(Capacity(event_id=event.id, kind=FORM, ref="fysiek", size=0))
    db.session.commit()
    url = f"/agenda/{event.slug}/aanmelden"

    form = client.get(url)
    room = client.post(url, data={**MARIEKE, "attends": "fysiek"})
    online = client.post(url, data={**MARIEKE, "attends": "online"})

    assert "Vol: u komt op de wachtlijst." in text_of(form)
    assert "Zet mij op de wachtlijst" in text_of(room)
    assert "Zet mij op de wachtlijst" not in text_of(online)


def test_beyond_the_free_places_of_an_organisation_one_waits_for_one_of_them(client):
    make_organisation()
    event = make_event(free_per_organisation=1, beyond_free=BeyondFree.WAITS, prices={Category.LID: 0})
    url = f"/agenda/{event.slug}/aanmelden"
    ids = []
    for name in ("anna", "bram"):
        data = {**MARIEKE, "email": f"{name}@zonnevlinder.example", "given_name": name.title()}
        review = client.post(url, data=data)
        client.post(url, data={**sent_by(review), "step": "versturen"})
        confirm(client)
        ids.append(registrations()[-1].id)
    before = [state_of(one) for one in ids]

    cancelling.cancel_registration(ids[0], by=OFFICE, now=NOW, back_cents=0)
    client.post(f"{waiting_page(ids[1])}/toezegging")

    assert "De gratis plaatsen van uw organisatie zijn vergeven." in text_of(review)
    assert before == [State.CONFIRMED, State.WAITLISTED]
    assert state_of(ids[1]) == State.CONFIRMED


def test_an_offer_that_costs_money_goes_on_to_the_checkout(shop):
    event = make_event(capacity=1, prices={Category.NIET_LID: 9500})
    holder = make_registration(event)
    client, url = shop.app.test_client(), f"/agenda/{event.slug}/aanmelden"
    review = client.post(url, data={**MARIEKE, "email": "anna@elders.example"})
    client.post(url, data={**sent_by(review), "step": "versturen"})
    confirm(client)
    mine = registrations()[-1].id
    cancelling.cancel_registration(holder.id, by=OFFICE, now=NOW, back_cents=0)

    offer = client.get(waiting_page(mine))
    checkout = client.post(f"{waiting_page(mine)}/toezegging")

    assert "Neem de plaats en betaal € 95" in text_of(offer)
    assert checkout.status_code == 303
    assert state_of(mine) == State.AWAITING_PAYMENT
