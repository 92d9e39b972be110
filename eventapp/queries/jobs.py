"""What long work is there, how far is it, and what became of its lines?"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from eventapp.domain.bulk import Done
from eventapp.extensions import db
from eventapp.models import Job, JobFile, JobLine, Registration
from eventapp.queries.paging import Page
from eventapp.queries.registration_lists import by_ids

JOBS_SHOWN = 100
_INPUT = "input"


def latest_jobs() -> Sequence[Job]:
    """The newest first."""
    return db.session.scalars(sa.select(Job).order_by(Job.id.desc()).limit(JOBS_SHOWN)).all()


def job_by_id(job_id: int) -> Job | None:
    """One job as it is now."""
    return db.session.get(Job, job_id, populate_existing=True)


def follower_of(job_id: int) -> int | None:
    """The job that carries this one further, if there is one."""
    return db.session.scalar(sa.select(Job.id).where(Job.follows_id == job_id))


def file_names(job_id: int) -> Mapping[str, str]:
    """The files by their role, without what is in them."""
    rows = sa.select(JobFile.role, JobFile.name).where(JobFile.job_id == job_id).order_by(JobFile.id)
    return dict(db.session.execute(rows).all())


def results_of(job_id: int) -> Mapping[str, str]:
    """The files that a job left, by their role."""
    return {role: name for role, name in file_names(job_id).items() if role != _INPUT}


def lines(job_id: int, *, outcome: str = "", page: int = 1) -> Page[JobLine]:
    """Lines in the order of the input, those of one outcome only if asked."""
    wanted = sa.select(JobLine).where(JobLine.job_id == job_id)
    if outcome:
        wanted = wanted.where(JobLine.outcome == outcome)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    shown = Page.cut(wanted.order_by(JobLine.line), page)
    return Page(db.session.scalars(shown).all(), total, page)


def refused_registrations(job_id: int) -> list[tuple[Registration, str]]:
    """Of an act for many: those for whom it was not done, with the reason in words."""
    refused = sa.select(JobLine.facts).where(JobLine.job_id == job_id, JobLine.outcome == Done.REFUSED)
    why = {facts["registration_id"]: facts["why"] for facts in db.session.scalars(refused.order_by(JobLine.line))}
    return [(registration, why[registration.id]) for registration in by_ids(list(why))]
