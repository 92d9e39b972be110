"""Who may do what: staff, sign-in sessions, links that work once, API tokens and door devices."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.actors import Role
from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime, coded


class StaffMember(Base):
    """Somebody who works in the back office, known by address; accounts are personal, from and until a day.

    `role` counts everywhere; without one only what was given for an event or circle does.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(sa.String(320), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    role: Mapped[Role | None] = mapped_column(coded(Role))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    def active(self, today: date) -> bool:
        begun = self.starts_on is None or self.starts_on <= today
        return begun and (self.ends_on is None or today <= self.ends_on)


class StaffGrant(Base):
    """A role of one member of staff for one event, or for one circle and all its meetings.

    Without a last day it ends two weeks after the event, whenever that is, or with the account.
    """

    __tablename__ = "staff_grants"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "staff_id", "role"),
        sa.UniqueConstraint("circle_id", "staff_id", "role"),
        sa.CheckConstraint("(event_id IS NULL) <> (circle_id IS NULL)", name="for_one_thing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(coded(Role))
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    circle_id: Mapped[int | None] = mapped_column(sa.ForeignKey("circles.id", ondelete="CASCADE"))
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    staff: Mapped[StaffMember] = relationship()


class UserSession(Base):
    """A signed-in browser. It proves an address; what that gives follows from staff and people."""

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    address: Mapped[str] = mapped_column(sa.String(320), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The account elsewhere with which it was opened, if it was.
    identity_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("external_identities.id", ondelete="SET NULL"), index=True
    )


class OneTimeLink(Base):
    """A mailed or scanned link, kept as a digest. `purpose` says what it does, `subject_id` to which row."""

    __tablename__ = "one_time_links"
    __table_args__ = (sa.Index("ix_one_time_links_purpose_subject_id", "purpose", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    purpose: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[int | None]
    address: Mapped[str] = mapped_column(sa.String(320), default="", index=True)
    visitor_key: Mapped[str] = mapped_column(sa.String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ApiToken(Base):
    """A program that may use the API, or, with an event, a phone at a door."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    token_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    scopes: Mapped[str] = mapped_column(sa.String(200))
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(sa.String(200), default="")
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    coupled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # How often it was used since that moment (services/metering.py).
    used_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    used: Mapped[int] = mapped_column(default=0)
    # What a phone at a door last said of itself: the release it runs, and how many scans wait there to be sent.
    app_release: Mapped[str] = mapped_column(sa.String(20), default="")
    waiting: Mapped[int] = mapped_column(default=0)
    # When it was rehearsed and what failed then (domain/rehearsal.py).
    rehearsed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rehearsal_failed: Mapped[str] = mapped_column(sa.String(100), default="")

    @property
    def scope_set(self) -> frozenset[str]:
        return frozenset(self.scopes.split())

    def expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    @property
    def last_day(self) -> datetime | None:
        """A moment on the last day on which it is good."""
        return self.expires_at - timedelta(seconds=1) if self.expires_at else None


class IdempotentAnswer(Base):
    """The answer given to a POST with an Idempotency-Key, repeated for 24 hours."""

    __tablename__ = "idempotent_answers"
    __table_args__ = (sa.UniqueConstraint("token_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(sa.ForeignKey("api_tokens.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(200))
    request_digest: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[int | None]
    body: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
