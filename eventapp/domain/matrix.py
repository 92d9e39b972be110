"""Who was at which meeting of a series, and how often of how many? People against meetings, with totals.

What counts is written here once: a meeting that was held (over, and not cancelled) counts for whoever was a member of
the series on its day, and for nobody else. Who sent word beforehand is counted in it, and shown apart. Guests and
observers are shown, and count for nobody's percentage.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from eventapp.domain.presence import EXCUSED, WAS_THERE, PresenceStatus
from eventapp.domain.proportions import percent
from eventapp.domain.times import local_date


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of the series; `fixed` when its presence was."""

    id: int
    starts_at: datetime
    ends_at: datetime
    cancelled: bool = False
    fixed: bool = False

    @property
    def day(self) -> date:
        return local_date(self.starts_at)

    def held(self, now: datetime) -> bool:
        """Whether it took place."""
        return self.ends_at <= now and not self.cancelled


class Stay(NamedTuple):
    """Belonging to the series from the first to the last day, both included; `counts` is False for who only watches."""

    first: date
    last: date | None = None
    organisation: str = ""
    counts: bool = True

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


class Member(NamedTuple):
    """Somebody in the series, or who came along to one of its meetings and has no stays. The name as lists sort it."""

    id: int
    name: str
    stays: tuple[Stay, ...] = ()
    organisation: str = ""

    def stay_on(self, day: date) -> Stay | None:
        return next((stay for stay in self.stays if stay.covers(day)), None)


class Mark(NamedTuple):
    """How somebody stood at one meeting; `no_show` for who said yes and stayed away."""

    status: PresenceStatus
    no_show: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """Of the meetings that count, how many somebody was at, sent word of, and missed.

    `beside` is being there without counting.
    """

    held: int = 0
    present: int = 0
    excused: int = 0
    absent: int = 0
    no_shows: int = 0
    beside: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.held + other.held,
            self.present + other.present,
            self.excused + other.excused,
            self.absent + other.absent,
            self.no_shows + other.no_shows,
            self.beside + other.beside,
        )

    @property
    def percentage(self) -> int | None:
        """How many of a hundred, half up; None when nothing counts."""
        return percent(self.present, self.held)


class Row(NamedTuple):
    """One person: a mark for each meeting in order, None where they had nothing to do with it."""

    member: Member
    organisation: str
    marks: tuple[Mark | None, ...]
    score: Score


class Column(NamedTuple):
    """One meeting with what it adds up to."""

    meeting: Meeting
    held: bool
    score: Score


class Matrix(NamedTuple):
    """All of it. `provisional` when the presence of a meeting that was held is not fixed yet."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    organisations: tuple[tuple[str, int, Score], ...]
    total: Score

    @property
    def provisional(self) -> bool:
        return any(column.held and not column.meeting.fixed for column in self.columns)


def build(
    meetings: Sequence[Meeting], members: Iterable[Member], marks: Mapping[tuple[int, int], Mark], *, now: datetime
) -> Matrix:
    """The matrix of these meetings, in their order; `marks` by the ids of member and meeting.

    A member of whom nothing is known of a meeting was absent once it was held, and is expected until then: silence is
    no promise, and so no no-show.
    """
    rows = []
    columns = [Score()] * len(meetings)
    by_organisation: dict[str, Score] = {}
    people: dict[str, set[int]] = {}
    held = [meeting.held(now) for meeting in meetings]
    for member in members:
        found: list[Mark | None] = []
        own = Score()
        for place, meeting in enumerate(meetings):
            stay = member.stay_on(meeting.day)
            mark = _mark(marks.get((member.id, meeting.id)), stay, meeting, held=held[place])
            score = _score(mark, stay, held=held[place])
            found.append(mark)
            own += score
            columns[place] += score
            if stay and stay.counts:
                by_organisation[stay.organisation] = by_organisation.get(stay.organisation, Score()) + score
                people.setdefault(stay.organisation, set()).add(member.id)
        rows.append(Row(member, _organisation(member), tuple(found), own))
    total = sum((row.score for row in rows), Score())
    organisations = tuple((name, len(people[name]), score) for name, score in sorted(by_organisation.items()))
    heads = tuple(Column(*one) for one in zip(meetings, held, columns, strict=True))
    return Matrix(heads, tuple(rows), organisations, total)


def _mark(known: Mark | None, stay: Stay | None, meeting: Meeting, *, held: bool) -> Mark | None:
    if meeting.cancelled:
        return None
    if known or stay is None or not stay.counts:
        return known
    return Mark(PresenceStatus.AFWEZIG if held else PresenceStatus.VERWACHT)


def _score(mark: Mark | None, stay: Stay | None, *, held: bool) -> Score:
    if not held or mark is None:
        return Score()
    if stay is None or not stay.counts:
        return Score(beside=int(mark.status in WAS_THERE))
    if mark.status in WAS_THERE:
        return Score(held=1, present=1)
    if mark.status in EXCUSED:
        return Score(held=1, excused=1)
    return Score(held=1, absent=1, no_shows=int(mark.no_show))


def _organisation(member: Member) -> str:
    """For whom somebody is here now, or was last."""
    last = max(member.stays, key=lambda stay: stay.first, default=None)
    return last.organisation if last else member.organisation
