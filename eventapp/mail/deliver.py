"""How does a mail in the outbox reach somebody? Claimed, drawn, sent, noted, and tried again when it did not work."""

import logging
import time
from collections import deque
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from eventapp.extensions import db
from eventapp.mail.message import build
from eventapp.mail.transports import Refused, SendingFailed, Transport, Unreachable
from eventapp.models import MailState, OutboxMail
from eventapp.transaction import transaction

log = logging.getLogger(__name__)
# A claim outlasts a batch that ends in a mail server that hangs at every step.
_CLAIM = timedelta(minutes=5)
_BATCH_SECONDS = 120
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)) + (timedelta(hours=4),) * 11


def deliver_due(transport: Transport, *, now: datetime, limit: int = 50) -> int:
    """Send mails that are due, at most `limit`, and answer how many left.

    Any number of workers may do this at once: each mail is claimed by one. What cannot be sent now waits longer and
    longer, two days in all; what is refused for good, or cannot be drawn, is marked as failed and holds up nothing. A
    crash between the mail server's yes and our note sends that one mail again, with the same Message-ID.
    """
    claimed = deque(_claim(now, limit))
    started = time.monotonic()
    sent = 0
    try:
        with transport:
            while claimed and time.monotonic() - started < _BATCH_SECONDS:
                sent += _deliver(claimed.popleft(), transport, now=now)
    except Unreachable as error:
        log.warning("no mail leaves for now: %s", error)
    finally:
        _hand_back(list(claimed), now)
    return sent


def _claim(now: datetime, limit: int) -> list[int]:
    """Mails of which the time has come, and those of a worker that never told what became of them."""
    waiting = sa.and_(OutboxMail.state == MailState.WAITING, OutboxMail.next_try_at <= now)
    left_behind = sa.and_(OutboxMail.state == MailState.SENDING, OutboxMail.claimed_until <= now)
    due = (
        sa.select(OutboxMail.id)
        .where(sa.or_(waiting, left_behind))
        .order_by(OutboxMail.next_try_at, OutboxMail.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claim = (
        sa.update(OutboxMail)
        .where(OutboxMail.id.in_(sa.select(due.c.id)))
        .values(state=MailState.SENDING, tries=OutboxMail.tries + 1, claimed_until=now + _CLAIM)
        .returning(OutboxMail.id)
        .execution_options(synchronize_session=False)
    )
    with transaction() as session:
        return sorted(session.scalars(claim))


def _deliver(mail_id: int, transport: Transport, *, now: datetime) -> bool:
    """Send one and note what became of it; whether it left. Raises Unreachable when trying the next makes no sense."""
    mail = db.session.get_one(OutboxMail, mail_id, populate_existing=True)
    tries = mail.tries
    try:
        message = build(mail, transport.letterhead, now=now)
    except DBAPIError:
        raise
    except Exception as error:
        # Whatever is wrong with this mail, the next one is not to wait for it. It is a bug, so it is logged whole.
        log.exception("mail %s cannot be drawn", mail_id)
        _note(mail_id, now, **_failed(f"cannot be drawn: {type(error).__name__}"))
        return False
    finally:
        db.session.rollback()
    try:
        transport.send(message)
    except SendingFailed as error:
        _note(mail_id, now, **_after_failure(error, tries, now))
        if isinstance(error, Unreachable):
            raise
        log.warning("mail %s did not leave: %s", mail_id, error)
        return False
    _note(mail_id, now, state=MailState.SENT, sent_at=now, claimed_until=None, last_error="")
    return True


def _after_failure(error: SendingFailed, tries: int, now: datetime) -> dict[str, Any]:
    if isinstance(error, Refused) or tries > len(_WAITS):
        return _failed(str(error))
    next_try_at = now + _WAITS[tries - 1]
    return {"state": MailState.WAITING, "next_try_at": next_try_at, "claimed_until": None, "last_error": str(error)}


def _failed(reason: str) -> dict[str, Any]:
    return {"state": MailState.FAILED, "claimed_until": None, "last_error": reason}


def _note(mail_id: int, now: datetime, **values: Any) -> None:
    """Write down what became of our claim; when another worker took it over meanwhile, only that it was sent."""
    ours = OutboxMail.id == mail_id
    if values["state"] != MailState.SENT:
        ours = sa.and_(ours, OutboxMail.state == MailState.SENDING, OutboxMail.claimed_until == now + _CLAIM)
    with transaction() as session:
        session.execute(sa.update(OutboxMail).where(ours).values(values).execution_options(synchronize_session=False))


def _hand_back(mail_ids: list[int], now: datetime) -> None:
    """What was claimed and not tried is as it was before."""
    if not mail_ids:
        return
    ours = sa.and_(OutboxMail.id.in_(mail_ids), OutboxMail.claimed_until == now + _CLAIM)
    before = {"state": MailState.WAITING, "tries": OutboxMail.tries - 1, "claimed_until": None}
    with transaction() as session:
        session.execute(sa.update(OutboxMail).where(ours).values(before).execution_options(synchronize_session=False))
