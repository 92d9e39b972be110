"""What an invitation gives, how it stands, and when it is remembered: tables of cases."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from eventapp.domain.addresses import masked
from eventapp.domain.errors import NotAdmitted
from eventapp.domain.events import Schedule, Window
from eventapp.domain.invitations import (
    InvitationState,
    Terms,
    answer_until,
    decide_invited,
    remind_at,
    standing,
)
from eventapp.domain.pricing import Admission, Category, PriceLine, Proof
from eventapp.domain.registrations import State

NOW = datetime(2027, 3, 20, 9, 0, tzinfo=UTC)
LINES = [
    PriceLine(Category.LID, Admission.GRATIS),
    PriceLine(Category.AMBASSADEUR, Admission.UITNODIGING),
    PriceLine(Category.KERNPARTNER, Admission.PRIJS, 4500),
    PriceLine(Category.STEUNPARTNER, Admission.NIET),
]
OPEN_TO_ALL = [*LINES, PriceLine(Category.NIET_LID, Admission.PRIJS, 9500)]
AMBASSADOR = Proof(Category.AMBASSADEUR, "status", {"since": "2024-01-01"})
MEMBER = Proof(Category.LID, "domain", {"organisation": "Zonnevlinder"}, 1)
PARTNER = Proof(Category.KERNPARTNER, "domain", {}, 2)
SPONSOR = Proof(Category.STEUNPARTNER, "domain", {}, 3)


@pytest.mark.parametrize(
    ("lines", "proofs", "terms", "category", "cents", "via"),
    [
        # An invitation without terms calls attention; "op uitnodiging" is free to who is invited.
        (LINES, [AMBASSADOR], Terms(), "ambassadeur", 0, "status"),
        (LINES, [MEMBER], Terms(), "lid", 0, "domain"),
        (LINES, [PARTNER], Terms(), "kernpartner", 4500, "domain"),
        (OPEN_TO_ALL, [], Terms(), "niet-lid", 9500, "none"),
        # A price of its own replaces the price, not the category.
        (LINES, [AMBASSADOR], Terms(price_cents=2500), "ambassadeur", 2500, "status"),
        (LINES, [PARTNER], Terms(price_cents=0), "kernpartner", 0, "domain"),
        (OPEN_TO_ALL, [], Terms(price_cents=0), "niet-lid", 0, "none"),
        # It admits by itself, also whom the event keeps out.
        (LINES, [], Terms(price_cents=0), "niet-lid", 0, "invitation"),
        (LINES, [SPONSOR], Terms(price_cents=1000), "niet-lid", 1000, "invitation"),
        # A category of its own, on the proof of it when there is one.
        (LINES, [], Terms(Category.SPREKER), "spreker", 0, "invitation"),
        (LINES, [MEMBER], Terms(Category.WAARNEMEND), "waarnemend", 0, "invitation"),
        (LINES, [MEMBER, AMBASSADOR], Terms(Category.AMBASSADEUR), "ambassadeur", 0, "status"),
        (LINES, [], Terms(Category.KERNPARTNER), "kernpartner", 4500, "invitation"),
        (LINES, [], Terms(Category.KERNPARTNER, 0), "kernpartner", 0, "invitation"),
        (LINES, [SPONSOR], Terms(Category.STEUNPARTNER), "steunpartner", 0, "domain"),
    ],
)
def test_what_an_invitation_gives(lines, proofs, terms, category, cents, via):
    found = decide_invited(lines, proofs, terms)

    assert (found.category.value, found.price_cents, found.reason()["via"]) == (category, cents, via)


@pytest.mark.parametrize("proofs", [[], [SPONSOR]])
def test_an_invitation_that_says_nothing_opens_no_door_the_event_keeps_shut(proofs):
    with pytest.raises(NotAdmitted):
        decide_invited(LINES, proofs, Terms())


def test_how_an_invitation_stands_at_every_moment():
    stands = {
        (state.value, window.value): standing(state, window, registration=None).value
        for state, window in product(InvitationState, Window)
        if state != InvitationState.LAPSED
    }

    answerable = {key for key, state in stands.items() if state == "invited"}
    assert answerable == {("invited", "open"), ("invited", "not_yet")}
    assert {key for key, state in stands.items() if state == "lapsed"} == {
        ("invited", window.value) for window in Window if window not in (Window.OPEN, Window.NOT_YET)
    }
    assert all(state in ("invited", "lapsed") or state == before for (before, _), state in stands.items())


@pytest.mark.parametrize(
    ("registration", "stands"),
    [
        (State.CONFIRMED, "accepted"),
        (State.AWAITING_PAYMENT, "accepted"),
        (State.CANCELLED, "accepted"),
        (State.EXPIRED, "invited"),
    ],
)
def test_an_acceptance_that_was_not_paid_can_be_given_anew(registration, stands):
    assert standing(InvitationState.ACCEPTED, Window.OPEN, registration=registration).value == stands


STARTS = NOW + timedelta(days=30)


def test_answering_ends_when_registering_closes_or_it_begins():
    ends = STARTS + timedelta(hours=3)

    assert answer_until(Schedule(STARTS, ends)) == STARTS
    assert answer_until(Schedule(STARTS, ends, closes_at=STARTS - timedelta(days=3))) == STARTS - timedelta(days=3)
    assert answer_until(Schedule(STARTS, ends, closes_at=STARTS + timedelta(hours=1))) == STARTS


@pytest.mark.parametrize(
    ("sent", "until", "days", "due"),
    [
        (NOW, NOW + timedelta(days=5), 4, NOW + timedelta(days=2)),
        (NOW, NOW + timedelta(days=5), 2, NOW + timedelta(days=3)),
        (NOW, NOW + timedelta(days=1), 7, None),
        (NOW, NOW + timedelta(days=5), 0, None),
        # The same clock time, seven Dutch days before, across the night of 28 March.
        (NOW - timedelta(days=9), datetime(2027, 3, 30, 8, 0, tzinfo=UTC), 7, datetime(2027, 3, 23, 9, 0, tzinfo=UTC)),
    ],
)
def test_one_reminder_some_days_before_and_not_on_the_heels_of_the_invitation(sent, until, days, due):
    assert remind_at(sent_at=sent, until=until, days=days) == due


def test_a_link_holder_sees_no_more_than_the_first_letter():
    assert masked("marieke.vandermeulen@zonnevlinder.example") == "m•••@zonnevlinder.example"
    assert masked("j@x.example") == "j•••@x.example"
