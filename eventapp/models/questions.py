"""What an event asks its people, and what they answered; what the law calls special stands in a table of its own.

Mails, exports, logs and calendar files never read `CareAnswer`.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.domain.care import AccessNeed, Block, Care, Diet
from eventapp.domain.events import EventForm
from eventapp.domain.pricing import Category
from eventapp.domain.questions import Condition, QuestionKind, Rule
from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime, coded


class Question(Base):
    """One question. `keep_days` after the event its answers go; a closed one is asked no more.

    `categories` are codes, sorted, with a space between; empty is everybody. `depends_on` is an earlier question, and
    `depends_values` the answers to it on which this one is asked.
    """

    __tablename__ = "questions"
    __table_args__ = (
        sa.CheckConstraint("keep_days BETWEEN 1 AND 730", name="kept_two_years_at_most"),
        sa.CheckConstraint("depends_on <> id", name="not_of_itself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(coded(QuestionKind))
    label: Mapped[str] = mapped_column(sa.String(200))
    help: Mapped[str] = mapped_column(sa.String(300), default="")
    required: Mapped[bool] = mapped_column(default=False)
    options: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    categories: Mapped[str] = mapped_column(sa.String(200), default="")
    attends: Mapped[EventForm | None] = mapped_column(coded(EventForm))
    depends_on: Mapped[int | None] = mapped_column(sa.ForeignKey("questions.id"))
    depends_values: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    keep_days: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def condition(self) -> Condition:
        categories = frozenset(Category(code) for code in self.categories.split())
        return Condition(categories, self.attends, self.depends_on, frozenset(self.depends_values))

    @property
    def rule(self) -> Rule:
        return Rule(self.id, self.kind, self.required, tuple(self.options), self.condition)


class Answer(Base):
    """What somebody answered: a text, an option, a list of options, true or false, or a number."""

    __tablename__ = "answers"

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("questions.id"), primary_key=True, index=True)
    value: Mapped[Any] = mapped_column(sa.JSON)
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class EventBlock(Base):
    """The event asks this standard question."""

    __tablename__ = "event_blocks"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[Block] = mapped_column(coded(Block), primary_key=True)


class CareAnswer(Base):
    """What somebody needs at table and to get in: special personal data, kept with consent only, and not for long.

    A row in which nothing stands says that nothing is needed. `diets` and `access` are codes, sorted, with a space
    between.
    """

    __tablename__ = "care_answers"
    __table_args__ = (
        sa.CheckConstraint(
            "consented_at IS NOT NULL OR (diets = '' AND diet_other = '' AND access = '' AND access_other = '')",
            name="special_only_with_consent",
        ),
        sa.CheckConstraint("(consented_at IS NULL) = (consent_text = '')", name="consent_names_its_text"),
        # Left out of an archive that is made for others.
        {"info": {"special": True}},
    )

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True
    )
    diets: Mapped[str] = mapped_column(sa.String(200), default="")
    diet_other: Mapped[str] = mapped_column(sa.String(300), default="")
    access: Mapped[str] = mapped_column(sa.String(200), default="")
    access_other: Mapped[str] = mapped_column(sa.String(300), default="")
    consent_text: Mapped[str] = mapped_column(sa.String(20), default="")
    consented_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def care(self) -> Care:
        return Care(
            diets=frozenset(Diet(code) for code in self.diets.split()),
            diet_other=self.diet_other,
            access=frozenset(AccessNeed(code) for code in self.access.split()),
            access_other=self.access_other,
        )


class PhotoChoice(Base):
    """Whether somebody may be in a photo. No row: not answered, which is no yes."""

    __tablename__ = "photo_choices"

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True
    )
    agreed: Mapped[bool]
    text_version: Mapped[str] = mapped_column(sa.String(20))
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
