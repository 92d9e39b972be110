"""What an entry stands at, how long it stays, and when the page of an online meeting leads on."""

from datetime import UTC, datetime, timedelta

import pytest

from eventapp.domain.calendars import AGENDA_REACHES_BACK, Standing, standing, still_shown
from eventapp.domain.joining import Joining, joining
from eventapp.domain.registrations import State

START = datetime(2027, 3, 10, 13, tzinfo=UTC)
END = START + timedelta(hours=2)
LINK = "https://meet.example/x"


@pytest.mark.parametrize(
    ("state", "event_off", "expected"),
    [
        (State.CONFIRMED, False, Standing.CONFIRMED),
        (State.WAITLISTED, False, Standing.TENTATIVE),
        (State.OFFERED, False, Standing.TENTATIVE),
        (State.AWAITING_PAYMENT, False, Standing.TENTATIVE),
        (State.AWAITING_CONFIRMATION, False, Standing.TENTATIVE),
        (State.CANCELLED, False, Standing.CANCELLED),
        (State.EXPIRED, False, Standing.CANCELLED),
        (State.CONFIRMED, True, Standing.CANCELLED),
        (State.WAITLISTED, True, Standing.CANCELLED),
    ],
)
def test_only_a_confirmed_place_is_a_commitment(state: State, event_off: bool, expected: Standing) -> None:
    assert standing(state, event_off=event_off) == expected


@pytest.mark.parametrize(
    ("off_at", "now", "shown"),
    [
        # Called off long before: until 30 days after the day on which it would have been.
        (START - timedelta(days=90), datetime(2027, 4, 9, 21, 59, tzinfo=UTC), True),
        (START - timedelta(days=90), datetime(2027, 4, 9, 22, 0, tzinfo=UTC), False),
        # Withdrawn afterwards: 30 days from then.
        (datetime(2027, 5, 1, 12, tzinfo=UTC), datetime(2027, 5, 31, 12, tzinfo=UTC), True),
        (datetime(2027, 5, 1, 12, tzinfo=UTC), datetime(2027, 6, 1, 12, tzinfo=UTC), False),
        # It took place: as far back as the subscription reaches.
        (None, datetime(2027, 5, 9, 12, tzinfo=UTC), True),
        (None, datetime(2027, 5, 10, 12, tzinfo=UTC), False),
        (None, START - timedelta(days=400), True),
    ],
)
def test_what_is_off_stays_for_thirty_days(off_at: datetime | None, now: datetime, shown: bool) -> None:
    assert still_shown(ends_at=END, off_at=off_at, reaches_back=AGENDA_REACHES_BACK, now=now) is shown


@pytest.mark.parametrize(
    ("facts", "minutes", "expected"),
    [
        ({}, -31, Joining.EARLY),
        ({}, -30, Joining.OPEN),
        ({}, 150, Joining.OPEN),
        ({}, 151, Joining.OVER),
        ({"address": ""}, 0, Joining.NO_LINK),
        ({"address": "http://meet.example/x"}, 0, Joining.NO_LINK),
        ({"address": "javascript:alert(1)"}, 0, Joining.NO_LINK),
        ({"address": ""}, 151, Joining.OVER),
        ({"online": False}, 0, Joining.ON_THE_SPOT),
        ({"event_off": True, "online": False}, 0, Joining.CANCELLED),
        ({"event_off": True}, 151, Joining.CANCELLED),
    ],
)
def test_the_page_leads_on_around_the_meeting_only(facts: dict, minutes: int, expected: Joining) -> None:
    known = {"event_off": False, "online": True, "address": LINK} | facts

    found = joining(**known, starts_at=START, ends_at=END, now=START + timedelta(minutes=minutes))

    assert found == expected
