"""Somebody turns out to be of an organisation: what happens to what they booked before."""

from datetime import date

import pytest

from eventapp.domain.linking import Turn, turn, usual_last_day
from eventapp.domain.pricing import OUTSIDER, Category, Entitlement, Proof
from eventapp.domain.registrations import Review, State

AS_MEMBER = Entitlement(Category.LID, 0, Proof(Category.LID, "domain", organisation_id=7))
AS_PAYING_MEMBER = Entitlement(Category.LID, 4500, Proof(Category.LID, "domain", organisation_id=7))
OF_KNOWN_OUTSIDER = Entitlement(Category.NIET_LID, 0, Proof(Category.NIET_LID, "domain", organisation_id=7))
AS_ANYBODY = Entitlement(Category.NIET_LID, 0, OUTSIDER)
PAID, TO_PAY, TO_PROVE = State.CONFIRMED, State.AWAITING_PAYMENT, State.AWAITING_CONFIRMATION


@pytest.mark.parametrize(
    ("state", "review", "price", "paid", "paying", "given", "expected"),
    [
        (TO_PROVE, Review.PENDING, 0, 0, False, AS_MEMBER, Turn.APPROVE),
        (TO_PROVE, Review.PENDING, 4500, 0, False, AS_PAYING_MEMBER, Turn.APPROVE),
        (TO_PROVE, Review.PENDING, 0, 0, False, OF_KNOWN_OUTSIDER, Turn.STAYS),
        (TO_PROVE, Review.PENDING, 0, 0, False, None, Turn.STAYS),
        (TO_PAY, Review.NONE, 9500, 0, False, AS_MEMBER, Turn.CHEAPER),
        (TO_PAY, Review.NONE, 9500, 0, False, AS_PAYING_MEMBER, Turn.CHEAPER),
        (TO_PAY, Review.NONE, 9500, 0, False, OF_KNOWN_OUTSIDER, Turn.CHEAPER),
        (TO_PAY, Review.NONE, 9500, 0, False, AS_ANYBODY, Turn.STAYS),
        (TO_PAY, Review.NONE, 9500, 0, False, None, Turn.STAYS),
        (TO_PAY, Review.NONE, 9500, 0, True, AS_MEMBER, Turn.PROPOSE),
        (TO_PAY, Review.NONE, 4500, 0, False, AS_PAYING_MEMBER, Turn.STAYS),
        (TO_PAY, Review.NONE, 2500, 0, False, AS_PAYING_MEMBER, Turn.STAYS),
        (PAID, Review.NONE, 9500, 9500, False, AS_MEMBER, Turn.PROPOSE),
        (PAID, Review.NONE, 9500, 0, False, AS_MEMBER, Turn.STAYS),
        (PAID, Review.NONE, 0, 0, False, AS_MEMBER, Turn.STAYS),
        (State.WAITLISTED, Review.NONE, 9500, 0, False, AS_MEMBER, Turn.STAYS),
    ],
)
def test_what_becomes_of_a_registration(state, review, price, paid, paying, given, expected):
    found = turn(state=state, review=review, price_cents=price, paid_cents=paid, paying=paying, given=given)

    assert found == expected


def test_somebody_is_usually_named_until_the_end_of_next_year():
    assert usual_last_day(date(2027, 1, 11)) == date(2028, 12, 31)
