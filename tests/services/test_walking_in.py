"""Somebody at the door without a registration: member, guest, on an invoice or at the checkout, and who was known."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import (
    EventFull,
    EventOver,
    NotAdmitted,
    NotAtTheDoor,
    PaymentNotPossible,
    PriceDiffers,
    RegistrationClosed,
    ToTheDesk,
)
from eventapp.domain.events import EventState
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import Review, State
from eventapp.domain.walk_ins import Known, Way
from eventapp.extensions import db
from eventapp.models import AuditEntry, Event, Invoice, OutboxMail, Presence, Registration, Scan
from eventapp.queries.door import bearer_of
from eventapp.services import lapsing, prospects, walking_in
from eventapp.services.walking_in import WalkIn, come_in
from tests.factories import (
    NOW,
    OFFICE,
    make_event,
    make_organisation,
    make_person,
    make_registration,
    make_token,
)
from tests.invoicing import make_ready

LATER = NOW + timedelta(hours=1)
KEY = "3f2b9a52-7d1c-4f57-9a55-0d5a8a1f2c11"


@pytest.fixture
def event(app):
    make_organisation()
    return make_event(starts_at=NOW)


@pytest.fixture
def door(event):
    _token, secret = make_token(event=event)
    return bearer_of(secret)


def somebody(event, **changes) -> WalkIn:
    return replace(WalkIn(event.id, "noor@zonnevlinder.example", "Noor", "de", "Wit"), **changes)


def outsider(event, **changes) -> WalkIn:
    return somebody(event, address="noor@elders.example", **changes)


def walk(walk_in, *, door=None, can_pay=True, now=LATER, by=OFFICE):
    return come_in(walk_in, by=by, door=door, can_pay=can_pay, now=now)


def found(arrival) -> Registration:
    db.session.rollback()
    return db.session.get_one(Registration, arrival.registration_id)


def inside() -> list[int]:
    return list(db.session.scalars(sa.select(Presence.registration_id).where(Presence.inside_since.is_not(None))))


def taken(event) -> int:
    db.session.rollback()
    return db.session.get_one(Event, event.id).places.taken


def mails() -> list[str]:
    return list(db.session.scalars(sa.select(OutboxMail.kind).order_by(OutboxMail.id)))


def test_a_member_is_inside_at_once_with_a_ticket(event, door):
    arrival = walk(somebody(event, key=KEY), door=door)

    one = found(arrival)
    assert (one.state, one.category, one.price_cents, one.source) == (State.CONFIRMED, Category.LID, 0, "door")
    assert (one.organisation_name, one.ticket is not None) == ("Zonnevlinder", True)
    assert (inside(), taken(event), mails()) == ([one.id], 1, ["confirmed"])
    assert [(scan.scan_id, scan.device_id) for scan in db.session.scalars(sa.select(Scan))] == [(KEY, door.id)]


def test_the_same_request_again_is_the_same_person(event, door):
    first, again = (walk(somebody(event, key=KEY), door=door) for _ in range(2))

    assert (again.registration_id, again.registered) == (first.registration_id, False)
    assert (taken(event), len(inside()), len(list(db.session.scalars(sa.select(Scan))))) == (1, 1, 1)


def test_a_guest_comes_free_and_says_whose(event):
    arrival = walk(outsider(event, way=Way.GUEST, guest_of="Marieke van der Meulen"))

    one = found(arrival)
    assert (one.state, one.price_cents) == (State.CONFIRMED, 0)
    assert one.reason == {"category": "niet-lid", "via": "guest", "guest_of": "Marieke van der Meulen"}
    assert inside() == [one.id]


def test_who_pays_now_has_a_place_for_half_an_hour(event):
    arrival = walk(outsider(event))

    one = found(arrival)
    assert (one.state, one.price_cents, one.expires_at) == (State.AWAITING_PAYMENT, 9500, LATER + timedelta(minutes=30))
    assert (inside(), taken(event), mails()) == ([], 1, ["pay"])
    lapsing.lapse_unpaid(None, now=LATER + timedelta(minutes=31))
    assert (found(arrival).state, taken(event)) == (State.EXPIRED, 0)


def test_the_money_came_in_and_the_door_opens(shop):
    event = make_event(starts_at=NOW)
    arrival = walk(outsider(event))
    assert walking_in.let_in(arrival.registration_id, door=None, now=LATER) is False

    shop.becomes(shop.open_payment(arrival.order_id), "paid", now=LATER)

    assert walking_in.let_in(arrival.registration_id, door=None, now=LATER) is True
    assert (shop.state(arrival.order_id), inside()) == (State.CONFIRMED, [arrival.registration_id])


@pytest.mark.parametrize("after_all", [False, True])
def test_on_an_invoice_one_is_inside_at_once(event, after_all):
    make_ready()
    arrival = walk(outsider(event, way=Way.ONLINE if after_all else Way.INVOICE))
    if after_all:
        walking_in.put_on_invoice(arrival.registration_id, by=OFFICE, door=None, now=LATER)

    one = found(arrival)
    assert (one.state, one.order.on_invoice_at) == (State.CONFIRMED, LATER)
    assert (inside(), [draft.order_id for draft in db.session.scalars(sa.select(Invoice))]) == (
        [one.id],
        [one.order_id],
    )


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"price_cents": 7500}, PriceDiffers),
        ({"price_cents": 0}, PriceDiffers),
    ],
)
def test_another_price_than_was_shown_takes_nobody_in(event, changes, refusal):
    with pytest.raises(refusal) as refused:
        walk(outsider(event, **changes))

    assert (refused.value.facts["price_cents"], taken(event), mails()) == (9500, 0, [])


def test_without_a_way_to_pay_nobody_is_left_waiting(event):
    with pytest.raises(PaymentNotPossible):
        walk(outsider(event), can_pay=False)

    assert taken(event) == 0


def test_only_the_office_goes_above_the_capacity_and_says_why(app):
    event = make_event(starts_at=NOW, capacity=1)
    make_organisation()
    make_registration(event)

    with pytest.raises(EventFull):
        walk(somebody(event))
    arrival = walk(somebody(event, force=True, reason="Spreker neemt collega mee"))

    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "walked_in")).one()
    assert (found(arrival).state, taken(event)) == (State.CONFIRMED, 2)
    assert entry.facts == {"way": "online", "forced": True, "reason": "Spreker neemt collega mee"}


def test_a_line_is_not_jumped_at_the_door(app):
    make_organisation()
    event = make_event(starts_at=NOW, capacity=2)
    make_registration(event)
    waiting = make_registration(
        event, make_person("Noor", "de", "Wit", address="noor@zonnevlinder.example"), state=State.WAITLISTED
    )
    event.capacities[0].waiting = 1
    db.session.commit()

    with pytest.raises(EventFull):
        walk(somebody(event, given_name="Ander"))
    with pytest.raises(ToTheDesk) as refused:
        walk(somebody(event))
    assert refused.value.facts == {"registration_id": waiting.id}


@pytest.mark.parametrize(
    ("state", "more", "outcome"),
    [
        (State.CONFIRMED, {}, State.CONFIRMED),
        (State.AWAITING_CONFIRMATION, {}, State.CONFIRMED),
        (State.AWAITING_CONFIRMATION, {"price_cents": 4500}, State.AWAITING_PAYMENT),
        (State.AWAITING_PAYMENT, {"price_cents": 4500}, State.AWAITING_PAYMENT),
        (State.AWAITING_CONFIRMATION, {"review": Review.PENDING}, None),
    ],
)
def test_who_was_registered_goes_on_from_there(event, state, more, outcome):
    person = make_person("Noor", "de", "Wit", address="noor@zonnevlinder.example")
    known = make_registration(event, person, state=state, **more)

    if outcome is None:
        with pytest.raises(ToTheDesk):
            walk(somebody(event))
        return
    arrival = walk(somebody(event))

    assert (arrival.registration_id, arrival.registered, found(arrival).state) == (known.id, True, outcome)
    assert (inside(), taken(event)) == ([known.id] if outcome == State.CONFIRMED else [], 1)


@pytest.mark.parametrize(
    ("starts", "state", "by_office", "refusal"),
    [
        (timedelta(days=1), EventState.PUBLISHED, True, NotAtTheDoor),
        (timedelta(hours=8), EventState.PUBLISHED, False, None),
        (timedelta(hours=-5), EventState.PUBLISHED, False, EventOver),
        (timedelta(days=-1), EventState.PUBLISHED, True, None),
        (timedelta(days=-20), EventState.PUBLISHED, True, EventOver),
        (timedelta(), EventState.CANCELLED, True, RegistrationClosed),
        (timedelta(), EventState.DRAFT, True, RegistrationClosed),
    ],
)
def test_people_walk_in_on_the_day_itself(app, starts, state, by_office, refusal):
    make_organisation()
    event = make_event(starts_at=NOW + starts, state=state)
    by = OFFICE if by_office else replace(OFFICE, kind="device")

    if refusal:
        with pytest.raises(refusal):
            walk(somebody(event), by=by, now=NOW)
        assert taken(event) == 0
    else:
        assert found(walk(somebody(event), by=by, now=NOW)).state == State.CONFIRMED


def test_what_is_said_beforehand_is_what_happens(event):
    known = make_registration(event, make_person("Ada", "", "Bos", address="ada@zonnevlinder.example"))
    full = make_event(starts_at=NOW, capacity=1, prices={Category.LID: 0})
    make_registration(full)

    def look(walk_in):
        one = prospects.look(walk_in, by=OFFICE, now=LATER)
        return one.category, one.price_cents, one.known, one.left, one.organisation

    assert look(somebody(event)) == (Category.LID, 0, None, 99, "Zonnevlinder")
    assert look(outsider(event)) == (Category.NIET_LID, 9500, None, 99, "")
    assert look(outsider(event, way=Way.GUEST, guest_of="Ada")) == (Category.NIET_LID, 0, None, 99, "")
    assert look(replace(somebody(event), address=known.address, given_name="Ada", infix="", family_name="Bos")) == (
        Category.LID,
        0,
        Known.ADMIT,
        99,
        "Zonnevlinder",
    )
    assert look(outsider(full)) == (None, 0, None, 0, "")
    with pytest.raises(NotAdmitted):
        walk(outsider(full))


def test_nobody_is_sure_of_a_place_that_turned_out_to_cost_something(app):
    organisation = make_organisation()
    event = make_event(starts_at=NOW, free_per_organisation=1, beyond_free=BeyondFree.PAYS, beyond_free_cents=4500)
    first = walk(somebody(event, given_name="Eerste"))
    person = make_person("Noor", "de", "Wit", address="noor@zonnevlinder.example")
    late = make_registration(event, person, state=State.EXPIRED, organisation_id=organisation.id)
    late.state = State.AWAITING_CONFIRMATION
    db.session.commit()

    with pytest.raises(ToTheDesk):
        walk(somebody(event))
    with pytest.raises(PriceDiffers) as refused:
        walk(somebody(event, given_name="Derde", price_cents=0))

    assert (found(first).state, taken(event), refused.value.facts["price_cents"]) == (State.CONFIRMED, 1, 4500)
