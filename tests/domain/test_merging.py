"""Which periods become one when two records do, and where they contradict each other."""

from datetime import date

import pytest

from eventapp.domain.merging import Fused, clash, fuse
from eventapp.domain.pricing import MembershipPeriod, Period, Relation


def year(first: int, last: int | None = None) -> Period:
    return Period(date(first, 1, 1), date(last, 12, 31) if last else None)


def related(relation: Relation, first: int, last: int | None = None) -> MembershipPeriod:
    period = year(first, last)
    return MembershipPeriod(period.first, period.last, relation)


LID, STEUN = Relation.LID, Relation.STEUNPARTNER


@pytest.mark.parametrize(
    ("periods", "fused"),
    [
        ([], []),
        ([year(2024)], [Fused(year(2024), (0,))]),
        ([year(2025), year(2024)], [Fused(year(2024), (1, 0))]),
        ([year(2024, 2025), year(2025, 2026)], [Fused(year(2024, 2026), (0, 1))]),
        ([year(2024, 2027), year(2025, 2026)], [Fused(year(2024, 2027), (0, 1))]),
        ([year(2024), year(2025, 2026)], [Fused(year(2024), (0, 1))]),
        ([year(2024, 2025), year(2026)], [Fused(year(2024, 2025), (0,)), Fused(year(2026), (1,))]),
        ([year(2024, 2024), year(2026), year(2024, 2026)], [Fused(year(2024), (0, 2, 1))]),
    ],
)
def test_periods_that_share_a_day_become_one_and_no_day_is_lost(periods, fused):
    assert fuse(periods) == fused


@pytest.mark.parametrize(
    ("periods", "first"),
    [
        ([related(LID, 2024), related(LID, 2025)], None),
        ([related(STEUN, 2020, 2023), related(LID, 2024)], None),
        ([related(STEUN, 2020), related(LID, 2024)], date(2024, 1, 1)),
        ([related(LID, 2024), related(STEUN, 2020)], date(2024, 1, 1)),
        ([related(LID, 2026), related(STEUN, 2020), related(STEUN, 2019)], date(2026, 1, 1)),
        ([related(LID, 2020, 2021), related(STEUN, 2021, 2022), related(LID, 2022)], date(2021, 1, 1)),
    ],
)
def test_different_relations_on_one_day_contradict_each_other(periods, first):
    assert clash(periods) == first
