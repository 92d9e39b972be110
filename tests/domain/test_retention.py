"""How long things are kept, on a Dutch calendar."""

from datetime import UTC, datetime

import pytest

from eventapp.domain.retention import Term


@pytest.mark.parametrize(
    ("term", "now", "before"),
    [
        (Term(years=2), datetime(2027, 1, 11, 9, tzinfo=UTC), datetime(2025, 1, 11, 9, tzinfo=UTC)),
        (Term(years=1), datetime(2028, 2, 29, 9, tzinfo=UTC), datetime(2027, 2, 28, 9, tzinfo=UTC)),
        (Term(years=4), datetime(2028, 2, 29, 9, tzinfo=UTC), datetime(2024, 2, 29, 9, tzinfo=UTC)),
        (Term(days=30), datetime(2027, 4, 14, 8, tzinfo=UTC), datetime(2027, 3, 15, 9, tzinfo=UTC)),
        (Term(hours=24), datetime(2027, 1, 11, 9, tzinfo=UTC), datetime(2027, 1, 10, 9, tzinfo=UTC)),
    ],
)
def test_a_term_counts_back_on_a_dutch_calendar(term, now, before):
    assert term.before(now) == before
