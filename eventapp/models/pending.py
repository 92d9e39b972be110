"""Changes to a published event that wait until the office carries them through."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime


class PendingDetails(Base):
    """What an event will say of itself (`details`), and what it said when that was written (`base`).

    Both as domain/plain_details.py writes them, so that what changed the event meanwhile can be told apart.
    """

    __tablename__ = "pending_details"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    base: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    changed_by: Mapped[str] = mapped_column(sa.String(200))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
