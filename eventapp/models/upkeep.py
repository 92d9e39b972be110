"""What the office has looked at, so that it is not shown again."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime


class SeenLapse(Base):
    """The office knows that what this registration rests on ends before the day that counts.

    `ground` says which end that was: another one is shown again.
    """

    __tablename__ = "seen_lapses"

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True
    )
    ground: Mapped[str] = mapped_column(sa.String(60))
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_by: Mapped[str] = mapped_column(sa.String(200))
