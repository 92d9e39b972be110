"""Who may give a place back without help."""

from datetime import UTC, datetime, timedelta

import pytest

from eventapp.domain.cancellation import check_own_cancellation
from eventapp.domain.errors import AlreadyCancelled, PaidNeedsOffice, TooLateToCancel
from eventapp.domain.registrations import LIVE, State

STARTS = datetime(2027, 4, 14, 7, 30, tzinfo=UTC)
BEFORE = STARTS - timedelta(seconds=1)


@pytest.mark.parametrize("state", sorted(LIVE))
def test_a_free_place_goes_back_until_the_event_starts(state):
    check_own_cancellation(state, paid_cents=0, starts_at=STARTS, now=BEFORE)


@pytest.mark.parametrize(
    ("state", "paid_cents", "now", "refusal"),
    [
        (State.CONFIRMED, 0, STARTS, TooLateToCancel),
        (State.CONFIRMED, 9500, BEFORE, PaidNeedsOffice),
        (State.CONFIRMED, 9500, STARTS, TooLateToCancel),
        (State.CANCELLED, 0, BEFORE, AlreadyCancelled),
        (State.EXPIRED, 0, BEFORE, AlreadyCancelled),
        (State.CANCELLED, 9500, STARTS, AlreadyCancelled),
    ],
)
def test_otherwise_the_first_reason_is_given(state, paid_cents, now, refusal):
    with pytest.raises(refusal):
        check_own_cancellation(state, paid_cents=paid_cents, starts_at=STARTS, now=now)
