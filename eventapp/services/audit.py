"""Who did what? One row per act that matters, written in the transaction of the act."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.extensions import db
from eventapp.models import AuditEntry


def note(
    act: str,
    subject: str,
    subject_id: int | None,
    *,
    by: Actor,
    now: datetime,
    event_id: int | None = None,
    **facts: Any,
) -> None:
    """Write the log row. `facts` hold codes and numbers; no ticket codes and no special-category answers."""
    db.session.add(
        AuditEntry(
            at=now,
            actor_kind=by.kind,
            actor_id=by.id,
            actor_name=by.name,
            act=act,
            subject=subject,
            subject_id=subject_id,
            event_id=event_id,
            facts=facts,
        )
    )


_LOG: sa.Table = AuditEntry.__table__
_ROWS = sa.insert(_LOG)


def note_all(acts: Sequence[str], subject: str, subject_id: int, *, by: Actor, now: datetime, **more: Any) -> None:
    """Write several rows about one thing at once, for what hundreds do in the same moment; `more` as for `note`."""
    event_id = more.pop("event_id", None)
    same = {
        "at": now,
        "actor_kind": by.kind,
        "actor_id": by.id,
        "actor_name": by.name,
        "subject": subject,
        "subject_id": subject_id,
        "event_id": event_id,
        "facts": more,
    }
    db.session.connection().execute(_ROWS, [{"act": act, **same} for act in acts])
