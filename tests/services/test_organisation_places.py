"""Free places per member organisation: so many and no more, and what the next one gets."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import EventFull, NoFreePlaceLeft, OrganisationFull, PaymentNotPossible
from eventapp.domain.events import EventForm
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import ORGANISATION, Capacity, Event, Organisation, Registration
from eventapp.queries import health
from eventapp.queries.events import event_by_id
from eventapp.services import (
    adding,
    cancelling,
    confirming,
    crediting,
    handing_over,
    knowing,
    lapsing,
    organisation_places,
    organising,
    reviewing,
)
from eventapp.services.registering import Basis
from tests.booking import book, make_ambassador
from tests.factories import NOW, OFFICE, make_event, make_organisation
from tests.invoicing import issued, make_ready
from tests.reading import last_mail, only_registration, registrations, taken, token_in

pytestmark = pytest.mark.usefixtures("app")

PAYS = {"beyond_free": BeyondFree.PAYS, "beyond_free_cents": 4500}
FREE = {"LID": (Category.LID, 0)}


@pytest.fixture
def organisation() -> Organisation:
    return make_organisation()


def limited(places: int = 1, **more: object) -> Event:
    return make_event(free_per_organisation=places, **more)


def colleague(event: Event, number: int, **changes):
    """One of Zonnevlinder, from a browser of their own."""
    visitor = {"visitor_key": f"v{number}", "family_name": f"Nummer {number}"}
    return book(event, f"collega{number}@zonnevlinder.example", **(visitor | changes))


def of(number: int) -> Registration:
    address = f"collega{number}@zonnevlinder.example"
    return db.session.scalars(sa.select(Registration).where(Registration.address == address)).one()


def prove(number: int, now=NOW) -> confirming.Proven:
    """Press the button behind the link in the newest mail to this colleague."""
    registration = of(number)
    mail = [last_mail("confirm_address")][0]
    assert mail.to_address == registration.address
    return confirming.prove(token_in(mail), now=now)


def free_taken(event: Event, organisation: Organisation) -> int | None:
    """What the organisation's row says, after making sure that the books are right."""
    assert health.miscounts() == []
    where = (Capacity.event_id == event.id, Capacity.kind == ORGANISATION, Capacity.ref == str(organisation.id))
    return db.session.scalar(sa.select(Capacity.taken).where(*where))


def change(event: Event, **changes) -> None:
    found = event_by_id(event.id)
    wanted = replace(organising.details_of(found), **changes)
    organising.change_event(found.id, wanted, version=found.version, by=OFFICE, now=NOW)


def prices() -> list[int]:
    return [registration.price_cents for registration in registrations()]


def test_without_a_limit_nothing_is_counted_per_organisation(organisation):
    event = make_event()

    for number in range(3):
        colleague(event, number)

    assert (prices(), free_taken(event, organisation)) == ([0, 0, 0], None)


def test_the_next_one_pays_and_the_reason_says_so(organisation):
    event = limited(2, **PAYS)

    for number in range(3):
        colleague(event, number)

    third = of(2)
    assert prices() == [0, 0, 4500]
    assert (third.category, third.state) == (Category.LID, State.AWAITING_CONFIRMATION)
    assert (third.reason["organisation"], third.reason["beyond_free"]) == ("Zonnevlinder", "2")
    assert "€ 45" in last_mail("confirm_address").text.replace("\xa0", " ")
    assert (free_taken(event, organisation), taken(event)) == (2, 3)


def test_who_pays_beyond_the_free_places_first_proves_the_address(organisation):
    event = limited(1, **PAYS)
    colleague(event, 1)
    colleague(event, 2)

    proven = prove(2)

    assert proven.state == State.AWAITING_PAYMENT
    assert (free_taken(event, organisation), taken(event)) == (1, 2)


def test_without_a_provider_nobody_is_asked_to_pay(organisation):
    event = limited(1, **PAYS)
    colleague(event, 1)

    with pytest.raises(PaymentNotPossible):
        colleague(event, 2, can_pay=False)

    assert (prices(), free_taken(event, organisation)) == ([0], 1)


