"""Who did what? One row per act that matters, written in the transaction of the act."""

from datetime import datetime
from typing import Any

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
    values = log_values(act, subject, by=by, now=now, event_id=event_id, **facts)
    db.session.add(AuditEntry(subject_id=subject_id, **values))


def log_values(
    act: str, subject: str, *, by: Actor, now: datetime, event_id: int | None = None, **facts: Any
) -> dict[str, Any]:
    """The columns of a log row but for the id of its subject, for what is written in bulk or in haste."""
    return {
        "at": now,
        "actor_kind": by.kind,
        "actor_id": by.id,
        "actor_name": by.name,
        "act": act,
        "subject": subject,
        "event_id": event_id,
        "facts": facts,
    }
