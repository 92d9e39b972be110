"""Places handed over to somebody else, and events that went to another day."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.handing_over import HandOverState
from eventapp.extensions import Base
from eventapp.models.orders import Registration
from eventapp.models.types import UTCDateTime, coded


class HandOver(Base):
    """A place offered to somebody else; the first ticket stays good until that person accepts.

    `token` opens the page of who is asked. `to_registration_id` is what the accepted one became.
    """

    __tablename__ = "hand_overs"
    __table_args__ = (
        sa.Index(
            "uq_hand_overs_open",
            "registration_id",
            unique=True,
            sqlite_where=sa.text("state = 'offered'"),
            postgresql_where=sa.text("state = 'offered'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id", ondelete="CASCADE"), index=True)
    to_registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    address: Mapped[str] = mapped_column(sa.String(320), index=True)
    given_name: Mapped[str] = mapped_column(sa.String(100), default="")
    infix: Mapped[str] = mapped_column(sa.String(30), default="")
    family_name: Mapped[str] = mapped_column(sa.String(100), default="")
    state: Mapped[HandOverState] = mapped_column(coded(HandOverState), default=HandOverState.OFFERED)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    registration: Mapped[Registration] = relationship(foreign_keys=registration_id)


class EventMove(Base):
    """Until `moved_at` the event was to begin at `starts_at`: what was said of it before that stays as it was said."""

    __tablename__ = "event_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    moved_at: Mapped[datetime] = mapped_column(UTCDateTime)
