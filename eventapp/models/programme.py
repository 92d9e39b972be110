"""The programme of a day: rounds, the breakouts in them, and who chose or presents what."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.programme import BreakoutFacts, RoundFacts
from eventapp.extensions import Base
from eventapp.models.events import Capacity
from eventapp.models.types import UTCDateTime

# The places of one breakout; `ref` is its id.
BREAKOUT = "breakout"


class Round(Base):
    """A part of the day with parallel breakouts. With `opens_at` one chooses later than one registers."""

    __tablename__ = "rounds"
    __table_args__ = (sa.CheckConstraint("ends_at > starts_at", name="in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(sa.String(100))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    optional: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # When everybody who was registered heard that choosing is possible, and when who had not chosen was reminded.
    announced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    def facts(self) -> RoundFacts:
        return RoundFacts(self.id, self.optional, self.opens_at)


class Breakout(Base):
    """A breakout (deelsessie). Breakouts with the same `topic` are repeats of one another: nobody takes two.

    `slug` is what addresses, scans and the API call it, unique within the event.
    """

    __tablename__ = "breakouts"
    __table_args__ = (sa.UniqueConstraint("event_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(200))
    topic: Mapped[str] = mapped_column(sa.String(40), default="")
    room: Mapped[str] = mapped_column(sa.String(100), default="")
    speakers: Mapped[str] = mapped_column(sa.String(300), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    for_whom: Mapped[str] = mapped_column(sa.String(200), default="")
    materials_url: Mapped[str] = mapped_column(sa.String(500), default="")
    position: Mapped[int] = mapped_column(default=0)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    in_rounds: Mapped[list["BreakoutRound"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    exclusions: Mapped[list["BreakoutExclusion"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", foreign_keys=lambda: BreakoutExclusion.breakout_id
    )
    capacity: Mapped[Capacity] = relationship(
        primaryjoin=lambda: sa.and_(
            Capacity.kind == BREAKOUT, sa.orm.foreign(Capacity.ref) == sa.cast(Breakout.id, sa.String)
        ),
        viewonly=True,
        uselist=False,
    )

    def facts(self) -> BreakoutFacts:
        return BreakoutFacts(
            self.id,
            frozenset(row.round_id for row in self.in_rounds),
            self.topic,
            frozenset(row.other_id for row in self.exclusions),
            self.cancelled_at is not None,
        )


class BreakoutRound(Base):
    """The breakout fills this round; one that spans rounds has a row for each."""

    __tablename__ = "breakout_rounds"

    breakout_id: Mapped[int] = mapped_column(sa.ForeignKey("breakouts.id", ondelete="CASCADE"), primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True, index=True)


class BreakoutExclusion(Base):
    """Who takes the one does not take the other; one row says it both ways."""

    __tablename__ = "breakout_exclusions"

    breakout_id: Mapped[int] = mapped_column(sa.ForeignKey("breakouts.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("breakouts.id", ondelete="CASCADE"), primary_key=True)


class Choice(Base):
    """What somebody does in one round: a breakout, or none on purpose. Who `speaks` there takes no place.

    The primary key is the last line: nobody is in two breakouts of one round.
    """

    __tablename__ = "choices"

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True
    )
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    breakout_id: Mapped[int | None] = mapped_column(sa.ForeignKey("breakouts.id", ondelete="CASCADE"), index=True)
    speaks: Mapped[bool] = mapped_column(default=False)
    chosen_at: Mapped[datetime] = mapped_column(UTCDateTime)
