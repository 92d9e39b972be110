"""What ambassadors propose to hold, and what was said about it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.events import EventForm, EventKind
from eventapp.domain.proposals import Proposal, ProposalState, WhoPays
from eventapp.extensions import Base
from eventapp.models.events import Event
from eventapp.models.people import Person
from eventapp.models.types import UTCDateTime, coded


class EventProposal(Base):
    """A gathering that somebody would like to hold; `address` is where they hear how it goes.

    Taken over, it leads to the event that was made of it, as long as that is there.
    """

    __tablename__ = "event_proposals"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="in_order"),
        sa.Index("ix_event_proposals_state_created_at", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(sa.String(320))
    title: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[EventKind] = mapped_column(coded(EventKind))
    form: Mapped[EventForm] = mapped_column(coded(EventForm))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    for_whom: Mapped[str] = mapped_column(sa.String(300), default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    pays: Mapped[WhoPays] = mapped_column(coded(WhoPays))
    state: Mapped[ProposalState] = mapped_column(coded(ProposalState), default=ProposalState.WAITING)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id", ondelete="SET NULL"), index=True)

    person: Mapped[Person] = relationship()
    event: Mapped[Event | None] = relationship()
    remarks: Mapped[list["ProposalRemark"]] = relationship(
        cascade="all, delete-orphan", order_by="ProposalRemark.id", passive_deletes=True
    )

    @property
    def proposal(self) -> Proposal:
        return Proposal(
            self.title,
            self.kind,
            self.form,
            self.starts_at,
            self.ends_at,
            self.place,
            self.for_whom,
            self.text,
            self.pays,
        )


class ProposalRemark(Base):
    """A question, an answer or a reason, in order; `written_by` names the member of staff, '' is the proposer."""

    __tablename__ = "proposal_remarks"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("event_proposals.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(sa.String(2000))
    written_by: Mapped[str] = mapped_column(sa.String(200), default="")
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
