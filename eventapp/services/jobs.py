"""How is long work asked for, called off, and where are its files? `carrying_out` does it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotFound
from eventapp.domain.jobs import JobKind, JobState
from eventapp.extensions import db
from eventapp.models import Job, JobFile
from eventapp.services.audit import note
from eventapp.transaction import transaction

INPUT = "input"


class StoredFile(NamedTuple):
    """A file of a job."""

    name: str
    content_type: str
    content: bytes


def enqueue(
    kind: JobKind,
    parameters: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    file: StoredFile | None = None,
    follows: int | None = None,
) -> int:
    """Ask for long work and answer the id of its job; a worker begins within seconds.

    `file` is what it reads. `follows` is the job that it carries further, which has one successor at most: a second
    one is an IntegrityError.
    """
    with transaction() as session:
        job = Job(kind=kind, parameters=dict(parameters), follows_id=follows, created_at=now)
        job.actor_kind, job.actor_id, job.actor_name = by.kind, by.id, by.name
        session.add(job)
        session.flush()
        if file:
            keep(job.id, INPUT, file)
        note("job_asked", "job", job.id, by=by, now=now, kind=kind.value)
        return job.id


def cancel(job_id: int, *, by: Actor, now: datetime) -> None:
    """Call it off: what waits never begins, what runs stops before its next batch. What is over stays as it is.

    Refuses with NotFound.
    """
    with transaction() as session:
        waiting = update_of(job_id, Job.state == JobState.WAITING)
        running = update_of(job_id, Job.state == JobState.RUNNING, Job.cancel_requested.is_(False))
        ended = session.scalar(waiting.values(state=JobState.CANCELLED, finished_at=now).returning(Job.id))
        asked = ended or session.scalar(running.values(cancel_requested=True).returning(Job.id))
        if asked:
            note("job_cancelled", "job", job_id, by=by, now=now)
        elif session.get(Job, job_id) is None:
            raise NotFound()


def file_of(job_id: int, role: str) -> StoredFile:
    """A file of a job. Refuses with NotFound, as after its term."""
    file = db.session.scalar(sa.select(JobFile).where(JobFile.job_id == job_id, JobFile.role == role))
    if file is None:
        raise NotFound()
    return StoredFile(file.name, file.content_type, file.content)


def keep(job_id: int, role: str, file: StoredFile) -> None:
    """Within a transaction: a new file of a job."""
    row = {"name": file.name[:200], "content_type": file.content_type[:100], "content": file.content}
    db.session.execute(sa.insert(JobFile).values(job_id=job_id, role=role, **row))


def update_of(job_id: int, *conditions: sa.ColumnElement[bool]) -> Any:
    """The beginning of a change to this job, where the conditions hold."""
    return sa.update(Job).where(Job.id == job_id, *conditions).execution_options(synchronize_session=False)
