"""What has an event that can come along to another one, and which events are there to copy?"""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.care import Block
from eventapp.domain.copying import Part
from eventapp.domain.events import EventState
from eventapp.domain.names import fold
from eventapp.domain.reminders import Plan
from eventapp.extensions import db
from eventapp.models import (
    FORM,
    POOL,
    Breakout,
    Capacity,
    CertificateTerms,
    Evaluation,
    Event,
    EventBlock,
    EventReminders,
    MailText,
    Question,
    Round,
)

_SHOWN = 50


class Luggage(NamedTuple):
    """What comes along: the titles of rounds and breakouts, what is asked, and in which mails the office has its say.

    `plan` is None when the event reminds as usual. `speakers` counts breakouts that name somebody.
    """

    rounds: list[str]
    breakouts: list[str]
    speakers: int
    pools: int
    questions: list[str]
    blocks: list[Block]
    plan: Plan | None
    mail_kinds: list[str]
    evaluation: bool
    certificate: bool

    @property
    def parts(self) -> list[Part]:
        """The parts of which there is anything."""
        there = {
            Part.PROGRAMME: bool(self.rounds or self.breakouts),
            Part.SPEAKERS: self.speakers > 0,
            Part.DIVISION: self.pools > 0,
            Part.QUESTIONS: bool(self.questions or self.blocks),
            Part.REMINDERS: self.plan is not None,
            Part.MAIL_TEXTS: bool(self.mail_kinds),
            Part.EVALUATION: self.evaluation,
            Part.CERTIFICATE: self.certificate,
        }
        return [part for part in Part if there[part]]


def luggage_of(event_id: int) -> Luggage:
    """What this event has that can come along."""
    live = sa.and_(Breakout.event_id == event_id, Breakout.cancelled_at.is_(None))
    breakouts = db.session.execute(sa.select(Breakout.title, Breakout.speakers).where(live).order_by(Breakout.position))
    rows = breakouts.all()
    asked = sa.and_(Question.event_id == event_id, Question.closed_at.is_(None))
    divided = sa.and_(Capacity.event_id == event_id, Capacity.kind.in_((FORM, POOL)))
    reminders = db.session.get(EventReminders, event_id)
    return Luggage(
        rounds=_texts(sa.select(Round.title).where(Round.event_id == event_id).order_by(Round.starts_at)),
        breakouts=[row.title for row in rows],
        speakers=sum(bool(row.speakers) for row in rows),
        pools=db.session.scalar(sa.select(sa.func.count(Capacity.id)).where(divided)) or 0,
        questions=_texts(sa.select(Question.label).where(asked).order_by(Question.position, Question.id)),
        blocks=list(db.session.scalars(sa.select(EventBlock.code).where(EventBlock.event_id == event_id))),
        plan=reminders.plan if reminders else None,
        mail_kinds=[one.kind for one in office_texts(event_id)],
        evaluation=db.session.get(Evaluation, event_id) is not None,
        certificate=db.session.get(CertificateTerms, event_id) is not None,
    )


def office_texts(event_id: int) -> Sequence[MailText]:
    """What the office says now in the mails of this event alone, a row per kind."""
    newest = sa.select(sa.func.max(MailText.id)).where(MailText.event_id == event_id).group_by(MailText.kind)
    found = db.session.scalars(sa.select(MailText).where(MailText.id.in_(newest)).order_by(MailText.kind)).all()
    return [one for one in found if one.subject or one.opening or one.closing]


def events_to_copy(text: str) -> list[Event]:
    """Everything but drafts, the newest first; every word of `text` is in the title, accents aside."""
    words = fold(text).split()
    shown = sa.select(Event).where(Event.state != EventState.DRAFT).order_by(Event.starts_at.desc(), Event.id.desc())
    found = (one for one in db.session.scalars(shown) if all(word in fold(one.title) for word in words))
    return [one for one, _ in zip(found, range(_SHOWN), strict=False)]


def _texts(statement: sa.Select[str]) -> list[str]:
    return list(db.session.scalars(statement))
