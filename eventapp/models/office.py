"""What the office keeps for its own work: views on the list of registrations, labels on them, notes about people."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime


class SavedView(Base):
    """A list of registrations as one member of staff likes it: filters and columns, as the address says them."""

    __tablename__ = "saved_views"
    __table_args__ = (sa.UniqueConstraint("staff_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(60))
    query: Mapped[str] = mapped_column(sa.String(1000))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RegistrationLabel(Base):
    """A word that the office put on a registration, to find it back by."""

    __tablename__ = "registration_labels"
    __table_args__ = (sa.Index("ix_registration_labels_label", "label", "registration_id"),)

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True
    )
    label: Mapped[str] = mapped_column(sa.String(40), primary_key=True)


class PersonNote(Base):
    """What the office wants to remember of somebody; seen by the office alone."""

    __tablename__ = "person_notes"
    # Whoever is ill may be spoken of here.
    __table_args__ = ({"info": {"special": True}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(sa.String(1000))
    written_by: Mapped[str] = mapped_column(sa.String(200))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
