"""How a member stands towards a meeting, and whether they get a place there."""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventapp.domain.circles import Given, MeetingAnswer, Standing, belongs, gets_place, gives_back, standing

T0 = datetime(2027, 1, 11, 9, tzinfo=UTC)
T1, T2, T3 = (T0 + timedelta(days=days) for days in (1, 2, 3))


def said(answer: str, at: datetime) -> Given:
    return Given(MeetingAnswer(answer), at)


@pytest.mark.parametrize(
    ("given", "holds", "waits", "moved_at", "stands"),
    [
        (None, True, False, None, Standing.VERWACHT),
        (None, False, False, None, Standing.GEEN),
        (None, False, True, None, Standing.WACHTLIJST),
        (said("ja", T1), True, False, None, Standing.JA),
        (said("ja", T1), False, True, None, Standing.WACHTLIJST),
        # Said ja, and withdrew by the ticket.
        (said("ja", T1), False, False, None, Standing.GEEN),
        (said("nee", T1), False, False, None, Standing.NEE),
        (said("verhinderd", T1), False, False, None, Standing.VERHINDERD),
        # Said nee, and registered anew.
        (said("nee", T1), True, False, None, Standing.JA),
        # The meeting went to another day since: asked again.
        (said("ja", T1), True, False, T2, Standing.VERWACHT),
        (said("nee", T1), True, False, T2, Standing.VERWACHT),
        (said("nee", T1), False, False, T2, Standing.GEEN),
        (said("ja", T2), True, False, T1, Standing.JA),
        (said("ja", T2), True, False, T2, Standing.JA),
    ],
)
def test_standing(given, holds, waits, moved_at, stands):
    assert standing(given, holds=holds, waits=waits, moved_at=moved_at) == stands


@pytest.mark.parametrize(
    ("given", "moved_at", "ended_at", "place"),
    [
        (None, None, None, True),
        # Withdrew as a member.
        (None, None, T1, False),
        # A registration from before this membership: of a guest, or of an earlier membership.
        (None, None, T0 - timedelta(days=1), True),
        (said("nee", T1), None, None, False),
        (said("verhinderd", T1), None, T1, False),
        (said("ja", T2), None, T1, True),
        # Withdrew after saying ja.
        (said("ja", T1), None, T2, False),
        # Moved: asked again, and expected.
        (said("nee", T1), T2, T1, True),
        (said("ja", T1), T2, T1, True),
        (said("nee", T3), T2, T1, False),
        (None, T1, T2, False),
    ],
)
def test_who_gets_a_place_by_itself(given, moved_at, ended_at, place):
    assert gets_place(given, member_since=T0, moved_at=moved_at, ended_at=ended_at) is place


@pytest.mark.parametrize(
    ("given", "moved_at", "back"),
    [
        (None, None, False),
        (said("ja", T2), None, False),
        (said("nee", T2), None, True),
        (said("nee", T0), None, False),
        (said("nee", T2), T3, False),
    ],
)
def test_who_gives_a_place_back(given, moved_at, back):
    assert gives_back(given, registered_at=T1, moved_at=moved_at) is back


@pytest.mark.parametrize(
    ("left", "day", "inside"),
    [
        (None, date(2027, 1, 10), False),
        (None, date(2027, 1, 11), True),
        (date(2027, 2, 1), date(2027, 2, 1), True),
        (date(2027, 2, 1), date(2027, 2, 2), False),
    ],
)
def test_the_first_and_the_last_day_count(left, day, inside):
    assert belongs(date(2027, 1, 11), left, day) is inside
