"""How are many rows of one table written at once, and noted in the log?"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.extensions import db
from eventapp.models import AuditEntry


def add_all(model: type[Any], rows: list[dict[str, Any]]) -> None:
    """Insert these rows in as few statements as the database takes."""
    if rows:
        db.session.execute(sa.insert(model), rows)


def change_all(model: type[Any], rows: list[dict[str, Any]]) -> None:
    """Update these rows by their `id`."""
    if rows:
        db.session.execute(sa.update(model), rows)


def note_all(act: str, subject: str, subject_ids: Iterable[int], job_id: int, *, by: Actor, now: datetime) -> None:
    """A row in the log for each of them, with the job that did it."""
    who = {"actor_kind": by.kind, "actor_id": by.id, "actor_name": by.name}
    rows = [
        {"at": now, **who, "act": act, "subject": subject, "subject_id": one, "facts": {"job": job_id}}
        for one in sorted(subject_ids)
    ]
    add_all(AuditEntry, rows)
