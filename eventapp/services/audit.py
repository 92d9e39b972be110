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
