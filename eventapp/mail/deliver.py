"""How does a mail in the outbox reach somebody? Claimed, drawn, sent, noted, and tried again when it did not work."""

import logging
import time
from collections import deque
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from eventapp.extensions import db
from eventapp.mail import mailings
from eventapp.mail.message import build
from eventapp.mail.transports import NO_SERVER, NoSuchAddress, Refused, SendingFailed, Transport, Unreachable
from eventapp.models import DeadAddress, MailState, OutboxMail
from eventapp.outages import is_outage
from eventapp.transaction import transaction

log = logging.getLogger(__name__)
# Why a mail was never tried.
TOO_LATE = "too late to be of use"
DEAD_ADDRESS = "the address is known not to work"
# Somebody waits for these at this very moment, so that they are tried all the same.
_ASKED_FOR_NOW = frozenset({"sign_in"})
# A claim outlasts a batch that ends in a mail server that hangs at every step.
_CLAIM = timedelta(minutes=5)
_BATCH_SECONDS = 120
# Seconds; together less than a worker that is told to end has.
_PATIENCE = (1, 2, 4, 8, 15)
# Any number will do, as long as no other advisory lock of this house has it.
_CLAIMING = 5546
_MINUTE = timedelta(minutes=1)
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)) + (timedelta(hours=4),) * 11


def deliver_due(transport: Transport, *, now: datetime, limit: int = 50) -> int:
    """Send mails that are due, at most `limit`, and answer how many left.

    Any number of workers may do this at once: each mail is claimed by one. What cannot be sent now waits longer and
    longer, two days in all; what is refused for good, or cannot be drawn, is marked as failed and holds up nothing. A
    crash between the mail server's yes and our note sends that one mail again, with the same Message-ID.
    """
    claimed = deque(_claim(now, limit, transport.per_minute))
    started = time.monotonic()
    sent = 0
    try:
        with transport:
            while claimed and time.monotonic() - started < _BATCH_SECONDS:
                sent += _deliver(claimed.popleft(), transport, now=now)
    except Unreachable as error:
        log.warning("no mail leaves for now: %s", error)
    else:
        if sent:
            _hasten(now)
    finally:
        _hand_back(list(claimed), now)
    return sent


