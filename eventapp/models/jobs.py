"""Long work as rows: what was asked, how far it is, the files that go in and come out, and what became of each line."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.domain.jobs import JobKind, JobState
from eventapp.extensions import Base
from eventapp.models.types import UTCDateTime, coded


class Job(Base):
    """A piece of long work. `claim` is the secret of the worker that has it, until `claimed_until`; one that
    waits does not begin before that moment.

    `done` and `result` are written with each batch, so that another worker goes on where one died. `follows_id` is the
    job that this one carries further; each is followed once.
    """

    __tablename__ = "jobs"
    __table_args__ = (sa.Index("ix_jobs_state_claimed_until", "state", "claimed_until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[JobKind] = mapped_column(coded(JobKind))
    state: Mapped[JobState] = mapped_column(coded(JobState), default=JobState.WAITING)
    parameters: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    refusal: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    last_error: Mapped[str] = mapped_column(sa.String(300), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    follows_id: Mapped[int | None] = mapped_column(sa.ForeignKey("jobs.id", ondelete="SET NULL"), unique=True)
    actor_kind: Mapped[str] = mapped_column(sa.String(20))
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claim: Mapped[str] = mapped_column(sa.String(60), default="")
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    cancel_requested: Mapped[bool] = mapped_column(default=False)


class JobFile(Base):
    """A file that a job reads ("input") or leaves; `role` says which one it is.

    Lists that the office brings have columns that we do not know, and anything may stand in those.
    """

    __tablename__ = "job_files"
    __table_args__ = (sa.UniqueConstraint("job_id", "role"), {"info": {"special": True}})

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(sa.ForeignKey("jobs.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(200))
    content_type: Mapped[str] = mapped_column(sa.String(100))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class JobLine(Base):
    """What becomes of one line of the input, or of one of whatever the job goes through; `facts` are what is shown."""

    __tablename__ = "job_lines"
    __table_args__ = (sa.Index("ix_job_lines_job_id_outcome_line", "job_id", "outcome", "line"),)

    job_id: Mapped[int] = mapped_column(sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[str] = mapped_column(sa.String(20))
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
