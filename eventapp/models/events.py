"""Events with what they say about price and admission, and the things of which there is only so much."""

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.cancellation import Term
from eventapp.domain.events import (
    EventForm,
    EventKind,
    EventState,
    Field,
    RegistrationMode,
    Schedule,
    TargetGroup,
    Visibility,
    Window,
    window,
)
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.organisation_places import BeyondFree, FreePlaces
from eventapp.domain.places import Places
from eventapp.domain.pricing import Admission, Category, PriceLine, line_for
from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime, coded

if TYPE_CHECKING:
    from eventapp.models.circles import Circle
    from eventapp.models.organisations import Organisation


class Event(Base):
    __tablename__ = "events"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="in_order"),
        sa.CheckConstraint("free_per_organisation IS NULL OR free_per_organisation > 0", name="free_places_positive"),
        sa.CheckConstraint(
            "free_per_organisation IS NULL OR (beyond_free = 'pays') = (beyond_free_cents > 0)",
            name="beyond_free_has_price",
        ),
        sa.Index("ix_events_state_ends_at", "state", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[EventKind] = mapped_column(coded(EventKind))
    state: Mapped[EventState] = mapped_column(coded(EventState), default=EventState.DRAFT)
    visibility: Mapped[Visibility] = mapped_column(coded(Visibility), default=Visibility.OPENBAAR)
    registration: Mapped[RegistrationMode] = mapped_column(coded(RegistrationMode), default=RegistrationMode.HIER)
    external_url: Mapped[str] = mapped_column(sa.String(500), default="")
    form: Mapped[EventForm] = mapped_column(coded(EventForm), default=EventForm.FYSIEK)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opens_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    summary: Mapped[str] = mapped_column(sa.String(300), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    venue: Mapped[str] = mapped_column(sa.String(200), default="")
    street: Mapped[str] = mapped_column(sa.String(200), default="")
    postcode: Mapped[str] = mapped_column(sa.String(12), default="")
    city: Mapped[str] = mapped_column(sa.String(100), default="")
    route: Mapped[str] = mapped_column(sa.Text, default="")
    online_url: Mapped[str] = mapped_column(sa.String(500), default="")
    contact: Mapped[str] = mapped_column(sa.String(200), default="")
    free_per_organisation: Mapped[int | None]
    beyond_free: Mapped[BeyondFree] = mapped_column(coded(BeyondFree), default=BeyondFree.REFUSED)
    beyond_free_cents: Mapped[int] = mapped_column(default=0)
    waiting_list: Mapped[bool] = mapped_column(default=True)
    hand_over_to_anybody: Mapped[bool] = mapped_column(default=False)
    # Whether one may pay on an invoice, and whether the place is sure at once or only when that is paid.
    invoice_allowed: Mapped[bool] = mapped_column(default=True)
    confirm_on_invoice: Mapped[bool] = mapped_column(default=True)
    # When it was last moved to another day: who had registered by then may withdraw without costs.
    moved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # When it would have begun before that.
    moved_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    calendar_uid: Mapped[str] = mapped_column(sa.String(120), unique=True)
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancel_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    # When the paper list for the door was made last.
    emergency_list_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The circle of which this is a meeting.
    circle_id: Mapped[int | None] = mapped_column(sa.ForeignKey("circles.id"), index=True)
    # By which sign an import finds it again.
    external_id: Mapped[str | None] = mapped_column(sa.String(200), unique=True, index=True)
    # When who was there was fixed ("vastgesteld"), by whom; what rests on presence waits for it.
    presence_fixed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    presence_fixed_by: Mapped[str | None] = mapped_column(sa.String(200))

    # The partner who offers it.
    offered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)

    circle: Mapped["Circle | None"] = relationship(back_populates="meetings")
    offered_by: Mapped["Organisation | None"] = relationship()
    prices: Mapped[list["EventPrice"]] = relationship(cascade="all, delete-orphan", order_by="EventPrice.id")
    target_groups: Mapped[list["EventTargetGroup"]] = relationship(cascade="all, delete-orphan")
    fields: Mapped[list["EventField"]] = relationship(cascade="all, delete-orphan")
    cancellation_terms: Mapped[list["CancellationTerm"]] = relationship(
        cascade="all, delete-orphan", order_by="CancellationTerm.days_before.desc()"
    )
    # Of the event as a whole; the row of each organisation is read by itself, where it is needed.
    capacities: Mapped[list["Capacity"]] = relationship(
        cascade="all, delete-orphan",
        order_by="Capacity.id",
        primaryjoin=lambda: sa.and_(Event.id == Capacity.event_id, Capacity.kind == WHOLE_EVENT),
    )

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.starts_at, self.ends_at, self.opens_at, self.closes_at)

    def window(self, now: datetime) -> Window:
        """Whether one can register now, and if not, why not."""
        return window(self.state, self.registration, self.schedule, now=now)

    def moved_since(self, moment: datetime) -> bool:
        """Whether the event went to another day after this moment."""
        return self.moved_at is not None and moment < self.moved_at

    @property
    def partner_name(self) -> str:
        """The name of the partner who offers it, empty without one."""
        return self.offered_by.name if self.offered_by else ""

    @property
    def price_lines(self) -> list[PriceLine]:
        return [price.line for price in self.prices]

    @property
    def free_for_members(self) -> bool:
        """Whether members of every kind come free, so that who is none may want to know."""
        line = line_for(self.price_lines, Category.LID, None)
        return line is not None and line.admission == Admission.GRATIS

    @property
    def free_places(self) -> FreePlaces:
        """How many people of one member come in free, and what the next one gets."""
        return FreePlaces(self.free_per_organisation, self.beyond_free, self.beyond_free_cents)

    @property
    def places(self) -> Places:
        """Size and taken of the event as a whole, and the line for it."""
        return self.whole.places if self.whole else Places(None, 0)

    @property
    def whole(self) -> "Capacity | None":
        """The places of the event as a whole."""
        return next(iter(self.capacities), None)


