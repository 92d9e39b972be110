"""Who agreed that a partner may know that they come."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.extensions import Base
from eventapp.models.organisations import Organisation
from eventapp.models.types import UTCDateTime


class PartnerConsent(Base):
    """Somebody's name and organisation may go to this partner, and to no other; no row is no yes.

    `text_version` is the text they agreed with. Taken back, it counts no more, and says that it once did.
    """

    __tablename__ = "partner_consents"
    __table_args__ = (sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= agreed_at", name="in_order"),)

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True
    )
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    text_version: Mapped[str] = mapped_column(sa.String(20))
    agreed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None
