"""Money that goes back by bank, by the treasurer's hand; and credits that could not be issued yet."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.bank_refunds import BankRefundState
from eventapp.extensions import Base
from eventapp.models.invoices import Invoice
from eventapp.models.orders import Order
from eventapp.models.payments import Refund
from eventapp.models.types import UTCDateTime, coded

_WAITING = sa.text("state = 'waiting'")


class BankRefund(Base):
    """What is too much on an invoice paid by bank, or a refund that failed at the provider; never both.

    One row waits per invoice, and there is one per failed refund. `since` is when the money began to wait. `iban` and
    `holder` are typed by the payer and erased after their term; `reason` is why it was kept.
    """

    __tablename__ = "bank_refunds"
    __table_args__ = (
        sa.CheckConstraint("amount_cents > 0", name="positive"),
        sa.CheckConstraint("(invoice_id IS NULL) <> (refund_id IS NULL)", name="one_cause"),
        sa.CheckConstraint("(state = 'done') = (paid_on IS NOT NULL)", name="day_when_done"),
        sa.Index(
            "uq_bank_refunds_waiting",
            "invoice_id",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        sa.Index("ix_bank_refunds_invoice_id", "invoice_id"),
        sa.Index("ix_bank_refunds_state_since", "state", "since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    invoice_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoices.id"))
    refund_id: Mapped[int | None] = mapped_column(sa.ForeignKey("refunds.id"), unique=True)
    amount_cents: Mapped[int]
    state: Mapped[BankRefundState] = mapped_column(coded(BankRefundState), default=BankRefundState.WAITING)
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    iban: Mapped[str] = mapped_column(sa.String(34), default="")
    holder: Mapped[str] = mapped_column(sa.String(70), default="")
    paid_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by: Mapped[str] = mapped_column(sa.String(200), default="")

    order: Mapped[Order] = relationship()
    invoice: Mapped[Invoice | None] = relationship()
    refund: Mapped[Refund | None] = relationship(back_populates="bank_refund")

    @property
    def reference(self) -> str:
        """What the transfer mentions."""
        number = self.invoice.number if self.invoice else None
        return f"Terugbetaling factuur {number}" if number else f"Terugbetaling aanmelding {self.order_id}"


class DueCredit(Base):
    """Somebody withdrew while a setting that every invoice needs was empty: the credit invoice is still to come."""

    __tablename__ = "due_credits"

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(sa.String(300))
    missing: Mapped[str] = mapped_column(sa.String(300))
    since: Mapped[datetime] = mapped_column(UTCDateTime)

    order: Mapped[Order] = relationship()
