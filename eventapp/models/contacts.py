"""Who acts for an organisation: its contact persons, each during a period."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.pricing import Period
from eventapp.extensions import Base
from eventapp.models.organisations import Organisation
from eventapp.models.people import Person
from eventapp.models.types import UTCDateTime


class OrganisationContact(Base):
    """Somebody who sees and manages what the own people of an organisation booked; ended, never deleted.

    The right belongs to the mailbox named here, not to every address that this person has or will have.
    """

    __tablename__ = "organisation_contacts"
    __table_args__ = (sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(sa.String(320), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    receives_invoices: Mapped[bool] = mapped_column(default=False)
    added_by: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)
