"""Which badges were printed, and how did they read?"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.badges import Selection, SheetKind, SortOrder
from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime, coded


class BadgePrint(Base):
    """One time that badges were made. `sheet` holds the sizes as `domain.badges.Sheet` names them.

    `first_label` is the first label of the first sheet that was still free, counted from 1. Who made it is in the log.
    """

    __tablename__ = "badge_prints"
    __table_args__ = (sa.CheckConstraint("first_label >= 1", name="first_label_counts_from_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    printed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    selection: Mapped[Selection] = mapped_column(coded(Selection))
    sort_order: Mapped[SortOrder] = mapped_column(coded(SortOrder))
    sheet_kind: Mapped[SheetKind] = mapped_column(coded(SheetKind))
    sheet: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    first_label: Mapped[int] = mapped_column(default=1)

    lines: Mapped[list["BadgePrintLine"]] = relationship(
        cascade="all, delete-orphan", order_by=lambda: BadgePrintLine.position
    )


class BadgePrintLine(Base):
    """One badge of a print, in the order of the labels; `digest` tells whether it would read the same today."""

    __tablename__ = "badge_print_lines"

    print_id: Mapped[int] = mapped_column(sa.ForeignKey("badge_prints.id", ondelete="CASCADE"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
