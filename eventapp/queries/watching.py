"""What does somebody who watches the house want to know, in numbers?"""

import shutil
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.jobs import JobState
from eventapp.domain.payments import RefundState
from eventapp.extensions import db
from eventapp.models import Job, MailState, OutboxMail, PeriodicTask, Refund
from eventapp.queries.health import backup_made_at, worker_seen_at

_ON_ITS_WAY = (MailState.WAITING, MailState.SENDING)


class Watched(NamedTuple):
    """A periodic task: how long it is overdue (0 when it is not), and whether its last run failed."""

    name: str
    overdue_seconds: float
    failed: bool


class Figures(NamedTuple):
    """Counts are of this moment, times in seconds, None where there is nothing to measure."""

    worker_silent_seconds: float | None
    backup_age_seconds: float | None
    mails_waiting: int
    oldest_mail_seconds: float
    mails_failed: int
    jobs_waiting: int
    jobs_failed: int
    refunds_failed: int
    tasks: tuple[Watched, ...]
    disk_free_bytes: int
    disk_bytes: int


def figures(*, now: datetime) -> Figures:
    """A fixed number of small reads. Raises SQLAlchemyError when the database does not answer."""
    seen_at, made_at = worker_seen_at(), backup_made_at()
    waiting, oldest = db.session.execute(
        sa.select(sa.func.count(), sa.func.min(OutboxMail.created_at)).where(OutboxMail.state.in_(_ON_ITS_WAY))
    ).one()
    by_state = sa.select(Job.state, sa.func.count()).group_by(Job.state)
    jobs = dict(db.session.execute(by_state).all())
    disk = shutil.disk_usage(data_folder())
    return Figures(
        worker_silent_seconds=(now - seen_at).total_seconds() if seen_at else None,
        backup_age_seconds=(now - made_at).total_seconds() if made_at else None,
        mails_waiting=waiting,
        oldest_mail_seconds=(now - oldest).total_seconds() if oldest else 0.0,
        mails_failed=_count(OutboxMail.state == MailState.FAILED),
        jobs_waiting=jobs.get(JobState.WAITING, 0) + jobs.get(JobState.RUNNING, 0),
        jobs_failed=jobs.get(JobState.FAILED, 0),
        refunds_failed=_count(Refund.state == RefundState.FAILED),
        tasks=tuple(_tasks(now)),
        disk_free_bytes=disk.free,
        disk_bytes=disk.total,
    )


def data_folder() -> Path:
    """Where the database file is; the present folder when the database is elsewhere."""
    file = db.engine.url.database if db.engine.dialect.name == "sqlite" else ""
    return Path(file).parent if file and file != ":memory:" else Path.cwd()


def _count(condition: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(condition)) or 0


def _tasks(now: datetime) -> list[Watched]:
    query = sa.select(PeriodicTask.name, PeriodicTask.due_at, PeriodicTask.last_error).order_by(PeriodicTask.name)
    return [
        Watched(name, max(0.0, (now - due_at).total_seconds()), bool(error))
        for name, due_at, error in db.session.execute(query)
    ]
