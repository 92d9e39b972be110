"""What the office asks of the people who come: questions made, changed, moved, removed, and standard ones put on."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain import questions
from eventapp.domain.actors import Actor
from eventapp.domain.care import Block
from eventapp.domain.errors import (
    ChangedMeanwhile,
    EventOver,
    NotFound,
    OptionInUse,
    QuestionNeeded,
    QuestionOutOfOrder,
)
from eventapp.domain.events import EventState
from eventapp.domain.questions import CAN_LEAD, EVERYBODY, WITH_OPTIONS, Condition, QuestionKind
from eventapp.extensions import db
from eventapp.models import Answer, CareAnswer, Event, EventBlock, PhotoChoice, Question, Registration
from eventapp.services.audit import note
from eventapp.transaction import transaction


@dataclass(frozen=True)
class QuestionDetails:
    """What the office says about a question; its kind is chosen once and stays."""

    label: str
    keep_days: int
    help: str = ""
    required: bool = False
    options: tuple[str, ...] = ()
    condition: Condition = EVERYBODY


def add_question(event_id: int, kind: QuestionKind, details: QuestionDetails, *, by: Actor, now: datetime) -> int:
    """Ask one thing more, last in the form; answers the id.

    Refuses with NotFound, EventOver, or QuestionOutOfOrder when it depends on what is not an earlier question.
    """
    with transaction() as session:
        event = _open_event(event_id, now=now)
        before = _locked(event_id)
        place = max((question.position for question in before), default=0) + 1
        question = Question(event_id=event_id, position=place, kind=kind, version=0)
        _write(question, details)
        _check_leading(question, before)
        session.add(question)
        session.flush()
        note("question_added", "event", event.id, by=by, now=now, event_id=event.id, question=question.id)
        return question.id


def change_question(question_id: int, details: QuestionDetails, *, version: int, by: Actor, now: datetime) -> None:
    """Say it differently. Answers that were given stay as they were given.

    Refuses with NotFound, EventOver, ChangedMeanwhile (somebody saved since `version`), OptionInUse, or
    QuestionOutOfOrder.
    """
    with transaction():
        question, all_of_event = _find(question_id, now=now)
        if question.version != version:
            raise ChangedMeanwhile()
        _check_options(question, details, all_of_event)
        _write(question, details)
        _check_leading(question, [other for other in all_of_event if other.position < question.position])
        _log("question_changed", question, by=by, now=now)


def move_question(question_id: int, *, up: bool, by: Actor, now: datetime) -> None:
    """One place up or down; at the end nothing moves. Refuses with NotFound, EventOver or QuestionOutOfOrder."""
    with transaction():
        question, all_of_event = _find(question_id, now=now)
        row = [other for other in all_of_event if other.closed_at is None or other.id == question_id]
        at = row.index(question)
        to = at - 1 if up else at + 1
        if not 0 <= to < len(row):
            return
        row[at], row[to] = row[to], row[at]
        if not questions.in_order([other.rule for other in row]):
            raise QuestionOutOfOrder()
        closed = [other for other in all_of_event if other not in row]
        for place, other in enumerate([*row, *closed], start=1):
            other.position = place
        _log("questions_moved", question, by=by, now=now)


def remove_question(question_id: int, *, by: Actor, now: datetime) -> bool:
    """Ask it no more. Without answers it is gone and True is answered; with answers it is closed and they stay.

    Refuses with NotFound, EventOver, or QuestionNeeded while another question depends on it.
    """
    with transaction() as session:
        question, all_of_event = _find(question_id, now=now)
        following = next((other for other in all_of_event if other.depends_on == question_id), None)
        if following is not None:
            raise QuestionNeeded(label=following.label)
        answered = session.scalar(sa.select(Answer.question_id).where(Answer.question_id == question_id).limit(1))
        _log("question_closed" if answered else "question_removed", question, by=by, now=now)
        if answered:
            question.closed_at = question.closed_at or now
            return False
        session.delete(question)
        return True


def reopen_question(question_id: int, *, by: Actor, now: datetime) -> None:
    """Ask a closed question again. Refuses with NotFound, EventOver or QuestionOutOfOrder."""
    with transaction():
        question, all_of_event = _find(question_id, now=now)
        question.closed_at = None
        _check_leading(question, [other for other in all_of_event if other.position < question.position])
        _log("question_reopened", question, by=by, now=now)


def choose_blocks(event_id: int, blocks: frozenset[Block], *, by: Actor, now: datetime) -> None:
    """Which standard questions the event asks. What is asked no more is not needed: its answers are erased.

    Refuses with NotFound or EventOver.
    """
    with transaction() as session:
        event = _open_event(event_id, now=now)
        asked = sa.select(EventBlock).where(EventBlock.event_id == event_id).with_for_update()
        rows = {row.code: row for row in session.scalars(asked.execution_options(populate_existing=True))}
        if rows.keys() == blocks:
            return
        for code in rows.keys() - blocks:
            session.delete(rows[code])
            _erase(event_id, code)
        session.add_all(EventBlock(event_id=event_id, code=code) for code in sorted(blocks - rows.keys()))
        chosen = sorted(block.value for block in blocks)
        note("blocks_chosen", "event", event.id, by=by, now=now, event_id=event_id, blocks=chosen)


def _erase(event_id: int, block: Block) -> None:
    """The answers to one standard question, and with the last of them the consent that they needed."""
    of_event = sa.select(Registration.id).where(Registration.event_id == event_id)
    if block == Block.PHOTO:
        _run(sa.delete(PhotoChoice).where(PhotoChoice.registration_id.in_(of_event)))
        return
    here = CareAnswer.registration_id.in_(of_event)
    one, remark = ("diets", "diet_other") if block == Block.DIET else ("access", "access_other")
    _run(sa.update(CareAnswer).where(here).values({one: "", remark: ""}))
    empty = (
        CareAnswer.diets == "",
        CareAnswer.diet_other == "",
        CareAnswer.access == "",
        CareAnswer.access_other == "",
    )
    _run(sa.delete(CareAnswer).where(here, *empty))


def _run(statement: sa.Update | sa.Delete) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))


def _open_event(event_id: int, *, now: datetime) -> Event:
    event = db.session.get(Event, event_id, populate_existing=True)
    if event is None:
        raise NotFound()
    if event.state == EventState.CANCELLED or event.ends_at <= now:
        raise EventOver()
    return event


def _locked(event_id: int) -> list[Question]:
    """All questions of an event in order, which nobody changes or answers before this transaction ends."""
    rows = sa.select(Question).where(Question.event_id == event_id).order_by(Question.id).with_for_update()
    found = db.session.scalars(rows.execution_options(populate_existing=True))
    return sorted(found, key=lambda question: (question.position, question.id))


def _find(question_id: int, *, now: datetime) -> tuple[Question, list[Question]]:
    """The question and all questions of its event, locked."""
    event_id = db.session.scalar(sa.select(Question.event_id).where(Question.id == question_id))
    if event_id is None:
        raise NotFound()
    _open_event(event_id, now=now)
    rows = _locked(event_id)
    question = next((row for row in rows if row.id == question_id), None)
    if question is None:
        raise NotFound()
    return question, rows


def _write(question: Question, details: QuestionDetails) -> None:
    condition = details.condition
    question.label, question.help, question.keep_days = details.label, details.help, details.keep_days
    question.required = details.required
    question.options = list(details.options) if question.kind in WITH_OPTIONS else []
    question.categories = " ".join(sorted(condition.categories))
    question.attends = condition.attends
    question.depends_on = condition.question_id
    question.depends_values = sorted(condition.values) if condition.question_id else []
    question.version += 1


def _check_leading(question: Question, earlier: list[Question]) -> None:
    """What a question depends on comes before it, is asked, and has such answers."""
    if question.depends_on is None:
        return
    leading = next((other for other in earlier if other.id == question.depends_on), None)
    if leading is None or leading.closed_at or leading.kind not in CAN_LEAD:
        raise QuestionOutOfOrder()


def _check_options(question: Question, details: QuestionDetails, all_of_event: list[Question]) -> None:
    """An option that was chosen, or on which another question depends, stays."""
    gone = set(question.options) - set(details.options)
    if not gone or question.kind not in WITH_OPTIONS:
        return
    values = db.session.scalars(sa.select(Answer.value).where(Answer.question_id == question.id))
    used = {word for value in values for word in (value if isinstance(value, list) else [value])}
    used |= {word for other in all_of_event if other.depends_on == question.id for word in other.depends_values}
    for option in question.options:
        if option in gone & used:
            raise OptionInUse(option=option)


def _log(act: str, question: Question, *, by: Actor, now: datetime) -> None:
    event_id = question.event_id
    note(act, "event", event_id, by=by, now=now, event_id=event_id, question=question.id)
