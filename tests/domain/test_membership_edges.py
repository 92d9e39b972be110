"""What the organisation was on the day that counts: first and last days, midnight in Amsterdam, gaps and changes."""

from datetime import UTC, date, datetime

import pytest

from eventapp.domain.association import Association, MembershipDay
from eventapp.domain.lapses import Lapse, LapseKind, membership_lapse, own_lapse
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.organisations import membership_on, relation_near
from eventapp.domain.pricing import (
    Category,
    MembershipPeriod,
    OrganisationFacts,
    Period,
    Relation,
    organisation_proof,
)

LID, STEUN, KERN, NIET = Category.LID, Category.STEUNPARTNER, Category.KERNPARTNER, Category.NIET_LID
SUPPORTED = MembershipPeriod(date(2024, 1, 1), date(2026, 12, 31), Relation.STEUNPARTNER)
MEMBER_FROM_2027 = MembershipPeriod(date(2027, 1, 1), None, Relation.LID)
CHANGED = (SUPPORTED, MEMBER_FROM_2027)
FIRST_HALF = MembershipPeriod(date(2027, 1, 1), date(2027, 6, 29))
AFTER_A_GAP = MembershipPeriod(date(2027, 7, 1), None)
GAP = (FIRST_HALF, AFTER_A_GAP)
ONE_DAY = (MembershipPeriod(date(2027, 2, 4), date(2027, 2, 4), Relation.KERNPARTNER),)
NOTHING_THEN = (MembershipPeriod(date(2024, 1, 1), None, Relation.GEEN),)


def category_on(periods: tuple[MembershipPeriod, ...], day: date) -> Category:
    facts = OrganisationFacts(7, "Zonnevlinder", periods, OrganisationKind.KINDEROPVANG)
    return organisation_proof(facts, via="domain", detail="zonnevlinder.example", on=day).category


@pytest.mark.parametrize(
    ("periods", "day", "category"),
    [
        (CHANGED, date(2023, 12, 31), NIET),
        (CHANGED, date(2024, 1, 1), STEUN),
        (CHANGED, date(2026, 12, 31), STEUN),
        (CHANGED, date(2027, 1, 1), LID),
        (tuple(reversed(CHANGED)), date(2026, 12, 31), STEUN),
        (tuple(reversed(CHANGED)), date(2027, 1, 1), LID),
        (GAP, date(2026, 12, 31), NIET),
        (GAP, date(2027, 6, 29), LID),
        (GAP, date(2027, 6, 30), NIET),
        (GAP, date(2027, 7, 1), LID),
        (GAP, date(2099, 12, 31), LID),
        (ONE_DAY, date(2027, 2, 3), NIET),
        (ONE_DAY, date(2027, 2, 4), KERN),
        (ONE_DAY, date(2027, 2, 5), NIET),
        (NOTHING_THEN, date(2027, 2, 4), NIET),
        ((), date(2027, 2, 4), NIET),
    ],
)
def test_the_relation_of_the_period_that_covers_the_day_decides(periods, day, category):
    assert category_on(periods, day) == category


@pytest.mark.parametrize(
    ("starts_at", "category"),
    [
        (datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), STEUN),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), LID),
        (datetime(2027, 1, 1, 0, 30, tzinfo=UTC), LID),
    ],
)
def test_the_day_begins_at_midnight_in_amsterdam(starts_at, category):
    booked_at = datetime(2026, 6, 1, tzinfo=UTC)

    by_event = Association().membership_day(starts_at=starts_at, booked_at=booked_at)
    by_booking = Association(membership_on=MembershipDay.BOOKING).membership_day(
        starts_at=booked_at, booked_at=starts_at
    )

    assert [category_on(CHANGED, day) for day in (by_event, by_booking)] == [category, category]


def test_since_is_that_of_the_period_with_the_relation_of_the_day():
    facts = OrganisationFacts(7, "Zonnevlinder", CHANGED, OrganisationKind.KINDEROPVANG)

    proofs = [
        organisation_proof(facts, via="domain", detail="", on=day) for day in (date(2026, 6, 1), date(2027, 6, 1))
    ]

    assert [proof.facts["since"] for proof in proofs] == ["2024-01-01", "2027-01-01"]


@pytest.mark.parametrize(
    ("periods", "day", "shown"),
    [
        (CHANGED, date(2026, 12, 31), SUPPORTED),
        (CHANGED, date(2027, 1, 1), MEMBER_FROM_2027),
        (CHANGED, date(2020, 1, 1), SUPPORTED),
        (GAP, date(2027, 6, 30), AFTER_A_GAP),
        (ONE_DAY, date(2028, 1, 1), ONE_DAY[0]),
        (NOTHING_THEN, date(2027, 1, 1), None),
    ],
)
def test_what_is_shown_of_a_membership_is_the_present_else_the_next_else_the_last(periods, day, shown):
    assert membership_on(periods, day) == shown
    assert relation_near(periods, day) == (shown.relation if shown else Relation.GEEN)


def lapse(last: date | None, on: date) -> Lapse:
    return Lapse(LapseKind.MEMBERSHIP, last, on)


@pytest.mark.parametrize(
    ("category", "periods", "on", "found"),
    [
        (STEUN, CHANGED, date(2026, 12, 31), None),
        (STEUN, CHANGED, date(2027, 1, 1), lapse(date(2026, 12, 31), date(2027, 1, 1))),
        (LID, CHANGED, date(2026, 12, 31), lapse(None, date(2026, 12, 31))),
        (LID, CHANGED, date(2027, 1, 1), None),
        (LID, GAP, date(2027, 6, 30), lapse(date(2027, 6, 29), date(2027, 6, 30))),
        (LID, GAP, date(2027, 7, 1), None),
        (LID, (), date(2027, 7, 1), lapse(None, date(2027, 7, 1))),
    ],
)
def test_a_ground_lapses_when_the_relation_no_longer_holds_on_the_day(category, periods, on, found):
    assert membership_lapse(category, periods, on=on) == found


def test_another_end_is_another_ground_and_the_same_end_the_same():
    day = date(2027, 9, 1)
    ends = [own_lapse(LapseKind.NAMING, [Period(date(2026, 1, 1), last)], on=day) for last in (date(2027, 1, 1),) * 2]
    earlier = own_lapse(LapseKind.NAMING, [Period(date(2026, 1, 1), date(2026, 6, 1))], on=day)

    assert ends[0].ground == ends[1].ground
    assert earlier.ground != ends[0].ground
