"""Certificates of attendance: what an event says on them, and each that was given, with the meetings it rests on."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.extensions import Base
from eventapp.models.people import Person
from eventapp.models.types import UTCDateTime


class CertificateTerms(Base):
    """What the office says of an event on its certificates; without a row nothing but what the event says itself."""

    __tablename__ = "certificate_terms"
    __table_args__ = (sa.CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes_positive"),)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    minutes: Mapped[int | None]
    goals: Mapped[str] = mapped_column(sa.String(500), default="")
    register_name: Mapped[str] = mapped_column(sa.String(100), default="")
    register_number: Mapped[str] = mapped_column(sa.String(60), default="")
    points: Mapped[str] = mapped_column(sa.String(40), default="")


class Certificate(Base):
    """One that was given, as it read then: `facts` are drawn again, and do not follow later changes.

    The name is kept as long as it can be checked, longer than that of the registration.
    """

    __tablename__ = "certificates"
    __table_args__ = (sa.Index("ix_certificates_person_id_scope", "person_id", "scope"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(12), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    # Of what it is: "event-7", or "circle-3" for a series.
    scope: Mapped[str] = mapped_column(sa.String(30), index=True)
    given_name: Mapped[str] = mapped_column(sa.String(100), default="")
    infix: Mapped[str] = mapped_column(sa.String(30), default="")
    family_name: Mapped[str] = mapped_column(sa.String(100), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_by: Mapped[str] = mapped_column(sa.String(200), default="")
    revoke_reason: Mapped[str] = mapped_column(sa.String(300), default="")

    person: Mapped[Person] = relationship()
    meetings: Mapped[list["CertificateMeeting"]] = relationship(cascade="all, delete-orphan")


class CertificateMeeting(Base):
    """A certificate rests on the fixed presence of this registration."""

    __tablename__ = "certificate_meetings"

    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificates.id", ondelete="CASCADE"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True, index=True
    )