def test_the_next_one_is_refused_with_the_function_to_turn_to(organisation):
    event = limited(1)
    colleague(event, 1)

    with pytest.raises(NoFreePlaceLeft) as refusal:
        colleague(event, 2)

    assert refusal.value.facts == {
        "organisation": "Zonnevlinder",
        "function": "de contactpersoon van uw organisatie",
    }
    assert (len(registrations()), free_taken(event, organisation), taken(event)) == (1, 1, 1)


def test_each_organisation_has_free_places_of_its_own(organisation):
    other = make_organisation("Wolkenkind", domains=("wolkenkind.example",))
    event = limited(1)

    colleague(event, 1)
    book(event, "iemand@wolkenkind.example", visitor_key="w")

    assert (free_taken(event, organisation), free_taken(event, other)) == (1, 1)


def test_outsiders_take_nothing_of_an_organisation(organisation):
    event = limited(1)

    book(event, "iemand@elders.example")

    assert (only_registration().price_cents, free_taken(event, organisation)) == (9500, None)


def test_an_ambassador_comes_in_on_that_when_the_free_places_are_gone(organisation):
    event = limited(1, prices={Category.LID: 0, Category.AMBASSADEUR: 0})
    colleague(event, 1)
    make_ambassador("marieke@zonnevlinder.example")

    book(event, "marieke@zonnevlinder.example")

    assert [r.category for r in registrations()] == [Category.LID, Category.AMBASSADEUR]
    assert (prices(), free_taken(event, organisation)) == ([0, 0], 1)


@pytest.mark.parametrize("end", ["cancel", "lapse"])
def test_the_place_of_who_does_not_come_is_free_again(organisation, end):
    event = limited(1)
    colleague(event, 1)

    if end == "cancel":
        cancelling.cancel_own(of(1).id, by=Actor("person", "x", None), now=NOW)
    else:
        lapsing.lapse_unconfirmed(now=NOW + timedelta(days=4))
    given_back = free_taken(event, organisation)
    colleague(event, 2)

    assert (given_back, free_taken(event, organisation)) == (0, 1)
    assert of(2).price_cents == 0


def test_confirming_keeps_the_free_place_and_takes_no_second(organisation):
    event = limited(1)
    colleague(event, 1)

    proven = prove(1)

    assert (proven.state, free_taken(event, organisation), taken(event)) == (State.CONFIRMED, 1, 1)


def lapsed(event: Event) -> str:
    """Colleague 1 lapses, colleague 2 takes the free place; answers the link that colleague 1 still has."""
    colleague(event, 1)
    token = token_in(last_mail("confirm_address"))
    lapsing.lapse_unconfirmed(now=NOW + timedelta(days=4))
    colleague(event, 2)
    return token


def test_a_late_click_is_asked_to_pay_when_the_free_place_went_to_another(organisation):
    event = limited(1, **PAYS)
    token = lapsed(event)

    proven = confirming.prove(token, now=NOW + timedelta(days=5))

    assert (proven.state, of(1).price_cents) == (State.AWAITING_PAYMENT, 4500)
    assert last_mail("pay").to_address == of(1).address
    assert (free_taken(event, organisation), taken(event)) == (1, 2)


def test_a_late_click_is_refused_when_there_is_nothing_beyond_and_its_link_stays_good(organisation):
    event = limited(1)
    token = lapsed(event)

    with pytest.raises(NoFreePlaceLeft):
        confirming.prove(token, now=NOW + timedelta(days=5))
    cancelling.cancel_own(of(2).id, by=Actor("person", "x", None), now=NOW)
    proven = confirming.prove(token, now=NOW + timedelta(days=5))

    assert (proven.state, free_taken(event, organisation)) == (State.CONFIRMED, 1)


def unheld(event: Event, number: int) -> None:
    """Somebody for whom, against flooding, no place is held."""
    for other in range(5):
        book(event, f"vol{other}@elders{other}.example", basis=Basis.CLAIM, visitor_key="druk")
    colleague(event, number, visitor_key="druk")
    assert of(number).holds == []


def test_who_had_no_hold_takes_both_places_when_confirming(organisation):
    event = limited(1)
    unheld(event, 1)
    before = free_taken(event, organisation)

    proven = prove(1)

    assert (before, proven.state, free_taken(event, organisation)) == (None, State.CONFIRMED, 1)


