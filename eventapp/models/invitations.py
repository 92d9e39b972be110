"""Who was invited to which event, on what terms, and what became of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.guest_lists import Guest
from eventapp.domain.invitations import InvitationState, Terms, standing
from eventapp.domain.pricing import Category
from eventapp.extensions import Base
from eventapp.models.events import Event
from eventapp.models.orders import Registration
from eventapp.models.people import Person
from eventapp.models.types import UTCDateTime, coded


class Invitation(Base):
    """One address invited to one event; the name is empty when the office did not know it.

    `token` opens /uitnodiging and is kept as it is, like that of an order: a reminder repeats the link, and the one in
    an earlier mail goes on working. What is done with it is mailed to the address, with `answer_token`, which changes
    the answer and is in no mail that went out before it.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        sa.Index(
            "uq_invitations_event_id_address",
            "event_id",
            "address",
            unique=True,
            sqlite_where=sa.text("address <> ''"),
            postgresql_where=sa.text("address <> ''"),
        ),
        sa.CheckConstraint("price_cents IS NULL OR price_cents >= 0", name="price_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    address: Mapped[str] = mapped_column(sa.String(320), index=True)
    given_name: Mapped[str] = mapped_column(sa.String(100), default="")
    infix: Mapped[str] = mapped_column(sa.String(30), default="")
    family_name: Mapped[str] = mapped_column(sa.String(100), default="")
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    category: Mapped[Category | None] = mapped_column(coded(Category))
    price_cents: Mapped[int | None]
    message: Mapped[str] = mapped_column(sa.Text, default="")
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    answer_token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    state: Mapped[InvitationState] = mapped_column(coded(InvitationState), default=InvitationState.INVITED)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registrations.id"), index=True)

    event: Mapped[Event] = relationship()
    person: Mapped[Person | None] = relationship()
    registration: Mapped[Registration | None] = relationship()

    @property
    def guest(self) -> Guest:
        return Guest(self.address, self.given_name, self.infix, self.family_name, self.person_id)

    @property
    def terms(self) -> Terms:
        return Terms(self.category, self.price_cents)

    def standing(self, now: datetime) -> InvitationState:
        """How it stands now, with what the clock, the event and the registration have to say."""
        state = self.registration.state if self.registration else None
        return standing(self.state, self.event.window(now), registration=state)
