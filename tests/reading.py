"""What a test of a use case reads back: mails in the outbox, the log, and whether the books of the places are right."""

import re
from datetime import datetime

import sqlalchemy as sa

from config import TestConfig
from eventapp.domain.registrations import LIVE, State
from eventapp.extensions import db
from eventapp.models import WHOLE_EVENT, AuditEntry, Capacity, Event, MailState, OutboxMail, PlaceHold, Registration


def mails() -> list[tuple[str, str]]:
    """Kind and address of every mail, in the order in which they were written."""
    return [(mail.kind, mail.to_address) for mail in _all(OutboxMail)]


def kinds() -> list[str]:
    return [mail.kind for mail in _all(OutboxMail)]


def all_mails() -> list[OutboxMail]:
    """Every mail, in the order in which they were written."""
    return _all(OutboxMail)


def mails_left(*, at: datetime = TestConfig.NOW) -> None:
    """Every mail that waited has left by then, as if a worker had sent it."""
    db.session.execute(
        sa.update(OutboxMail).where(OutboxMail.state == MailState.WAITING).values(state=MailState.SENT, sent_at=at)
    )
    db.session.commit()


def last_mail(kind: str) -> OutboxMail:
    """The newest mail of this kind."""
    return [mail for mail in _all(OutboxMail) if mail.kind == kind][-1]


def token_in(mail: OutboxMail) -> str:
    """The secret in the link that the mail asks to open."""
    found = re.search(r"/(?:aanmelden|adres)/bevestigen/([\w-]+)", mail.text)
    assert found, mail.text
    return found[1]


def acts() -> list[str]:
    """What the log says happened."""
    return [entry.act for entry in _all(AuditEntry)]


def registrations() -> list[Registration]:
    return _all(Registration)


def only_registration() -> Registration:
    (registration,) = registrations()
    return registration


def states() -> list[State]:
    return [registration.state for registration in registrations()]


def taken(event: Event) -> int:
    """Places taken, after making sure that the books agree: as many holds as it says, each of a live registration."""
    held = sa.select(Registration.state).join(PlaceHold).join(Capacity).where(Registration.event_id == event.id)
    held = held.where(Capacity.kind == WHOLE_EVENT)
    states = list(db.session.scalars(held))
    whole = sa.select(Capacity.taken).where(Capacity.event_id == event.id, Capacity.kind == WHOLE_EVENT)
    number = db.session.scalars(whole).one()
    assert len(states) == number
    assert set(states) <= LIVE
    return number


def _all(model):
    return list(db.session.scalars(sa.select(model).order_by(model.id)))
