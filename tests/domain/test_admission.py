"""The questions at the door, and that they are asked in order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eventapp.domain.admission import Result, TicketFacts, TicketState, objection
from eventapp.domain.registrations import State

STARTS = datetime(2027, 4, 14, 7, 30, tzinfo=UTC)
GOOD = TicketFacts(
    event_id=1,
    ticket_state=TicketState.VALID,
    registration_state=State.CONFIRMED,
    event_cancelled=False,
    starts_at=STARTS,
    ends_at=STARTS + timedelta(hours=7),
)
# Each makes the ticket wrong in one more way; an earlier one outranks every later one.
WRONGS = [
    (Result.WRONG_EVENT, {"event_id": 2}),
    (Result.REPLACED, {"ticket_state": TicketState.REPLACED}),
    (Result.CANCELLED, {"event_cancelled": True}),
    (Result.UNPAID, {"registration_state": State.AWAITING_PAYMENT}),
    (Result.WRONG_DAY, {"starts_at": STARTS + timedelta(days=9), "ends_at": STARTS + timedelta(days=9, hours=1)}),
]


def ask(ticket: TicketFacts | None, *, at: datetime = STARTS) -> Result | None:
    return objection(ticket, event_id=1, scanned_at=at)


def test_a_good_ticket_meets_no_objection():
    assert ask(GOOD) is None


def test_a_ticket_nobody_knows_is_unknown():
    assert ask(None) == Result.UNKNOWN


@pytest.mark.parametrize(("result", "wrong"), WRONGS)
def test_each_wrong_alone_is_the_answer(result, wrong):
    assert ask(replace(GOOD, **wrong)) == result


@pytest.mark.parametrize("first", range(len(WRONGS)))
def test_of_several_wrongs_the_first_question_answers(first):
    all_from_here = {name: value for _result, wrong in WRONGS[first:] for name, value in wrong.items()}

    assert ask(replace(GOOD, **all_from_here)) == WRONGS[first][0]


@pytest.mark.parametrize(
    ("state", "result"),
    [
        (State.AWAITING_CONFIRMATION, Result.UNPAID),
        (State.AWAITING_PAYMENT, Result.UNPAID),
        (State.WAITLISTED, Result.UNPAID),
        (State.OFFERED, Result.UNPAID),
        (State.CONFIRMED, None),
        (State.CANCELLED, Result.CANCELLED),
        (State.EXPIRED, Result.CANCELLED),
    ],
)
def test_only_a_confirmed_registration_opens_the_door(state, result):
    assert ask(replace(GOOD, registration_state=state)) == result


def test_a_cancelled_ticket_of_a_confirmed_registration_stays_outside():
    assert ask(replace(GOOD, ticket_state=TicketState.CANCELLED)) == Result.CANCELLED


@pytest.mark.parametrize(
    ("at", "result"),
    [
        (datetime(2027, 4, 13, 21, 59, tzinfo=UTC), Result.WRONG_DAY),
        (datetime(2027, 4, 13, 22, 0, tzinfo=UTC), None),
        (datetime(2027, 4, 14, 21, 59, tzinfo=UTC), None),
        (datetime(2027, 4, 14, 22, 0, tzinfo=UTC), Result.WRONG_DAY),
    ],
)
def test_a_ticket_is_good_all_day_by_a_dutch_calendar(at, result):
    assert ask(GOOD, at=at) == result


@pytest.mark.parametrize(
    ("day", "result"), [(6, Result.WRONG_DAY), (7, None), (8, None), (9, None), (10, Result.WRONG_DAY)]
)
def test_a_journey_of_several_days_lets_in_on_each_of_them(day, result):
    starts_at = datetime(2027, 10, 7, 8, tzinfo=UTC)
    journey = replace(GOOD, starts_at=starts_at, ends_at=starts_at + timedelta(days=2))

    assert ask(journey, at=datetime(2027, 10, day, 12, tzinfo=UTC)) == result
