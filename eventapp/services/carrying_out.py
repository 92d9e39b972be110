"""How is long work carried out once by any number of workers, in batches that can be followed and broken off?"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from eventapp.domain.actors import Actor
from eventapp.domain.errors import DomainError, NoRoomLeft
from eventapp.domain.jobs import JobKind, JobState
from eventapp.domain.tokens import new_token
from eventapp.extensions import db
from eventapp.models import Job, JobFile, JobLine
from eventapp.outages import is_full, is_outage
from eventapp.services.jobs import INPUT, StoredFile, enqueue, file_of, keep, update_of
from eventapp.transaction import transaction

log = logging.getLogger(__name__)
# Each batch claims anew. Whoever says nothing for this long is taken for dead, and another worker goes on.
CLAIM_LASTS = timedelta(minutes=5)
# Work that keeps ending its worker is given up.
MOST_TRIES = 3
# When work for which there was no room is tried again; then it is given up.
WAITS_FOR_ROOM = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))


class _Cancelled(Exception):
    """Somebody asked to stop."""


class _Released(Exception):
    """This worker ends; another one, or this one later, goes on."""


class _ClaimLost(Exception):
    """Another worker has it: this one was taken for dead."""


Run = Callable[["Work"], None]


def run_next(
    runners: Mapping[JobKind, Run],
    *,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
) -> bool:
    """Carry out the oldest job that waits, or that a dead worker left behind; False when there is none.

    A refusal of the domain and a bug both end the job as failed. Once `stopping` answers True the job goes back before
    its next batch. What `is_outage` knows (no database, a full disk) is raised; the job is then taken up again later.
    One for which there was no room lets the others go first, and fails as NoRoomLeft in the end.
    """
    found = _claim_next(clock())
    if found is None:
        return False
    _carry_out(runners, *found, clock, stopping)
    return True


def run_here(
    runners: Mapping[JobKind, Run],
    kind: JobKind,
    parameters: Mapping[str, Any],
    *,
    by: Actor,
    clock: Callable[[], datetime],
    file: StoredFile | None = None,
) -> int:
    """Ask for long work and carry it out at once in this process, seen like any other; answers the id of its job."""
    with transaction():
        job_id = enqueue(kind, parameters, by=by, now=clock(), file=file)
        claim = _claim(job_id, clock())
    assert claim is not None
    _carry_out(runners, job_id, claim, clock, stopping=lambda: False)
    return job_id


class Work:
    """One job in the hands of one worker. `done` and `result` are where an earlier worker left them.

    `asked_at` is when it was asked for, the same for every worker.
    """

    def __init__(
        self, job_id: int, claim: str, clock: Callable[[], datetime], stopping: Callable[[], bool] = lambda: False
    ) -> None:
        job = db.session.get_one(Job, job_id, populate_existing=True)
        self.id = job_id
        self.kind = job.kind
        self.parameters: Mapping[str, Any] = dict(job.parameters)
        self.by = Actor(job.actor_kind, job.actor_name, job.actor_id)
        self.asked_at = job.created_at
        self.done = job.done
        self.result: dict[str, Any] = dict(job.result)
        self.clock = clock
        self._claim, self._stopping = claim, stopping
        db.session.rollback()

    def file(self, role: str = INPUT) -> StoredFile:
        """A file of this job. Refuses with NotFound, as after its term."""
        found = file_of(self.id, role)
        db.session.rollback()
        return found

    @contextmanager
    def batch(self) -> Iterator[None]:
        """A transaction of this job: committed only while the job is ours, not called off, and the worker stays.

        Keep it short, because on SQLite everybody else waits; and write `step` in it, so that what was done and how
        far it is are one. Whatever raises in it undoes it.
        """
        if db.session.info.get("in_transaction"):
            raise RuntimeError("a batch inside another transaction would not be seen before that one ends")
        if self._stopping():
            raise _Released
        with transaction():
            self._hold(claimed_until=self.clock() + CLAIM_LASTS)
            yield

    def step(self, done: int, *, total: int | None = None, **result: Any) -> None:
        """Within a batch: how far it is now, and what has come of it so far."""
        self.result.update(result)
        totals = {} if total is None else {"total": total}
        self._hold(done=done, result=self.result, **totals)
        self.done = done

    def report(self, done: int, *, total: int | None = None) -> None:
        """How far it is, in a transaction of its own, while nothing is written."""
        with self.batch():
            self.step(done, total=total)

    def add_lines(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Within a batch: rows with `line`, `outcome` and `facts`, to be looked at afterwards."""
        if lines:
            db.session.execute(sa.insert(JobLine), [{"job_id": self.id, **line} for line in lines])

    def forget_lines(self) -> None:
        """Within a batch: begin anew, without the lines of an earlier try."""
        db.session.execute(sa.delete(JobLine).where(JobLine.job_id == self.id))

    def keep_file(self, role: str, file: StoredFile) -> None:
        """Within a batch: a file to be downloaded, in the place of an earlier one in that role."""
        db.session.execute(sa.delete(JobFile).where(JobFile.job_id == self.id, JobFile.role == role))
        keep(self.id, role, file)

    def _hold(self, **values: Any) -> None:
        ours = update_of(self.id, Job.claim == self._claim, Job.state == JobState.RUNNING)
        cancelled = db.session.scalar(ours.values(**values).returning(Job.cancel_requested))
        if cancelled is None:
            raise _ClaimLost
        if cancelled:
            raise _Cancelled

    def end(self, state: JobState, **values: Any) -> None:
        """Write down how it ended, unless another worker has it by now."""
        ours = update_of(self.id, Job.claim == self._claim, Job.state == JobState.RUNNING)
        now = self.clock()
        over = {} if state == JobState.WAITING else {"finished_at": now}
        with transaction() as session:
            session.execute(ours.values({"state": state, "claim": "", "claimed_until": None, **over, **values}))

    def wait_for_room(self) -> bool:
        """Go back until there may be room, for others to go first; False when that was tried often enough."""
        tries = db.session.scalar(sa.select(Job.tries).where(Job.id == self.id)) or 0
        db.session.rollback()
        if tries > len(WAITS_FOR_ROOM):
            self.end(JobState.FAILED, refusal={"code": NoRoomLeft.code, "facts": {}})
            return False
        self.end(JobState.WAITING, claimed_until=self.clock() + WAITS_FOR_ROOM[tries - 1])
        return True


