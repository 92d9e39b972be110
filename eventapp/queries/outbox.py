"""What became of the mails: which wait, which are stuck, which did not leave, and to whom nothing is sent any more?"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import defer

from eventapp.domain.mailings import WITHHELD
from eventapp.extensions import db
from eventapp.models import DeadAddress, MailState, OutboxMail

SHOWN = 100
# A mail leaves within seconds; one that waits for this long is something to look at.
STUCK_AFTER = timedelta(minutes=10)
_DAY = timedelta(days=1)


class Outbox(NamedTuple):
    """The outbox as the office sees it. `waiting` counts what is on its way and not stuck."""

    waiting: int
    sent_today: int
    stuck: Sequence[OutboxMail]
    failed: Sequence[OutboxMail]
    dead: Sequence[DeadAddress]


def outbox(*, now: datetime) -> Outbox:
    """How it stands at this moment; lists show the newest."""
    on_its_way = OutboxMail.state.in_((MailState.WAITING, MailState.SENDING))
    stuck = sa.and_(on_its_way, OutboxMail.created_at < now - STUCK_AFTER)
    sent = sa.and_(OutboxMail.state == MailState.SENT, OutboxMail.sent_at > now - _DAY)
    return Outbox(
        waiting=_count(sa.and_(on_its_way, OutboxMail.created_at >= now - STUCK_AFTER)),
        sent_today=_count(sent),
        stuck=_newest(stuck),
        failed=_newest(sa.and_(OutboxMail.state == MailState.FAILED, OutboxMail.last_error.not_in(WITHHELD))),
        dead=db.session.scalars(sa.select(DeadAddress).order_by(DeadAddress.since.desc()).limit(SHOWN)).all(),
    )


def _count(which: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail).where(which)) or 0


def _newest(which: sa.ColumnElement[bool]) -> Sequence[OutboxMail]:
    found = sa.select(OutboxMail).where(which).order_by(OutboxMail.id.desc()).limit(SHOWN)
    return db.session.scalars(found.options(defer(OutboxMail.text), defer(OutboxMail.html))).all()


def dead_among(addresses: Iterable[str]) -> dict[str, DeadAddress]:
    """Which of these addresses are known not to work."""
    found = db.session.scalars(sa.select(DeadAddress).where(DeadAddress.address.in_(list(addresses))))
    return {row.address: row for row in found}


def dead_in_all() -> frozenset[str]:
    """Every address that is known not to work."""
    return frozenset(db.session.scalars(sa.select(DeadAddress.address)))
