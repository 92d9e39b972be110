"""The links by which people take their own registrations along into a calendar."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime


class CalendarFeed(Base):
    """Who has the `token` reads the registrations at this address as a calendar; the owner may read and replace it."""

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(sa.String(320), unique=True)
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
