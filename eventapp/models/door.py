"""What happened at the door: scans are facts, presence is what follows from them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.domain.admission import Action, Result
from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime, coded


class Scan(Base):
    """Never changed. `scanned_at` is the phone's clock, `counted_at` the same moment as the server reckons it."""

    __tablename__ = "scans"
    __table_args__ = (
        sa.Index("ix_scans_event_id_counted_at", "event_id", "counted_at"),
        sa.Index("ix_scans_registration_id", "registration_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scan_id: Mapped[str] = mapped_column(sa.String(36), unique=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    session: Mapped[str] = mapped_column(sa.String(40), default="")
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id"))
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registrations.id"))
    code_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    device_id: Mapped[int | None] = mapped_column(sa.ForeignKey("api_tokens.id", ondelete="SET NULL"))
    action: Mapped[Action] = mapped_column(coded(Action))
    result: Mapped[Result] = mapped_column(coded(Result))
    undoes: Mapped[str | None] = mapped_column(sa.String(36))
    shown: Mapped[str] = mapped_column(sa.String(20), default="")
    seq: Mapped[int | None]
    list_version: Mapped[str] = mapped_column(sa.String(64), default="")
    scanned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    counted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    first_scanned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    conflict: Mapped[bool] = mapped_column(default=False)


class Presence(Base):
    """Who is or was inside; one row per registration and session ('' is the event itself)."""

    __tablename__ = "presences"
    __table_args__ = (
        sa.UniqueConstraint("registration_id", "session"),
        sa.Index("ix_presences_event_id", "event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    session: Mapped[str] = mapped_column(sa.String(40), default="")
    first_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    inside_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    device_id: Mapped[int | None] = mapped_column(sa.ForeignKey("api_tokens.id", ondelete="SET NULL"))
