"""What the office decided about people nobody recognised: who is no member's, and which difference may go back."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.linking import ProposalState
from eventapp.domain.pricing import Category
from eventapp.extensions import Base
from eventapp.models.orders import Registration
from eventapp.models.organisations import Organisation
from eventapp.models.people import Person
from eventapp.models.types import UTCDateTime, coded


class LinkDismissal(Base):
    """A mail domain or a person that the office need not be asked about again; taken away when the office asks anew."""

    __tablename__ = "link_dismissals"
    __table_args__ = (sa.CheckConstraint("(domain IS NULL) <> (person_id IS NULL)", name="domain_or_person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    domain: Mapped[str | None] = mapped_column(sa.String(255), unique=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    dismissed_by: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person | None] = relationship()


class RefundProposal(Base):
    """Somebody paid as an outsider and turned out to be of an organisation: the difference, for the office to decide.

    `amount_cents` is how much less than agreed the organisation's price is, whatever was credited already. Category and
    reason are what the registration gets when the money goes back.
    """

    __tablename__ = "refund_proposals"
    __table_args__ = (sa.CheckConstraint("amount_cents > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    amount_cents: Mapped[int]
    category: Mapped[Category] = mapped_column(coded(Category))
    reason: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    state: Mapped[ProposalState] = mapped_column(coded(ProposalState), default=ProposalState.OPEN)
    decided_by: Mapped[str] = mapped_column(sa.String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    registration: Mapped[Registration] = relationship()
    organisation: Mapped[Organisation] = relationship()

    @property
    def back_cents(self) -> int:
        """How much would go back now: what the place costs beyond the price of the organisation."""
        return max(0, self.registration.price_cents - max(0, self.registration.agreed_cents - self.amount_cents))
