"""Long work: done once by any number of workers, followed while it runs, called off, and taken over from the dead."""

import errno
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import TimeoutError as PoolIsEmpty

from eventapp.domain.errors import EventFull, NotFound
from eventapp.domain.jobs import JobKind, JobState
from eventapp.extensions import db
from eventapp.models import Job, JobFile, JobLine
from eventapp.services import carrying_out, forgetting, jobs
from eventapp.services.carrying_out import CLAIM_LASTS, MOST_TRIES, WAITS_FOR_ROOM, Work
from eventapp.services.jobs import INPUT, StoredFile
from tests.factories import OFFICE

KIND = JobKind.IMPORT
FILE = StoredFile("lijst.csv", "text/csv", b"een\ntwee\ndrie\n")


def asked(now: datetime) -> int:
    return jobs.enqueue(KIND, {"step": 1}, by=OFFICE, now=now, file=FILE)


def run(run_one: Callable[[Work], None], now: datetime, **more) -> bool:
    return carrying_out.run_next({KIND: run_one}, clock=lambda: now, **more)


def state(job_id: int) -> tuple[JobState, int]:
    job = db.session.get_one(Job, job_id, populate_existing=True)
    return job.state, job.done


def line_by_line(work: Work) -> None:
    """Each line of the file in a batch of its own, from where it was left."""
    lines = work.file(INPUT).content.splitlines()
    for number in range(work.done, len(lines)):
        with work.batch():
            work.add_lines([{"line": number, "outcome": "seen", "facts": {"by": work.by.name}}])
            work.step(number + 1, total=len(lines), seen=number + 1)


def seen() -> list[int]:
    return list(db.session.scalars(sa.select(JobLine.line).order_by(JobLine.line)))


def test_a_job_is_carried_out_with_its_file_and_leaves_its_result(app: Flask, now: datetime) -> None:
    number = asked(now)

    ran = run(line_by_line, now), run(line_by_line, now)

    job = db.session.get_one(Job, number, populate_existing=True)
    assert ran == (True, False)
    assert (job.state, job.done, job.total, job.result, job.claim) == (JobState.DONE, 3, 3, {"seen": 3}, "")
    assert (job.actor_name, job.finished_at, seen()) == ("Secretariaat", now, [0, 1, 2])


def test_four_workers_carry_each_job_out_once(app: Flask, now: datetime) -> None:
    for _ in range(6):
        asked(now)
    done: list[int] = []
    ready = Barrier(4)

    def work() -> None:
        with app.app_context():
            ready.wait()
            while run(lambda one: done.append(one.id), now):
                pass
            db.session.remove()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == sorted(db.session.scalars(sa.select(Job.id)))


def test_a_job_called_off_stops_before_its_next_batch_and_keeps_what_is_done(app: Flask, now: datetime) -> None:
    number, waiting = asked(now), asked(now)

    def call_off_after_one(work: Work) -> None:
        with work.batch():
            work.step(1, total=3)
        jobs.cancel(work.id, by=OFFICE, now=now)
        line_by_line(work)

    run(call_off_after_one, now)
    jobs.cancel(waiting, by=OFFICE, now=now)
    jobs.cancel(number, by=OFFICE, now=now)

    assert (state(number), state(waiting), seen()) == ((JobState.CANCELLED, 1), (JobState.CANCELLED, 0), [])
    assert run(line_by_line, now) is False
    with pytest.raises(NotFound):
        jobs.cancel(4711, by=OFFICE, now=now)


class Dead(BaseException):
    """The worker is gone, without a word."""


def test_another_worker_goes_on_where_a_dead_one_stopped_and_the_dead_one_writes_no_more(
    app: Flask, now: datetime
) -> None:
    number = asked(now)
    held: list[Work] = []

    def die_after_one(work: Work) -> None:
        held.append(work)
        with work.batch():
            work.add_lines([{"line": 0, "outcome": "seen", "facts": {}}])
            work.step(1, total=3)
        raise Dead

    with pytest.raises(Dead):
        run(die_after_one, now)

    def take_over(work: Work) -> None:
        with pytest.raises(Exception) as running, held[0].batch():
            held[0].add_lines([{"line": 8, "outcome": "seen", "facts": {}}])
        assert type(running.value).__name__ == "_ClaimLost"
        line_by_line(work)

    too_early = run(line_by_line, now + CLAIM_LASTS - timedelta(seconds=1))
    taken_over = run(take_over, now + CLAIM_LASTS)

    assert (too_early, taken_over, state(number), seen()) == (False, True, (JobState.DONE, 3), [0, 1, 2])
    with pytest.raises(Exception) as lost, held[0].batch():
        held[0].add_lines([{"line": 9, "outcome": "seen", "facts": {}}])
    assert (type(lost.value).__name__, seen()) == ("_ClaimLost", [0, 1, 2])


