"""An event that asks things, and what somebody answers: plain functions with dull defaults."""

from typing import Any

from eventapp.domain.care import AccessNeed, Block, Care, Diet
from eventapp.domain.questions import EVERYBODY, Condition, QuestionKind, Value
from eventapp.extensions import db
from eventapp.models import Event, Question, Registration
from eventapp.services import answering_questions, asking
from eventapp.services.answering_questions import Filled
from eventapp.services.asking import QuestionDetails
from tests.factories import NOW, OFFICE

# Recognisable wherever it turns up.
SECRET_DIET, SECRET_NEED = "Sesamallergiegeheim", "Traplopengeheim"
NEEDS = Care(frozenset({Diet.HALAL}), SECRET_DIET, frozenset({AccessNeed.TOLK}), SECRET_NEED)


def ask(
    event_id: int,
    label: str = "Hoe komt u?",
    kind: QuestionKind = QuestionKind.CHOICE,
    *,
    options: tuple[str, ...] = ("Trein", "Auto", "Bus"),
    condition: Condition = EVERYBODY,
    keep_days: int = 30,
    **more: Any,
) -> int:
    """The office asks this; answers the id of the question."""
    details = QuestionDetails(label, keep_days, options=options, condition=condition, **more)
    return asking.add_question(event_id, kind, details, by=OFFICE, now=NOW)


def follow(question_id: int, *values: str) -> Condition:
    """Only on these answers to that question."""
    return Condition(question_id=question_id, values=frozenset(values))


def ask_standard(event: Event, *blocks: Block) -> None:
    """The event asks these standard questions; all of them when none is named."""
    asking.choose_blocks(event.id, frozenset(blocks or Block), by=OFFICE, now=NOW)


def answer(registration: Registration, answers: dict[int, Value | None] | None = None, **filled: Any) -> None:
    """The person of this registration saves the page."""
    filled.setdefault("consent", True)
    answering_questions.save_answers(registration.id, Filled(answers or {}, **filled), by=OFFICE, now=NOW)


def labels(event_id: int) -> list[str]:
    """The questions of an event in order, closed ones in brackets."""
    db.session.rollback()
    rows = db.session.query(Question).filter_by(event_id=event_id).order_by(Question.position).all()
    return [f"({row.label})" if row.closed_at else row.label for row in rows]
