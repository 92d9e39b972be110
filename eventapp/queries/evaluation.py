"""What does an event ask afterwards, and what did people answer, as far as anybody may see it?

`appreciation` is for figures over events: counts per event that hold no personal data and are kept for good.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp import formatting
from eventapp.domain.evaluation import GRADE, RECOMMEND, THANKED_WITHIN, shows, usual
from eventapp.domain.events import EventState
from eventapp.domain.presence import WAS_THERE
from eventapp.domain.questions import NO, YES
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.models import (
    Evaluation,
    EvaluationCount,
    EvaluationInvite,
    EvaluationText,
    Event,
    FixedPresence,
    OutboxMail,
    Registration,
)


def evaluation_of(event: Event) -> Evaluation:
    """What the event does afterwards; the usual, in a row that is not kept, when nothing was said or done yet."""
    found = db.session.get(Evaluation, event.id)
    if found is None:
        found = Evaluation(event_id=event.id, version=0, closes_at=None, asked=0, answers=0)
        found.take(usual(event.kind))
    return found


def invite_by_token(token: str) -> EvaluationInvite | None:
    return db.session.scalar(sa.select(EvaluationInvite).where(EvaluationInvite.token_digest == digest(token)))


def there(event_id: int) -> int:
    """How many people were there, as it was fixed."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(FixedPresence).where(*_was_there(event_id))) or 0


def _was_there(event_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return FixedPresence.event_id == event_id, FixedPresence.status.in_(WAS_THERE)


def thanks_purpose(registration_id: int | str) -> str:
    """What the mail to this person is for: it is written once, whatever happens to their presence."""
    return f"thanks-{registration_id}"


def not_thanked(event_id: int) -> list[int]:
    """The registrations of who was there and has had no mail about it."""
    found = (
        sa.select(Registration.id)
        .join(FixedPresence, FixedPresence.registration_id == Registration.id)
        .where(*_was_there(event_id), Registration.address != "", ~_thanked())
        .order_by(Registration.id)
    )
    return list(db.session.scalars(found))


def to_thank(registration_ids: Collection[int]) -> int:
    """How many of these people would get the mail, if it is fixed that they were there."""
    rows = sa.select(sa.func.count()).select_from(Registration)
    rows = rows.where(Registration.id.in_(registration_ids), Registration.address != "", ~_thanked())
    return db.session.scalar(rows) or 0


def _thanked() -> sa.ColumnElement[bool]:
    purpose = sa.literal(thanks_purpose("")) + sa.cast(Registration.id, sa.String)
    return sa.exists().where(OutboxMail.purpose == purpose)


def thanks(event: Event, *, now: datetime) -> bool:
    """Whether who was there is thanked, should presence be fixed now."""
    return evaluation_of(event).thanks and event.ends_at >= now - THANKED_WITHIN


def fixed_lately(*, now: datetime) -> list[int]:
    """The events whose presence is fixed, and which are not too long ago to thank anybody for."""
    recent = sa.select(Event.id).where(Event.presence_fixed_at.is_not(None), Event.state == EventState.PUBLISHED)
    return list(db.session.scalars(recent.where(Event.ends_at.between(now - THANKED_WITHIN, now)).order_by(Event.id)))


class Written(NamedTuple):
    """What somebody wrote; `name` is empty unless they put it there."""

    text: str
    name: str


def counts_of(event_id: int) -> dict[str, dict[str, int]]:
    """Per question how often each answer was given. Who shows it asks `shows` first."""
    rows = db.session.execute(
        sa.select(EvaluationCount.item, EvaluationCount.value, EvaluationCount.number).where(
            EvaluationCount.event_id == event_id
        )
    )
    found: dict[str, dict[str, int]] = {}
    for item, value, number in rows:
        found.setdefault(item, {})[value] = number
    return found


def texts_of(event_id: int, *, all_of_them: bool) -> dict[str, list[Written]]:
    """What people wrote per question, in the order of the alphabet; else only what somebody put their name to.

    Who writes under their own name asked nobody to hide it.
    """
    rows = sa.select(EvaluationText).where(EvaluationText.event_id == event_id)
    if not all_of_them:
        rows = rows.where(EvaluationText.registration_id.is_not(None))
    rows = rows.options(joinedload(EvaluationText.registration).joinedload(Registration.person))
    found: dict[str, list[Written]] = {}
    for row in db.session.scalars(rows):
        found.setdefault(row.item, []).append(Written(row.text, _name(row.registration)))
    return {item: sorted(those, key=lambda one: (one.text.casefold(), one.name)) for item, those in found.items()}


def _name(registration: Registration | None) -> str:
    person = registration.person if registration else None
    return formatting.full_name(person.given_name, person.infix, person.family_name) if person else ""


class Appreciation(NamedTuple):
    """What one event was worth to its people, in counts and sums that can be added over events.

    `asked` got the question and `answers` answered it. The mean grade is `grade_sum / answers`: a grade cannot be left
    out. `recommends` of the `recommend_answers` would recommend it.
    """

    event_id: int
    asked: int
    answers: int
    grades: Mapping[int, int]
    recommends: int
    recommend_answers: int

    @property
    def grade_sum(self) -> int:
        return sum(grade * number for grade, number in self.grades.items())


class TooFew(NamedTuple):
    """An event of which nothing but the numbers may be seen: not closed yet, or fewer than five answers."""

    event_id: int
    asked: int
    answers: int


def appreciation(event_ids: Collection[int], *, now: datetime) -> dict[int, Appreciation | TooFew]:
    """For each of these events that asked anybody. What is `TooFew` must not come back as the difference of two sums.

    Events that are closed and have five answers never change any more, and nothing here is erased with the people.
    """
    if not event_ids:
        return {}
    rows = db.session.scalars(sa.select(Evaluation).where(Evaluation.event_id.in_(event_ids), Evaluation.asked > 0))
    known = {row.event_id: row for row in rows}
    shown = [key for key, row in known.items() if shows(row.closes_at, row.answers, now=now)]
    counts = _everybodys(shown)
    return {
        key: _appreciation(row, counts[key]) if key in counts else TooFew(key, row.asked, row.answers)
        for key, row in sorted(known.items())
    }


def _everybodys(event_ids: Collection[int]) -> dict[int, dict[str, dict[str, int]]]:
    """The counts of what everybody is asked, by event."""
    rows = db.session.execute(
        sa.select(EvaluationCount.event_id, EvaluationCount.item, EvaluationCount.value, EvaluationCount.number).where(
            EvaluationCount.event_id.in_(event_ids), EvaluationCount.item.in_((GRADE, RECOMMEND))
        )
    )
    found: dict[int, dict[str, dict[str, int]]] = {key: {GRADE: {}, RECOMMEND: {}} for key in event_ids}
    for event_id, item, value, number in rows:
        found[event_id][item][value] = number
    return found


def _appreciation(row: Evaluation, counts: Mapping[str, Mapping[str, int]]) -> Appreciation:
    recommends, not_so = counts[RECOMMEND].get(YES, 0), counts[RECOMMEND].get(NO, 0)
    return Appreciation(
        event_id=row.event_id,
        asked=row.asked,
        answers=row.answers,
        grades={int(grade): number for grade, number in sorted(counts[GRADE].items(), key=lambda pair: int(pair[0]))},
        recommends=recommends,
        recommend_answers=recommends + not_so,
    )
