"""Can the house serve, does the worker work, and do counts and journal agree with what they are about?"""

import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.pricing import Category
from eventapp.domain.registrations import HOLDING, State
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.models import (
    ORGANISATION,
    Capacity,
    Event,
    Heartbeat,
    MailState,
    OutboxMail,
    PeriodicTask,
    PlaceHold,
    Registration,
    WaitingEntry,
)
from eventapp.queries.held_parts import superfluous_and_missing
from eventapp.queries.money import wrong_dues

WORKER, BACKUP = "worker", "backup"
WORKER_LATE_AFTER = timedelta(minutes=2)
# One night may be missed, by a machine that was off.
BACKUP_LATE_AFTER = timedelta(days=2)
MAIL_STUCK_AFTER = timedelta(hours=1)
_REVISION = re.compile(r"^(revision|down_revision) = [\"'](\w+)[\"']", re.MULTILINE)
_MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


class Schema(NamedTuple):
    """The revisions the database is at, and those the code was written for."""

    present: frozenset[str]
    wanted: frozenset[str]

    @property
    def at_head(self) -> bool:
        return self.present == self.wanted


class Miscount(NamedTuple):
    """A limited thing whose books are wrong, in a few words for the administrator."""

    event: str
    problem: str


def schema() -> Schema:
    """Asks the database, so it raises SQLAlchemyError when that does not answer."""
    connection = db.session.connection()
    migrated = sa.inspect(connection).has_table("alembic_version")
    present = connection.scalars(sa.text("SELECT version_num FROM alembic_version")).all() if migrated else []
    return Schema(frozenset(present), _wanted_revisions())


def known_revisions() -> frozenset[str]:
    """Every revision that this release can bring a database to."""
    return _revisions()[0]


def _wanted_revisions() -> frozenset[str]:
    """The revisions that no other builds on."""
    known, built_on = _revisions()
    return known - built_on


@cache
def _revisions() -> tuple[frozenset[str], frozenset[str]]:
    """All of them, and those that another builds on.

    Read as text: Alembic costs the web server memory for nothing else.
    """
    found = {kind: set[str]() for kind in ("revision", "down_revision")}
    for path in (_MIGRATIONS / "versions").glob("*.py"):
        for kind, name in _REVISION.findall(path.read_text()):
            found[kind].add(name)
    return frozenset(found["revision"]), frozenset(found["down_revision"])


def worker_seen_at() -> datetime | None:
    """When a worker was last alive; None when none ever was."""
    return db.session.scalar(sa.select(Heartbeat.beat_at).where(Heartbeat.name == WORKER))


def worker_late(*, now: datetime) -> bool:
    """Whether no worker gave a sign of life for two minutes."""
    seen_at = worker_seen_at()
    return seen_at is None or now - seen_at > WORKER_LATE_AFTER


def backup_made_at() -> datetime | None:
    """When `eventapp backup` was last carried through; None when it never was here."""
    return db.session.scalar(sa.select(Heartbeat.beat_at).where(Heartbeat.name == BACKUP))


def failing_tasks() -> list[tuple[str, str]]:
    """Periodic tasks whose last run failed, with the kind of error."""
    query = sa.select(PeriodicTask.name, PeriodicTask.last_error).where(PeriodicTask.last_error != "")
    return [(name, error) for name, error in db.session.execute(query.order_by(PeriodicTask.name))]


def stuck_mails(*, now: datetime) -> int:
    """Mails that were given up, or that wait for more than an hour."""
    waits = sa.and_(
        OutboxMail.state.in_((MailState.WAITING, MailState.SENDING)), OutboxMail.created_at < now - MAIL_STUCK_AFTER
    )
    query = sa.select(sa.func.count()).select_from(OutboxMail)
    return db.session.scalar(query.where(sa.or_(OutboxMail.state == MailState.FAILED, waits))) or 0


def miscounts() -> list[Miscount]:
    """Where a count is not the number of rows it counts, or a state, a choice, their holds and dues contradict."""
    return [*_wrong_counts(), *_wrong_holds(), *_wrong_parts(), *_wrong_dues()]


