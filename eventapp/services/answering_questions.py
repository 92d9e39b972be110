"""Somebody answers what the event asks: ordinary questions, needs with consent, and photos. The log holds no answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain import care as rules_of_care
from eventapp.domain import questions
from eventapp.domain.actors import Actor
from eventapp.domain.care import CARE_BLOCKS, CARE_CONSENT, PHOTO_TEXT, Block, Care
from eventapp.domain.errors import AlreadyCancelled, BadAnswer, TooLateToAnswer
from eventapp.domain.events import EventState
from eventapp.domain.questions import Problem, QuestionKind, Rule, Value
from eventapp.domain.registrations import LIVE
from eventapp.extensions import db
from eventapp.models import Answer, CareAnswer, EventBlock, PhotoChoice, Question, Registration
from eventapp.queries.questions import answers_of, who_is
from eventapp.services.audit import note
from eventapp.services.locks import lock_order_of
from eventapp.transaction import transaction


class Filled(NamedTuple):
    """What somebody filled in. `answers`: to every question that was shown, None for one left open.

    `care` and `photo` are None when they stay as they are; `consent` is for what `care` says.
    """

    answers: Mapping[int, Value | None]
    care: Care | None = None
    consent: bool = False
    photo: bool | None = None


def save_answers(registration_id: int, filled: Filled, *, by: Actor, now: datetime) -> None:
    """Keep what was filled in; answers that depend on one that changed are dropped.

    Refuses with NotFound, AlreadyCancelled, TooLateToAnswer, BadAnswer or ConsentNeeded.
    """
    with transaction():
        registration = lock_order_of(registration_id)
        _check_open(registration, now=now)
        keep_answers(registration, filled.answers, now=now)
        blocks = _blocks(registration)
        if filled.care is not None and blocks & CARE_BLOCKS:
            _keep_care(registration, rules_of_care.within(blocks, filled.care), consent=filled.consent, now=now)
        if filled.photo is not None and Block.PHOTO in blocks:
            _keep_photo(registration, filled.photo, now=now)
        note("answered", "registration", registration.id, by=by, now=now, event_id=registration.event_id)


def withdraw_care(registration_id: int, *, by: Actor, now: datetime) -> None:
    """Take back the consent: what somebody needed is erased at once. Twice is once. Refuses with NotFound."""
    with transaction() as session:
        registration = lock_order_of(registration_id)
        row = session.get(CareAnswer, registration_id)
        if row is not None:
            session.delete(row)
            note("care_withdrawn", "registration", registration.id, by=by, now=now, event_id=registration.event_id)


def withdraw_photo(registration_id: int, *, by: Actor, now: datetime) -> None:
    """Take back a yes to photos, at any moment, after the day too. Twice is once. Refuses with NotFound."""
    with transaction() as session:
        registration = lock_order_of(registration_id)
        row = session.get(PhotoChoice, registration_id)
        if row is not None and row.agreed:
            row.agreed, row.answered_at = False, now
            note("photo_withdrawn", "registration", registration.id, by=by, now=now, event_id=registration.event_id)


def note_care_seen(registration_id: int, *, by: Actor, now: datetime) -> None:
    """Somebody at the office looks at what one person needs; that is logged. Refuses with NotFound."""
    with transaction():
        registration = lock_order_of(registration_id)
        note("care_seen", "registration", registration.id, by=by, now=now, event_id=registration.event_id)


def keep_answers(registration: Registration, given: Mapping[int, Value | None], *, now: datetime) -> None:
    """Within the caller's transaction: write the ordinary answers of one person, and drop those that no longer count.

    Answers to what is not asked are left out; answers to closed questions stay as they are. Refuses with BadAnswer.
    """
    rules = _rules(registration.event_id)
    by_id = {rule.id: rule for rule in rules}
    for question_id, value in given.items():
        if question_id in by_id and value is not None:
            _check(by_id[question_id], value)
    before = answers_of(registration.id)
    merged = {key: value for key, value in {**before, **given}.items() if value is not None}
    after = questions.settled(rules, who_is(registration), merged)
    gone = [key for key in before if key in by_id and key not in after]
    here = Answer.registration_id == registration.id
    db.session.execute(sa.delete(Answer).where(here, Answer.question_id.in_(gone)))
    for question_id, value in after.items():
        if before.get(question_id) != value:
            key = {"registration_id": registration.id, "question_id": question_id}
            db.session.merge(Answer(**key, value=value, answered_at=now))


def drop_needless(registration: Registration, *, now: datetime) -> None:
    """Within the caller's transaction: who comes in another way keeps no answer to what is not asked of them now."""
    db.session.flush()
    keep_answers(registration, {}, now=now)
    asked = rules_of_care.blocks_for(frozenset(Block), registration.attends)
    care = db.session.get(CareAnswer, registration.id)
    if care is not None:
        _keep_within(care, rules_of_care.within(asked, care.care))
    photo = db.session.get(PhotoChoice, registration.id)
    if photo is not None and Block.PHOTO not in asked:
        db.session.delete(photo)


