"""What does the house do by itself, how often, and how do any number of workers do each thing once?"""

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.domain.times import AMSTERDAM, from_local, local_date
from eventapp.extensions import db
from eventapp.models import Heartbeat, PeriodicTask
from eventapp.payments.gateway import Gateway, GatewayError
from eventapp.queries.health import WORKER
from eventapp.services import (
    announcing,
    bank_refunds,
    calling_off,
    circle_meetings,
    erasures,
    following,
    forgetting,
    inviting,
    invoice_papers,
    invoicing,
    lapsing,
    looking,
    mailing,
    offering,
    refunding,
    reminding,
    settling,
    thanking,
)
from eventapp.transaction import transaction

log = logging.getLogger(__name__)
BEAT_EVERY = timedelta(seconds=10)
# A worker that died in the middle of a task loses its claim after this long, and another one takes over.
CLAIM_LASTS = timedelta(minutes=30)
# Between machines that both have the right time.
_CLOCKS_DIFFER = timedelta(minutes=1)
RETRY_NIGHTLY = timedelta(minutes=15)


class Task(NamedTuple):
    """Something done every so often, or nightly at a Dutch time of day. Each is safe to run twice.

    `asks_provider`: it takes as long as the payment provider lets us wait, for each payment anew.
    """

    name: str
    run: Callable[[Gateway | None, datetime], object]
    every: timedelta | None = None
    nightly_at: time = time(3, 30)
    asks_provider: bool = False

    @property
    def nightly(self) -> bool:
        return self.every is None

    def next_due(self, now: datetime) -> datetime:
        """When it is due again after a run at `now`."""
        if self.every is not None:
            return now + self.every
        today = local_date(now)
        late = now.astimezone(AMSTERDAM).time() >= self.nightly_at
        return from_local(today + timedelta(days=1) if late else today, self.nightly_at)

    def due_after_error(self, now: datetime) -> datetime:
        return min(self.next_due(now), now + RETRY_NIGHTLY)


def _reconcile(gateway: Gateway | None, now: datetime) -> int:
    return settling.reconcile(gateway, now=now) if gateway else 0


def _reconcile_nightly(gateway: Gateway | None, now: datetime) -> int:
    return settling.reconcile(gateway, now=now, nightly=True) if gateway else 0


def _privacy_sweep(_gateway: Gateway | None, now: datetime) -> int:
    erasures.write_beside()
    return forgetting.sweep(now=now).total


def _lapse_unpaid(gateway: Gateway | None, now: datetime) -> int:
    return lapsing.lapse_unpaid(gateway, now=now)


def _send_refunds(gateway: Gateway | None, now: datetime) -> int:
    return refunding.send_due(gateway, now=now) if gateway else 0


TASKS = (
    Task("remind_unconfirmed", lambda _, now: lapsing.remind_unconfirmed(now=now), timedelta(minutes=5)),
    Task("lapse_unconfirmed", lambda _, now: lapsing.lapse_unconfirmed(now=now), timedelta(seconds=30)),
    Task("lapse_unpaid", _lapse_unpaid, timedelta(seconds=30), asks_provider=True),
    Task("lapse_offers", lambda _, now: offering.lapse_offers(now=now), timedelta(seconds=30)),
    Task("call_off", lambda _, now: calling_off.finish(now=now), timedelta(seconds=10)),
    Task("pass_on_places", lambda _, now: offering.pass_on_everywhere(now=now), timedelta(seconds=15)),
    Task("announce_programmes", lambda _, now: announcing.announce_programmes(now=now), timedelta(minutes=5)),
    Task("remind_undecided", lambda _, now: announcing.remind_undecided(now=now), timedelta(minutes=15)),
    Task("remind_coming", lambda _, now: reminding.remind_due(now=now), timedelta(minutes=5)),
    Task("thank_who_was_there", lambda _, now: thanking.thank_due(now=now), timedelta(minutes=1)),
    Task("send_mailings", lambda _, now: mailing.start_due(now=now), timedelta(seconds=30)),
    Task("follow_circles", lambda _, now: circle_meetings.follow_everywhere(now=now), timedelta(minutes=1)),
    Task("write_looks", lambda _, now: looking.write_what_waits(), timedelta(seconds=30)),
    Task("reconcile", _reconcile, timedelta(minutes=2), asks_provider=True),
    Task("send_refunds", _send_refunds, timedelta(seconds=30), asks_provider=True),
    Task("reconcile_nightly", _reconcile_nightly, nightly_at=time(3, 10), asks_provider=True),
    Task("remind_invited", lambda _, now: inviting.remind_due(now=now), timedelta(minutes=15)),
    Task("issue_invoices", lambda _, now: invoicing.issue_due(now=now), timedelta(minutes=5)),
    Task("credit_what_waits", lambda _, now: following.credit_what_waits(now=now), timedelta(minutes=5)),
    Task("follow_bank_money", lambda _, now: bank_refunds.follow_everywhere(now=now), nightly_at=time(3, 20)),
    Task("draw_invoices", lambda _, now: invoice_papers.draw_due(now=now), timedelta(seconds=30)),
    Task("remind_unpaid_invoices", lambda _, now: invoice_papers.remind_due(now=now), timedelta(hours=1)),
    Task("privacy_sweep", _privacy_sweep, nightly_at=time(3, 40)),
)
ASKING = tuple(task for task in TASKS if task.asks_provider)
ALONE = tuple(task for task in TASKS if not task.asks_provider)


