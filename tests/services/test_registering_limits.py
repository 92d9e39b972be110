"""Registering: what is refused without a trace, once per person, and no more held than the limits against flooding."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import (
    AlreadyRegistered,
    EventFull,
    NotAdmitted,
    NotFound,
    PaymentNotPossible,
    RegistrationClosed,
)
from eventapp.domain.events import EventState, RegistrationMode
from eventapp.domain.places import MOST_UNCONFIRMED_PER_DOMAIN, MOST_UNCONFIRMED_PER_VISITOR
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Person
from eventapp.services import cancelling
from eventapp.services.registering import Basis
from tests.booking import book
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.reading import acts, kinds, last_mail, mails, only_registration, registrations, states, taken
from tests.services.test_signing_in import statements_of

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("basis", [Basis.OUTSIDER, Basis.CLAIM])
def test_whoever_is_not_admitted_leaves_no_trace(basis):
    event = make_event(prices={Category.AMBASSADEUR: 0})

    with pytest.raises(NotAdmitted):
        book(event, basis=basis)

    assert (registrations(), mails(), acts(), taken(event)) == ([], [], [], 0)
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 0


def test_something_to_pay_without_a_provider_is_refused():
    event = make_event()

    with pytest.raises(PaymentNotPossible):
        book(event, can_pay=False)

    assert (registrations(), mails(), taken(event)) == ([], [], 0)


def test_what_is_free_needs_no_provider():
    make_organisation()

    receipt = book(make_event(), "marieke@zonnevlinder.example", can_pay=False)

    assert receipt.price_cents == 0


def test_an_unknown_event_is_not_found():
    event = make_event()

    with pytest.raises(NotFound):
        book(event, event_id=event.id + 1)


@pytest.mark.parametrize(
    ("changes", "window"),
    [
        ({"state": EventState.DRAFT}, "draft"),
        ({"state": EventState.CANCELLED}, "cancelled"),
        ({"registration": RegistrationMode.ELDERS}, "elsewhere"),
        ({"registration": RegistrationMode.GEEN}, "none"),
        ({"opens_at": NOW + timedelta(seconds=1)}, "not_yet"),
        ({"closes_at": NOW}, "closed"),
        ({"starts_at": NOW}, "closed"),
        ({"starts_at": NOW - timedelta(hours=4)}, "past"),
    ],
)
def test_outside_the_window_nobody_registers_and_the_reason_is_told(changes, window):
    event = make_event(**changes)

    with pytest.raises(RegistrationClosed) as refusal:
        book(event)

    assert refusal.value.facts == {"window": window}
    assert (registrations(), mails()) == ([], [])


def test_the_last_place_goes_and_the_next_one_hears_it_is_full():
    event = make_event(capacity=1)

    book(event, "eerste@elders.example")
    with pytest.raises(EventFull):
        book(event, "tweede@elders.example")

    assert [mail[1] for mail in mails()] == ["eerste@elders.example"]
    assert taken(event) == 1


def test_without_a_limit_it_is_never_full():
    event = make_event(capacity=None)

    for n in range(3):
        book(event, f"bezoeker{n}@elders.example")

    assert taken(event) == 3


def test_a_place_that_came_free_can_be_taken():
    event = make_event(capacity=1)
    cancelling.cancel_registration(make_registration(event).id, by=OFFICE, now=NOW, back_cents=0)

    receipt = book(event)

    assert receipt.state == State.AWAITING_PAYMENT
    assert taken(event) == 1


def test_somebody_who_is_registered_gets_the_link_by_mail_once_an_hour():
    event = make_event()
    book(event)

    for minutes in (0, 10, 61):
        with pytest.raises(AlreadyRegistered) as refusal:
            book(event, now=NOW + timedelta(minutes=minutes))

    assert refusal.value.facts == {"registration_id": only_registration().id}
    assert kinds() == ["pay", "already_registered", "already_registered"]
    assert taken(event) == 1


@pytest.mark.parametrize(
    "spelling", [{"given_name": "MARIËKE"}, {"infix": "", "family_name": "van der Meulen"}, {"infix": "Van  Der"}]
)
def test_the_same_name_at_the_same_address_is_the_same_person(spelling):
    event = make_event()
    book(event)

    with pytest.raises(AlreadyRegistered):
        book(event, **spelling)


@pytest.mark.parametrize("other", [{"given_name": "Fatma"}, {"address": "marieke@tweeklank.example"}])
def test_another_name_or_another_address_is_somebody_else(other):
    event = make_event()
    book(event)

    book(event, **other)

    assert taken(event) == 2
    assert len({registration.person_id for registration in registrations()}) == 2


def test_the_same_person_at_two_events_is_one_person():
    book(make_event())
    book(make_event())

    assert len({registration.person_id for registration in registrations()}) == 1


def test_the_same_form_twice_gives_the_same_receipt_and_no_second_mail():
    event = make_event()
    first = book(event, submission_key="formulier-1")

    second = book(event, submission_key="formulier-1", given_name="Iets", family_name="Anders")

    assert second == replace(first, repeated=True)
    assert len(registrations()) == 1
    assert kinds() == ["pay"]


def test_who_gave_a_place_back_may_register_again():
    event = make_event()
    first = book(event)
    cancelling.cancel_registration(first.registration_id, by=OFFICE, now=NOW, back_cents=0)

    book(event)

    assert states() == [State.CANCELLED, State.AWAITING_PAYMENT]
    assert taken(event) == 1


def test_beyond_five_of_one_visitor_people_register_without_a_hold():
    event = make_event(prices={Category.NIET_LID: 0})

    for n in range(MOST_UNCONFIRMED_PER_VISITOR + 1):
        book(event, f"bezoeker@domein{n}.example")

    assert len(registrations()) == 6
    assert taken(event) == 5
    assert "nog geen plaats" in last_mail("confirm_address").text


def test_beyond_ten_of_one_domain_at_one_event_people_register_without_a_hold():
    event, other = make_event(prices={Category.NIET_LID: 0}), make_event(prices={Category.NIET_LID: 0})

    for n in range(MOST_UNCONFIRMED_PER_DOMAIN + 1):
        book(event, f"bezoeker{n}@elders.example", visitor_key=f"v{n}")
    book(other, "bezoeker0@elders.example", visitor_key="v99")

    assert taken(event) == 10
    assert taken(other) == 1


def test_whoever_proved_the_address_counts_no_longer():
    event = make_event(prices={Category.NIET_LID: 0})
    for n in range(MOST_UNCONFIRMED_PER_VISITOR):
        book(event, f"bezoeker@domein{n}.example")
    registrations()[0].state = State.CONFIRMED
    db.session.commit()

    book(event, "nog.een@domein9.example")

    assert taken(event) == 6


def test_visitors_we_cannot_tell_apart_are_not_counted_together():
    event = make_event(prices={Category.NIET_LID: 0})

    for n in range(MOST_UNCONFIRMED_PER_VISITOR + 1):
        book(event, f"bezoeker@domein{n}.example", visitor_key="")

    assert taken(event) == 6


def test_whoever_is_registered_already_costs_as_much_work_as_a_newcomer():
    """Measured in statements. Of who is known and not registered, the row of the person and of the address is there."""
    make_organisation()
    event = make_event()
    make_registration(event, make_person(address="al@zonnevlinder.example"))
    make_person(address="bekend@zonnevlinder.example", proven=True)
    book(event, "eerste@zonnevlinder.example")
    before = taken(event)

    def sends(name: str) -> None:
        with suppress(AlreadyRegistered):
            book(event, f"{name}@zonnevlinder.example")

    asked = {name: len(statements_of(lambda name=name: sends(name))) for name in ("nieuw", "bekend", "al")}

    assert abs(asked["nieuw"] - asked["bekend"]) <= 2
    assert 0 <= asked["al"] - asked["nieuw"] <= 8
    assert taken(event) == before + 2
    assert mails()[-1] == ("already_registered", "al@zonnevlinder.example")
