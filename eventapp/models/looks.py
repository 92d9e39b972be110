"""Who looked at a list of people."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.looks import PeopleList
from eventapp.extensions import Base
from eventapp.models.access import ApiToken, StaffMember
from eventapp.models.circles import Circle
from eventapp.models.events import Event
from eventapp.models.organisations import Organisation
from eventapp.models.people import Person
from eventapp.models.types import UTCDateTime, coded


class ListLook(Base):
    """A list that somebody had on the screen during one hour, `times` times, or took as a file.

    Who it was is a member of staff, a contact person or a program or phone; it holds no name of its own. `people` is
    the most that were on it. `hour_key` is what looks in one hour have in common; a file has none.
    """

    __tablename__ = "list_looks"
    __table_args__ = (
        sa.Index("ix_list_looks_last_at_id", "last_at", "id"),
        sa.Index("ix_list_looks_event_id_last_at", "event_id", "last_at", "id"),
        sa.CheckConstraint(
            "(CASE WHEN staff_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN token_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_looker",
        ),
        sa.CheckConstraint("people > 0 AND times > 0 AND last_at >= first_at", name="somebody_seen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    which: Mapped[PeopleList] = mapped_column(coded(PeopleList))
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    token_id: Mapped[int | None] = mapped_column(sa.ForeignKey("api_tokens.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id", ondelete="SET NULL"))
    circle_id: Mapped[int | None] = mapped_column(sa.ForeignKey("circles.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    as_file: Mapped[bool]
    people: Mapped[int]
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    hour_key: Mapped[str | None] = mapped_column(sa.String(120), unique=True)

    staff: Mapped[StaffMember | None] = relationship()
    person: Mapped[Person | None] = relationship()
    token: Mapped[ApiToken | None] = relationship()
    event: Mapped[Event | None] = relationship()
    circle: Mapped[Circle | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
