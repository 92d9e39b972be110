"""The treasurer's own: months that are closed, and what the provider paid out as its settlements say."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.domain.settlements import SettlementKind
from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime, coded

_CLOSED = sa.text("reopened_at IS NULL")


class ClosedMonth(Base):
    """Nothing is booked any more on a day of this month, of which `month` is the first; until it is opened again."""

    __tablename__ = "closed_months"
    __table_args__ = (
        sa.CheckConstraint("(reopened_at IS NULL) = (reopened_reason = '')", name="reopened_with_reason"),
        sa.Index("uq_closed_months_closed", "month", unique=True, sqlite_where=_CLOSED, postgresql_where=_CLOSED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date]
    closed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_by: Mapped[str] = mapped_column(sa.String(200))
    reopened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopened_by: Mapped[str] = mapped_column(sa.String(200), default="")
    reopened_reason: Mapped[str] = mapped_column(sa.String(300), default="")


class SettlementLine(Base):
    """One line of a settlement, booked once: `key` says which one. Triggers refuse every change of a row.

    Above zero it came into the balance there, below zero it went out. `provider_id` is what the line is about and
    `payment_id` the payment behind it, each '' where it names none. `settled_on` is the day on which it is booked.
    """

    __tablename__ = "settlement_lines"
    __table_args__ = (sa.CheckConstraint("amount_cents <> 0", name="not_nothing"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    settlement: Mapped[str] = mapped_column(sa.String(60), index=True)
    key: Mapped[str] = mapped_column(sa.String(300), unique=True)
    kind: Mapped[SettlementKind] = mapped_column(coded(SettlementKind))
    provider_id: Mapped[str] = mapped_column(sa.String(80), default="", index=True)
    payment_id: Mapped[str] = mapped_column(sa.String(80), default="", index=True)
    amount_cents: Mapped[int]
    happened_on: Mapped[date]
    settled_on: Mapped[date] = mapped_column(index=True)
    description: Mapped[str] = mapped_column(sa.String(200), default="")
    job_id: Mapped[int]
    booked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    booked_by: Mapped[str] = mapped_column(sa.String(200))


class InvoiceSweep(Base):
    """Invoices issued through this day may be emptied. Only there within the transaction that does so."""

    __tablename__ = "invoice_sweeps"

    through: Mapped[date] = mapped_column(primary_key=True)
