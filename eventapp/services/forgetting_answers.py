"""Which answers do we no longer need? Special ones soon after the event, ordinary ones when their own term is over."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp.domain.registrations import LIVE
from eventapp.domain.retention import CARE_DAYS, due_before
from eventapp.extensions import db
from eventapp.models import (
    Answer,
    BadgePrintLine,
    CareAnswer,
    Event,
    PartnerConsent,
    PhotoChoice,
    Question,
    Registration,
)


def care(*, now: datetime) -> int:
    """Within the caller's transaction: erase needs two weeks after the event, and of who is not coming any more."""
    over = sa.select(Event.id).where(Event.ends_at < due_before(now, CARE_DAYS))
    needless = sa.or_(Registration.event_id.in_(over), Registration.state.not_in(LIVE))
    return _delete(CareAnswer, CareAnswer.registration_id.in_(sa.select(Registration.id).where(needless)))


def replies(*, now: datetime) -> int:
    """The same for answers to questions of the office's own, of which each says how long they are kept."""
    terms = list(db.session.scalars(sa.select(Question.keep_days).distinct()))
    gone = _delete(Answer, Answer.registration_id.in_(_emptied()))
    for days in terms:
        over = sa.select(Event.id).where(Event.ends_at < due_before(now, days))
        expired = sa.select(Question.id).where(Question.keep_days == days, Question.event_id.in_(over))
        gone += _delete(Answer, Answer.question_id.in_(expired))
    return gone


def photos() -> int:
    """What somebody said about photos is kept as long as the name: it may have to be shown."""
    return _delete(PhotoChoice, PhotoChoice.registration_id.in_(_emptied()))


def sharing() -> int:
    """What a partner may know goes with the name, and of who is not coming any more."""
    needless = sa.or_(Registration.address == "", Registration.state.not_in(LIVE))
    return _delete(PartnerConsent, PartnerConsent.registration_id.in_(sa.select(Registration.id).where(needless)))


def badges() -> int:
    """How somebody's badge read says nothing any more once the name is gone."""
    return _delete(BadgePrintLine, BadgePrintLine.registration_id.in_(_emptied()))


def _emptied() -> sa.ScalarSelect[int]:
    return sa.select(Registration.id).where(Registration.address == "").scalar_subquery()


def _delete(model: type[Any], where: sa.ColumnElement[bool]) -> int:
    result: Any = db.session.execute(sa.delete(model).where(where).execution_options(synchronize_session=False))
    return int(result.rowcount)
