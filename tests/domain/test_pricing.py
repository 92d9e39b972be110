"""Who comes in, in which category and at what price: every category, every admission, every edge of a membership."""

from datetime import UTC, date, datetime

import pytest

from eventapp.domain.errors import NotAdmitted
from eventapp.domain.events import EventKind
from eventapp.domain.pricing import (
    BY_HAND_ONLY,
    Admission,
    Category,
    Entitlement,
    OrganisationFacts,
    Period,
    PriceLine,
    Proof,
    Relation,
    decide,
    default_lines,
    needs_proof,
    organisation_proof,
    status_proof,
)
from eventapp.domain.times import local_date

THEMADAG = date(2027, 4, 14)
SINCE = date(2024, 1, 1)


def free(category: Category) -> PriceLine:
    return PriceLine(category, Admission.GRATIS)


def priced(category: Category, cents: int) -> PriceLine:
    return PriceLine(category, Admission.PRIJS, cents)


def proven(*categories: Category) -> list[Proof]:
    return [Proof(category, "status") for category in categories]


def member(*periods: Period, relation: Relation = Relation.LID) -> OrganisationFacts:
    return OrganisationFacts(7, "Zonnevlinder", relation, periods)


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize(
    ("admission", "price_cents", "admitted"),
    [
        (Admission.GRATIS, 0, True),
        (Admission.PRIJS, 9500, True),
        (Admission.UITNODIGING, 0, False),
        (Admission.NIET, 0, False),
    ],
)
def test_each_category_comes_in_only_free_or_at_a_price(category, admission, price_cents, admitted):
    lines, proofs = [PriceLine(category, admission, price_cents)], proven(category)

    if admitted:
        assert decide(lines, proofs) == Entitlement(category, price_cents, proofs[0])
    else:
        with pytest.raises(NotAdmitted) as refusal:
            decide(lines, proofs)
        assert refusal.value.facts == {"category": category.value, "admission": admission.value}


@pytest.mark.parametrize("category", [category for category in Category if category != Category.NIET_LID])
def test_everybody_is_a_niet_lid_as_well(category):
    entitlement = decide([priced(Category.NIET_LID, 9500)], proven(category))

    assert (entitlement.category, entitlement.price_cents) == (Category.NIET_LID, 9500)


def test_the_lowest_admitted_price_wins_whatever_the_order_of_proofs():
    lines = [priced(Category.LID, 4500), free(Category.AMBASSADEUR), priced(Category.NIET_LID, 9500)]

    for proofs in (proven(Category.LID, Category.AMBASSADEUR), proven(Category.AMBASSADEUR, Category.LID)):
        assert decide(lines, proofs).category == Category.AMBASSADEUR


def test_an_invitation_is_no_price_of_zero():
    lines = [PriceLine(Category.AMBASSADEUR, Admission.UITNODIGING), priced(Category.LID, 4500)]

    assert decide(lines, proven(Category.AMBASSADEUR, Category.LID)).category == Category.LID


@pytest.mark.parametrize("cents", [0, 9500])
def test_ties_go_by_the_order_of_categories(cents):
    everybody = list(Category)
    lines = [PriceLine(c, Admission.PRIJS if cents else Admission.GRATIS, cents) for c in reversed(everybody)]

    for rank, first in enumerate(everybody):
        assert decide(lines, proven(*reversed(everybody[rank:]))).category == first


@pytest.mark.parametrize(
    ("proofs", "category", "admission"),
    [
        ([], Category.NIET_LID, Admission.NIET),
        (proven(Category.STEUNPARTNER), Category.STEUNPARTNER, Admission.UITNODIGING),
        (proven(Category.KERNPARTNER), Category.KERNPARTNER, Admission.NIET),
    ],
)
def test_a_refusal_names_the_best_proof_and_what_the_event_says_of_it(proofs, category, admission):
    lines = [free(Category.LID), PriceLine(Category.STEUNPARTNER, Admission.UITNODIGING)]

    with pytest.raises(NotAdmitted) as refusal:
        decide(lines, proofs)

    assert refusal.value.facts == {"category": category.value, "admission": admission.value}


