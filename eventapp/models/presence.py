"""Presence as people settled it: what was said of somebody by hand, and what was fixed once an event was over."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.domain.presence import PresenceStatus
from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime, coded


class PresenceCorrection(Base):
    """Somebody said how it was, of one person at an event ('' as session) or a breakout; the last one counts.

    Only ever added to. Without `to_status` the scans decide again.
    """

    __tablename__ = "presence_corrections"
    __table_args__ = (sa.Index("ix_presence_corrections_event_id_session", "event_id", "session"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id", ondelete="CASCADE"), index=True)
    session: Mapped[str] = mapped_column(sa.String(40), default="")
    from_status: Mapped[PresenceStatus | None] = mapped_column(coded(PresenceStatus))
    to_status: Mapped[PresenceStatus | None] = mapped_column(coded(PresenceStatus))
    reason: Mapped[str] = mapped_column(sa.String(300), default="", info={"special": True})
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_name: Mapped[str] = mapped_column(sa.String(200))


class FixedPresence(Base):
    """How somebody stands at an event whose presence is fixed. What is scanned afterwards changes nothing here."""

    __tablename__ = "fixed_presences"
    __table_args__ = (sa.Index("ix_fixed_presences_event_id_status", "event_id", "status"),)

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True
    )
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    status: Mapped[PresenceStatus] = mapped_column(coded(PresenceStatus))
    no_show: Mapped[bool] = mapped_column(default=False)
