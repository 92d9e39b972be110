"""The house itself: its settings, its log, its periodic work and its heartbeat."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.domain.logbook import TYPED
from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime


class Setting(Base):
    """One setting of the association, edited in the back office; what is absent has its default."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    value: Mapped[str] = mapped_column(sa.Text)


class AuditEntry(Base):
    """Who did what to which thing, written in the transaction of the act."""

    __tablename__ = "audit_log"
    # Each ends with the order of the page that shows it, so that a page reads as many lines as it shows.
    __table_args__ = (
        sa.Index("ix_audit_log_at_id", "at", "id"),
        sa.Index("ix_audit_log_actor", "actor_kind", "actor_id", "at", "id"),
        sa.Index("ix_audit_log_event_id_at", "event_id", "at", "id"),
        sa.Index("ix_audit_log_subject", "subject", "subject_id"),
        sa.Index("ix_audit_log_subject_at", "subject", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_kind: Mapped[str] = mapped_column(sa.String(20))
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(sa.String(200))
    act: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[int | None]
    event_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict, info={"special": TYPED})


class PeriodicTask(Base):
    """One line per periodic task; claimed in the database so that any number of workers run it once."""

    __tablename__ = "periodic_tasks"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_run_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str] = mapped_column(sa.String(300), default="")


class Heartbeat(Base):
    """When the worker was last alive, and when a backup was last made."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    beat_at: Mapped[datetime] = mapped_column(UTCDateTime)
