"""The office adds somebody by hand: confirmed at once or asked to pay, and above the places only knowingly."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import AlreadyRegistered, EventFull, NotFound, RegistrationClosed
from eventapp.domain.events import EventState
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import AuditEntry, Capacity
from eventapp.services.adding import ManualBooking, add_by_hand
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_registration
from tests.reading import acts, kinds, last_mail, mails, only_registration, registrations, taken

pytestmark = pytest.mark.usefixtures("app")


def add(event, **changes):
    plain = ManualBooking(
        event_id=event.id,
        address="marieke@zonnevlinder.example",
        given_name="Marieke",
        infix="van der",
        family_name="Meulen",
        category=Category.LID,
    )
    return add_by_hand(replace(plain, **changes), by=OFFICE, now=NOW)


def test_a_free_place_is_confirmed_at_once_and_the_ticket_is_mailed():
    event = make_event()
    organisation = make_organisation()

    receipt = add(event)

    found = only_registration()
    assert (receipt.state, found.state, found.source) == (State.CONFIRMED, State.CONFIRMED, "organiser")
    assert (found.organisation_id, found.organisation_name) == (organisation.id, "Zonnevlinder")
    assert (found.ticket is not None, found.expires_at) == (True, None)
    assert mails() == [("confirmed", "marieke@zonnevlinder.example")]
    assert acts() == ["added_by_hand", "confirmed"]
    assert taken(event) == 1


def test_a_price_is_asked_with_the_pay_link():
    event = make_event()

    receipt = add(event, category=Category.NIET_LID)

    assert (receipt.state, receipt.price_cents) == (State.AWAITING_PAYMENT, 9500)
    assert only_registration().expires_at == NOW + timedelta(hours=24)
    assert only_registration().order.pay_token in last_mail("pay").text
    assert taken(event) == 1


@pytest.mark.parametrize(
    ("category", "given", "price", "state"),
    [
        (Category.NIET_LID, 0, 0, State.CONFIRMED),
        (Category.NIET_LID, 5000, 5000, State.AWAITING_PAYMENT),
        (Category.LID, 2500, 2500, State.AWAITING_PAYMENT),
        (Category.SPREKER, None, 0, State.CONFIRMED),
    ],
)
def test_the_office_may_name_the_price_and_any_category(category, given, price, state):
    receipt = add(make_event(), category=category, price_cents=given)

    assert (receipt.price_cents, receipt.state) == (price, state)


@pytest.mark.parametrize("category", [Category.LID, Category.NIET_LID])
def test_when_full_nothing_is_added(category):
    event = make_event(capacity=1)
    make_registration(event)

    with pytest.raises(EventFull):
        add(event, category=category)

    assert (len(registrations()), mails(), acts(), taken(event)) == (1, [], [], 1)


@pytest.mark.parametrize("category", [Category.LID, Category.NIET_LID])
def test_above_the_places_only_knowingly_and_logged(category):
    event = make_event(capacity=1)
    make_registration(event)

    add(event, category=category, force=True, note="directeur belde")

    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "added_by_hand")).one()
    assert entry.facts == {"category": category.value, "forced": True, "note": "directeur belde"}
    assert entry.actor_name == "Secretariaat"
    assert db.session.scalars(sa.select(Capacity.allowance)).one() == 1
    assert taken(event) == 2


def test_force_with_places_left_leaves_the_allowance_alone():
    event = make_event(capacity=2)

    add(event, force=True)

    assert db.session.scalars(sa.select(Capacity.allowance)).one() == 0


def test_somebody_who_is_registered_is_not_added_again():
    event = make_event()
    add(event)

    with pytest.raises(AlreadyRegistered):
        add(event)

    assert kinds() == ["confirmed"]


@pytest.mark.parametrize(
    ("changes", "admitted"),
    [
        ({"opens_at": NOW + timedelta(days=1)}, True),
        ({"closes_at": NOW - timedelta(days=1)}, True),
        ({"starts_at": NOW - timedelta(hours=1)}, True),
        ({"starts_at": NOW - timedelta(hours=4)}, False),
        ({"state": EventState.DRAFT}, False),
        ({"state": EventState.CANCELLED}, False),
    ],
)
def test_the_office_may_add_before_and_after_the_window_but_not_to_what_is_no_event(changes, admitted):
    event = make_event(**changes)

    if admitted:
        assert add(event).state == State.CONFIRMED
    else:
        with pytest.raises(RegistrationClosed):
            add(event)


def test_an_unknown_event_is_not_found():
    with pytest.raises(NotFound):
        add(make_event(), event_id=4711)