def test_work_that_keeps_killing_its_worker_is_given_up(app: Flask, now: datetime) -> None:
    number = asked(now)

    def die(_work: Work) -> None:
        raise Dead

    for turn in range(MOST_TRIES):
        with pytest.raises(Dead):
            run(die, now + turn * CLAIM_LASTS)

    assert run(die, now + MOST_TRIES * CLAIM_LASTS) is False
    assert state(number) == (JobState.FAILED, 0)


def test_a_job_for_which_there_is_no_room_lets_others_go_first_and_fails_in_the_end(app: Flask, now: datetime) -> None:
    large, small = asked(now), asked(now)

    def writes(work: Work) -> None:
        if work.id == large:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        run(writes, now)
    others = run(writes, now), run(writes, now)
    moment = now
    for wait in WAITS_FOR_ROOM:
        early = run(writes, moment + wait - timedelta(seconds=1))
        moment += wait
        assert (early, state(large)) == (False, (JobState.WAITING, 0))
        with suppress(OSError):
            run(writes, moment)

    assert (others, state(small)[0], state(large)[0]) == ((True, False), JobState.DONE, JobState.FAILED)
    assert db.session.get_one(Job, large).refusal == {"code": "no_room_left", "facts": {}}
    assert run(writes, moment + CLAIM_LASTS) is False


def test_a_database_that_is_away_counts_against_no_job(app: Flask, now: datetime) -> None:
    number = asked(now)

    def finds_nobody(_work: Work) -> None:
        raise PoolIsEmpty("every connection is in use")

    for _ in range(MOST_TRIES + len(WAITS_FOR_ROOM)):
        with pytest.raises(PoolIsEmpty):
            run(finds_nobody, now)
    run(line_by_line, now)

    assert state(number) == (JobState.DONE, 3)


def test_a_worker_that_ends_gives_the_job_back(app: Flask, now: datetime) -> None:
    number = asked(now)

    run(line_by_line, now, stopping=lambda: True)
    given_back = state(number), db.session.get_one(Job, number).tries
    run(line_by_line, now)

    assert (given_back, state(number)) == (((JobState.WAITING, 0), 0), (JobState.DONE, 3))


def test_a_refusal_and_a_bug_fail_the_job_each_in_its_own_way(app: Flask, now: datetime) -> None:
    refused, broken = asked(now), asked(now)

    def refuse(_work: Work) -> None:
        raise EventFull(event="themadag")

    def fail(_work: Work) -> None:
        raise ZeroDivisionError("a name that nobody should read")

    run(refuse, now)
    run(fail, now)

    rows = [
        (db.session.get_one(Job, one).refusal, db.session.get_one(Job, one).last_error) for one in (refused, broken)
    ]
    assert rows == [({"code": "event_full", "facts": {"event": "themadag"}}, ""), ({}, "ZeroDivisionError")]
    assert (state(refused), state(broken)) == ((JobState.FAILED, 0), (JobState.FAILED, 0))


def test_progress_is_seen_from_outside_while_it_runs(app: Flask, now: datetime) -> None:
    number = asked(now)
    pictures: list[tuple[JobState, int, int | None]] = []

    def look(work: Work) -> None:
        work.report(2, total=3)
        with db.engine.connect() as outside:
            pictures.extend(outside.execute(sa.select(Job.state, Job.done, Job.total).where(Job.id == number)))

    run(look, now)

    assert pictures == [(JobState.RUNNING, 2, 3)]


def test_files_and_lines_go_after_thirty_days_and_the_job_after_a_year(app: Flask, now: datetime) -> None:
    number = asked(now)
    run(line_by_line, now)
    count = {model: sa.select(sa.func.count()).select_from(model) for model in (JobFile, JobLine, Job)}

    def left() -> list[int | None]:
        return [db.session.scalar(one) for one in count.values()]

    forgetting.sweep(now=now + timedelta(days=29))
    before = left()
    forgetting.sweep(now=now + timedelta(days=31))
    after = left()
    forgetting.sweep(now=now + timedelta(days=367))

    assert (before, after, left()) == ([1, 3, 1], [0, 0, 1], [0, 0, 0])
    with pytest.raises(NotFound):
        jobs.file_of(number, INPUT)
