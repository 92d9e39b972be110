"""Which words of its own did the office give a kind of mail, in general and for one event?"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from eventapp.domain.mail_texts import Words
from eventapp.domain.reminders import Plan
from eventapp.extensions import db
from eventapp.models import EventReminders, MailText
from eventapp.straight import ReadyStatement

_HISTORY_SHOWN = 20


def words_for(kind: str, event_id: int | None) -> Words:
    """What a mail of this kind says now: the text of the event, and where that is empty the general one."""
    found = _WORDS.all({"kind": kind, "event_id": event_id})
    by_scope = {row.event_id: Words(row.subject, row.opening, row.closing) for row in found}
    of_event = by_scope.get(event_id, Words()) if event_id is not None else Words()
    return of_event.over(by_scope.get(None, Words()))


def words_seen(kind: str, event_id: Any) -> Any:
    """A column for somebody else's statement: a number that grows with every text that `words_for` might find.

    Texts are only added. The newest alone would not do: of two who write, the first may be the last to commit.
    """
    of_kind = sa.and_(MailText.kind == kind, sa.or_(MailText.event_id.is_(None), MailText.event_id == event_id))
    every = sa.select(sa.func.coalesce(sa.func.sum(MailText.id), 0)).where(of_kind)
    return every.scalar_subquery().label("words")


_SCOPES = sa.or_(MailText.event_id.is_(None), MailText.event_id == sa.bindparam("event_id"))
_NEWEST = sa.select(sa.func.max(MailText.id)).where(MailText.kind == sa.bindparam("kind"), _SCOPES)
_WORDS = ReadyStatement(
    sa.select(MailText.subject, MailText.opening, MailText.closing, MailText.event_id).where(
        MailText.id.in_(_NEWEST.group_by(MailText.event_id))
    )
)


def history(kind: str, event_id: int | None) -> Sequence[MailText]:
    """The texts of this kind, in general or of one event, newest first: the first one counts."""
    of_scope = MailText.event_id.is_(None) if event_id is None else MailText.event_id == event_id
    rows = sa.select(MailText).where(MailText.kind == kind, of_scope)
    return db.session.scalars(rows.order_by(MailText.id.desc()).limit(_HISTORY_SHOWN)).all()


def changed_kinds(event_id: int | None) -> set[str]:
    """The kinds in which the office says something of its own, in general or for one event."""
    of_scope = MailText.event_id.is_(None) if event_id is None else MailText.event_id == event_id
    newest = sa.select(sa.func.max(MailText.id)).where(of_scope).group_by(MailText.kind)
    found = db.session.scalars(sa.select(MailText).where(MailText.id.in_(newest)))
    return {row.kind for row in found if row.subject or row.opening or row.closing}


def reminders_of(event_id: int) -> Plan:
    """When this event reminds who is coming: as the office set it, else as usual."""
    found = db.session.get(EventReminders, event_id)
    return found.plan if found else Plan()
