"""Which answers do we no longer need? Special ones soon after the event, ordinary ones when their own term is over."""

from datetime import datetime

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
from eventapp.services.changing_rows import delete_rows


def care(*, now: datetime) -> int:
    """Within the caller's transaction: erase needs two weeks after the event, and of who is not coming any more."""
    over = sa.select(Event.id).where(Event.ends_at < due_before(now, CARE_DAYS))
    needless = sa.or_(Registration.event_id.in_(over), Registration.state.not_in(LIVE))
    return delete_rows(CareAnswer, CareAnswer.registration_id.in_(sa.select(Registration.id).where(needless)))


def replies(*, now: datetime) -> int:
    """The same for answers to questions of the office's own, of which each says how long they are kept."""
    terms = list(db.session.scalars(sa.select(Question.keep_days).distinct()))
    gone = delete_rows(Answer, Answer.registration_id.in_(_emptied()))
    for days in terms:
        over = sa.select(Event.id).where(Event.ends_at < due_before(now, days))
        expired = sa.select(Question.id).where(Question.keep_days == days, Question.event_id.in_(over))
        gone += delete_rows(Answer, Answer.question_id.in_(expired))
    return gone


def photos() -> int:
    """What somebody said about photos is kept as long as the name: it may have to be shown."""
    return delete_rows(PhotoChoice, PhotoChoice.registration_id.in_(_emptied()))


def sharing() -> int:
    """What a partner may know goes with the name, and of who is not coming any more."""
    needless = sa.or_(Registration.address == "", Registration.state.not_in(LIVE))
    return delete_rows(PartnerConsent, PartnerConsent.registration_id.in_(sa.select(Registration.id).where(needless)))


def badges() -> int:
    """How somebody's badge read says nothing any more once the name is gone."""
    return delete_rows(BadgePrintLine, BadgePrintLine.registration_id.in_(_emptied()))


def _emptied() -> sa.ScalarSelect[int]:
    return sa.select(Registration.id).where(Registration.address == "").scalar_subquery()
