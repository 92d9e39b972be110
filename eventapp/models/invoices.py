"""Invoices, numbered without holes and frozen once issued; their papers, what was paid, and how they are booked."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.events import EventKind
from eventapp.domain.invoices import Balance, Buyer, InvoiceKind, InvoiceState, MatchSource
from eventapp.domain.pricing import Category
from eventapp.domain.revenue import RevenueRule
from eventapp.domain.vat import Vat
from eventapp.extensions import Base
from eventapp.models.orders import Order, Registration
from eventapp.models.payments import PaymentAttempt
from eventapp.models.types import UTCDateTime, coded

# One draft per order waits for its day; what is issued at once never waits.
_DRAFT = sa.text("number IS NULL AND issue_on IS NOT NULL")


class Invoice(Base):
    """A draft until it has a number; from then on triggers keep everything but `reminders` and the dates about them.

    `token` opens /factuur, which gives no other right. `buyer` and `snapshot` hold both parties as they were. Amounts
    of a credit invoice are negative. `replaces_id` is the invoice that this one came in the place of. Once its term is
    over the sweep empties it, and `erased_at` says when: number, amounts and days stay.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        sa.CheckConstraint("(number IS NULL) = (issued_at IS NULL)", name="number_when_issued"),
        sa.CheckConstraint("(kind = 'credit') = (credits_id IS NOT NULL)", name="credit_names_its_invoice"),
        sa.CheckConstraint("gross_cents = net_cents + vat_cents", name="adds_up"),
        sa.Index(
            "uq_invoices_draft",
            "order_id",
            unique=True,
            sqlite_where=_DRAFT,
            postgresql_where=_DRAFT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    kind: Mapped[InvoiceKind] = mapped_column(coded(InvoiceKind), default=InvoiceKind.INVOICE)
    number: Mapped[str | None] = mapped_column(sa.String(30), unique=True)
    credits_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoices.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoices.id"))
    buyer: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    buyer_name: Mapped[str] = mapped_column(sa.String(200), default="")
    snapshot: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    gross_cents: Mapped[int] = mapped_column(default=0)
    net_cents: Mapped[int] = mapped_column(default=0)
    vat_cents: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    issue_on: Mapped[date | None] = mapped_column(index=True)
    issued_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    issued_on: Mapped[date | None] = mapped_column(index=True)
    due_on: Mapped[date | None]
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    order: Mapped[Order] = relationship()
    lines: Mapped[list["InvoiceLine"]] = relationship(back_populates="invoice", order_by="InvoiceLine.id")
    matches: Mapped[list["InvoiceMatch"]] = relationship(back_populates="invoice", order_by="InvoiceMatch.id")
    credits: Mapped["Invoice | None"] = relationship(
        remote_side=[id], foreign_keys=[credits_id], back_populates="credited_by"
    )
    credited_by: Mapped[list["Invoice"]] = relationship(
        foreign_keys=[credits_id], back_populates="credits", order_by="Invoice.id"
    )
    replaces: Mapped["Invoice | None"] = relationship(remote_side=[id], foreign_keys=[replaces_id])
    files: Mapped["InvoiceFile | None"] = relationship(back_populates="invoice")

    @property
    def details(self) -> Buyer:
        """Whom it is for, as far as is known."""
        return Buyer(**self.buyer)

    @property
    def live_matches(self) -> list["InvoiceMatch"]:
        return [match for match in self.matches if match.undone_at is None]

    @property
    def balance(self) -> Balance:
        """What became of it."""
        live = self.live_matches
        given_up = sum(match.amount_cents for match in live if match.source == MatchSource.WRITE_OFF)
        return Balance(
            self.gross_cents,
            -sum(credit.gross_cents for credit in self.credited_by),
            sum(match.amount_cents for match in live) - given_up,
            given_up,
        )

    @property
    def state(self) -> InvoiceState:
        if self.number is None:
            return InvoiceState.DRAFT
        return InvoiceState.SETTLED if self.kind == InvoiceKind.CREDIT else self.balance.state


class InvoiceLine(Base):
    """One line as it was issued; `credits_line_id` is the line that it takes back, in part or whole."""

    __tablename__ = "invoice_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoices.id"), index=True)
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    credits_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice_lines.id"), index=True)
    description: Mapped[str] = mapped_column(sa.String(300))
    detail: Mapped[str] = mapped_column(sa.String(300), default="")
    quantity: Mapped[int] = mapped_column(default=1)
    gross_cents: Mapped[int]
    net_cents: Mapped[int]
    vat: Mapped[Vat] = mapped_column(coded(Vat))
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    ledger_account: Mapped[str] = mapped_column(sa.String(20), default="")
    cost_centre: Mapped[str] = mapped_column(sa.String(40), default="")

    invoice: Mapped[Invoice] = relationship(back_populates="lines")
    registration: Mapped[Registration | None] = relationship()


