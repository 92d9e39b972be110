"""What people thought of an event. No row says who answered what, nor when.

Numbers are counts per question. All counts of an event are there from the beginning and are written with every answer;
so are all its texts, under new random keys and in a random order. Neither keys, nor the order of rows, nor what
PostgreSQL notes of each row tells which came last.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.domain.evaluation import OwnKind, OwnQuestion, Plan
from eventapp.extensions import Base
from eventapp.models.orders import Registration
from eventapp.models.types import UTCDateTime


class Evaluation(Base):
    """What an event does afterwards, and how many people were asked and answered; without a row it does the usual.

    `closes_at` is set once the first people are asked. From then on the questions stay as they are.
    """

    __tablename__ = "evaluations"
    __table_args__ = (sa.CheckConstraint("answers BETWEEN 0 AND asked", name="answered_by_who_was_asked"),)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    thanks: Mapped[bool]
    asks: Mapped[bool]
    named: Mapped[bool]
    days: Mapped[int]
    questions: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    version: Mapped[int] = mapped_column(default=0)
    closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    asked: Mapped[int] = mapped_column(default=0)
    answers: Mapped[int] = mapped_column(default=0)

    @property
    def plan(self) -> Plan:
        questions = tuple(OwnQuestion(OwnKind(q["kind"]), q["label"], tuple(q["options"])) for q in self.questions)
        return Plan(self.thanks, self.asks, self.named, self.days, questions)

    def take(self, plan: Plan) -> None:
        """Become what the plan says."""
        self.thanks, self.asks, self.named, self.days = plan.thanks, plan.asks, plan.named, plan.days
        self.questions = [{"kind": q.kind.value, "label": q.label, "options": list(q.options)} for q in plan.questions]


class EvaluationInvite(Base):
    """Somebody may answer once, by the link in their mail. That they did is all that is kept of it; not even when."""

    __tablename__ = "evaluation_invites"

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True
    )
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    answered: Mapped[bool] = mapped_column(default=False)


class EvaluationCount(Base):
    """So many people answered this to that question, which may be none."""

    __tablename__ = "evaluation_counts"
    __table_args__ = (sa.CheckConstraint("number >= 0", name="not_negative"),)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    value: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class EvaluationText(Base):
    """What somebody wrote. `registration_id` is there only when they put their name to it."""

    __tablename__ = "evaluation_texts"

    key: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    item: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.Text)
    registration_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="SET NULL"), index=True
    )

    registration: Mapped[Registration | None] = relationship()
