"""Registering colleagues along: one order, all or nobody, own tickets, and nobody on a stranger's word."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.actors import VISITOR
from eventapp.domain.errors import AlreadyCancelled, AlreadyRegistered, GroupDoesNotFit, GroupTooLarge, NotFound
from eventapp.domain.organisation_places import BeyondFree
from eventapp.domain.payments import Outcome
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import Event, Order, OrganisationPerson
from eventapp.services import cancelling, confirming, correcting, lapsing
from eventapp.services.registering import Basis, Booking, Colleague, Receipt
from eventapp.services.registering_together import register_together
from tests.booking import book
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.reading import kinds, last_mail, mails, mails_left, registrations, states, taken, token_in
from tests.shop import Shop

MARIEKE, BRAM, LOTTE = "marieke@zonnevlinder.example", "bram@zonnevlinder.example", "lotte@zonnevlinder.example"


def colleague(address: str, name: str = "") -> Colleague:
    return Colleague(name or address.partition("@")[0].title(), "", "Bakker", address)


def bring(event: Event, *colleagues: str | Colleague, address: str = MARIEKE, **more: object) -> Receipt:
    """Marieke registers herself and these colleagues."""
    those = tuple(one if isinstance(one, Colleague) else colleague(one) for one in colleagues)
    own = {"given_name": "Marieke", "infix": "van der", "family_name": "Meulen"}
    booking = Booking(
        **{"event_id": event.id, "address": address, "colleagues": those, "visitor_key": "v1"} | own | more
    )
    return register_together(booking, by=VISITOR, now=NOW)


def prove(kind: str = "confirm_group") -> confirming.Proven:
    """Somebody presses the button behind the link that was mailed last."""
    return confirming.prove(token_in(last_mail(kind)), now=NOW)


@pytest.mark.usefixtures("app")
def test_colleagues_of_the_same_member_are_confirmed_with_the_one_link():
    make_organisation()
    event = make_event()

    bring(event, BRAM, LOTTE)
    before = states(), mails(), taken(event)
    prove()

    assert before == ([State.AWAITING_CONFIRMATION] * 3, [("confirm_group", MARIEKE)], 3)
    assert (states(), taken(event)) == ([State.CONFIRMED] * 3, 3)
    assert sorted(mails()[1:]) == [
        ("confirmed", BRAM),
        ("confirmed", LOTTE),
        ("confirmed", MARIEKE),
        ("group_booked", MARIEKE),
    ]
    assert [found.proven_at for found in registrations()] == [NOW, None, None]
    assert len({found.order_id for found in registrations()}) == 1
    order = db.session.scalars(sa.select(Order)).one()
    ticket = last_mail("confirmed")
    assert "Marieke van der Meulen heeft u aangemeld" in ticket.text
    assert (order.token in ticket.text, order.token in last_mail("group_booked").text) == (False, True)


@pytest.mark.usefixtures("app")
def test_everybody_else_proves_an_address_of_their_own_and_only_after_who_booked():
    make_organisation()
    make_organisation("Spruit", domains=("spruit.example",))
    event = make_event()
    other, unknown = "fatma@spruit.example", "jan@gratismail.example"

    bring(event, other, unknown)
    first = mails()
    prove()
    after = sorted(mails()[1:])
    theirs = {mail.to_address: token_in(mail) for mail in [last_mail("confirm_address")]}
    correcting.resend(registrations()[1].id, by=VISITOR, now=NOW)
    fatma = confirming.prove(token_in(last_mail("confirm_address")), now=NOW)
    jan = confirming.prove(theirs[unknown], now=NOW)

    assert first == [("confirm_group", MARIEKE)]
    assert after == [
        ("confirm_address", other),
        ("confirm_address", unknown),
        ("confirmed", MARIEKE),
        ("group_booked", MARIEKE),
    ]
    assert states() == [State.CONFIRMED, State.CONFIRMED, State.AWAITING_CONFIRMATION]
    assert (fatma.order_token, bool(fatma.ticket_token)) == ("", True)
    assert (jan.order_token, jan.review, registrations()[2].claimed_organisation) == (
        "",
        Review.PENDING,
        "Zonnevlinder",
    )


@pytest.mark.usefixtures("app")
def test_who_claims_to_work_for_a_member_carries_nobody():
    make_organisation()
    event = make_event()

    bring(event, BRAM, "jan@gratismail.example", address="m@elders.example", basis=Basis.CLAIM, organisation_name="Zon")
    prove()

    found = registrations()
    assert {one.state for one in found} == {State.AWAITING_CONFIRMATION}
    assert [one.with_booker for one in found] == [False] * 3
    assert [one.review for one in found] == [Review.PENDING, Review.NONE, Review.PENDING]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("settings", "people"),
    [
        ({"capacity": 2}, (BRAM, LOTTE)),
        ({"free_per_organisation": 2}, (BRAM, LOTTE)),
        ({"prices": {Category.LID: 0}}, (BRAM, "stad@voorbeeldstad.example")),
    ],
    ids=["two places for three", "two free places for three", "one is not admitted"],
)
def test_nobody_is_placed_when_not_everybody_fits(settings, people):
    make_organisation()
    make_organisation("Voorbeeldstad", domains=("voorbeeldstad.example",), until=date(2024, 12, 31))
    event = make_event(**settings)

    with pytest.raises(GroupDoesNotFit):
        bring(event, *people)

    assert (registrations(), mails(), taken(event)) == ([], [], 0)


@pytest.mark.usefixtures("app")
def test_beyond_the_free_places_the_last_ones_pay_and_whoever_booked_gets_one_bill():
    make_organisation()
    event = make_event(free_per_organisation=1, beyond_free=BeyondFree.PAYS, beyond_free_cents=4500)

    receipt = bring(event, BRAM, LOTTE)
    prove()

    assert receipt.price_cents == 9000
    assert [(one.state, one.price_cents) for one in registrations()] == [
        (State.CONFIRMED, 0),
        (State.AWAITING_PAYMENT, 4500),
        (State.AWAITING_PAYMENT, 4500),
    ]
    assert mails()[1:] == [("confirmed", MARIEKE), ("pay", MARIEKE)]
    assert "€ 90" in last_mail("pay").text.replace("\xa0", " ")


@pytest.mark.usefixtures("app")
def test_the_same_form_twice_is_one_order_and_the_same_person_twice_is_one_registration():
    make_organisation()
    event = make_event()
    twice = (BRAM, BRAM, Colleague("MARIEKE", "van der", "Meulen", MARIEKE), colleague(MARIEKE, "Jan"))

    first = bring(event, *twice, submission_key="sleutel")
    second = bring(event, *twice, submission_key="sleutel")

    assert (first.order_id, second.order_id, second.repeated) == (first.order_id, first.order_id, True)
    assert [one.person.given_name for one in registrations()] == ["Marieke", "Bram", "Jan"]
    prove()
    assert states() == [State.CONFIRMED] * 3


@pytest.mark.usefixtures("app")
def test_who_is_registered_already_is_told_and_left_out():
    make_organisation()
    event = make_event()
    make_registration(event, make_person("Bram", "", "Bakker", address=BRAM))

    bring(event, BRAM, LOTTE)
    with pytest.raises(AlreadyRegistered):
        bring(event, BRAM, address=BRAM, given_name="Bram", infix="", family_name="Bakker")

    assert mails() == [("already_registered", BRAM), ("confirm_group", MARIEKE)]
    assert [one.person.given_name for one in registrations()] == ["Bram", "Marieke", "Lotte"]


@pytest.mark.usefixtures("app")
def test_who_is_registered_already_can_bring_colleagues_later():
    make_organisation()
    event = make_event()
    make_registration(event, make_person(address=MARIEKE))

    receipt = bring(event, BRAM)
    prove()

    assert (receipt.is_bookers, states()) == (False, [State.CONFIRMED] * 2)


@pytest.mark.usefixtures("app")
def test_nobody_is_kept_out_by_a_stranger_who_named_them():
    event = make_event(prices={Category.NIET_LID: 0})
    bring(event, "fatma@elders.example", address="dief@kwaad.example")

    book(event, "fatma@elders.example", given_name="Fatma", infix="", family_name="Bakker", visitor_key="v2")
    own = confirming.prove(token_in(last_mail("confirm_address")), now=NOW)
    prove()

    assert own.order_token
    assert [(one.address, one.state) for one in registrations()] == [
        ("dief@kwaad.example", State.CONFIRMED),
        ("fatma@elders.example", State.CANCELLED),
        ("fatma@elders.example", State.CONFIRMED),
    ]
    assert [address for _kind, address in mails()].count("fatma@elders.example") == 2


@pytest.mark.usefixtures("app")
def test_the_limits_against_flooding_count_people_and_hold_for_all_or_nobody():
    make_organisation()
    event = make_event()

    bring(event, *(f"collega{n}@zonnevlinder.example" for n in range(5)))
    held = taken(event)
    prove()

    assert (held, taken(event)) == (0, 6)
    with pytest.raises(GroupTooLarge):
        bring(event, *(f"meer{n}@zonnevlinder.example" for n in range(20)))


@pytest.mark.usefixtures("app")
def test_an_order_that_nobody_proves_lapses_with_one_mail_and_none_to_colleagues():
    make_organisation()
    make_organisation("Spruit", domains=("spruit.example",))
    event = make_event()
    bring(event, BRAM, "fatma@spruit.example")

    lapsing.remind_unconfirmed(now=NOW + timedelta(days=2))
    lapsing.lapse_unconfirmed(now=NOW + timedelta(days=10))
    late = prove()

    assert mails()[:3] == [("confirm_group", MARIEKE), ("confirm_group", MARIEKE), ("hold_lapsed", MARIEKE)]
    assert [address for kind, address in mails() if kind == "confirmed"] == [MARIEKE, BRAM]
    assert (late.state, taken(event)) == (State.CONFIRMED, 2)


@pytest.mark.usefixtures("app")
def test_this_is_not_right_gives_the_place_back_and_tells_who_booked():
    make_organisation()
    event = make_event()
    bring(event, BRAM)
    prove()
    marieke, bram = registrations()

    gone = cancelling.dispute(bram.id, now=NOW)

    assert (gone, states(), taken(event)) == (True, [State.CONFIRMED, State.CANCELLED], 1)
    assert mails()[-2:] == [("disputed", MARIEKE), ("registration_cancelled", BRAM)]
    with pytest.raises(AlreadyCancelled):
        cancelling.dispute(bram.id, now=NOW)
    with pytest.raises(NotFound):
        cancelling.dispute(marieke.id, now=NOW)


@pytest.mark.usefixtures("app")
def test_whoever_booked_puts_the_own_address_right_and_the_colleagues_stay():
    make_organisation()
    event = make_event()
    receipt = bring(event, BRAM, address="mareike@zonnevlinder.example")

    correcting.correct_address(receipt.registration_id, MARIEKE, by=VISITOR, now=NOW)
    correcting.correct_address(registrations()[1].id, LOTTE, by=OFFICE, now=NOW)
    prove()

    assert [(one.address, one.state) for one in registrations()] == [
        (MARIEKE, State.CONFIRMED),
        (LOTTE, State.CONFIRMED),
    ]
    assert registrations()[0].order.address == MARIEKE


@pytest.mark.usefixtures("app")
def test_who_leaves_a_shared_mailbox_confirms_nobody_there():
    event = make_event(prices={Category.NIET_LID: 0})
    victims = "team@gratismail.example"
    receipt = bring(event, colleague(victims, "Bram"), address=victims)

    correcting.correct_address(receipt.registration_id, "vreemde@gratismail.example", by=VISITOR, now=NOW)
    prove()

    assert [(found.address, found.state) for found in registrations()] == [
        ("vreemde@gratismail.example", State.CONFIRMED),
        (victims, State.AWAITING_CONFIRMATION),
    ]
    assert ("confirmed", victims) not in mails()


@pytest.mark.usefixtures("app")
def test_who_belongs_to_two_organisations_chooses_behind_the_link():
    zon, spruit = make_organisation(), make_organisation("Spruit", domains=("spruit.example",))
    event = make_event(prices={Category.LID: 0}, free_per_organisation=5)
    person = make_person(address="toezicht@gratismail.example")
    for organisation in (zon, spruit):
        naming = {"starts_on": NOW.date(), "ends_on": NOW.date() + timedelta(days=400), "named_by": "secretariaat"}
        db.session.add(OrganisationPerson(organisation=organisation, person=person, **naming))
    db.session.commit()
    book(event, "toezicht@gratismail.example", basis=Basis.STATUS)
    link = token_in(last_mail("confirm_address"))

    with pytest.raises(NotFound):
        confirming.prove(link, now=NOW, organisation_id=4711)
    confirming.prove(link, now=NOW, organisation_id=spruit.id)

    found = registrations()[0]
    assert (found.state, found.organisation_name, found.reason["organisation"]) == (State.CONFIRMED, "Spruit", "Spruit")
    assert {hold.capacity.ref for hold in found.holds} == {"", str(spruit.id)}


def to_pay(shop: Shop) -> int:
    """The order of three outsiders who were booked together, proven."""
    outsiders = {"address": "m@elders.example", "visitor_key": ""}
    receipt = bring(make_event(), "bram@elders.example", "lotte@anders.example", **outsiders)
    prove()
    return receipt.order_id


def test_outsiders_are_paid_in_one_go_and_each_gets_a_ticket(shop: Shop):
    order_id = to_pay(shop)

    attempt = shop.paid(order_id)

    assert (attempt.amount_cents, attempt.outcome) == (28500, Outcome.CONFIRMED)
    assert states() == [State.CONFIRMED] * 3
    assert kinds() == ["confirm_group", "pay", "confirmed", "confirmed", "confirmed"]


def test_the_share_of_who_was_withdrawn_before_or_after_the_money_came_goes_back(shop: Shop):
    order_id = to_pay(shop)
    attempt = shop.open_payment(order_id)
    _marieke, bram, lotte = registrations()
    cancelling.cancel_own(bram.id, by=VISITOR, now=NOW)

    shop.becomes(attempt, "paid")
    cancelling.cancel_registration(lotte.id, by=OFFICE, now=NOW, back_cents=9500)

    assert shop.attempts(order_id)[0].outcome == Outcome.PAID_IN_PART
    assert [refund.amount_cents for refund in shop.refunds()] == [9500, 9500]
    assert states() == [State.CONFIRMED, State.CANCELLED, State.CANCELLED]


def test_who_joins_the_bill_later_is_not_confirmed_by_the_earlier_money(shop: Shop):
    make_organisation("Spruit", domains=("spruit.example",))
    event = make_event(prices={Category.LID: 4500, Category.NIET_LID: 9500})
    receipt = bring(event, "fatma@spruit.example", address="m@elders.example")
    prove()
    attempt = shop.open_payment(receipt.order_id)
    prove("confirm_address")

    shop.becomes(attempt, "paid")
    rest = shop.paid(receipt.order_id)

    assert (attempt.amount_cents, rest.amount_cents) == (9500, 4500)
    assert states() == [State.CONFIRMED] * 2


def test_unpaid_places_of_a_group_lapse_with_one_mail(shop: Shop):
    to_pay(shop)
    mails_left()

    lapsing.lapse_unpaid(shop.gateway, now=NOW + timedelta(days=20))

    assert states() == [State.EXPIRED] * 3
    assert kinds() == ["confirm_group", "pay", "payment_lapsed"]