def test_who_had_no_hold_may_be_asked_to_pay_when_confirming(organisation):
    event = limited(1, **PAYS)
    unheld(event, 1)
    token = token_in(last_mail("confirm_address"))
    foreseen = organisation_places.beyond_for(of(1))
    colleague(event, 2)

    warned = organisation_places.beyond_for(of(1))
    proven = confirming.prove(token, now=NOW)

    assert (foreseen, warned.entitlement.price_cents) == (None, 4500)
    assert (proven.state, of(1).price_cents) == (State.AWAITING_PAYMENT, 4500)
    assert (len(of(1).holds), free_taken(event, organisation)) == (1, 1)


def test_who_gets_no_hold_is_priced_by_what_is_left_already(organisation):
    event = limited(1, **PAYS)
    colleague(event, 2)

    unheld(event, 1)

    assert (of(1).price_cents, of(1).state) == (4500, State.AWAITING_CONFIRMATION)


def test_a_full_event_is_full_whatever_the_organisation_has_left(organisation):
    event = limited(2, capacity=1, **PAYS)
    colleague(event, 1)

    with pytest.raises(EventFull):
        colleague(event, 2)

    assert (free_taken(event, organisation), taken(event)) == (1, 1)


def test_a_full_event_takes_nothing_of_the_organisation_at_a_late_click(organisation):
    event = limited(2, capacity=1)
    token = lapsed(event)

    with pytest.raises(EventFull):
        confirming.prove(token, now=NOW + timedelta(days=5))

    assert (free_taken(event, organisation), taken(event)) == (1, 1)


def test_who_pays_beyond_needs_a_place_at_the_event_as_well(organisation):
    event = limited(1, capacity=2, **PAYS)
    for number in range(2):
        colleague(event, number)

    with pytest.raises(EventFull):
        colleague(event, 3)

    assert (prices(), taken(event)) == ([0, 4500], 2)


def claim(event: Event, *, proven: bool) -> Registration:
    book(event, "marieke@elders.example", basis=Basis.CLAIM, organisation_name="Zonnevlinder")
    if proven:
        confirming.prove(token_in(last_mail("confirm_address")), now=NOW)
    return registrations()[-1]


@pytest.mark.parametrize("proven", [True, False])
def test_a_claim_counts_from_the_moment_it_is_approved(organisation, proven):
    event = limited(1)
    waiting = claim(event, proven=proven)
    before = free_taken(event, organisation)

    reviewing.approve(waiting.id, organisation.id, by=OFFICE, now=NOW)

    assert (before, free_taken(event, organisation), taken(event)) == (None, 1, 1)


@pytest.mark.parametrize(("proven", "state"), [(True, State.AWAITING_PAYMENT), (False, State.AWAITING_CONFIRMATION)])
def test_an_approved_claim_pays_when_the_free_places_are_gone(organisation, proven, state):
    event = limited(1, **PAYS)
    colleague(event, 1)
    waiting = claim(event, proven=proven)

    reviewing.approve(waiting.id, organisation.id, by=OFFICE, now=NOW)

    found = registrations()[-1]
    assert (found.price_cents, found.state, found.reason["via"]) == (4500, state, "office")
    assert (free_taken(event, organisation), taken(event)) == (1, 2)


@pytest.mark.parametrize("proven", [True, False])
def test_the_office_hears_it_when_the_claim_finds_no_free_place(organisation, proven):
    event = limited(1)
    colleague(event, 1)
    waiting = claim(event, proven=proven)

    with pytest.raises(OrganisationFull) as refusal:
        reviewing.approve(waiting.id, organisation.id, by=OFFICE, now=NOW)

    assert refusal.value.facts == {"organisation": "Zonnevlinder"}
    assert registrations()[-1].review == Review.PENDING


def by_hand(event: Event, *, force: bool) -> None:
    manual = adding.ManualBooking(
        event_id=event.id,
        address="gast@zonnevlinder.example",
        given_name="Gast",
        infix="",
        family_name="Hand",
        category=Category.LID,
        attends=EventForm.FYSIEK,
        force=force,
    )
    adding.add_by_hand(manual, by=OFFICE, now=NOW)


