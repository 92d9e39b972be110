"""The denominator: which meetings count for whom, and what a percentage is of."""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventapp.domain.matrix import Mark, Meeting, Member, Score, Stay, build
from eventapp.domain.presence import PresenceStatus as S

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
FIRST = datetime(2027, 1, 14, 9, tzinfo=UTC)
THERE, AWAY, NO_SHOW = Mark(S.AANWEZIG), Mark(S.AFWEZIG), Mark(S.AFWEZIG, no_show=True)


def meetings(number: int = 5, *, off: tuple[int, ...] = (), start: datetime = FIRST) -> list[Meeting]:
    """One every four weeks, of which the first is on 14 January; the last of five is on 6 May."""
    starts = [start + timedelta(weeks=4 * place) for place in range(number)]
    return [
        Meeting(place, at, at + timedelta(hours=2), cancelled=place in off, fixed=True)
        for place, at in enumerate(starts)
    ]


def member(*stays: Stay, id: int = 1, organisation: str = "") -> Member:
    return Member(id, "Aalst, Anna van", stays or (Stay(date(2026, 9, 1), None, "Zonnevlinder"),), organisation)


def score(who: Member, marks: list[Mark | None], found: list[Meeting] | None = None) -> Score:
    given = {(who.id, place): mark for place, mark in enumerate(marks) if mark}
    return build(found or meetings(), [who], given, now=NOW).rows[0].score


CASES = [
    ("was at all of them", member(), [THERE] * 5, meetings(), Score(held=5, present=5)),
    ("online is there", member(), [Mark(S.ONLINE)] * 5, meetings(), Score(held=5, present=5)),
    ("never answered and never came", member(), [], meetings(), Score(held=5, absent=5)),
    ("said yes twice and stayed away", member(), [NO_SHOW] * 2, meetings(), Score(held=5, absent=5, no_shows=2)),
    (
        "sent word, once on the day",
        member(),
        [Mark(S.MET_BERICHT), Mark(S.OP_DE_DAG), THERE, THERE, THERE],
        meetings(),
        Score(held=5, present=3, excused=2),
    ),
    ("one was cancelled", member(), [THERE] * 5, meetings(off=(1,)), Score(held=4, present=4)),
    (
        "two are still to come",
        member(),
        [THERE, THERE],
        meetings(4, start=datetime(2027, 4, 20, 9, tzinfo=UTC)),
        Score(held=2, present=2),
    ),
    (
        "joined on the day of the second",
        member(Stay(date(2027, 2, 11))),
        [None, THERE, AWAY],
        meetings(),
        Score(held=4, present=1, absent=3),
    ),
    (
        "left on the day of the third",
        member(Stay(date(2026, 9, 1), date(2027, 3, 11))),
        [THERE, THERE, THERE],
        meetings(),
        Score(held=3, present=3),
    ),
    (
        "came along before joining and after leaving",
        member(Stay(date(2027, 2, 1), date(2027, 3, 31))),
        [Mark(S.GAST), THERE, THERE, Mark(S.GAST)],
        meetings(),
        Score(held=2, present=2, beside=2),
    ),
    (
        "left and came back",
        member(Stay(date(2026, 9, 1), date(2027, 1, 31)), Stay(date(2027, 4, 1))),
        [THERE, None, None, THERE, AWAY],
        meetings(),
        Score(held=3, present=2, absent=1),
    ),
    (
        "only watches",
        member(Stay(date(2026, 9, 1), counts=False)),
        [Mark(S.WAARNEMEND)] * 2,
        meetings(),
        Score(beside=2),
    ),
    ("a guest who stayed away", member(organisation="Elders", id=2), [], [], Score()),
]


@pytest.mark.parametrize(("who", "marks", "found", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_what_counts(who: Member, marks: list[Mark | None], found: list[Meeting], expected: Score) -> None:
    assert score(who, marks, found) == expected if found else build([], [who], {}, now=NOW).total == expected


@pytest.mark.parametrize(
    ("present", "held", "percentage"), [(0, 0, None), (0, 3, 0), (1, 3, 33), (2, 3, 67), (1, 8, 13), (5, 5, 100)]
)
def test_a_percentage_is_rounded_half_up(present: int, held: int, percentage: int | None) -> None:
    assert Score(held=held, present=present).percentage == percentage


def test_the_cells_say_what_is_known_and_nothing_of_who_was_no_member() -> None:
    who = member(Stay(date(2027, 2, 11)))
    found = [*meetings(2), *meetings(1, start=NOW + timedelta(days=30))]
    numbered = [Meeting(place, one.starts_at, one.ends_at) for place, one in enumerate(found)]

    matrix = build(numbered, [who], {}, now=NOW)

    assert [mark.status if mark else None for mark in matrix.rows[0].marks] == [None, S.AFWEZIG, S.VERWACHT]
    assert [column.held for column in matrix.columns] == [True, True, False]
    assert matrix.provisional


def test_totals_per_meeting_and_organisation_add_up() -> None:
    """Anna moved from one organisation to the other between the second and the third meeting."""
    anna = member(Stay(date(2026, 9, 1), date(2027, 2, 28), "Zonnevlinder"), Stay(date(2027, 3, 1), None, "Opgroei"))
    bram = member(Stay(date(2026, 9, 1), None, "Opgroei"), id=2)
    guest = Member(3, "Gast, Gijs", (), "Elders")
    marks = {(1, place): THERE for place in range(5)} | {(2, 0): Mark(S.MET_BERICHT), (3, 0): Mark(S.GAST)}

    matrix = build(meetings(), [anna, bram, guest], marks, now=NOW)

    assert [(row.organisation, row.score.present, row.score.held) for row in matrix.rows] == [
        ("Opgroei", 5, 5),
        ("Opgroei", 0, 5),
        ("Elders", 0, 0),
    ]
    assert [(name, people, s.present, s.held) for name, people, s in matrix.organisations] == [
        ("Opgroei", 2, 3, 8),
        ("Zonnevlinder", 1, 2, 2),
    ]
    assert matrix.total == Score(held=10, present=5, excused=1, absent=4, beside=1)
    assert sum((column.score for column in matrix.columns), Score()) == matrix.total
    assert sum((s for _, _, s in matrix.organisations), Score(beside=1)) == matrix.total
    assert not matrix.provisional
