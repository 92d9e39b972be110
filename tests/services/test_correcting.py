"""Another address on a registration: replaced while nothing is proven, asked and announced once it is."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import (
    AlreadyRegistered,
    ExpiredLink,
    IllegalStep,
    NotAdmitted,
    NotFound,
    OtherGround,
    UnknownLink,
    UsedLink,
)
from eventapp.domain.pricing import Category, Relation
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import Person
from eventapp.services import cancelling, confirming, correcting
from eventapp.services.locks import lock_order
from eventapp.services.registering import Basis
from eventapp.transaction import transaction
from tests.booking import book, make_ambassador
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.reading import kinds, last_mail, mails, only_registration, registrations, taken, token_in

pytestmark = pytest.mark.usefixtures("app")
TYPO, RIGHT = "marieke@zonnevlinder.example", "m.vandermeulen@zonnevlinder.example"
LATER = NOW + timedelta(minutes=5)


def correct(registration, address=RIGHT, *, now=LATER) -> None:
    correcting.correct_address(registration.id, address, by=VISITOR, now=now)


def registered(event, address=TYPO, **changes):
    """Somebody from a member, with the address not proven yet."""
    make_organisation()
    book(event, address, **changes)
    return only_registration()


# Nothing proven yet


def test_an_unproven_address_is_replaced_and_gets_the_link():
    event = make_event()
    registration = registered(event)

    correct(registration)

    assert (registration.address, registration.order.address, registration.person.address) == (RIGHT, RIGHT, RIGHT)
    assert mails() == [("confirm_address", TYPO), ("confirm_address", RIGHT)]
    assert "vastgehouden tot" in last_mail("confirm_address").text
    assert taken(event) == 1


def test_the_link_at_the_wrong_address_is_dead_and_tells_nothing():
    """Whoever received the mistyped mail must not get at the order, which a used link would show."""
    registration = registered(make_event())
    wrong = token_in(last_mail("confirm_address"))

    correct(registration)

    for follow in (confirming.prove, confirming.linked_order):
        with pytest.raises(ExpiredLink):
            follow(wrong, now=LATER)
    assert confirming.prove(token_in(last_mail("confirm_address")), now=LATER).state == State.CONFIRMED


def test_an_outsider_who_still_has_to_pay_gets_the_pay_link_at_the_right_address():
    book(make_event(), "marieke@elder.example")

    correct(only_registration(), "marieke@elders.example")

    assert mails() == [("pay", "marieke@elder.example"), ("pay", "marieke@elders.example")]


@pytest.mark.parametrize(
    ("address", "organisation"),
    [
        ("marieke@gmail.com", None),
        ("marieke@elders.example", None),
        ("marieke@bouwadvies.example", ("Bouwadvies", Relation.STEUNPARTNER)),
        ("marieke@tweeklank.example", ("Tweeklank", Relation.LID)),
    ],
)
def test_a_members_price_does_not_move_to_an_address_elsewhere(address, organisation):
    registration = registered(make_event())
    if organisation:
        make_organisation(organisation[0], domains=(address.partition("@")[2],), relation=organisation[1])

    with pytest.raises(OtherGround):
        correct(registration, address)

    assert (registration.address, kinds()) == (TYPO, ["confirm_address"])


def test_another_domain_of_the_same_member_is_fine():
    make_organisation(domains=("zonnevlinder.example", "zonnevlinder-kc.example"))
    book(make_event(), TYPO)

    correct(only_registration(), "marieke@zonnevlinder-kc.example")

    assert only_registration().address == "marieke@zonnevlinder-kc.example"


def test_an_ambassadors_free_place_does_not_move_to_a_strangers_address():
    make_ambassador("ambassadeur@elders.example")
    book(make_event(prices={Category.AMBASSADEUR: 0}), "ambassadeur@elders.example", basis=Basis.STATUS)

    with pytest.raises(OtherGround):
        correct(only_registration(), "vreemde@elders.example")

    assert only_registration().address == "ambassadeur@elders.example"


def test_a_claim_keeps_waiting_for_the_office_at_its_new_address():
    book(make_event(), "marieke@gmial.com", basis=Basis.CLAIM, organisation_name="Zonnevlinder")

    correct(only_registration(), "marieke@gmail.com")

    assert (only_registration().review, only_registration().address) == (Review.PENDING, "marieke@gmail.com")


def test_an_address_where_this_person_is_registered_already_is_refused():
    event = make_event()
    registration = registered(event)
    book(event, RIGHT)

    with pytest.raises(AlreadyRegistered):
        correct(registration)

    assert [found.address for found in registrations()] == [TYPO, RIGHT]


def test_the_same_address_again_mails_again():
    registration = registered(make_event())

    correct(registration, TYPO)

    assert mails() == [("confirm_address", TYPO)] * 2


# Proven


def confirmed(event=None, address=TYPO):
    return make_registration(event or make_event(), make_person(address=address, proven=True), proven_at=NOW)


def test_a_proven_address_asks_the_new_one_and_tells_the_old_one_before_anything_moves():
    registration = confirmed()

    correct(registration)

    assert registration.address == TYPO
    assert mails() == [("change_address", RIGHT), ("address_changing", TYPO)]
    assert token_in(last_mail("change_address")) not in last_mail("address_changing").text


def test_confirmed_at_the_new_address_everything_moves_and_the_ticket_is_sent_there():
    registration = confirmed()
    ticket = registration.ticket
    correct(registration)

    correcting.confirm_new_address(token_in(last_mail("change_address")), now=LATER)

    assert (registration.address, registration.order.address) == (RIGHT, RIGHT)
    assert (registration.person.address, registration.ticket) == (RIGHT, ticket)
    assert {known.address for known in registration.person.addresses} == {TYPO, RIGHT}
    assert mails()[-1] == ("confirmed", RIGHT)


def test_the_change_link_works_once_and_for_a_week():
    one, other = confirmed(), confirmed(address="fatma@zonnevlinder.example")
    correct(one)
    token = token_in(last_mail("change_address"))
    correct(other, "fatma@elders.example")
    late = token_in(last_mail("change_address"))

    correcting.confirm_new_address(token, now=LATER)
    with pytest.raises(UsedLink):
        correcting.confirm_new_address(token, now=LATER)
    with pytest.raises(ExpiredLink):
        correcting.confirm_new_address(late, now=LATER + correcting.CHANGE_LIFE)
    with pytest.raises(UnknownLink):
        correcting.confirm_new_address("geen-link", now=LATER)

    assert other.address == "fatma@zonnevlinder.example"


def test_a_second_correction_kills_the_link_of_the_first():
    """The first went to a stranger by mistake; a week later that stranger must not get the ticket."""
    registration = confirmed()
    correct(registration, "vreemde@elders.example")
    wrong = token_in(last_mail("change_address"))
    correct(registration, RIGHT, now=LATER + timedelta(minutes=1))

    with pytest.raises(ExpiredLink):
        correcting.confirm_new_address(wrong, now=LATER + timedelta(minutes=2))

    assert registration.address == TYPO


def test_somebody_known_by_this_name_at_the_new_address_is_who_comes():
    known = make_person(address=RIGHT, proven=True)
    registration = confirmed()
    correct(registration)

    correcting.confirm_new_address(token_in(last_mail("change_address")), now=LATER)

    assert (registration.person_id, registration.order.booker_id, registration.address) == (known.id, known.id, RIGHT)
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 2


def test_who_pays_under_an_ambassadors_name_and_address_does_not_become_that_ambassador():
    """Paying proves no address; proving another one afterwards must not make it the ambassador's."""
    ambassador = make_ambassador("ambassadeur@elders.example")
    book(make_event(), "ambassadeur@elders.example")
    paid = only_registration()
    with transaction():
        lock_order(paid.order_id)
        confirming.confirm(paid, now=NOW)
    correct(paid, "boef@gratismail.example")
    correcting.confirm_new_address(token_in(last_mail("change_address")), now=LATER)
    members_only = make_event(prices={Category.AMBASSADEUR: 0})

    with pytest.raises(NotAdmitted):
        book(members_only, "boef@gratismail.example", basis=Basis.STATUS)

    assert (paid.address, paid.person_id == ambassador.id) == ("boef@gratismail.example", False)
    assert [known.address for known in ambassador.addresses] == ["ambassadeur@elders.example"]


