"""Periodic tasks: each once, an error stays its own, and a dead worker's claim runs out."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.registrations import State
from eventapp.domain.times import AMSTERDAM
from eventapp.extensions import db
from eventapp.models import Heartbeat, PeriodicTask, Registration
from eventapp.payments.gateway import GatewayUnauthorized
from eventapp.services import working
from eventapp.services.working import TASKS, Task
from tests.factories import make_event, make_registration

HOURLY = timedelta(hours=1)


def counting(counted: list[datetime], name: str = "count") -> Task:
    return Task(name, lambda _, now: counted.append(now), HOURLY)


def failing(error: Exception) -> Task:
    def fail(_gateway: object, _now: datetime) -> None:
        raise error

    return Task("fail", fail, HOURLY)


def line(name: str) -> PeriodicTask:
    return db.session.get_one(PeriodicTask, name, populate_existing=True)


def test_task_is_due_again_after_its_interval(app: Flask, now: datetime) -> None:
    task = counting([])
    working.prepare((task,), now=now)

    working.run(task, None, now=now)

    assert working.due((task,), now=now + HOURLY - timedelta(seconds=1)) == []
    assert working.due((task,), now=now + HOURLY) == [task]


def test_task_that_another_worker_just_finished_is_not_run_again(app: Flask, now: datetime) -> None:
    counted: list[datetime] = []
    task = counting(counted)
    working.prepare((task,), now=now)
    working.run(task, None, now=now)

    ours = working.run(task, None, now=now + timedelta(seconds=1))

    assert (ours, counted) == (False, [now])


def test_task_runs_once_for_four_workers_at_once(app: Flask, now: datetime) -> None:
    counted: list[datetime] = []
    task = counting(counted)
    working.prepare((task,), now=now)
    start = Barrier(4)

    def work() -> None:
        with app.app_context():
            start.wait()
            working.run(task, None, now=now)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counted == [now]


def test_claim_of_a_dead_worker_runs_out(app: Flask, now: datetime) -> None:
    counted: list[datetime] = []
    task = counting(counted)
    db.session.add(PeriodicTask(name="count", due_at=now, claimed_until=now + working.CLAIM_LASTS))
    db.session.commit()

    before = working.run(task, None, now=now + working.CLAIM_LASTS - timedelta(seconds=1))
    after = working.run(task, None, now=now + working.CLAIM_LASTS)

    assert (before, after, len(counted)) == (False, True, 1)


def test_error_is_noted_and_other_tasks_go_on(app: Flask, now: datetime) -> None:
    counted: list[datetime] = []
    tasks = (failing(ValueError("jan@kc.example")), counting(counted))
    working.prepare(tasks, now=now)

    for task in working.due(tasks, now=now):
        working.run(task, None, now=now)

    assert (line("fail").last_error, line("count").last_error) == ("ValueError", "")
    assert counted == [now]


def test_error_of_the_provider_is_noted_in_its_words(app: Flask, now: datetime) -> None:
    task = failing(GatewayUnauthorized("the key is refused"))
    working.prepare((task,), now=now)

    working.run(task, None, now=now)

    assert line("fail").last_error == "GatewayUnauthorized: the key is refused"


def test_error_is_forgotten_after_a_good_run(app: Flask, now: datetime) -> None:
    db.session.add(PeriodicTask(name="count", due_at=now, last_error="ValueError"))
    db.session.commit()

    working.run(counting([]), None, now=now)

    assert line("count").last_error == ""


def test_at_once_runs_what_has_an_interval_and_leaves_the_night_alone(app: Flask, now: datetime) -> None:
    working.prepare(now=now)
    for task in TASKS:
        working.run(task, None, now=now)

    due = working.due(now=now, at_once=True)

    assert {task.name for task in TASKS} - {task.name for task in due} == {
        "reconcile_nightly",
        "follow_bank_money",
        "privacy_sweep",
    }


@pytest.mark.parametrize("month", [1, 3, 7, 10])
def test_nightly_task_is_due_at_the_same_dutch_time_all_year(month: int, now: datetime) -> None:
    task = Task("night", lambda _gateway, _now: None)

    due = task.next_due(now.replace(month=month, day=27, hour=12))

    assert due.astimezone(AMSTERDAM).strftime("%d %H.%M") == "28 03.30"


def test_failed_night_is_tried_again_within_the_hour(now: datetime) -> None:
    task = Task("night", lambda _gateway, _now: None)

    assert task.due_after_error(now) - now <= HOURLY


def test_preparing_twice_keeps_the_lines(app: Flask, now: datetime) -> None:
    working.prepare(now=now)

    working.prepare(now=now + HOURLY)

    assert db.session.scalar(sa.select(sa.func.count()).select_from(PeriodicTask)) == len(TASKS)
    assert line("reconcile").due_at == now


def test_heartbeat_is_renewed_after_ten_seconds(app: Flask, now: datetime) -> None:
    beats = []

    for seconds in (0, 9, 10):
        working.beat(now=now + timedelta(seconds=seconds))
        beats.append(db.session.get_one(Heartbeat, "worker", populate_existing=True).beat_at)

    assert beats == [now, now, now + timedelta(seconds=10)]


def test_task_of_the_table_lapses_a_hold_that_ran_out(app: Flask, now: datetime) -> None:
    event = make_event()
    late = make_registration(event, state=State.AWAITING_CONFIRMATION, expires_at=now - timedelta(minutes=1))
    early = make_registration(event, state=State.AWAITING_CONFIRMATION, expires_at=now + timedelta(minutes=1))
    ids = [late.id, early.id]
    working.prepare(now=now)

    for task in working.due(now=now):
        working.run(task, None, now=now)

    states = [db.session.get_one(Registration, number).state for number in ids]
    assert states == [State.EXPIRED, State.AWAITING_CONFIRMATION]
