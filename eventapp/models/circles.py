"""Circles of people that meet: who is in them and since when, what they said of a meeting, and who asked to join."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.actors import Role
from eventapp.domain.circles import JoinPolicy, MeetingAnswer, MemberRole, RequestState
from eventapp.domain.events import EventForm, EventKind, Field, TargetGroup, Visibility
from eventapp.extensions import Base
from eventapp.models.access import StaffGrant
from eventapp.models.events import Event
from eventapp.models.organisations import Organisation
from eventapp.models.people import Person
from eventapp.models.types import UTCDateTime, coded


class Circle(Base):
    """A circle during one season. Its meetings are events with its id; the next season is a circle of its own."""

    __tablename__ = "circles"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    season: Mapped[str] = mapped_column(sa.String(20), default="")
    kind: Mapped[EventKind] = mapped_column(coded(EventKind), default=EventKind.KENNISKRING)
    field: Mapped[Field] = mapped_column(coded(Field), default=Field.ALGEMEEN)
    form: Mapped[EventForm] = mapped_column(coded(EventForm), default=EventForm.ONLINE)
    visibility: Mapped[Visibility] = mapped_column(coded(Visibility), default=Visibility.OPENBAAR)
    join_policy: Mapped[JoinPolicy] = mapped_column(coded(JoinPolicy), default=JoinPolicy.DIRECT)
    # Whether somebody from outside the circle may come along to one meeting.
    sit_in: Mapped[bool] = mapped_column(default=True)
    summary: Mapped[str] = mapped_column(sa.String(300), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    contact: Mapped[str] = mapped_column(sa.String(200), default="")
    # The circle of the season before, of which this one is the continuation.
    follows_id: Mapped[int | None] = mapped_column(sa.ForeignKey("circles.id", ondelete="SET NULL"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # Off the list of circles: nobody joins any more, and nothing is planned.
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    groups: Mapped[list["CircleGroup"]] = relationship(cascade="all, delete-orphan")
    # Who of the staff runs it: only their rows, whatever other roles were given for it.
    coordinators: Mapped[list[StaffGrant]] = relationship(
        primaryjoin=lambda: sa.and_(StaffGrant.circle_id == Circle.id, StaffGrant.role == Role.KRINGCOORDINATOR),
        order_by=StaffGrant.id,
        cascade="all, delete-orphan",
    )
    hosts: Mapped[list["CircleHost"]] = relationship(cascade="all, delete-orphan")
    members: Mapped[list["CircleMember"]] = relationship(back_populates="circle", order_by="CircleMember.id")
    meetings: Mapped[list[Event]] = relationship(order_by=Event.starts_at, back_populates="circle")


class CircleGroup(Base):
    """A function group the circle is meant for."""

    __tablename__ = "circle_groups"

    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circles.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[TargetGroup] = mapped_column(coded(TargetGroup), primary_key=True)


class CircleHost(Base):
    """An organisation that takes turns in receiving the circle."""

    __tablename__ = "circle_hosts"

    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circles.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    organisation: Mapped[Organisation] = relationship()


class CircleMember(Base):
    """Somebody in a circle from the first to the last day, both included; who comes back gets a new row.

    The organisation is the one for which they joined. `token` opens their own page of the circle.
    """

    __tablename__ = "circle_members"
    __table_args__ = (
        sa.Index(
            "uq_circle_members_open",
            "circle_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("left_on IS NULL"),
            postgresql_where=sa.text("left_on IS NULL"),
        ),
        sa.CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circles.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    organisation_name: Mapped[str] = mapped_column(sa.String(200), default="")
    address: Mapped[str] = mapped_column(sa.String(320))
    function_group: Mapped[TargetGroup | None] = mapped_column(coded(TargetGroup))
    role: Mapped[MemberRole] = mapped_column(coded(MemberRole), default=MemberRole.LID)
    # Let in by the office, whatever the address proves of a membership.
    by_hand: Mapped[bool] = mapped_column(default=False)
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    circle: Mapped[Circle] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    answers: Mapped[list["CircleAnswer"]] = relationship(cascade="all, delete-orphan")


class CircleAnswer(Base):
    """What a member said of one meeting. The reason is for the coordinator alone and is erased after a while."""

    __tablename__ = "circle_answers"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("circle_members.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    answer: Mapped[MeetingAnswer] = mapped_column(coded(MeetingAnswer))
    reason: Mapped[str] = mapped_column(sa.String(300), default="", info={"special": True})
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CircleRequest(Base):
    """Somebody who wants to join: the address is proven first, then a coordinator decides where the circle says so."""

    __tablename__ = "circle_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circles.id", ondelete="CASCADE"), index=True)
    given_name: Mapped[str] = mapped_column(sa.String(100), default="")
    infix: Mapped[str] = mapped_column(sa.String(30), default="")
    family_name: Mapped[str] = mapped_column(sa.String(100), default="")
    address: Mapped[str] = mapped_column(sa.String(320))
    function_group: Mapped[TargetGroup | None] = mapped_column(coded(TargetGroup))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    message: Mapped[str] = mapped_column(sa.String(500), default="")
    state: Mapped[RequestState] = mapped_column(coded(RequestState), default=RequestState.AWAITING_PROOF)
    visitor_key: Mapped[str] = mapped_column(sa.String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proven_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[str] = mapped_column(sa.String(200), default="")

    circle: Mapped[Circle] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class SchoolHoliday(Base):
    """Days without school in a region ('' is everywhere), both included; a series is planned around them."""

    __tablename__ = "school_holidays"
    __table_args__ = (sa.CheckConstraint("last_on >= first_on", name="in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    region: Mapped[str] = mapped_column(sa.String(10), default="")
    first_on: Mapped[date]
    last_on: Mapped[date]
    source: Mapped[str] = mapped_column(sa.String(200), default="")
