"""What did people think of it? Answers become counts and texts that nobody can lead back to who gave them.

Counts are kept per question, never per person, so that no answer can be laid beside another one of the same person. As
with a ballot box nothing is shown while it is open: who looks before and after an answer would read that answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from eventapp.domain.errors import BadAnswer
from eventapp.domain.events import EventKind
from eventapp.domain.proportions import mean_tenths
from eventapp.domain.questions import LONGEST_TEXT, NO, YES, Problem
from eventapp.domain.times import from_local, local_date

# With fewer answers nothing is shown, and fewer people than this are not asked at all.
FEWEST = 5
MOST_QUESTIONS = 5
MOST_OPTIONS = 8
# How many days one can answer, as the office chooses.
OPEN_DAYS = (7, 14, 30)
# What ended longer ago is not thanked for any more: presence that is fixed that late is bookkeeping.
THANKED_WITHIN = timedelta(days=60)

# What everybody is asked; the questions of an event are `own_item(1)` and so on.
GRADE, RECOMMEND, REMARK = "grade", "recommend", "remark"
GRADES = tuple(str(grade) for grade in range(1, 11))
SCALE = tuple(str(step) for step in range(1, 6))


class OwnKind(StrEnum):
    """A question of the event itself: a text, one to five, or one of a few words."""

    OPEN = "open"
    SCALE = "scale"
    CHOICE = "choice"


class OwnQuestion(NamedTuple):
    kind: OwnKind
    label: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What an event does afterwards: thank who was there, ask them, for so many days, and with what questions.

    With `named` somebody may put their name to what they write.
    """

    thanks: bool = True
    asks: bool = True
    named: bool = False
    days: int = 14
    questions: tuple[OwnQuestion, ...] = ()


@dataclass(frozen=True)
class Reply:
    """What somebody filled in: one value per question that is counted, and what they wrote."""

    counted: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)
    named: bool = False


class Stage(StrEnum):
    """Whether one can answer: nobody was asked yet, one can, one could."""

    WAITS = "waits"
    OPEN = "open"
    CLOSED = "closed"


def usual(kind: EventKind) -> Plan:
    """What an event does of which the office said nothing. Tuning with others is work, and not thanked for."""
    works = kind == EventKind.OVERLEG
    return Plan(thanks=not works, asks=not works)


def own_item(place: int) -> str:
    """The name of the question of the event at this place, counted from one."""
    return f"own{place}"


def counted_items(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Every question that is counted, with all that can be answered, in the order of the page."""
    found = {GRADE: GRADES, RECOMMEND: (YES, NO)}
    for place, question in enumerate(plan.questions, start=1):
        if question.kind != OwnKind.OPEN:
            found[own_item(place)] = SCALE if question.kind == OwnKind.SCALE else question.options
    return found


def written_items(plan: Plan) -> tuple[str, ...]:
    """Every question to which people write, the remark last."""
    own = (own_item(place) for place, one in enumerate(plan.questions, start=1) if one.kind == OwnKind.OPEN)
    return (*own, REMARK)


def check(plan: Plan, reply: Reply) -> None:
    """Refuses with BadAnswer (facts: problem) what the page does not ask; the grade alone cannot be left out."""
    counted, written = counted_items(plan), written_items(plan)
    if GRADE not in reply.counted:
        raise BadAnswer(problem=Problem.MISSING)
    if any(value not in counted.get(item, ()) for item, value in reply.counted.items()):
        raise BadAnswer(problem=Problem.NOT_AN_OPTION)
    if not reply.texts.keys() <= set(written):
        raise BadAnswer(problem=Problem.NOT_AN_OPTION)
    if any(len(text) > LONGEST_TEXT for text in reply.texts.values()):
        raise BadAnswer(problem=Problem.TOO_LONG)


def closing(now: datetime, days: int) -> datetime:
    """The midnight after so many whole days."""
    return from_local(local_date(now) + timedelta(days=days + 1), time())


def last_day(closes_at: datetime) -> date:
    """The last Dutch day on which one can answer."""
    return local_date(closes_at - timedelta(microseconds=1))


def stage(closes_at: datetime | None, *, now: datetime) -> Stage:
    """How an evaluation stands that closes then; None is one that nobody was asked for yet."""
    if closes_at is None:
        return Stage.WAITS
    return Stage.OPEN if now < closes_at else Stage.CLOSED


def shows(closes_at: datetime | None, answers: int, *, now: datetime) -> bool:
    """Whether the answers may be seen: all of them at once, when no more can come."""
    return stage(closes_at, now=now) == Stage.CLOSED and answers >= FEWEST


def average_tenths(counts: Mapping[str, int]) -> int | None:
    """The mean of grades or steps in tenths, half up; None without any."""
    number = sum(counts.values())
    total = sum(int(value) * n for value, n in counts.items())
    return mean_tenths(total, number)
