"""The office decides whether somebody works for a member: approved, refused, and what follows from either."""

from datetime import timedelta

import pytest

from eventapp.domain.errors import IllegalStep, NoMembership, NotFound
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import Review, State
from eventapp.services import confirming, reviewing
from eventapp.services.registering import Basis
from tests.booking import book
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_registration
from tests.reading import acts, kinds, last_mail, mails, only_registration, taken, token_in

pytestmark = pytest.mark.usefixtures("app")
ADDRESS = "marieke@gmail.com"
LATER = NOW + timedelta(hours=30)


def claim(event, *, proven: bool = True):
    """Somebody says to work for a member; with `proven` the link in the mail was followed."""
    book(event, ADDRESS, basis=Basis.CLAIM, organisation_name="Zonnevlinder")
    if proven:
        confirming.prove(token_in(last_mail("confirm_address")), now=NOW)
    return only_registration()


def approve(registration, organisation) -> None:
    reviewing.approve(registration.id, organisation.id, by=OFFICE, now=LATER)


def refuse(registration) -> None:
    reviewing.refuse(registration.id, by=OFFICE, now=LATER)


def test_approved_with_a_proven_address_is_confirmed_at_once():
    event, organisation = make_event(), make_organisation("Zonnevlinder")
    registration = claim(event)

    approve(registration, organisation)

    assert (registration.state, registration.review) == (State.CONFIRMED, Review.APPROVED)
    assert (registration.category, registration.price_cents) == (Category.LID, 0)
    assert (registration.organisation_id, registration.organisation_name) == (organisation.id, "Zonnevlinder")
    facts = {"organisation": "Zonnevlinder", "detail": "", "since": "2024-01-01"}
    assert registration.reason == {"category": "lid", "via": "office", **facts}
    assert mails()[-1] == ("confirmed", ADDRESS)
    assert acts() == ["registered", "address_proven", "claim_approved", "confirmed"]
    assert taken(event) == 1


def test_approved_before_the_proof_waits_for_the_proof_alone():
    event, organisation = make_event(), make_organisation()
    registration = claim(event, proven=False)

    approve(registration, organisation)
    before = (registration.state, registration.expires_at, kinds())
    confirming.prove(token_in(last_mail("confirm_address")), now=LATER)

    assert before == (State.AWAITING_CONFIRMATION, NOW + timedelta(days=3), ["confirm_address"])
    assert registration.state == State.CONFIRMED
    assert kinds() == ["confirm_address", "confirmed"]


def test_approved_where_members_pay_asks_the_members_price():
    event = make_event(prices={Category.LID: 14500, Category.NIET_LID: 24500})
    registration = claim(event)

    approve(registration, make_organisation())

    assert (registration.state, registration.price_cents) == (State.AWAITING_PAYMENT, 14500)
    assert registration.expires_at == LATER + timedelta(hours=24)
    assert mails()[-1] == ("pay", ADDRESS)


def test_refused_where_outsiders_may_come_offers_their_price():
    event = make_event()
    registration = claim(event)

    refuse(registration)

    assert (registration.state, registration.review) == (State.AWAITING_PAYMENT, Review.REFUSED)
    assert (registration.category, registration.price_cents) == (Category.NIET_LID, 9500)
    assert registration.reason == {"category": "niet-lid", "via": "none"}
    assert registration.expires_at == LATER + timedelta(hours=24)
    assert mails()[-1] == ("claim_refused", ADDRESS)
    assert registration.order.pay_token in last_mail("claim_refused").text
    assert taken(event) == 1


def test_refused_where_outsiders_may_not_come_ends_it_kindly():
    event = make_event(prices={Category.LID: 0})
    registration = claim(event)

    refuse(registration)

    assert (registration.state, registration.cancelled_at) == (State.CANCELLED, LATER)
    assert mails()[-1] == ("claim_refused", ADDRESS)
    assert "niet open voor niet-leden" in last_mail("claim_refused").text
    assert taken(event) == 0


def test_refused_where_outsiders_come_free_is_confirmed_as_one():
    event = make_event(prices={Category.LID: 0, Category.NIET_LID: 0})
    registration = claim(event)

    refuse(registration)

    assert (registration.state, registration.category) == (State.CONFIRMED, Category.NIET_LID)
    assert mails()[-1] == ("confirmed", ADDRESS)


def test_refused_before_the_proof_where_outsiders_come_free_still_needs_the_proof():
    event = make_event(prices={Category.LID: 0, Category.NIET_LID: 0})
    registration = claim(event, proven=False)

    refuse(registration)

    assert (registration.state, registration.category) == (State.AWAITING_CONFIRMATION, Category.NIET_LID)
    assert registration.expires_at == LATER + timedelta(days=3)
    assert kinds() == ["confirm_address"]


def test_the_proof_after_a_refusal_leaves_the_payment_waiting():
    registration = claim(make_event(), proven=False)
    token = token_in(last_mail("confirm_address"))
    refuse(registration)

    proven = confirming.prove(token, now=LATER)

    assert proven.state == State.AWAITING_PAYMENT
    assert registration.ticket is None


@pytest.mark.parametrize("decide_again", ["approve", "refuse"])
@pytest.mark.parametrize("decided", ["approve", "refuse"])
def test_a_decision_is_made_once(decided, decide_again):
    organisation = make_organisation()
    registration = claim(make_event(), proven=False)
    decisions = {"approve": lambda: approve(registration, organisation), "refuse": lambda: refuse(registration)}
    decisions[decided]()
    before = kinds()

    with pytest.raises(IllegalStep):
        decisions[decide_again]()

    assert kinds() == before


def test_where_nothing_was_claimed_nothing_is_decided():
    registration = make_registration(make_event())

    with pytest.raises(IllegalStep):
        refuse(registration)


def test_membership_that_has_ended_on_the_day_that_counts_approves_nothing():
    registration = claim(make_event())
    ended = make_organisation(until=registration.event.starts_at.date() - timedelta(days=1))

    with pytest.raises(NoMembership):
        approve(registration, ended)

    assert (registration.review, registration.organisation_id) == (Review.PENDING, None)


def test_unknown_registrations_and_organisations_are_not_found():
    registration = claim(make_event())

    with pytest.raises(NotFound):
        reviewing.approve(registration.id, 4711, by=OFFICE, now=LATER)
    with pytest.raises(NotFound):
        reviewing.refuse(4711, by=OFFICE, now=LATER)

    assert registration.review == Review.PENDING