def _keep_within(row: CareAnswer, kept: Care) -> None:
    """As much of what was needed, under the consent that was given; a row of which nothing is left goes."""
    if row.care.says_something and not kept.says_something:
        db.session.delete(row)
        return
    row.diets, row.diet_other = " ".join(sorted(kept.diets)), kept.diet_other
    row.access, row.access_other = " ".join(sorted(kept.access)), kept.access_other


def _check_open(registration: Registration, *, now: datetime) -> None:
    if registration.state not in LIVE:
        raise AlreadyCancelled()
    if registration.event.starts_at <= now or registration.event.state == EventState.CANCELLED:
        raise TooLateToAnswer()


def _rules(event_id: int) -> list[Rule]:
    """What is asked, which the office does not change before this transaction ends."""
    rows = sa.select(Question).where(Question.event_id == event_id, Question.closed_at.is_(None)).order_by(Question.id)
    found = db.session.scalars(rows.with_for_update(read=True).execution_options(populate_existing=True))
    return [question.rule for question in sorted(found, key=lambda question: (question.position, question.id))]


def _blocks(registration: Registration) -> frozenset[Block]:
    rows = sa.select(EventBlock).where(EventBlock.event_id == registration.event_id).with_for_update(read=True)
    asked = frozenset(row.code for row in db.session.scalars(rows))
    return rules_of_care.blocks_for(asked, registration.attends)


_TYPES: dict[QuestionKind, type] = {
    QuestionKind.TEXT: str,
    QuestionKind.CHOICE: str,
    QuestionKind.MULTIPLE: list,
    QuestionKind.YES_NO: bool,
    QuestionKind.NUMBER: int,
}


def _check(rule: Rule, value: Value) -> None:
    """Whoever calls: only what the question could have answered is kept."""
    if type(value) is not _TYPES[rule.kind]:
        raise BadAnswer(problem=Problem.NOT_AN_OPTION)
    if isinstance(value, bool):
        return
    given = value if isinstance(value, list) else [str(value)]
    if questions.read_answer(rule, given) != value:
        raise BadAnswer(problem=Problem.NOT_AN_OPTION)


def _keep_care(registration: Registration, care: Care, *, consent: bool, now: datetime) -> None:
    rules_of_care.check_consent(care, consent=consent)
    special = care.says_something
    db.session.merge(
        CareAnswer(
            registration_id=registration.id,
            diets=" ".join(sorted(care.diets)),
            diet_other=care.diet_other,
            access=" ".join(sorted(care.access)),
            access_other=care.access_other,
            consent_text=CARE_CONSENT if special else "",
            consented_at=now if special else None,
            answered_at=now,
        )
    )


def _keep_photo(registration: Registration, agreed: bool, *, now: datetime) -> None:
    db.session.merge(
        PhotoChoice(registration_id=registration.id, agreed=agreed, text_version=PHOTO_TEXT, answered_at=now)
    )
