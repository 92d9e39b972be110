"""Who waits for what and in which order, what was offered, and the pools into which an event divides its places."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.places import PoolRule
from eventapp.domain.waiting import EntryState
from eventapp.extensions import Base
from eventapp.models.events import Capacity
from eventapp.models.orders import Registration
from eventapp.models.programme import Breakout
from eventapp.models.types import UTCDateTime, coded

# The places of one pool of an event; `ref` is its id.
POOL = "pool"
# Who is in no pool shares the places that no pool has.
REST = "rest"
# The places of an event in the form in which somebody attends; `ref` is that form, fysiek or online.
FORM = "form"

_OPEN_SQL = "state IN ('waiting', 'offered')"


class Pool(Base):
    """A part of the places of an event, for these categories or function groups; codes with a space between."""

    __tablename__ = "pools"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    position: Mapped[int] = mapped_column(default=0)
    categories: Mapped[str] = mapped_column(sa.String(200), default="")
    function_groups: Mapped[str] = mapped_column(sa.String(200), default="")

    def rule(self) -> PoolRule:
        return PoolRule(self.id, frozenset(self.categories.split()), frozenset(self.function_groups.split()))


class WaitingEntry(Base):
    """Somebody in line for one limited thing: the event, a form, a pool or a breakout.

    The order is that of `joined_at`, then id. The office moves somebody by giving another `joined_at`, with a reason in
    the log. `token` opens the page on which an offer is answered.
    """

    __tablename__ = "waiting_entries"
    __table_args__ = (
        sa.Index(
            "uq_waiting_entries_open",
            "registration_id",
            "capacity_id",
            unique=True,
            sqlite_where=sa.text(_OPEN_SQL),
            postgresql_where=sa.text(_OPEN_SQL),
        ),
        sa.Index("ix_waiting_entries_line", "capacity_id", "state", "joined_at", "id"),
        sa.Index("ix_waiting_entries_state_until", "state", "until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id", ondelete="CASCADE"), index=True)
    capacity_id: Mapped[int] = mapped_column(sa.ForeignKey("capacities.id", ondelete="CASCADE"))
    breakout_id: Mapped[int | None] = mapped_column(sa.ForeignKey("breakouts.id", ondelete="CASCADE"), index=True)
    state: Mapped[EntryState] = mapped_column(coded(EntryState), default=EntryState.WAITING)
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)
    offered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    registration: Mapped[Registration] = relationship()
    breakout: Mapped[Breakout | None] = relationship()
    capacity: Mapped[Capacity] = relationship()