def _carry_out(
    runners: Mapping[JobKind, Run],
    job_id: int,
    claim: str,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool],
) -> None:
    work = Work(job_id, claim, clock, stopping)
    try:
        runners[work.kind](work)
    except _Cancelled:
        work.end(JobState.CANCELLED)
    except _Released:
        work.end(JobState.WAITING, tries=Job.tries - 1)
    except _ClaimLost:
        log.warning("job %s is with another worker", job_id)
    except DomainError as refusal:
        work.end(JobState.FAILED, refusal={"code": refusal.code, "facts": refusal.facts})
    except Exception as error:
        db.session.rollback()
        if is_full(error):
            if not work.wait_for_room():
                log.error("job %s failed: there is no room for it", job_id)
                return
        elif is_outage(error):
            # It is not the work that fails, so this try is not counted.
            work.end(JobState.WAITING, tries=Job.tries - 1)
        if is_outage(error) or isinstance(error, OperationalError):
            raise
        log.exception("job %s failed", job_id)
        work.end(JobState.FAILED, last_error=type(error).__name__)
    else:
        work.end(JobState.DONE)


def _claim_next(now: datetime) -> tuple[int, str] | None:
    """Look first, so that an idle worker writes nothing; then one conditional update decides between workers."""
    _give_up(now)
    waiting = sa.select(Job.id).where(_free(now)).order_by(Job.id)
    ids = list(db.session.scalars(waiting.limit(10)))
    db.session.rollback()
    for job_id in ids:
        claim = _claim(job_id, now)
        if claim:
            return job_id, claim
    return None


def _claim(job_id: int, now: datetime) -> str | None:
    claim = new_token()
    taken = update_of(job_id, _free(now)).values(
        state=JobState.RUNNING,
        claim=claim,
        claimed_until=now + CLAIM_LASTS,
        tries=Job.tries + 1,
        started_at=sa.func.coalesce(Job.started_at, sa.bindparam("now", now, Job.started_at.type)),
    )
    with transaction() as session:
        ours = session.scalar(taken.returning(Job.id))
    return claim if ours else None


def _free(now: datetime) -> sa.ColumnElement[bool]:
    may_begin = sa.or_(Job.claimed_until.is_(None), Job.claimed_until <= now, Job.cancel_requested)
    waiting = sa.and_(Job.state == JobState.WAITING, may_begin)
    return sa.or_(waiting, sa.and_(_left_behind(now), Job.tries < MOST_TRIES))


def _left_behind(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(Job.state == JobState.RUNNING, Job.claimed_until <= now)


def _give_up(now: datetime) -> None:
    hopeless = sa.and_(_left_behind(now), Job.tries >= MOST_TRIES)
    if db.session.scalar(sa.select(Job.id).where(hopeless).limit(1)) is None:
        return
    with transaction() as session:
        ended = sa.update(Job).where(hopeless).values(state=JobState.FAILED, finished_at=now, last_error="GivenUp")
        session.execute(ended.execution_options(synchronize_session=False))
