"""Attempts to pay an order through the provider, and the money that goes back."""

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.ledger import MovementKind
from eventapp.domain.payments import ALIVE, AttemptStatus, Outcome, RefundProblem, RefundState
from eventapp.extensions import Base
from eventapp.models.orders import Order, Registration
from eventapp.models.types import UTCDateTime, coded

if TYPE_CHECKING:
    from eventapp.models.bank_refunds import BankRefund
    from eventapp.models.ledger import MoneyMovement

_ALIVE_SQL = "status IN ({})".format(", ".join(f"'{status.value}'" for status in sorted(ALIVE)))


class PaymentAttempt(Base):
    """Written before the provider is called, with the key that makes a repeated call harmless.

    `missing_since` is when the provider first said that it knows no such payment, while it keeps saying so.
    """

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
    outcome: Mapped[Outcome | None] = mapped_column(coded(Outcome), index=True)
    provider_id: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    mode: Mapped[str] = mapped_column(sa.String(10))
    method: Mapped[str] = mapped_column(sa.String(40), default="")
    checkout_url: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    missing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    refunded_cents: Mapped[int] = mapped_column(default=0)
    charged_back_cents: Mapped[int] = mapped_column(default=0)

    order: Mapped[Order] = relationship()
    refunds: Mapped[list["Refund"]] = relationship(back_populates="attempt", order_by="Refund.id")
    items: Mapped[list["PaymentItem"]] = relationship(order_by="PaymentItem.registration_id")
    movements: Mapped[list["MoneyMovement"]] = relationship(back_populates="attempt", order_by="MoneyMovement.id")

    @property
    def received_cents(self) -> int:
        """What came in: to the cent what we asked for, unless the payment differs."""
        if self.outcome != Outcome.DIFFERS:
            return self.amount_cents
        return sum(row.amount_cents for row in self.movements if row.kind == MovementKind.RECEIVED)

    @property
    def pays_for(self) -> list[Registration]:
        """The registrations that this money is for; without items all of the order."""
        return [item.registration for item in self.items] or self.order.registrations

    @property
    def reference(self) -> str:
        """What the provider keeps as our reference to this attempt; no personal data."""
        return f"order-{self.order_id}-attempt-{self.id}"


class PaymentItem(Base):
    """One registration that an attempt pays for: who joins the order later is not in it."""

    __tablename__ = "payment_items"
    __table_args__ = (sa.CheckConstraint("amount_cents > 0", name="positive"),)

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("payment_attempts.id", ondelete="CASCADE"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    amount_cents: Mapped[int]

    registration: Mapped[Registration] = relationship()


class Refund(Base):
    """Money that has to go back, from the moment it is planned.

    `problem` is why the last call did not do it; `retry_of_id` is the failed one that this one does over, once.
    """

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
    problem: Mapped[RefundProblem | None] = mapped_column(coded(RefundProblem))
    retry_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("refunds.id"), unique=True)
    provider_id: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    attempt: Mapped[PaymentAttempt] = relationship(back_populates="refunds")
    retried_by: Mapped["Refund | None"] = relationship(foreign_keys=[retry_of_id], uselist=False)
    bank_refund: Mapped["BankRefund | None"] = relationship(back_populates="refund")

    @property
    def reference(self) -> str:
        return f"refund-{self.id}"
