"""Free places per member: who counts, and what the next one gets."""

import pytest

from eventapp.domain.organisation_places import BeyondFree, FreePlaces, beyond, counts
from eventapp.domain.pricing import Admission, Category, PriceLine, Proof

OF_MEMBER = Proof(Category.LID, "domain", {"organisation": "Zonnevlinder"}, 7)
AMBASSADOR = Proof(Category.AMBASSADEUR, "status")
PAYS = FreePlaces(3, BeyondFree.PAYS, 4500)
REFUSED = FreePlaces(3, BeyondFree.REFUSED)
LINES = [
    PriceLine(Category.LID, Admission.GRATIS),
    PriceLine(Category.AMBASSADEUR, Admission.PRIJS, 2000),
    PriceLine(Category.NIET_LID, Admission.GRATIS),
]


@pytest.mark.parametrize(
    ("category", "price_cents", "organisation_id", "expected"),
    [
        (Category.LID, 0, 7, True),
        (Category.LID, 4500, 7, False),
        (Category.LID, 0, None, False),
        (Category.AMBASSADEUR, 0, 7, False),
        (Category.NIET_LID, 0, 7, False),
        (Category.KERNPARTNER, 0, 7, False),
    ],
)
def test_only_who_comes_in_free_as_a_member_of_an_organisation_counts(category, price_cents, organisation_id, expected):
    assert counts(category=category, price_cents=price_cents, organisation_id=organisation_id) == expected


def test_beyond_the_free_places_one_pays_as_a_member_of_the_same_organisation():
    given = beyond(PAYS, OF_MEMBER, LINES, [])

    assert (given.category, given.price_cents, given.proof) == (Category.LID, 4500, OF_MEMBER)


def test_beyond_the_free_places_there_may_be_nothing_also_where_outsiders_come_in():
    assert beyond(REFUSED, OF_MEMBER, LINES, []) is None


@pytest.mark.parametrize("rule", [PAYS, REFUSED])
def test_a_cheaper_status_of_ones_own_wins(rule):
    given = beyond(rule, OF_MEMBER, LINES, [AMBASSADOR])

    assert (given.category, given.price_cents) == (Category.AMBASSADEUR, 2000)


def test_a_dearer_status_of_ones_own_does_not():
    given = beyond(FreePlaces(3, BeyondFree.PAYS, 1000), OF_MEMBER, LINES, [AMBASSADOR])

    assert (given.category, given.price_cents) == (Category.LID, 1000)


def test_a_status_that_the_event_does_not_admit_gives_nothing():
    lines = [PriceLine(Category.LID, Admission.GRATIS), PriceLine(Category.AMBASSADEUR, Admission.UITNODIGING)]

    assert beyond(REFUSED, OF_MEMBER, lines, [AMBASSADOR]) is None
