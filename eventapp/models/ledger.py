"""Our own journal of the money at the provider: a row for every movement, never changed and never deleted."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.ledger import MovementKind, Position
from eventapp.extensions import Base
from eventapp.models.payments import PaymentAttempt, Refund
from eventapp.models.types import UTCDateTime, coded


class MoneyMovement(Base):
    """Money that came (above zero) or went (below), as we learned of it. Triggers refuse every change of a row.

    `ref` is the provider's id of a refund; `refund_id` is ours, None for one that was made elsewhere. `booked_at`
    decides in which figures it counts, so that a figure of a day past stays what it was; `happened_at` is what the
    provider says, where it says so.
    """

    __tablename__ = "money_movements"
    __table_args__ = (sa.CheckConstraint("amount_cents <> 0", name="not_nothing"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("payment_attempts.id"), index=True)
    refund_id: Mapped[int | None] = mapped_column(sa.ForeignKey("refunds.id"), index=True)
    kind: Mapped[MovementKind] = mapped_column(coded(MovementKind))
    ref: Mapped[str] = mapped_column(sa.String(80), default="")
    amount_cents: Mapped[int]
    booked_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    happened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    attempt: Mapped[PaymentAttempt] = relationship(back_populates="movements")
    refund: Mapped[Refund | None] = relationship()

    @property
    def position(self) -> Position:
        return Position(self.kind, self.ref)


class OwedChange(Base):
    """What a registration owes became so much more, or less. Triggers refuse every change of a row.

    The rows of a registration add up to what `domain/invoices.owed_cents` says of it; `eventapp doctor` compares.
    """

    __tablename__ = "owed_changes"
    __table_args__ = (sa.CheckConstraint("amount_cents <> 0", name="not_nothing"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    amount_cents: Mapped[int]
    booked_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
