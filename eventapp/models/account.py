"""What the association accounts for: years that are closed with their numbers, and what is known of agenda items."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.domain.account import Figure
from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime, coded

_CLOSED = sa.text("reopened_at IS NULL")


class YearClosing(Base):
    """A year whose numbers do not follow what happens since; until it is opened again, which leaves this row.

    `unfixed` is how many meetings there were of which nobody had said who was there.
    """

    __tablename__ = "year_closings"
    __table_args__ = (
        sa.CheckConstraint("(reopened_at IS NULL) = (reopened_reason = '')", name="reopened_with_reason"),
        sa.Index("uq_year_closings_closed", "year", unique=True, sqlite_where=_CLOSED, postgresql_where=_CLOSED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    unfixed: Mapped[int]
    closed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_by: Mapped[str] = mapped_column(sa.String(200))
    reopened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopened_by: Mapped[str] = mapped_column(sa.String(200), default="")
    reopened_reason: Mapped[str] = mapped_column(sa.String(300), default="")


class YearTotal(Base):
    """One number of a year as it was when the year was closed; what has no row was zero."""

    __tablename__ = "year_totals"

    closing_id: Mapped[int] = mapped_column(sa.ForeignKey("year_closings.id", ondelete="CASCADE"), primary_key=True)
    figure: Mapped[Figure] = mapped_column(coded(Figure), primary_key=True)
    row: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    column: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    number: Mapped[int]


class EventVisibility(Base):
    """Of an event for which nobody registers with us: what the association did there, and how many were counted."""

    __tablename__ = "event_visibility"
    __table_args__ = (sa.CheckConstraint("heads IS NULL OR heads >= 0", name="heads_not_negative"),)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    contribution: Mapped[str] = mapped_column(sa.String(300), default="")
    heads: Mapped[int | None]
