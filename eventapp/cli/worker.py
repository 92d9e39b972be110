"""`eventapp worker`: everything that is not a request, until it is told to stop."""

import logging
import signal
from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread, current_thread

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from eventapp.cli.outside import mail_transport
from eventapp.cli.schema import require_schema
from eventapp.extensions import db
from eventapp.mail.deliver import deliver_due
from eventapp.outages import is_outage
from eventapp.payments.choose import gateway_from
from eventapp.services import carrying_out, working
from eventapp.services.long_work import RUNNERS

log = logging.getLogger(__name__)
IDLE_SECONDS = 1.0
# Nobody waits for a question to the provider at this very moment, and each look for one is a query.
IDLE_PROVIDER_SECONDS = 5.0
# Small enough to notice soon that an end was asked for.
BATCH = 20
ALL_MAIL = 10_000


@click.command("worker")
@click.option("--once", is_flag=True, help="Do all that is due, and exit.")
@with_appcontext
def command(once: bool) -> None:
    """Send mail, do the periodic tasks and carry out long work. Any number of workers may run."""
    require_schema()
    if once:
        Worker(current_app.config["CLOCK"]).do_all_that_is_due()
    else:
        work_until_told(current_app)


def work_until_told(app: Flask) -> None:
    """Be a worker until SIGTERM or SIGINT."""
    with app.app_context():
        worker = Worker(app.config["CLOCK"])
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, lambda *_: worker.stopping.set())
        worker.work()


class Worker:
    """Rounds of work with a pause when there was none. Once `stopping` is set it ends after the task in hand."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.stopping = Event()
        self._broke_beside = False
        self._clock = clock
        self._gateway = gateway_from(current_app.config)
        self._transport = mail_transport(current_app.config)
        self._unfinished: list[tuple[working.Task, datetime]] = []
        working.prepare(now=clock())

    def do_all_that_is_due(self) -> None:
        """One round, with the tasks that have an interval run whether it has passed or not, and all mail."""
        self._round(working.TASKS, at_once=True)
        while self._long_work():
            pass
        while self._mail(limit=ALL_MAIL):
            pass

    def work(self) -> None:
        """Round after round. Beside it go long work and what waits for the payment provider: mail waits for neither.

        What nobody foresaw in any of them ends all, and the process with a failure: nobody restarts what is half dead.
        """
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        beside = [
            Thread(target=self._beside, args=(app, self._long_work, IDLE_SECONDS), name="long-work"),
            Thread(target=self._beside, args=(app, self._ask_provider, IDLE_PROVIDER_SECONDS), name="provider"),
        ]
        for thread in beside:
            thread.start()
        try:
            self._repeat(lambda: self._round(working.ALONE, at_once=False))
        finally:
            self.stopping.set()
            for thread in beside:
                thread.join()
        if self._broke_beside:
            raise SystemExit(1)

    def _beside(self, app: Flask, turn: Callable[[], bool], pause: float) -> None:
        try:
            with app.app_context():
                self._repeat(turn, pause)
        except BaseException:
            log.exception("%s cannot go on: the worker ends", current_thread().name)
            self._broke_beside = True
            self.stopping.set()

    def _repeat(self, turn: Callable[[], bool], pause: float = IDLE_SECONDS) -> None:
        """Turn after turn, with a pause where there was nothing. A database that is away for a while is waited for."""
        while not self.stopping.is_set():
            try:
                busy = turn()
            except (SQLAlchemyError, OSError) as error:
                db.session.rollback()
                if is_outage(error):
                    # Each second anew, perhaps for hours on a disk that is full: no place for a trace.
                    log.warning("the round was broken off: %s", type(getattr(error, "orig", error)).__name__)
                elif isinstance(error, SQLAlchemyError):
                    log.exception("the round was broken off")
                else:
                    raise
                busy = False
            if not busy:
                self.stopping.wait(pause)

    def _long_work(self) -> bool:
        """Whether there was any; it goes back before its next batch when the worker has to end."""
        return carrying_out.run_next(RUNNERS, clock=self._clock, stopping=self.stopping.is_set)

    def _round(self, tasks: tuple[working.Task, ...], *, at_once: bool) -> bool:
        """Whether there may be more to do at once."""
        working.beat(now=self._clock())
        self._let_go()
        self._do(tasks, at_once=at_once)
        return self.stopping.is_set() or self._mail()

    def _ask_provider(self) -> bool:
        self._do(working.ASKING, at_once=False)
        return False

    def _do(self, tasks: tuple[working.Task, ...], *, at_once: bool) -> None:
        for task in working.due(tasks, now=self._clock(), at_once=at_once):
            if self.stopping.is_set():
                return
            self._run(task, at_once=at_once)

    def _run(self, task: working.Task, *, at_once: bool) -> None:
        started_at = self._clock()
        try:
            working.run(task, self._gateway, now=started_at, at_once=at_once)
        except SQLAlchemyError:
            self._unfinished.append((task, started_at))
            raise

    def _let_go(self) -> None:
        """Claims of which the end could not be written down, as the database was away, would last half an hour."""
        while self._unfinished:
            task, started_at = self._unfinished[0]
            working.let_go(task, started_at=started_at)
            # Another thread may have added one behind it.
            self._unfinished.pop(0)

    def _mail(self, *, limit: int = BATCH) -> bool:
        """Whether any mail left."""
        if self._transport is None:
            return False
        return deliver_due(self._transport, now=self._clock(), limit=limit) > 0
