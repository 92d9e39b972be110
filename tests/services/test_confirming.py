"""The link in the mail: it proves the address once, also late, and never gives a place that is not there."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.admission import TicketState
from eventapp.domain.errors import (
    AlreadyRegistered,
    EventFull,
    ExpiredLink,
    IllegalStep,
    RegistrationClosed,
    UnknownLink,
    UsedLink,
)
from eventapp.domain.events import EventState
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import OneTimeLink, Ticket
from eventapp.services import cancelling, confirming, lapsing, one_time, ticketing
from eventapp.transaction import transaction
from tests.factories import NOW, OFFICE, make_event, make_person, make_registration
from tests.reading import acts, kinds, last_mail, mails, taken

pytestmark = pytest.mark.usefixtures("app")
LATE = NOW + timedelta(days=4)


def awaiting(event, **changes):
    """Somebody who has to prove the address, with a place held for three days, and the token from the mail."""
    values = {"state": State.AWAITING_CONFIRMATION, "expires_at": NOW + timedelta(days=3)} | changes
    registration = make_registration(event, **values)
    return registration, link_for(registration)


def link_for(registration) -> str:
    with transaction():
        return one_time.make(
            confirming.PURPOSE,
            subject_id=registration.order_id,
            address=registration.address,
            expires_at=registration.event.starts_at,
            now=NOW,
        )


def test_pressing_the_button_confirms_and_mails_the_ticket():
    event = make_event()
    registration, token = awaiting(event)

    proven = confirming.prove(token, now=NOW)

    ticket = registration.ticket
    assert (proven.state, proven.order_token) == (State.CONFIRMED, registration.order.token)
    assert (registration.proven_at, registration.confirmed_at, registration.expires_at) == (NOW, NOW, None)
    assert registration.person.addresses[0].proven_at == NOW
    assert mails() == [("confirmed", registration.address)]
    assert last_mail("confirmed").attachments == [
        {"draw": "ticket", "ticket_id": ticket.id},
        {"draw": "invitation", "registration_id": registration.id, "method": "REQUEST"},
    ]
    assert acts() == ["address_proven", "confirmed"]
    assert taken(event) == 1


def test_pressing_twice_gives_one_ticket_and_one_mail():
    _registration, token = awaiting(make_event())
    confirming.prove(token, now=NOW)

    with pytest.raises(UsedLink):
        confirming.prove(token, now=NOW)

    assert db.session.scalar(sa.select(sa.func.count(Ticket.id))) == 1
    assert kinds() == ["confirmed"]


def test_the_link_of_the_reminder_after_that_of_the_first_mail_changes_nothing_more():
    registration, token = awaiting(make_event())
    reminder = link_for(registration)
    confirming.prove(token, now=NOW)

    proven = confirming.prove(reminder, now=NOW)

    assert proven.state == State.CONFIRMED
    assert kinds() == ["confirmed"]


def test_looking_at_the_link_changes_nothing():
    registration, token = awaiting(make_event())

    before = confirming.linked_order(token, now=NOW)
    confirming.prove(token, now=NOW)
    after = confirming.linked_order(token, now=NOW)

    assert (before.order_id, before.used) == (registration.order_id, False)
    assert (after.order_id, after.used) == (registration.order_id, True)


def test_unknown_links_and_links_for_something_else_are_unknown():
    registration, _token = awaiting(make_event())
    with transaction():
        other = one_time.make("sign_in", subject_id=registration.order_id, expires_at=LATE, now=NOW)

    for token in ("geen-link", other):
        with pytest.raises(UnknownLink):
            confirming.prove(token, now=NOW)
        with pytest.raises(UnknownLink):
            confirming.linked_order(token, now=NOW)


def test_once_the_event_starts_the_link_has_expired():
    event = make_event()
    registration, token = awaiting(event)

    with pytest.raises(ExpiredLink):
        confirming.prove(token, now=event.starts_at)

    assert registration.state == State.AWAITING_CONFIRMATION


def test_a_late_click_still_confirms_while_places_remain():
    event = make_event(capacity=1)
    registration, token = awaiting(event)
    lapsing.lapse_unconfirmed(now=LATE)
    lapsed = (registration.state, taken(event))

    proven = confirming.prove(token, now=LATE)

    assert lapsed == (State.EXPIRED, 0)
    assert proven.state == State.CONFIRMED
    assert taken(event) == 1


def test_a_late_click_on_a_full_event_waits_for_a_place_with_the_same_link():
    event = make_event(capacity=1)
    _registration, token = awaiting(event)
    lapsing.lapse_unconfirmed(now=LATE)
    other = make_registration(event)

    with pytest.raises(EventFull):
        confirming.prove(token, now=LATE)
    full = (kinds(), taken(event))
    cancelling.cancel_registration(other.id, by=OFFICE, now=LATE, back_cents=0)
    proven = confirming.prove(token, now=LATE)

    assert full == (["hold_lapsed"], 1)
    assert proven.state == State.CONFIRMED
    assert taken(event) == 1


def test_a_late_click_by_somebody_who_registered_anew_gives_no_second_registration():
    event = make_event()
    registration, token = awaiting(event)
    lapsing.lapse_unconfirmed(now=LATE)
    anew = make_registration(event, registration.person, state=State.AWAITING_CONFIRMATION)

    with pytest.raises(AlreadyRegistered) as refusal:
        confirming.prove(token, now=LATE)

    assert refusal.value.facts == {"registration_id": anew.id}
    assert (registration.state, anew.state, taken(event)) == (State.EXPIRED, State.AWAITING_CONFIRMATION, 1)


def test_without_a_hold_the_place_is_taken_at_confirming():
    event = make_event()
    registration, token = awaiting(event)
    registration.holds.clear()
    event.capacities[0].taken = 0
    db.session.commit()

    confirming.prove(token, now=NOW)

    assert taken(event) == 1


def test_a_cancelled_event_is_told_and_nothing_changes():
    event = make_event()
    registration, token = awaiting(event)
    event.state = EventState.CANCELLED
    db.session.commit()

    with pytest.raises(RegistrationClosed) as refusal:
        confirming.prove(token, now=NOW)

    assert refusal.value.facts == {"window": "cancelled"}
    assert (registration.proven_at, kinds()) == (None, [])


def test_a_cancelled_registration_stays_cancelled():
    event = make_event()
    registration, token = awaiting(event)
    cancelling.cancel_registration(registration.id, by=OFFICE, now=NOW, back_cents=0)

    proven = confirming.prove(token, now=NOW)

    assert proven.state == State.CANCELLED
    assert (registration.ticket, taken(event)) == (None, 0)


def test_a_members_own_price_is_asked_after_the_proof():
    event = make_event()
    registration, token = awaiting(event, price_cents=14500)

    proven = confirming.prove(token, now=NOW)

    assert proven.state == State.AWAITING_PAYMENT
    assert registration.expires_at == NOW + timedelta(hours=24)
    assert mails() == [("pay", registration.address)]
    assert taken(event) == 1


def test_a_claim_with_a_proven_address_waits_for_the_office_without_end():
    event = make_event()
    registration, token = awaiting(event, review=Review.PENDING, claimed_organisation="Zonnevlinder")

    proven = confirming.prove(token, now=NOW)
    lapsing.lapse_unconfirmed(now=NOW + timedelta(days=20))

    assert (proven.state, proven.review) == (State.AWAITING_CONFIRMATION, Review.PENDING)
    assert (registration.state, registration.expires_at, registration.ticket) == (
        State.AWAITING_CONFIRMATION,
        None,
        None,
    )
    assert mails() == [("office_notice", "secretariaat@kindcentra.example")]
    assert taken(event) == 1


def test_a_lapsed_claim_comes_back_to_the_office_with_a_late_click():
    event = make_event()
    registration, token = awaiting(event, review=Review.PENDING, claimed_organisation="Zonnevlinder")
    lapsing.lapse_unconfirmed(now=LATE)

    proven = confirming.prove(token, now=LATE)

    assert proven.state == State.AWAITING_CONFIRMATION
    assert registration.expires_at is None
    assert taken(event) == 1


def test_the_link_proves_only_the_address_it_was_mailed_to():
    event = make_event()
    registration, token = awaiting(event)
    registration.address = "iemand.anders@elders.example"
    db.session.commit()

    confirming.prove(token, now=NOW)

    assert (registration.state, registration.proven_at) == (State.AWAITING_CONFIRMATION, None)


def test_two_people_at_one_mailbox_have_each_their_own_ticket():
    event = make_event()
    address = "info@zonnevlinder.example"
    _one, token = awaiting(event, person=make_person("Marieke", address=address))
    _two, other = awaiting(event, person=make_person("Fatma", "", "Yıldız", address=address))

    confirming.prove(token, now=NOW)
    confirming.prove(other, now=NOW)

    assert mails() == [("confirmed", address)] * 2
    assert "Fatma Yıldız" in last_mail("confirmed").subject
    assert db.session.scalar(sa.select(sa.func.count(sa.distinct(Ticket.code)))) == 2


@pytest.mark.parametrize("state", [State.CANCELLED, State.CONFIRMED, State.WAITLISTED])
def test_only_from_a_state_that_leads_there_one_is_confirmed(state):
    registration = make_registration(make_event(), state=state)

    with pytest.raises(IllegalStep), transaction():
        confirming.confirm(registration, now=NOW)

    assert registration.state == state
    assert kinds() == []


def test_a_new_ticket_makes_the_old_code_known_as_replaced():
    registration = make_registration(make_event())
    old = registration.ticket

    with transaction():
        new = ticketing.issue(registration, now=NOW)

    assert (old.state, old.ended_at, new.state) == (TicketState.REPLACED, NOW, TicketState.VALID)
    assert registration.ticket == new


def test_links_are_kept_as_digests_only():
    _registration, token = awaiting(make_event(prices={Category.LID: 0}))

    link = db.session.scalars(sa.select(OneTimeLink)).one()

    assert token not in repr(vars(link))