@pytest.mark.parametrize(
    ("period", "day", "counts"),
    [
        (Period(THEMADAG), date(2027, 4, 13), False),
        (Period(THEMADAG), THEMADAG, True),
        (Period(SINCE, THEMADAG), THEMADAG, True),
        (Period(SINCE, THEMADAG), date(2027, 4, 15), False),
        (Period(THEMADAG, THEMADAG), THEMADAG, True),
        (Period(SINCE), date(2099, 12, 31), True),
    ],
)
def test_membership_counts_from_its_first_to_its_last_day(period, day, counts):
    assert period.covers(day) is counts
    assert (
        organisation_proof(member(period), via="domain", detail="zonnevlinder.example", on=day) is not None
    ) is counts
    assert (status_proof(Category.BESTUUR, period, on=day) is not None) is counts


@pytest.mark.parametrize(
    ("starts_at", "counts"),
    [
        (datetime(2027, 6, 30, 21, 59, tzinfo=UTC), True),
        (datetime(2027, 6, 30, 22, 0, tzinfo=UTC), False),
        (datetime(2027, 1, 31, 22, 59, tzinfo=UTC), False),
        (datetime(2027, 1, 31, 23, 0, tzinfo=UTC), True),
    ],
)
def test_the_day_of_an_event_turns_at_midnight_in_amsterdam(starts_at, counts):
    february_to_june = Period(date(2027, 2, 1), date(2027, 6, 30))

    proof = organisation_proof(member(february_to_june), via="domain", detail="", on=local_date(starts_at))

    assert (proof is not None) is counts


def test_of_two_periods_the_one_that_covers_the_day_gives_the_reason():
    left_and_came_back = member(Period(date(2021, 1, 1), date(2022, 12, 31)), Period(date(2026, 1, 1)))

    proof = organisation_proof(left_and_came_back, via="domain", detail="zonnevlinder.example", on=THEMADAG)

    assert proof == Proof(
        Category.LID,
        "domain",
        {"organisation": "Zonnevlinder", "detail": "zonnevlinder.example", "since": "2026-01-01"},
        organisation_id=7,
    )


@pytest.mark.parametrize(
    ("relation", "category"),
    [
        (Relation.LID, Category.LID),
        (Relation.KERNPARTNER, Category.KERNPARTNER),
        (Relation.STEUNPARTNER, Category.STEUNPARTNER),
        (Relation.GEEN, None),
    ],
)
def test_what_an_organisation_is_decides_what_its_people_are(relation, category):
    proof = organisation_proof(member(Period(SINCE), relation=relation), via="domain", detail="", on=THEMADAG)

    assert (proof.category if proof else None) == category


def test_the_reason_is_a_snapshot_of_category_ground_and_facts():
    proof = organisation_proof(member(Period(SINCE)), via="domain", detail="zonnevlinder.example", on=THEMADAG)

    entitlement = decide([free(Category.LID)], [proof])

    assert entitlement.reason() == {
        "category": "lid",
        "via": "domain",
        "organisation": "Zonnevlinder",
        "detail": "zonnevlinder.example",
        "since": "2024-01-01",
    }


@pytest.mark.parametrize(
    ("category", "cents", "needed"),
    [
        (Category.LID, 0, True),
        (Category.LID, 14500, True),
        (Category.AMBASSADEUR, 0, True),
        (Category.NIET_LID, 0, True),
        (Category.NIET_LID, 24500, False),
    ],
)
def test_only_the_outsiders_price_is_paid_without_proof_of_the_address(category, cents, needed):
    assert needs_proof(Entitlement(category, cents, Proof(category, "none"))) is needed


@pytest.mark.parametrize("kind", EventKind)
def test_defaults_have_one_line_per_category_and_none_for_those_given_by_hand(kind):
    categories = [line.category for line in default_lines(kind)]

    assert sorted(categories) == sorted(set(Category) - BY_HAND_ONLY)


def test_a_themadag_is_for_members_and_ambassadors_and_not_for_outsiders():
    lines = {line.category: line.admission for line in default_lines(EventKind.THEMADAG)}

    assert lines[Category.LID] == lines[Category.AMBASSADEUR] == Admission.GRATIS
    assert lines[Category.NIET_LID] == Admission.NIET