def test_only_the_office_goes_above_and_only_knowingly(organisation):
    event = limited(1, **PAYS)
    colleague(event, 1)

    with pytest.raises(OrganisationFull):
        by_hand(event, force=False)
    by_hand(event, force=True)

    assert (prices(), free_taken(event, organisation)) == ([0, 0], 2)


def test_more_free_places_let_more_in_and_fewer_put_nobody_out(organisation):
    event = limited(1)
    colleague(event, 1)

    change(event, free_per_organisation=2)
    colleague(event, 2)
    change(event, free_per_organisation=1)
    with pytest.raises(NoFreePlaceLeft):
        colleague(event, 3)
    cancelling.cancel_own(of(1).id, by=Actor("person", "x", None), now=NOW)

    with pytest.raises(NoFreePlaceLeft):
        colleague(event, 3)
    assert (len(registrations()), free_taken(event, organisation)) == (2, 1)


def test_who_came_before_there_was_a_limit_counts_once_there_is(organisation):
    event = make_event()
    for number in range(3):
        colleague(event, number)
    book(event, "iemand@elders.example")

    change(event, free_per_organisation=2)

    with pytest.raises(NoFreePlaceLeft):
        colleague(event, 3)
    assert (free_taken(event, organisation), taken(event)) == (3, 4)


def test_without_the_limit_everybody_comes_in_and_with_it_again_everybody_counts(organisation):
    event = limited(1)
    colleague(event, 1)

    change(event, free_per_organisation=None)
    colleague(event, 2)
    change(event, free_per_organisation=3)
    colleague(event, 3)

    assert (prices(), free_taken(event, organisation)) == ([0, 0, 0], 3)


def test_the_doctor_misses_a_free_place_that_nobody_took(organisation):
    event = make_event()
    colleague(event, 1)
    db.session.execute(sa.update(Event).where(Event.id == event.id).values(free_per_organisation=1))
    db.session.commit()

    found = health.miscounts()

    assert [miscount.event for miscount in found] == [event.slug]


def test_a_named_person_hears_by_mail_alone_that_the_free_places_are_gone(organisation: Organisation):
    event = limited(1)
    confirmed_colleague = colleague(event, 1)
    joke = knowing.Somebody("joke@gratismail.example", "Joke", "", "Verzonnen")
    knowing.name_person(organisation.id, joke, until=NOW.date() + timedelta(days=400), by=OFFICE, now=NOW)

    with pytest.raises(NoFreePlaceLeft):
        book(event, joke.address, given_name="Joke", infix="", family_name="Verzonnen", basis=Basis.STATUS)

    mail = last_mail("not_admitted")
    assert mail.to_address == joke.address
    assert "De gratis plaatsen van Zonnevlinder zijn vergeven" in mail.text
    assert [r.id for r in registrations()] == [confirmed_colleague.registration_id]


def test_a_place_that_was_credited_to_nothing_is_no_free_place(organisation: Organisation):
    """Booked beyond the free places, on an invoice that is credited: for who has the place, and for who waits on it."""
    make_ready()
    event = limited(1, **PAYS, prices={Category.LID: 0})
    event_id = event.id
    colleague(event, 1)
    prove(1)
    for number, state in ((2, State.CONFIRMED), (3, State.AWAITING_PAYMENT)):
        colleague(event, number)
        prove(number)
        paid = of(number)
        paid.order.on_invoice_at, paid.state = NOW, state
        db.session.commit()
        invoice_id = issued(paid.order)

        crediting.credit(invoice_id, reason="Coulance", by=OFFICE, now=NOW)

        db.session.expire_all()
        assert (of(number).price_cents, of(number).agreed_cents, of(number).state) == (0, 4500, State.CONFIRMED)
        assert (free_taken(db.session.get_one(Event, event_id), organisation), health.miscounts()) == (1, [])
    given = handing_over.give_at_door(of(2), "nieuw@zonnevlinder.example", "Nora", "", "Nieuw", now=NOW)
    db.session.commit()
    assert (given.agreed_cents, health.miscounts()) == (4500, [])
    for places in (None, 3):
        change(db.session.get_one(Event, event_id), free_per_organisation=places)
        assert health.miscounts() == []
    assert free_taken(db.session.get_one(Event, event_id), organisation) == 1
