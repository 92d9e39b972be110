"""What the commands that read lists have in common."""

from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import current_app

from eventapp import wording
from eventapp.domain.actors import SYSTEM
from eventapp.domain.import_rows import Fate
from eventapp.domain.jobs import JobKind, JobState
from eventapp.extensions import db
from eventapp.models import Job, JobLine
from eventapp.services import carrying_out
from eventapp.services.importing import REFUSED
from eventapp.services.jobs import StoredFile
from eventapp.services.long_work import RUNNERS


def run_import(what: str, path: Path, *, skip_refused: bool, dry_run: bool, **chosen: Any) -> None:
    """Look at the whole file, say what it would do, and do it; as jobs that the back office shows like any other.

    `chosen` is what the list needs besides the file.

    Ends with an error, having written nothing, when rows are refused and nobody said to do the rest.
    """
    file = StoredFile(path.name, "application/octet-stream", path.read_bytes())
    job = _run(JobKind.IMPORT_PREVIEW, {"what": what, **chosen}, file)
    counts = job.result["counts"]
    _print_refused(job)
    click.echo(", ".join(f"{counts[fate.value]} {fate}" for fate in Fate))
    if dry_run:
        return
    if counts[REFUSED] and not skip_refused:
        raise click.ClickException("nothing was written; correct the refused rows or use --skip-refused")
    _run(JobKind.IMPORT, {"what": what, "skip_refused": skip_refused, **chosen}, file)


def _run(kind: JobKind, parameters: dict[str, Any], file: StoredFile) -> Job:
    clock = current_app.config["CLOCK"]
    job_id = carrying_out.run_here(RUNNERS, kind, parameters, by=SYSTEM, clock=clock, file=file)
    job = db.session.get_one(Job, job_id, populate_existing=True)
    if job.state != JobState.DONE:
        raise click.ClickException(f"{file.name}: {_reason(job)}")
    return job


def _reason(job: Job) -> str:
    if job.refusal:
        return wording.REFUSALS[job.refusal["code"]].format_map(job.refusal["facts"])
    return f"{job.state} {job.last_error}".strip()


def _print_refused(job: Job) -> None:
    lines = sa.select(JobLine.line, JobLine.facts).where(JobLine.job_id == job.id, JobLine.outcome == REFUSED)
    for line, facts in db.session.execute(lines.order_by(JobLine.line)):
        click.echo(f"line {line}: refused, {facts['reason']}", err=True)