def prepare(tasks: tuple[Task, ...] = TASKS, *, now: datetime) -> None:
    """Give every task its line in the database: due at once, or the coming night."""
    try:
        with transaction() as session:
            known = set(session.scalars(sa.select(PeriodicTask.name)))
            for task in tasks:
                if task.name not in known:
                    session.add(PeriodicTask(name=task.name, due_at=task.next_due(now) if task.nightly else now))
    except IntegrityError:
        # Another worker started in the same moment and wrote the same lines.
        prepare(tasks, now=now)


def beat(*, now: datetime) -> None:
    """Leave a sign of life; one of the last ten seconds is left as it is, so that an idle worker hardly writes."""
    last = db.session.scalar(sa.select(Heartbeat.beat_at).where(Heartbeat.name == WORKER))
    db.session.rollback()
    if last is not None and timedelta(0) <= now - last < BEAT_EVERY:
        return
    try:
        with transaction() as session:
            session.merge(Heartbeat(name=WORKER, beat_at=now))
    except IntegrityError:
        # Another worker left the very first sign of life in this moment: that one will do.
        log.debug("another worker was first")


def due(tasks: tuple[Task, ...] = TASKS, *, now: datetime, at_once: bool = False) -> list[Task]:
    """Tasks that are due. `at_once` takes the ones that have an interval whether that has passed or not."""
    lines = sa.select(PeriodicTask.name).where(sa.or_(*(_is_due(task, now) for task in tasks)))
    waiting = set(db.session.scalars(lines))
    db.session.rollback()
    return [task for task in tasks if task.name in waiting or (at_once and not task.nightly)]


def run(task: Task, gateway: Gateway | None, *, now: datetime, at_once: bool = False) -> bool:
    """Run the task unless another worker has it or, without `at_once`, just had it. Answers whether it was ours.

    Whatever goes wrong is logged and noted on the line of the task, so that it stops no other task. Raises
    SQLAlchemyError when even that cannot be written; then `let_go` has to follow once it can.
    """
    if not _claim(task, now=now, at_once=at_once):
        return False
    error = ""
    try:
        task.run(gateway, now)
    except Exception as problem:
        log.exception("task %s failed", task.name)
        db.session.rollback()
        error = _short(problem)
    _finish(task, error, now=now)
    return True


def let_go(task: Task, *, started_at: datetime) -> None:
    """Give up the claim of a run of this moment that broke off, if it is still there: the task is due as it was."""
    _written(task, PeriodicTask.claimed_until == started_at + CLAIM_LASTS, claimed_until=None)


def _claim(task: Task, *, now: datetime, at_once: bool) -> bool:
    """One conditional update decides between workers."""
    free = sa.or_(PeriodicTask.claimed_until.is_(None), PeriodicTask.claimed_until <= now)
    is_due = sa.true() if at_once else _is_due(task, now)
    return _written(task, sa.and_(free, is_due), claimed_until=now + CLAIM_LASTS)


def _is_due(task: Task, now: datetime) -> sa.ColumnElement[bool]:
    """Its time has come; or it is further away than the task ever waits, as it last ran while the clock was ahead."""
    come = PeriodicTask.due_at <= now
    if task.every is not None:
        come = sa.or_(come, PeriodicTask.due_at > now + task.every + _CLOCKS_DIFFER)
    return sa.and_(PeriodicTask.name == task.name, come)


def _finish(task: Task, error: str, *, now: datetime) -> None:
    """Write down how it went, unless it took so long that another worker has claimed it since."""
    _written(
        task,
        PeriodicTask.claimed_until == now + CLAIM_LASTS,
        due_at=task.due_after_error(now) if error else task.next_due(now),
        claimed_until=None,
        last_run_at=now,
        last_error=error,
    )


def _written(task: Task, when: sa.ColumnElement[bool], **values: object) -> bool:
    update = sa.update(PeriodicTask).where(PeriodicTask.name == task.name, when).values(**values)
    with transaction() as session:
        hit = session.scalar(update.returning(PeriodicTask.name).execution_options(synchronize_session=False))
    return hit is not None


def _short(problem: Exception) -> str:
    """The kind of error; only the provider's errors promise to quote nothing that a stranger should not read."""
    kind = type(problem).__name__
    return f"{kind}: {problem}"[:300] if isinstance(problem, GatewayError) else kind
