"""Whether one can register now, what the agenda shows, and what a published event needs."""

from datetime import UTC, datetime, timedelta

import pytest

from eventapp.domain.events import (
    EventForm,
    EventState,
    RegistrationMode,
    Schedule,
    Visibility,
    Window,
    is_public,
    missing_for_publishing,
    window,
)

STARTS = datetime(2027, 4, 14, 7, 30, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=7)
SECOND = timedelta(seconds=1)
PLAIN = Schedule(STARTS, ENDS)
OPENS = Schedule(STARTS, ENDS, opens_at=STARTS - timedelta(days=30))
CLOSES = Schedule(STARTS, ENDS, closes_at=STARTS - timedelta(days=7))
CLOSES_LATE = Schedule(STARTS, ENDS, closes_at=STARTS + timedelta(days=7))


@pytest.mark.parametrize(
    ("schedule", "now", "answer"),
    [
        (PLAIN, STARTS - timedelta(days=300), Window.OPEN),
        (PLAIN, STARTS - SECOND, Window.OPEN),
        (PLAIN, STARTS, Window.CLOSED),
        (PLAIN, ENDS - SECOND, Window.CLOSED),
        (PLAIN, ENDS, Window.PAST),
        (OPENS, STARTS - timedelta(days=30, seconds=1), Window.NOT_YET),
        (OPENS, STARTS - timedelta(days=30), Window.OPEN),
        (CLOSES, STARTS - timedelta(days=7, seconds=1), Window.OPEN),
        (CLOSES, STARTS - timedelta(days=7), Window.CLOSED),
        (CLOSES_LATE, STARTS, Window.CLOSED),
    ],
)
def test_the_window_opens_and_closes_to_the_second(schedule, now, answer):
    assert window(EventState.PUBLISHED, RegistrationMode.HIER, schedule, now=now) == answer


@pytest.mark.parametrize(
    ("state", "mode", "now", "answer"),
    [
        (EventState.DRAFT, RegistrationMode.HIER, STARTS - SECOND, Window.DRAFT),
        (EventState.DRAFT, RegistrationMode.HIER, ENDS, Window.DRAFT),
        (EventState.CANCELLED, RegistrationMode.HIER, STARTS - SECOND, Window.CANCELLED),
        (EventState.CANCELLED, RegistrationMode.ELDERS, ENDS, Window.CANCELLED),
        (EventState.PUBLISHED, RegistrationMode.ELDERS, STARTS - SECOND, Window.ELSEWHERE),
        (EventState.PUBLISHED, RegistrationMode.GEEN, STARTS - SECOND, Window.NONE),
        (EventState.PUBLISHED, RegistrationMode.ELDERS, ENDS, Window.PAST),
    ],
)
def test_state_and_mode_come_before_the_clock(state, mode, now, answer):
    assert window(state, mode, PLAIN, now=now) == answer


@pytest.mark.parametrize(
    ("visibility", "state", "listed"),
    [
        (Visibility.OPENBAAR, EventState.PUBLISHED, True),
        (Visibility.OPENBAAR, EventState.CANCELLED, True),
        (Visibility.OPENBAAR, EventState.DRAFT, False),
        (Visibility.LEDEN, EventState.PUBLISHED, True),
        (Visibility.BESLOTEN, EventState.PUBLISHED, False),
        (Visibility.BESLOTEN, EventState.CANCELLED, False),
    ],
)
def test_closed_events_and_drafts_are_in_no_list(visibility, state, listed):
    assert is_public(state, visibility) is listed


COMPLETE = {
    "title": "Themadag",
    "starts_at": STARTS,
    "form": EventForm.FYSIEK,
    "city": "Utrecht",
    "mode": RegistrationMode.HIER,
    "external_url": "",
    "prices": ["gratis voor leden"],
}


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, []),
        ({"title": ""}, ["title"]),
        ({"starts_at": None}, ["starts_at"]),
        ({"city": ""}, ["city"]),
        ({"city": "", "form": EventForm.HYBRIDE}, ["city"]),
        ({"city": "", "form": EventForm.ONLINE}, []),
        ({"prices": []}, ["prices"]),
        ({"prices": [], "mode": RegistrationMode.GEEN}, []),
        ({"mode": RegistrationMode.ELDERS}, ["external_url"]),
        ({"mode": RegistrationMode.ELDERS, "external_url": "https://partner.example", "prices": []}, []),
        ({"title": "", "city": ""}, ["title", "city"]),
    ],
)
def test_a_published_event_puzzles_nobody(change, missing):
    assert missing_for_publishing(**(COMPLETE | change)) == missing
