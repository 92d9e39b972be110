"""The questions at the door, and that they are asked in order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eventapp.domain.admission import (
    Action,
    Kept,
    Result,
    TicketFacts,
    TicketState,
    entry_at,
    objection,
    passages,
    stay_of,
)
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


def at(minute: int) -> datetime:
    return datetime(2027, 4, 14, 9, minute, tzinfo=UTC)


def kept(
    number: int, action: Action, result: Result, minute: int, *, shown: str = "", undoes: str | None = None
) -> Kept:
    return Kept(str(number), action, result, shown, undoes, at(minute), number)


IN, OUT, UNDO, LET_IN = Action.IN, Action.OUT, Action.UNDO, Action.OVERRIDE


@pytest.mark.parametrize(
    ("scans", "first", "since"),
    [
        ([], None, None),
        ([kept(1, IN, Result.ADMITTED, 5)], 5, 5),
        ([kept(1, IN, Result.CANCELLED, 5, shown="admitted")], None, None),
        ([kept(1, IN, Result.ADMITTED, 5), kept(2, IN, Result.ALREADY_IN, 7)], 5, 5),
        ([kept(1, IN, Result.ADMITTED, 5), kept(2, OUT, Result.LEFT, 7)], 5, None),
        ([kept(1, IN, Result.ADMITTED, 5), kept(2, OUT, Result.LEFT, 7), kept(3, IN, Result.ADMITTED, 9)], 5, 9),
        ([kept(1, IN, Result.ADMITTED, 5), kept(2, UNDO, Result.UNDONE, 6, undoes="1")], None, None),
        (
            [
                kept(1, IN, Result.ADMITTED, 5),
                kept(2, IN, Result.ALREADY_IN, 6, shown="admitted"),
                kept(3, UNDO, Result.UNDONE, 7, undoes="1"),
            ],
            6,
            6,
        ),
        ([kept(2, OUT, Result.NOT_INSIDE, 7, shown="left"), kept(1, IN, Result.ADMITTED, 5)], 5, None),
        ([kept(1, LET_IN, Result.OVERRIDDEN, 5), kept(2, LET_IN, Result.UNKNOWN, 4)], 5, 5),
    ],
)
def test_scans_tell_who_is_inside_whatever_their_order(scans, first, since):
    for order in (scans, scans[::-1]):
        stay = stay_of(passages(order))

        assert stay.first_in_at == (at(first) if first is not None else None)
        assert stay.inside_since == (at(since) if since is not None else None)


@pytest.mark.parametrize(
    ("minute", "result", "first", "conflict"),
    [
        (4, Result.ADMITTED, 4, True),
        (5, Result.ALREADY_IN, 5, True),
        (6, Result.ALREADY_IN, 5, True),
        (8, Result.ADMITTED, 5, False),
    ],
)
def test_entry_is_judged_by_what_was_true_at_its_moment(minute, result, first, conflict):
    through = passages([kept(1, IN, Result.ADMITTED, 5), kept(2, OUT, Result.LEFT, 7)])

    entry = entry_at(through, at(minute), shown_welcome=True)

    assert (entry.result, entry.first_in_at, entry.conflict) == (result, at(first), conflict)
