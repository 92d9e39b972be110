"""The office writes to many, and a worker sends it: what a test of that does and reads back."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.mailings import Delivery, LeftOut, MailingState
from eventapp.extensions import db
from eventapp.models import Mailing, MailingRecipient, OutboxMail
from eventapp.queries import mailings
from eventapp.services import carrying_out, mailing
from eventapp.services.long_work import RUNNERS
from eventapp.services.mailing import Message
from tests.factories import NOW, OFFICE


def kept(message: Message, *, now: datetime = NOW) -> int:
    """A draft."""
    return mailing.keep(message, by=OFFICE, now=now)


def decided(mailing_id: int, *, at: datetime | None = None, now: datetime = NOW) -> None:
    """The office lets it go as it is now."""
    mailing.decide(mailing_id, at=at, seen=version(mailing_id), by=OFFICE, now=now)


def work(*, now: datetime = NOW) -> None:
    """What a worker does about messages."""
    mailing.start_due(now=now)
    while carrying_out.run_next(RUNNERS, clock=lambda: now):
        pass


def send_now(message: Message, *, now: datetime = NOW) -> int:
    """Written, decided and carried out; the mails are in the outbox."""
    mailing_id = kept(message, now=now)
    decided(mailing_id, now=now)
    work(now=now)
    return mailing_id


def version(mailing_id: int) -> int:
    return db.session.get_one(Mailing, mailing_id, populate_existing=True).version


def state(mailing_id: int) -> MailingState:
    return db.session.get_one(Mailing, mailing_id, populate_existing=True).state


def written(mailing_id: int) -> list[str]:
    """To which addresses, by address."""
    rows = sa.select(OutboxMail.to_address).join(MailingRecipient, MailingRecipient.mail_id == OutboxMail.id)
    return sorted(db.session.scalars(rows.where(MailingRecipient.mailing_id == mailing_id)))


def left_out(mailing_id: int) -> dict[str, LeftOut]:
    """Who was left out and why, by address."""
    rows = sa.select(MailingRecipient).where(
        MailingRecipient.mailing_id == mailing_id, MailingRecipient.left_out.is_not(None)
    )
    return {row.address: row.left_out for row in db.session.scalars(rows) if row.left_out}


def counts(mailing_id: int) -> dict[Delivery, int]:
    """How many of each result, those without any not at all."""
    return {result: number for result, number in mailings.results([mailing_id])[mailing_id].items() if number}