class EventSlug(Base):
    """An address the event had once it was published: it redirects for good."""

    __tablename__ = "event_slugs"

    slug: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)


class EventTargetGroup(Base):
    __tablename__ = "event_target_groups"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[TargetGroup] = mapped_column(coded(TargetGroup), primary_key=True)


class EventField(Base):
    __tablename__ = "event_fields"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[Field] = mapped_column(coded(Field), primary_key=True)


class EventPrice(Base):
    """What the event says to one category: free, at a price (cents including btw), by invitation, or not.

    `kinds` are the codes of the organisation kinds it is narrowed to, sorted, with a space between; empty is general.
    """

    __tablename__ = "event_prices"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "category", "kinds"),
        sa.CheckConstraint("price_cents >= 0", name="not_negative"),
        sa.CheckConstraint("(admission = 'prijs') = (price_cents > 0)", name="price_only_when_paid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    category: Mapped[Category] = mapped_column(coded(Category))
    admission: Mapped[Admission] = mapped_column(coded(Admission))
    price_cents: Mapped[int] = mapped_column(default=0)
    kinds: Mapped[str] = mapped_column(sa.String(200), default="")

    @staticmethod
    def of(line: PriceLine) -> "EventPrice":
        """A row that says what the line says."""
        kinds = " ".join(sorted(line.kinds))
        return EventPrice(category=line.category, admission=line.admission, price_cents=line.price_cents, kinds=kinds)

    @property
    def line(self) -> PriceLine:
        return EventPrice.line_of(self.category, self.admission, self.price_cents, self.kinds or "")

    @staticmethod
    @lru_cache(maxsize=1024)
    def line_of(category: Category, admission: Admission, price_cents: int, kinds: str) -> PriceLine:
        """The line that columns like these are; the agenda asks it for every line of every event."""
        named = frozenset(OrganisationKind(code) for code in kinds.split())
        return PriceLine(category, admission, price_cents, named)


class CancellationTerm(Base):
    """Until so many days before the event this percentage of the price goes back."""

    __tablename__ = "cancellation_terms"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "days_before"),
        sa.CheckConstraint("refund_percent BETWEEN 0 AND 100", name="percent"),
        sa.CheckConstraint("days_before >= 0", name="days_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    days_before: Mapped[int]
    refund_percent: Mapped[int]

    @property
    def term(self) -> Term:
        return Term(self.days_before, self.refund_percent)


WHOLE_EVENT = "event"
# The free places of one member at an event; `ref` is the id of the organisation.
ORGANISATION = "organisation"


class Capacity(Base):
    """Something limited: its size (NULL is unlimited), how much of it is taken, and how many stand in line for it.

    `allowance` is how far the office knowingly went above the size; nobody else ever does.
    """

    __tablename__ = "capacities"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "kind", "ref"),
        sa.CheckConstraint("taken >= 0", name="taken_not_negative"),
        sa.CheckConstraint("waiting >= 0", name="waiting_not_negative"),
        sa.CheckConstraint("size IS NULL OR size >= 0", name="size_not_negative"),
        sa.CheckConstraint("size IS NULL OR taken <= size + allowance", name="never_above_size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(20), default=WHOLE_EVENT)
    ref: Mapped[str] = mapped_column(sa.String(40), default="")
    size: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    allowance: Mapped[int] = mapped_column(default=0)

    @property
    def places(self) -> Places:
        return Places(self.size, self.taken, self.waiting)