class InvoiceFile(Base):
    """The papers of an issued invoice, drawn once and kept. `ubl` is None when something it must say is unknown."""

    __tablename__ = "invoice_files"

    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoices.id"), primary_key=True)
    pdf: Mapped[bytes] = mapped_column(sa.LargeBinary)
    ubl: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    ubl_lacks: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    drawn_at: Mapped[datetime] = mapped_column(UTCDateTime)

    invoice: Mapped[Invoice] = relationship(back_populates="files")


class InvoiceSeries(Base):
    """The numbers of one year, or those without a year (0).

    Writing to the row is the lock; a transaction that fails gives its number back.
    """

    __tablename__ = "invoice_series"

    prefix: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next_number: Mapped[int] = mapped_column(default=1)


class InvoiceMatch(Base):
    """Money for an invoice, or, below zero, money that went back. A mistake is undone, never deleted.

    `bank_line` is the same text on every invoice that one bank line paid; `reason` says why something was given up, or
    below zero why what was too much was kept. `bank_refund_id` is the transfer, or the keeping, that it is part of.
    `moved_from_id` is the undone match of another invoice that this one stands for: the same money, booked once.
    """

    __tablename__ = "invoice_matches"
    __table_args__ = (
        sa.CheckConstraint("amount_cents <> 0", name="not_nothing"),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_reason = '')", name="undone_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoices.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(sa.ForeignKey("payment_attempts.id"), index=True)
    bank_refund_id: Mapped[int | None] = mapped_column(sa.ForeignKey("bank_refunds.id"), index=True)
    source: Mapped[MatchSource] = mapped_column(coded(MatchSource))
    amount_cents: Mapped[int]
    received_on: Mapped[date] = mapped_column(index=True)
    bank_line: Mapped[str] = mapped_column(sa.String(140), default="")
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    created_by: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    moved_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice_matches.id"), unique=True)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by: Mapped[str] = mapped_column(sa.String(200), default="")
    undone_reason: Mapped[str] = mapped_column(sa.String(300), default="")

    invoice: Mapped[Invoice] = relationship(back_populates="matches")
    attempt: Mapped[PaymentAttempt | None] = relationship()


class RevenueRuleRow(Base):
    """How a price is booked from a day on; without event, kind or category it counts for all."""

    __tablename__ = "revenue_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    kind: Mapped[EventKind | None] = mapped_column(coded(EventKind))
    category: Mapped[Category | None] = mapped_column(coded(Category))
    starts_on: Mapped[date]
    vat: Mapped[Vat] = mapped_column(coded(Vat))
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    ledger_account: Mapped[str] = mapped_column(sa.String(20), default="")
    cost_centre: Mapped[str] = mapped_column(sa.String(40), default="")

    @property
    def rule(self) -> RevenueRule:
        return RevenueRule(
            self.starts_on,
            self.vat,
            self.reason,
            self.event_id,
            self.kind,
            self.category,
            self.ledger_account,
            self.cost_centre,
        )
