"""Attempts to pay an order through the provider, and the money that goes back."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.payments import ALIVE, AttemptStatus, Outcome, RefundState
from eventapp.extensions import db
from eventapp.models.orders import Order
from eventapp.models.types import UTCDateTime, coded

_ALIVE_SQL = "status IN ({})".format(", ".join(f"'{status.value}'" for status in sorted(ALIVE)))


class PaymentAttempt(db.Model):
    """Written before the provider is called, with the key that makes a repeated call harmless."""

    __tablename__ = "payment_attempts"
    __table_args__ = (
        sa.Index(
            "uq_payment_attempts_alive",
            "order_id",
            unique=True,
            sqlite_where=sa.text(_ALIVE_SQL),
            postgresql_where=sa.text(_ALIVE_SQL),
        ),
        sa.Index("ix_payment_attempts_order_id", "order_id"),
        sa.Index("ix_payment_attempts_status_checked_at", "status", "checked_at"),
        sa.CheckConstraint("amount_cents > 0", name="positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"))
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    idempotency_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    amount_cents: Mapped[int]
    status: Mapped[AttemptStatus] = mapped_column(coded(AttemptStatus), default=AttemptStatus.NEW)
    outcome: Mapped[Outcome | None] = mapped_column(coded(Outcome))
    provider_id: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    mode: Mapped[str] = mapped_column(sa.String(10))
    method: Mapped[str] = mapped_column(sa.String(40), default="")
    checkout_url: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    refunded_cents: Mapped[int] = mapped_column(default=0)
    charged_back_cents: Mapped[int] = mapped_column(default=0)

    order: Mapped[Order] = relationship()
    refunds: Mapped[list["Refund"]] = relationship(back_populates="attempt", order_by="Refund.id")

    @property
    def reference(self) -> str:
        """What the provider keeps as our reference to this attempt; no personal data."""
        return f"order-{self.order_id}-attempt-{self.id}"


class Refund(db.Model):
    """Money that has to go back, from the moment it is planned."""

    __tablename__ = "refunds"
    __table_args__ = (
        sa.CheckConstraint("amount_cents > 0", name="positive"),
        sa.Index("ix_refunds_state_next_try_at", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("payment_attempts.id"), index=True)
    amount_cents: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(40))
    state: Mapped[RefundState] = mapped_column(coded(RefundState), default=RefundState.PLANNED)
    idempotency_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    provider_id: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    attempt: Mapped[PaymentAttempt] = relationship(back_populates="refunds")

    @property
    def reference(self) -> str:
        return f"refund-{self.id}"
