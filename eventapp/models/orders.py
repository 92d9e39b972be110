"""Who booked what: an order (who books and pays, one event), its registrations, their places and their tickets."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.admission import TicketState
from eventapp.domain.events import EventForm, TargetGroup
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import LIVE, Review, State
from eventapp.extensions import Base
from eventapp.models.events import Capacity, Event
from eventapp.models.people import Person
from eventapp.models.types import UTCDateTime, coded

# As the unique index on live registrations says it.
LIVE_SQL = "state IN ({})".format(", ".join(f"'{state.value}'" for state in sorted(LIVE)))


class Order(Base):
    """Who booked, for themselves and for colleagues, or for colleagues alone.

    `token` opens /bestelling; `pay_token` opens only the page to pay on, which may be forwarded. `proven_at` is when
    the address of who booked was proven, `on_invoice_at` when they chose to pay on an invoice, for `invoice_buyer`.
    """

    __tablename__ = "orders"
    __table_args__ = (sa.Index("ix_orders_visitor_key_created_at", "visitor_key", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    pay_token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    submission_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), index=True)
    booker_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    address: Mapped[str] = mapped_column(sa.String(320))
    visitor_key: Mapped[str] = mapped_column(sa.String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proven_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    on_invoice_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    invoice_buyer: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    version: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship()
    booker: Mapped[Person] = relationship()
    registrations: Mapped[list["Registration"]] = relationship(back_populates="order", order_by="Registration.id")

    @property
    def total_cents(self) -> int:
        """What the order costs including btw, over the registrations that still stand."""
        return sum(r.price_cents for r in self.registrations if r.state in LIVE)


class Registration(Base):
    """One person at one event. Category, price and reason are a snapshot: later changes do not rewrite them.

    `with_booker`: this colleague needs no link, but goes along once whoever booked proved their own address.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        sa.Index(
            "uq_registrations_live",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text(LIVE_SQL),
            postgresql_where=sa.text(LIVE_SQL),
        ),
        sa.Index("ix_registrations_event_id_state", "event_id", "state"),
        sa.Index("ix_registrations_event_id_created_at", "event_id", "created_at"),
        sa.Index("ix_registrations_state_expires_at", "state", "expires_at"),
        sa.Index(
            "ix_registrations_mail_domain",
            "mail_domain",
            sqlite_where=sa.text("organisation_id IS NULL"),
            postgresql_where=sa.text("organisation_id IS NULL"),
        ),
        sa.CheckConstraint("price_cents >= 0", name="price_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    address: Mapped[str] = mapped_column(sa.String(320))
    mail_domain: Mapped[str] = mapped_column(sa.String(255), default="")
    organisation_name: Mapped[str] = mapped_column(sa.String(200), default="")
    function: Mapped[str] = mapped_column(sa.String(120), default="")
    function_group: Mapped[TargetGroup | None] = mapped_column(coded(TargetGroup))
    attends: Mapped[EventForm] = mapped_column(coded(EventForm), default=EventForm.FYSIEK)
    state: Mapped[State] = mapped_column(coded(State))
    category: Mapped[Category] = mapped_column(coded(Category))
    price_cents: Mapped[int] = mapped_column(default=0)
    # How much of the price was credited since: what was agreed is both together.
    lowered_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    reason: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    # False for whoever does not fill a place, as most speakers.
    counts: Mapped[bool] = mapped_column(default=True)
    # The terms of withdrawing as they were at booking: days before and percentage, in pairs; None where nobody paid.
    terms: Mapped[list[list[int]] | None] = mapped_column(sa.JSON(none_as_null=True))
    # What a withdrawn place still costs: the fee that stays.
    kept_cents: Mapped[int] = mapped_column(default=0)
    # Said yes to the waiting list in the form, should there be no place once the address is proven.
    wants_waiting: Mapped[bool] = mapped_column(default=False)
    review: Mapped[Review] = mapped_column(coded(Review), default=Review.NONE)
    claimed_organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    source: Mapped[str] = mapped_column(sa.String(20), default="form")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    with_booker: Mapped[bool] = mapped_column(default=False)
    proven_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # When this person said to come on the day to which the event was moved as well.
    date_confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    calendar_uid: Mapped[str] = mapped_column(sa.String(120), unique=True)
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    # When the sequence was raised last; services/calendar_moves.py is where that happens.
    calendar_changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    order: Mapped[Order] = relationship(back_populates="registrations")
    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship()
    tickets: Mapped[list["Ticket"]] = relationship(back_populates="registration", order_by="Ticket.id")
    holds: Mapped[list["PlaceHold"]] = relationship(cascade="all, delete-orphan")

    @property
    def agreed_cents(self) -> int:
        """The price that was agreed, whatever was credited since. A new row has nothing credited yet."""
        return self.price_cents + (self.lowered_cents or 0)

    @property
    def is_bookers(self) -> bool:
        """Whether it belongs to the mailbox that booked; only there may a link to the whole order go."""
        return self.address == self.order.address

    @property
    def date_open(self) -> bool:
        """Whether the event went to another day since, and this person did not say yet whether they can then."""
        asked_at = self.date_confirmed_at or self.created_at
        return self.state == State.CONFIRMED and self.event.moved_since(asked_at)

    @property
    def ticket(self) -> "Ticket | None":
        """The ticket with the live code, if there is one."""
        return next((ticket for ticket in self.tickets if ticket.state == TicketState.VALID), None)


class PlaceHold(Base):
    """The registration has taken one of this limited thing; as many rows as `taken` says."""

    __tablename__ = "place_holds"

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True
    )
    capacity_id: Mapped[int] = mapped_column(sa.ForeignKey("capacities.id"), primary_key=True, index=True)

    capacity: Mapped[Capacity] = relationship()


class Ticket(Base):
    """One code for one registration. A re-issued ticket leaves the old code known as replaced.

    `token` opens /ticket; the code is looked up at the door by its digest.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        sa.Index(
            "uq_tickets_live",
            "registration_id",
            unique=True,
            sqlite_where=sa.text("state = 'valid'"),
            postgresql_where=sa.text("state = 'valid'"),
        ),
        sa.Index("ix_tickets_registration_id", "registration_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"))
    code: Mapped[str] = mapped_column(sa.String(20))
    code_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    state: Mapped[TicketState] = mapped_column(coded(TicketState), default=TicketState.VALID)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    registration: Mapped[Registration] = relationship(back_populates="tickets")
