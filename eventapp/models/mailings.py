"""Messages to many at once, what became of each person they were for, and who wants no announcements."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.events import Field
from eventapp.domain.mailings import Choice, Ground, LeftOut, MailingState, Stream, Wishes
from eventapp.extensions import Base
from eventapp.models.circles import Circle
from eventapp.models.events import Event
from eventapp.models.people import Person
from eventapp.models.types import UTCDateTime, coded


class Mailing(Base):
    """One message. `choice` says whom it is for; who that is gets looked up when it begins to leave.

    An announcement has a topic, and may be about an event; of an event or a circle it is for their people.
    """

    __tablename__ = "mailings"
    __table_args__ = (sa.Index("ix_mailings_state_scheduled_at", "state", "scheduled_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stream: Mapped[Stream] = mapped_column(coded(Stream))
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id"), index=True)
    circle_id: Mapped[int | None] = mapped_column(sa.ForeignKey("circles.id"), index=True)
    topic: Mapped[Field | None] = mapped_column(coded(Field))
    choice: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    subject: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[MailingState] = mapped_column(coded(MailingState), default=MailingState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    written_by: Mapped[str] = mapped_column(sa.String(200), default="")
    # When the office decided that it goes: what changed since then can stop it.
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    scheduled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("jobs.id", ondelete="SET NULL"), index=True)

    event: Mapped[Event | None] = relationship()
    circle: Mapped[Circle | None] = relationship()

    @property
    def chosen(self) -> Choice:
        return Choice.read(self.choice)


class MailingRecipient(Base):
    """One person of a message, once. Without `left_out` and without a mail their turn is still to come."""

    __tablename__ = "mailing_recipients"

    mailing_id: Mapped[int] = mapped_column(sa.ForeignKey("mailings.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True, index=True)
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    address: Mapped[str] = mapped_column(sa.String(320))
    organisation_name: Mapped[str] = mapped_column(sa.String(200), default="")
    ground: Mapped[Ground] = mapped_column(coded(Ground))
    left_out: Mapped[LeftOut | None] = mapped_column(coded(LeftOut))
    mail_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outbox.id"), index=True)

    mailing: Mapped[Mailing] = relationship()
    person: Mapped[Person] = relationship()


class MailPreference(Base):
    """What whoever reads a mailbox wants of announcements: `off` are the subjects that do not interest them.

    Of the address only a digest is kept, so that a no outlives the address itself. `token` opens the page on which it
    is changed.
    """

    __tablename__ = "mail_preferences"

    address_digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    off: Mapped[str] = mapped_column(sa.String(200), default="")
    # When the link last went out, or something was changed by it.
    used_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def wishes(self) -> Wishes:
        return Wishes.read(self.off)
