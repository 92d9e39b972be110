"""The outbox with what the office decides about it, and in the demo the mailbox where everything arrives."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.domain.reminders import Plan
from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime, coded


class MailState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class OutboxMail(Base):
    """Words frozen at writing; `attachments` names what is drawn at sending; `purpose` is never sent twice."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index("ix_outbox_state_next_try_at", "state", "next_try_at"),
        sa.Index("ix_outbox_sent_at", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(sa.String(120), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id"), index=True)
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    to_address: Mapped[str] = mapped_column(sa.String(320), index=True)
    to_name: Mapped[str] = mapped_column(sa.String(250), default="")
    subject: Mapped[str] = mapped_column(sa.String(250))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    message_id: Mapped[str] = mapped_column(sa.String(200), unique=True)
    state: Mapped[MailState] = mapped_column(coded(MailState), default=MailState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str] = mapped_column(sa.String(300), default="")
    # Empty in mails from before this was kept; those leave unpaced.
    to_domain: Mapped[str | None] = mapped_column(sa.String(255))
    # From then on the mail would only confuse: it is given up, and the office sees that.
    useless_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MailboxMessage(Base):
    """A message as it left the house; filled in the demo only, where no mail server is set."""

    __tablename__ = "mailbox_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    to_address: Mapped[str] = mapped_column(sa.String(320))
    subject: Mapped[str] = mapped_column(sa.String(250))
    message: Mapped[bytes] = mapped_column(sa.LargeBinary)


class EventReminders(Base):
    """When an event reminds who is coming, where it differs from the usual; `days` are numbers with a space between."""

    __tablename__ = "event_reminders"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    days: Mapped[str] = mapped_column(sa.String(40), default="")
    online: Mapped[bool] = mapped_column(default=True)

    @property
    def plan(self) -> Plan:
        return Plan(tuple(map(int, self.days.split())), self.online)


class MailText(Base):
    """What the office says in a kind of mail, of all events or of one; rows are only added and the last one counts.

    An empty part is ours, so a row of empty parts puts the original back.
    """

    __tablename__ = "mail_texts"
    __table_args__ = (sa.Index("ix_mail_texts_kind_event_id", "kind", "event_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(sa.String(200), default="")
    opening: Mapped[str] = mapped_column(sa.Text, default="")
    closing: Mapped[str] = mapped_column(sa.Text, default="")
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    written_by: Mapped[str] = mapped_column(sa.String(200), default="")


class DeadAddress(Base):
    """An address that mail does not reach: the mail server said so, or the office. Nothing is sent there any more."""

    __tablename__ = "dead_addresses"

    address: Mapped[str] = mapped_column(sa.String(320), primary_key=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    noted_by: Mapped[str] = mapped_column(sa.String(200), default="")
