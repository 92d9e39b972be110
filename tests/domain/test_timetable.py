"""The day as a table: repeats under one another, what goes on in one cell."""

from eventapp.domain.programme import BreakoutFacts
from eventapp.domain.timetable import Cell, timetable


def breakout(breakout_id: int, *rounds: int, topic: str = "") -> BreakoutFacts:
    return BreakoutFacts(breakout_id, frozenset(rounds), topic)


def test_repeats_stand_under_one_another_and_what_goes_on_is_one_cell():
    everything = [
        breakout(10, 1),
        breakout(11, 1, topic="dashboard"),
        breakout(12, 2, topic="dashboard"),
        breakout(13, 3, topic="dashboard"),
        breakout(20, 2, 3),
        breakout(30, 3),
    ]

    rows = timetable([1, 2, 3], everything)

    assert rows == [
        [Cell(11), Cell(10), Cell()],
        [Cell(12), Cell(20, height=2), Cell()],
        [Cell(13), Cell(30)],
    ]


def test_what_pauses_a_round_stands_there_twice():
    assert timetable([1, 2, 3], [breakout(10, 1, 3)]) == [[Cell(10)], [Cell()], [Cell(10)]]


def test_a_round_without_anything_has_an_empty_row():
    assert timetable([1], []) == [[]]