def test_somebody_registered_at_the_new_address_already_is_refused():
    event = make_event()
    registration = confirmed(event)
    make_registration(event, make_person(address=RIGHT))
    correct(registration)

    with pytest.raises(AlreadyRegistered):
        correcting.confirm_new_address(token_in(last_mail("change_address")), now=LATER)

    assert registration.address == TYPO


def test_a_registration_cancelled_meanwhile_moves_nowhere():
    registration = confirmed()
    correct(registration)
    cancelling.cancel_registration(registration.id, by=OFFICE, now=LATER, back_cents=0)

    with pytest.raises(IllegalStep):
        correcting.confirm_new_address(token_in(last_mail("change_address")), now=LATER)

    assert (registration.address, kinds()[-1]) == (TYPO, "registration_cancelled")


def test_somebody_who_paid_is_asked_at_the_new_address_too():
    registration = make_registration(make_event(), category=Category.NIET_LID, price_cents=9500)

    correct(registration)

    assert kinds() == ["change_address", "address_changing"]


@pytest.mark.parametrize("state", [State.CANCELLED, State.EXPIRED])
def test_what_is_over_is_neither_corrected_nor_sent_again(state):
    registration = make_registration(make_event(), state=state)

    with pytest.raises(IllegalStep):
        correct(registration)
    with pytest.raises(IllegalStep):
        correcting.resend(registration.id, by=OFFICE, now=NOW)

    assert kinds() == []


def test_unknown_registrations_are_not_found():
    with pytest.raises(NotFound):
        correcting.correct_address(4711, RIGHT, by=OFFICE, now=NOW)
    with pytest.raises(NotFound):
        correcting.resend(4711, by=OFFICE, now=NOW)


# Sending again


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (State.CONFIRMED, "confirmed"),
        (State.AWAITING_PAYMENT, "pay"),
        (State.AWAITING_CONFIRMATION, "confirm_address"),
    ],
)
def test_what_is_sent_again_is_what_one_needs_now(state, kind):
    price = 9500 if state == State.AWAITING_PAYMENT else 0
    registration = make_registration(make_event(), state=state, price_cents=price, expires_at=NOW + timedelta(days=1))

    for moment in (NOW, NOW, LATER):
        correcting.resend(registration.id, by=OFFICE, now=moment)

    assert mails() == [(kind, registration.address)] * 2


def test_while_the_office_decides_there_is_nothing_to_send():
    state = State.AWAITING_CONFIRMATION
    registration = make_registration(make_event(), state=state, review=Review.PENDING, proven_at=NOW)

    with pytest.raises(IllegalStep):
        correcting.resend(registration.id, by=OFFICE, now=NOW)

    assert kinds() == []