def _wrong_counts() -> list[Miscount]:
    held = (
        sa.select(sa.func.count())
        .where(PlaceHold.capacity_id == Capacity.id)
        .correlate(Capacity)
        .scalar_subquery()
        .label("held")
    )
    line = (
        sa.select(sa.func.count())
        .where(WaitingEntry.capacity_id == Capacity.id, WaitingEntry.state == EntryState.WAITING)
        .correlate(Capacity)
        .scalar_subquery()
        .label("line")
    )
    rows = db.session.execute(
        sa.select(
            Event.slug, Capacity.kind, Capacity.taken, Capacity.waiting, Capacity.size, Capacity.allowance, held, line
        )
        .join(Event, Event.id == Capacity.event_id)
        .order_by(Capacity.id)
    )
    found = []
    for row in rows:
        if row.taken != row.held:
            found.append(Miscount(row.slug, f"{row.kind}: {row.taken} taken, {row.held} held"))
        if row.waiting != row.line:
            found.append(Miscount(row.slug, f"{row.kind}: {row.waiting} waiting, {row.line} in line"))
        if row.allowance < 0 or (row.allowance and row.size is None):
            found.append(Miscount(row.slug, f"{row.kind}: allowance {row.allowance} with size {row.size}"))
    return found


def _wrong_holds() -> list[Miscount]:
    """Without a hold an unconfirmed registration may be (against flooding); a confirmed or unpaid one may not."""
    holds = sa.exists().where(PlaceHold.registration_id == Registration.id)
    limited = sa.exists().where(Capacity.event_id == Registration.event_id)
    must = Registration.state.in_((State.CONFIRMED, State.AWAITING_PAYMENT, State.OFFERED))
    wrong = sa.or_(
        sa.and_(holds, Registration.state.not_in(HOLDING)),
        sa.and_(~holds, limited, must, Registration.counts),
        sa.and_(holds, ~Registration.counts),
        sa.and_(holds, _free_place_differs()),
    )
    rows = db.session.execute(
        sa.select(Event.slug, Registration.id, Registration.state)
        .join(Event, Event.id == Registration.event_id)
        .where(wrong)
        .order_by(Registration.id)
    )
    return [
        Miscount(slug, f"registration {number} is {state} and its place says otherwise") for slug, number, state in rows
    ]


def _wrong_parts() -> list[Miscount]:
    superfluous, missing = superfluous_and_missing()
    told = [(number, f"holds {kind} {ref} and should not") for number, kind, ref in superfluous]
    told += [(number, f"does not hold {kind} {ref}") for number, kind, ref in missing]
    of_event = sa.select(Registration.id, Event.slug).join(Event, Event.id == Registration.event_id)
    concerned = of_event.where(Registration.id.in_({number for number, _ in told}))
    slugs = {row.id: row.slug for row in db.session.execute(concerned)} if told else {}
    return [Miscount(slugs[number], f"registration {number} {problem}") for number, problem in told]


def _wrong_dues() -> list[Miscount]:
    """What a registration owes is in the journal, or the figures of a day past would not stay what they were."""
    return [
        Miscount(slug, f"registration {number} owes {owed} cents, the journal says {written}")
        for slug, number, owed, written in wrong_dues()
    ]


def _free_place_differs() -> sa.ColumnElement[bool]:
    """Where the event limits them, who counts holds a free place of the own organisation; nobody else ever does."""
    of_organisation = sa.exists().where(
        PlaceHold.registration_id == Registration.id,
        PlaceHold.capacity_id == Capacity.id,
        Capacity.kind == ORGANISATION,
    )
    own = of_organisation.where(Capacity.ref == sa.cast(Registration.organisation_id, sa.String))
    counts = sa.and_(
        Registration.category == Category.LID,
        Registration.price_cents == 0,
        Registration.lowered_cents == 0,
        Registration.organisation_id.is_not(None),
    )
    return sa.or_(
        sa.and_(of_organisation, ~sa.and_(own, counts)), sa.and_(counts, Event.free_per_organisation.is_not(None), ~own)
    )