def _claim(now: datetime, limit: int, per_minute: int | None) -> list[int]:
    """Mails of which the time has come, and those of a worker that never told what became of them.

    To one domain no more than `per_minute`: the rest is left for a minute later.
    """
    # A mail of the future was written while the clock was wrong.
    due = sa.or_(OutboxMail.next_try_at <= now, sa.and_(OutboxMail.created_at > now, OutboxMail.tries == 0))
    waiting = sa.and_(OutboxMail.state == MailState.WAITING, due, ~_an_earlier_one_waits(now))
    left_behind = sa.and_(OutboxMail.state == MailState.SENDING, OutboxMail.claimed_until <= now)
    free = sa.and_(sa.or_(waiting, left_behind), ~_another_is_leaving(now))
    claimable = (
        sa.select(OutboxMail.id)
        .where(free if per_minute is None else OutboxMail.id.in_(_in_pace(free, per_minute, now)))
        .order_by(OutboxMail.next_try_at, OutboxMail.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("claimable")
    )
    claim = (
        sa.update(OutboxMail)
        .where(OutboxMail.id.in_(sa.select(claimable.c.id)))
        .values(state=MailState.SENDING, tries=OutboxMail.tries + 1, claimed_until=now + _CLAIM)
        .returning(OutboxMail.id)
        .execution_options(synchronize_session=False)
    )
    with transaction() as session:
        if db.engine.dialect.name == "postgresql":
            # Two claims at once would not see what the other takes; SQLite's writers stand in line anyway.
            session.execute(sa.select(sa.func.pg_advisory_xact_lock(_CLAIMING)))
        return sorted(session.scalars(claim))


def _in_pace(free: sa.ColumnElement[bool], per_minute: int, now: datetime) -> sa.Select[int]:
    """Of these mails the first ones to each domain, with what left for it, or is leaving, in this last minute."""
    leaving = sa.and_(OutboxMail.state == MailState.SENDING, OutboxMail.claimed_until > now)
    lately = sa.or_(leaving, sa.and_(OutboxMail.sent_at > now - _MINUTE, OutboxMail.sent_at <= now))
    gone = sa.select(OutboxMail.to_domain, sa.func.count().label("mails")).where(lately)
    gone_to = gone.group_by(OutboxMail.to_domain).subquery()
    turn = sa.func.row_number().over(
        partition_by=OutboxMail.to_domain, order_by=(OutboxMail.next_try_at, OutboxMail.id)
    )
    queue = sa.select(OutboxMail.id, OutboxMail.to_domain, turn.label("turn")).where(free).subquery()
    queued = sa.select(queue.c.id).outerjoin(gone_to, gone_to.c.to_domain == queue.c.to_domain)
    room = per_minute - sa.func.coalesce(gone_to.c.mails, 0)
    return queued.where(sa.or_(queue.c.to_domain.is_(None), queue.c.turn <= room))


def _another_is_leaving(now: datetime) -> sa.ColumnElement[bool]:
    """Whether a worker is sending another mail about the same registration at this moment.

    Calendar entries are drawn at sending, so mails about one registration leave one after the other: none that was
    drawn before a change may arrive after one that was drawn later.
    """
    other: Any = sa.orm.aliased(OutboxMail)
    return sa.exists().where(
        other.registration_id == OutboxMail.registration_id,
        other.id != OutboxMail.id,
        other.state == MailState.SENDING,
        other.claimed_until > now,
    )


def _an_earlier_one_waits(now: datetime) -> sa.ColumnElement[bool]:
    """Whether an earlier mail about the same registration to the same address is to be tried again later.

    "Afgemeld" is not to arrive before "aangemeld", which could not leave when it was written.
    """
    other: Any = sa.orm.aliased(OutboxMail)
    return sa.exists().where(
        other.registration_id == OutboxMail.registration_id,
        other.to_address == OutboxMail.to_address,
        other.id < OutboxMail.id,
        other.state == MailState.WAITING,
        other.next_try_at > now,
        other.tries > 0,
    )


def _was_overtaken(mail_id: int, now: datetime) -> bool:
    """Whether the earlier one, claimed in the same batch, has just been put off."""
    this = sa.select(OutboxMail.id).where(OutboxMail.id == mail_id, _an_earlier_one_waits(now))
    return db.session.scalar(this) is not None


def _hasten(now: datetime) -> None:
    """A mail has left: those for which no mail server was reached are tried at once, the oldest first.

    Once each until they fail again, since they are not put off any more then.
    """
    kept = [OutboxMail.last_error.startswith(words) for words in NO_SERVER]
    later = sa.and_(OutboxMail.state == MailState.WAITING, OutboxMail.next_try_at > now, sa.or_(*kept))
    if db.session.scalar(sa.select(OutboxMail.id).where(later).limit(1)) is None:
        return
    with transaction() as session:
        at_once = sa.update(OutboxMail).where(later).values(next_try_at=now)
        session.execute(at_once.execution_options(synchronize_session=False))


def _deliver(mail_id: int, transport: Transport, *, now: datetime) -> bool:
    """Send one and note what became of it; whether it left. Raises Unreachable when trying the next makes no sense."""
    mail = db.session.get_one(OutboxMail, mail_id, populate_existing=True)
    tries, address = mail.tries, mail.to_address
    if mail.registration_id is not None and _was_overtaken(mail_id, now):
        db.session.rollback()
        _hand_back([mail_id], now)
        return False
    if reason := _why_not(mail, now):
        db.session.rollback()
        _note(mail_id, now, **_failed(reason))
        return False
    try:
        message = build(mail, transport.letterhead, now=now)
    except Exception as error:
        if isinstance(error, DBAPIError) or is_outage(error):
            raise
        # Whatever is wrong with this mail, the next one is not to wait for it. It is a bug, so it is logged whole.
        log.exception("mail %s cannot be drawn", mail_id)
        _note(mail_id, now, **_failed(f"cannot be drawn: {type(error).__name__}"))
        return False
    finally:
        db.session.rollback()
    try:
        transport.send(message)
    except SendingFailed as error:
        if isinstance(error, NoSuchAddress):
            _bury(address, str(error), now)
        _note(mail_id, now, **_after_failure(error, tries, now))
        if isinstance(error, Unreachable):
            raise
        log.warning("mail %s did not leave: %s", mail_id, error)
        return False
    _note_sent(mail_id, now)
    return True


def _note_sent(mail_id: int, now: datetime) -> None:
    """It has left: a database that is away for a moment is waited for, since forgetting it would send it again."""
    for pause in (*_PATIENCE, None):
        try:
            return _note(mail_id, now, state=MailState.SENT, sent_at=now, claimed_until=None, last_error="")
        except DBAPIError as error:
            if pause is None or not is_outage(error):
                raise
            log.warning("mail %s has left and cannot be noted yet", mail_id)
            time.sleep(pause)


def _why_not(mail: OutboxMail, now: datetime) -> str:
    """What keeps us from trying, however willing the mail server is; '' when nothing does."""
    if mail.useless_at is not None and mail.useless_at <= now:
        return TOO_LATE
    if mail.kind in _ASKED_FOR_NOW:
        return ""
    if db.session.get(DeadAddress, mail.to_address):
        return DEAD_ADDRESS
    return mailings.why_withheld(mail) if mail.kind in mailings.KINDS else ""


def _bury(address: str, reason: str, now: datetime) -> None:
    """From now on nothing is tried at this address until the office says that it works."""
    with transaction() as session:
        if session.get(DeadAddress, address) is None:
            session.add(DeadAddress(address=address, since=now, reason=reason))


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
