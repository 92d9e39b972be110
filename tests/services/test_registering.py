"""Registering: who comes in at what price, what is held for them, and what is refused without a trace."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eventapp.domain.errors import (
    NotAdmitted,
)
from eventapp.domain.events import EventForm, TargetGroup
from eventapp.domain.pricing import Category, Relation
from eventapp.domain.registrations import Review, State
from eventapp.extensions import db
from eventapp.models import Order
from eventapp.services.quoting import quote
from eventapp.services.registering import Basis
from tests.booking import book, make_ambassador
from tests.factories import NOW, make_event, make_organisation
from tests.reading import acts, kinds, last_mail, mails, only_registration, registrations, states, taken, token_in

pytestmark = pytest.mark.usefixtures("app")
PRICE = 9500


def test_somebody_from_a_member_waits_for_the_proof_of_the_address():
    event = make_event()
    organisation = make_organisation("Zonnevlinder", domains=("zonnevlinder.example",))

    receipt = book(event, "marieke@zonnevlinder.example", function="Directeur", function_group=TargetGroup.DIRECTEUR)

    found = only_registration()
    assert (receipt.state, receipt.price_cents, receipt.repeated) == (State.AWAITING_CONFIRMATION, 0, False)
    assert (found.state, found.category, found.price_cents) == (State.AWAITING_CONFIRMATION, Category.LID, 0)
    assert (found.organisation_id, found.organisation_name) == (organisation.id, "Zonnevlinder")
    assert (found.function, found.function_group) == ("Directeur", TargetGroup.DIRECTEUR)
    assert found.reason == {
        "category": "lid",
        "via": "domain",
        "organisation": "Zonnevlinder",
        "detail": "zonnevlinder.example",
        "since": "2024-01-01",
    }
    assert found.expires_at == NOW + timedelta(days=3)
    assert found.ticket is None
    assert taken(event) == 1
    assert mails() == [("confirm_address", "marieke@zonnevlinder.example")]
    assert acts() == ["registered"]


def test_the_first_mail_says_that_a_place_is_held():
    event = make_event()
    make_organisation()

    book(event, "marieke@zonnevlinder.example")

    mail = last_mail("confirm_address")
    assert "vastgehouden tot donderdag 14 januari" in mail.text
    assert "nog geen plaats" not in mail.text
    assert token_in(mail) in mail.html


def test_an_outsider_goes_to_pay_with_a_place_held_for_a_day():
    event = make_event()

    receipt = book(event, organisation_name="Gemeente Voorbeeldstad")

    found = only_registration()
    assert (receipt.state, receipt.price_cents) == (State.AWAITING_PAYMENT, PRICE)
    assert (found.category, found.price_cents, found.organisation_id) == (Category.NIET_LID, PRICE, None)
    assert (found.organisation_name, found.expires_at) == ("Gemeente Voorbeeldstad", NOW + timedelta(hours=24))
    assert taken(event) == 1
    assert mails() == [("pay", "marieke@elders.example")]


def test_a_free_place_for_outsiders_asks_for_proof_of_the_address_too():
    book(make_event(prices={Category.NIET_LID: 0}))

    assert states() == [State.AWAITING_CONFIRMATION]
    assert kinds() == ["confirm_address"]


def test_a_members_own_price_is_paid_only_after_the_proof():
    make_organisation()

    receipt = book(make_event(prices={Category.LID: 14500, Category.NIET_LID: 24500}), "m@zonnevlinder.example")

    assert (receipt.state, receipt.price_cents) == (State.AWAITING_CONFIRMATION, 14500)
    assert kinds() == ["confirm_address"]


@pytest.mark.parametrize(
    ("address", "domain", "relation", "until", "category"),
    [
        ("m@zonnevlinder.example", "zonnevlinder.example", Relation.LID, None, Category.LID),
        ("m@zonnevlinder.example", "zonnevlinder.example", Relation.LID, date(2027, 2, 10), Category.LID),
        ("m@zonnevlinder.example", "zonnevlinder.example", Relation.LID, date(2027, 2, 9), Category.NIET_LID),
        ("m@zonnevlinder.example", "zonnevlinder.example", Relation.GEEN, None, Category.NIET_LID),
        ("m@mail.zonnevlinder.example", "zonnevlinder.example", Relation.LID, None, Category.NIET_LID),
        ("m@zonnevlinder.example.elders.example", "zonnevlinder.example", Relation.LID, None, Category.NIET_LID),
        ("m@zonnevlindet.example", "zonnevlinder.example", Relation.LID, None, Category.NIET_LID),
        ("m@gmail.com", "gmail.com", Relation.LID, None, Category.NIET_LID),
        ("m@freemail.example", "freemail.example", Relation.LID, None, Category.NIET_LID),
    ],
)
def test_only_the_very_domain_of_a_member_on_the_day_proves_membership(address, domain, relation, until, category):
    """The event is on 10 February 2027."""
    make_organisation(domains=(domain,), relation=relation, until=until)

    book(make_event(), address)

    assert only_registration().category == category


def test_an_ambassador_who_says_so_comes_in_as_one():
    make_ambassador("marieke@elders.example")
    event = make_event(prices={Category.LID: 0, Category.AMBASSADEUR: 0})

    book(event, basis=Basis.STATUS)

    found = only_registration()
    assert (found.category, found.reason["via"], found.state) == (
        Category.AMBASSADEUR,
        "status",
        State.AWAITING_CONFIRMATION,
    )


@pytest.mark.parametrize(
    ("until", "name"),
    [(date(2027, 2, 9), "Marieke"), (None, "Fatma")],
    ids=["the status ended", "a colleague at the shared mailbox"],
)
def test_a_status_is_of_one_person_and_of_its_time(until, name):
    make_ambassador("marieke@elders.example", until=until)
    event = make_event(prices={Category.LID: 0, Category.AMBASSADEUR: 0})

    with pytest.raises(NotAdmitted):
        book(event, basis=Basis.STATUS, given_name=name)

    assert registrations() == []
    assert mails() == [("not_admitted", "marieke@elders.example")]


def test_an_unknown_address_that_claims_a_status_gets_a_mail_and_the_same_refusal():
    event = make_event(prices={Category.AMBASSADEUR: 0})

    for _twice in range(2):
        with pytest.raises(NotAdmitted):
            book(event, basis=Basis.STATUS)

    assert registrations() == []
    assert mails() == [("not_admitted", "marieke@elders.example")]


def test_a_claim_holds_the_place_and_asks_nothing_to_pay():
    event = make_event()

    receipt = book(event, "marieke@gmail.com", basis=Basis.CLAIM, organisation_name="Zonnevlinder")

    found = only_registration()
    assert (receipt.state, receipt.price_cents) == (State.AWAITING_CONFIRMATION, 0)
    assert (found.category, found.review) == (Category.LID, Review.PENDING)
    assert (found.claimed_organisation, found.organisation_id) == ("Zonnevlinder", None)
    assert taken(event) == 1
    assert kinds() == ["confirm_address"]


def test_a_claim_from_a_recognised_address_is_no_claim():
    make_organisation()

    book(make_event(), "marieke@zonnevlinder.example", basis=Basis.CLAIM, organisation_name="Tweeklank")

    found = only_registration()
    assert (found.review, found.organisation_name, found.claimed_organisation) == (Review.NONE, "Zonnevlinder", "")


def test_no_hold_outlasts_the_start_of_the_event():
    tomorrow = make_event(starts_at=NOW + timedelta(hours=5))
    make_organisation()

    book(tomorrow, "m@zonnevlinder.example")
    book(tomorrow)

    assert {registration.expires_at for registration in registrations()} == {NOW + timedelta(hours=5)}


def test_the_way_of_attending_and_the_visitor_are_kept():
    book(make_event(form=EventForm.HYBRIDE), attends=EventForm.ONLINE)

    order = db.session.scalars(sa.select(Order)).one()
    assert only_registration().attends == EventForm.ONLINE
    assert (order.visitor_key, order.address) == ("v1", "marieke@elders.example")
    assert len({order.token, order.pay_token}) == 2


@pytest.mark.parametrize(
    ("address", "category", "price", "may_claim", "may_have_status"),
    [
        ("m@zonnevlinder.example", Category.LID, 0, False, False),
        ("m@gmail.com", Category.NIET_LID, PRICE, True, True),
        ("ambassadeur@elders.example", Category.NIET_LID, PRICE, True, True),
    ],
)
def test_a_quote_looks_at_the_domain_and_never_at_who_it_is(address, category, price, may_claim, may_have_status):
    make_organisation()
    make_ambassador("ambassadeur@elders.example")
    event = make_event(prices={Category.LID: 0, Category.AMBASSADEUR: 0, Category.NIET_LID: PRICE})

    said = quote(event, address, now=NOW)

    assert (said.entitlement.category, said.entitlement.price_cents) == (category, price)
    assert (said.may_claim, said.may_have_status) == (may_claim, may_have_status)
    assert said.outsider.price_cents == PRICE


def test_a_quote_for_an_event_that_admits_nobody_on_these_grounds():
    make_organisation(until=date(2026, 12, 31))

    said = quote(make_event(prices={Category.LID: 0}), "m@zonnevlinder.example", now=NOW)

    assert (said.organisation_name, said.entitlement, said.outsider, said.may_claim) == (
        "Zonnevlinder",
        None,
        None,
        True,
    )
