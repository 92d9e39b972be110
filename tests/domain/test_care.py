"""Who is asked for needs, what needs consent, and until when it is kept."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from eventapp.domain.care import AccessNeed, Block, Care, Diet, blocks_for, check_consent, within
from eventapp.domain.errors import ConsentNeeded
from eventapp.domain.events import EventForm
from eventapp.domain.retention import due_before, erased_on
from eventapp.domain.times import from_local

ALL = frozenset(Block)
FULL = Care(frozenset({Diet.HALAL}), "geen sesam", frozenset({AccessNeed.TOLK}), "vooraan zitten")


@pytest.mark.parametrize(
    ("blocks", "attends", "asked"),
    [
        (ALL, EventForm.FYSIEK, ALL),
        (ALL, EventForm.ONLINE, {Block.ACCESS}),
        ({Block.DIET, Block.PHOTO}, EventForm.ONLINE, set()),
        (set(), EventForm.FYSIEK, set()),
    ],
)
def test_who_stays_at_home_gets_no_lunch_and_no_photo(blocks, attends, asked):
    assert blocks_for(frozenset(blocks), attends) == asked


@pytest.mark.parametrize(
    ("care", "says"),
    [
        (Care(), False),
        (Care(diets=frozenset({Diet.HALAL})), True),
        (Care(diet_other="geen sesam"), True),
        (Care(access=frozenset({AccessNeed.TOLK})), True),
        (Care(access_other="vooraan zitten"), True),
    ],
)
def test_whatever_says_something_needs_consent(care, says):
    check_consent(care, consent=True)

    if says:
        with pytest.raises(ConsentNeeded):
            check_consent(care, consent=False)
    else:
        check_consent(care, consent=False)
    assert care.says_something is says


def test_only_what_is_asked_is_kept():
    assert within(ALL, FULL) == FULL
    assert within(frozenset({Block.DIET}), FULL) == Care(FULL.diets, FULL.diet_other)
    assert within(frozenset({Block.ACCESS}), FULL) == Care(access=FULL.access, access_other=FULL.access_other)
    assert within(frozenset({Block.PHOTO}), FULL) == Care()


@pytest.mark.parametrize(
    ("ends_at", "gone_on"),
    [
        (datetime(2027, 4, 14, 14, 30, tzinfo=UTC), date(2027, 4, 28)),
        (datetime(2027, 3, 20, 22, 59, tzinfo=UTC), date(2027, 4, 3)),  # 23.59, before the clocks go forward
        (datetime(2027, 3, 20, 23, 0, tzinfo=UTC), date(2027, 4, 4)),  # midnight: the next day
        (datetime(2027, 10, 24, 21, 59, tzinfo=UTC), date(2027, 11, 7)),  # before the clocks go back
    ],
)
def test_erasing_is_due_on_the_day_that_was_promised(ends_at, gone_on):
    midnight = from_local(gone_on, time.min)

    assert erased_on(ends_at, 14) == gone_on
    assert due_before(midnight, 14) > ends_at
    assert due_before(midnight - timedelta(seconds=1), 14) <= ends_at
