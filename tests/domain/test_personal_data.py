"""Is there a column of which nobody said whether it holds something of people, for what, and for how long?"""

import sqlalchemy as sa

from eventapp.domain.personal_data import IMPERSONAL, OWN_TERMS, PROCESSINGS, Ground
from eventapp.domain.retention import TERMS
from eventapp.extensions import Base
from eventapp.wording import privacy


def columns_that_can_hold_a_name() -> set[str]:
    import eventapp.models  # noqa: F401

    free = (sa.String, sa.JSON, sa.LargeBinary)
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, free) and not isinstance(column.type, sa.Enum)
    }


def test_every_column_is_kept_for_something_or_says_nothing_of_a_person():
    personal = [column for one in PROCESSINGS for column in one.where]

    assert len(personal) == len(set(personal))
    assert set(personal) & IMPERSONAL == set()
    assert columns_that_can_hold_a_name() ^ (set(personal) | IMPERSONAL) == set()


def test_every_term_is_one_that_the_sweep_keeps_and_none_is_left_out():
    """`withdrawn` and the like stand beside each other; what no processing names would be a term for nothing."""
    used = {term for one in PROCESSINGS for term in one.terms}

    assert used - OWN_TERMS == set(TERMS) - {"mailbox"}
    assert OWN_TERMS - used == set()


def test_everything_has_words():
    assert set(privacy.PROCESSINGS) == {one.code for one in PROCESSINGS}
    assert set(privacy.GROUNDS) == set(Ground)
    assert {term for one in PROCESSINGS for term in one.terms if not privacy.until(term)} == set()
    assert privacy.until("registrations") == "2 jaar na de bijeenkomst"
