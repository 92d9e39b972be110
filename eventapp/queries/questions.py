"""What does an event ask, what did somebody answer, and what is still to be answered?"""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain import questions
from eventapp.domain.care import CARE_BLOCKS, Block, blocks_for
from eventapp.domain.questions import Asked, Rule, Value
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Answer, CareAnswer, EventBlock, PhotoChoice, Question, Registration


class Open(NamedTuple):
    """Somebody who is coming and did not answer all that is required; `missing` are the questions in words."""

    registration: Registration
    missing: tuple[str, ...]


def questions_of(event_id: int, *, closed: bool = False) -> Sequence[Question]:
    """The questions of an event in the order of the form; with `closed` those too that are asked no more, last."""
    found = sa.select(Question).where(Question.event_id == event_id)
    if not closed:
        found = found.where(Question.closed_at.is_(None))
    in_order = found.order_by(Question.closed_at.is_not(None), Question.position, Question.id)
    return db.session.scalars(in_order).all()


def rules_of(event_id: int) -> list[Rule]:
    """The questions that are asked, as the rules see them."""
    return [question.rule for question in questions_of(event_id)]


def blocks_of(event_id: int) -> frozenset[Block]:
    """The standard questions that the event asks."""
    return frozenset(db.session.scalars(sa.select(EventBlock.code).where(EventBlock.event_id == event_id)))


def answers_of(registration_id: int) -> dict[int, Value]:
    """What somebody answered, by question."""
    rows = sa.select(Answer.question_id, Answer.value).where(Answer.registration_id == registration_id)
    return {row.question_id: row.value for row in db.session.execute(rows)}


def care_of(registration_id: int) -> CareAnswer | None:
    """What somebody needs. For the person alone, and for editors whose looking is logged."""
    return db.session.get(CareAnswer, registration_id)


def photo_of(registration_id: int) -> PhotoChoice | None:
    return db.session.get(PhotoChoice, registration_id)


def gave_consent(registration_id: int) -> bool:
    """Whether there is anything that they agreed with, or refused, and can take back."""
    return care_of(registration_id) is not None or photo_of(registration_id) is not None


def asks_something(registration: Registration) -> bool:
    """Whether the event asks this person anything, answered or not."""
    if blocks_for(blocks_of(registration.event_id), registration.attends):
        return True
    return bool(questions.possible(rules_of(registration.event_id), who_is(registration)))


def has_open_questions(registration: Registration) -> bool:
    """Whether something is asked of this person that has no answer yet, required or not."""
    blocks = blocks_for(blocks_of(registration.event_id), registration.attends)
    if blocks & CARE_BLOCKS and care_of(registration.id) is None:
        return True
    if Block.PHOTO in blocks and photo_of(registration.id) is None:
        return True
    rules = rules_of(registration.event_id)
    return bool(questions.unanswered(rules, who_is(registration), answers_of(registration.id)))


def who_is(registration: Registration) -> Asked:
    """The person of a registration, as the conditions of questions see them."""
    return Asked(registration.category, registration.attends)


def still_to_answer(event_id: int) -> list[Open]:
    """Who is coming without having answered all that is required, by name."""
    asked = questions_of(event_id)
    if not any(question.required for question in asked):
        return []
    labels = {question.id: question.label for question in asked}
    rules, answers = [question.rule for question in asked], answers_at(event_id)
    found = []
    for registration in coming_to(event_id):
        given = answers.get(registration.id, {})
        left = [rule for rule in questions.unanswered(rules, who_is(registration), given) if rule.required]
        if left:
            found.append(Open(registration, tuple(labels[rule.id] for rule in left)))
    return found


def answers_at(event_id: int) -> dict[int, dict[int, Value]]:
    """All ordinary answers at an event: by registration, then by question."""
    rows = sa.select(Answer.registration_id, Answer.question_id, Answer.value).join(Question)
    found: dict[int, dict[int, Value]] = {}
    for row in db.session.execute(rows.where(Question.event_id == event_id)):
        found.setdefault(row.registration_id, {})[row.question_id] = row.value
    return found


def coming_to(event_id: int) -> Sequence[Registration]:
    """Everybody with a confirmed registration, by name."""
    coming = sa.select(Registration).where(Registration.event_id == event_id, Registration.state == State.CONFIRMED)
    found = db.session.scalars(coming.options(joinedload(Registration.person))).all()
    return sorted(found, key=lambda registration: (registration.person.sort_key, registration.id))


def answer_counts(event_id: int) -> dict[int, int]:
    """How many answers each question has; a question without any is absent."""
    counted = sa.select(Answer.question_id, sa.func.count()).join(Question).where(Question.event_id == event_id)
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(Answer.question_id))}
