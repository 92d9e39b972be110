"""Everybody concerned hears of a change: a few at once, many by a worker, so that the office need not wait for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.domain.actors import Actor
from eventapp.domain.event_details import IN_CALENDARS, EventDetails, Told, concerning
from eventapp.domain.events import EventForm
from eventapp.domain.jobs import OVER, JobKind
from eventapp.domain.registrations import HOLDING, State, hears_of_changes
from eventapp.domain.waiting import EntryState
from eventapp.extensions import db
from eventapp.mail.compose import write
from eventapp.models import Breakout, BreakoutRound, Job, Registration, Round, WaitingEntry
from eventapp.services import calendar_moves, jobs, mails
from eventapp.services.carrying_out import Work
from eventapp.transaction import transaction

# A mail takes some milliseconds, during which on SQLite everybody else who writes waits.
AT_ONCE = 50


class News(StrEnum):
    """What there is to tell."""

    EVENT_CHANGED = "event_changed"
    ROUND_MOVED = "round_moved"
    CHOOSE_AGAIN = "choose_again"


@dataclass(frozen=True)
class Earlier:
    """What an event said of its time, place and title before, as a job can carry it."""

    starts_at: datetime
    ends_at: datetime
    form: EventForm
    venue: str
    street: str
    postcode: str
    city: str
    title: str = ""

    @classmethod
    def of(cls, details: EventDetails) -> Self:
        return cls(**{name: getattr(details, name) for name in cls.__dataclass_fields__})

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Self:
        moments = {name: datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at")}
        return cls(**{**facts, **moments, "form": EventForm(facts["form"])})

    def facts(self) -> dict[str, Any]:
        """The same as plain values."""
        return {**asdict(self), "starts_at": self.starts_at.isoformat(), "ends_at": self.ends_at.isoformat()}


def tell(news: News, registration_ids: Sequence[int], facts: Mapping[str, Any], *, by: Actor, now: datetime) -> int:
    """Within a transaction: write to these people at once when they are few, by a job when they are many.

    Answers how many that is; who has withdrawn by the time of the writing hears nothing. `facts` are plain values.
    """
    with transaction():
        if len(registration_ids) <= AT_ONCE:
            _write(news, registration_ids, facts, now=now)
        else:
            parameters = {"news": news.value, "registrations": list(registration_ids), "facts": dict(facts)}
            jobs.enqueue(JobKind.TELL, parameters, by=by, now=now)
        return len(registration_ids)


def still_tells(breakout_id: int) -> bool:
    """Whether a job has yet to tell people that this breakout is off or elsewhere."""
    unfinished = sa.select(Job.parameters).where(Job.kind == JobKind.TELL, Job.state.not_in(OVER))
    return any(one["facts"].get("breakout_id") == breakout_id for one in db.session.scalars(unfinished))


def carry_out(work: Work) -> None:
    """The job: some people at a time, each of them once."""
    news, ids = News(work.parameters["news"]), work.parameters["registrations"]
    while work.done < len(ids):
        with work.batch():
            some = ids[work.done : work.done + AT_ONCE]
            _write(news, some, work.parameters["facts"], now=work.clock())
            work.step(work.done + len(some), total=len(ids))


def _write(news: News, registration_ids: Sequence[int], facts: Mapping[str, Any], *, now: datetime) -> None:
    found = sa.select(Registration).where(Registration.id.in_(registration_ids)).order_by(Registration.id)
    found = found.options(joinedload(Registration.person), joinedload(Registration.order))
    found = found.execution_options(populate_existing=True)
    writer = _WRITERS[news]
    for registration in db.session.scalars(found).all():
        writer(registration, facts, now)


def _event_changed(registration: Registration, facts: Mapping[str, Any], now: datetime) -> None:
    """What changed for them, with the calendar entry that follows: whoever changed it has raised that."""
    event, before = registration.event, Earlier.read(facts["before"])
    told = concerning(map(Told, facts["told"]), registration.attends, was=before.form, form=event.form)
    hears = hears_of_changes(registration.state, proven=registration.proven_at is not None)
    if not told or not hears or not mails.has_heard(registration):
        return
    comes = registration.state == State.CONFIRMED
    write(
        "event_changed",
        mails.to_person(registration),
        purpose=f"event_changed-{registration.id}-{facts['version']}",
        now=now,
        attachments=_entry(registration) if comes and IN_CALENDARS.intersection(told) else [],
        event=event,
        before=before,
        told=told,
        moved=facts["moved"],
        ticket=registration.ticket if comes else None,
        waits="" if comes else registration.state.value,
        entry=None if comes else _in_line(registration),
        order=registration.order if registration.is_bookers else None,
    )


def _in_line(registration: Registration) -> WaitingEntry | None:
    """Where they wait for a place at the event itself, if they do."""
    found = sa.select(WaitingEntry).where(
        WaitingEntry.registration_id == registration.id,
        WaitingEntry.breakout_id.is_(None),
        WaitingEntry.state.in_((EntryState.WAITING, EntryState.OFFERED)),
    )
    return db.session.scalars(found).first()


def _round_moved(registration: Registration, _facts: Mapping[str, Any], now: datetime) -> None:
    if registration.state == State.CONFIRMED:
        calendar_moves.move(registration, now=now)
        mails.programme_changed(registration, now=now)


def _choose_again(registration: Registration, facts: Mapping[str, Any], now: datetime) -> None:
    """Their breakout is off or elsewhere; `chose` and `presents` say who did what there, all others waited for it."""
    breakout = db.session.get(Breakout, facts["breakout_id"])
    if breakout is None or registration.state not in HOLDING:
        return
    confirmed = registration.state == State.CONFIRMED
    if confirmed:
        calendar_moves.move(registration, now=now)
    write(
        "choose_again",
        mails.to_person(registration),
        purpose=f"choose_again-{registration.id}-{breakout.id}-{facts['key']}",
        now=now,
        attachments=_entry(registration) if confirmed else [],
        event=registration.event,
        ticket=registration.ticket,
        breakout=breakout,
        rounds=_rounds_of(breakout),
        chose=registration.id in facts["chose"],
        presents=registration.id in facts["presents"],
    )


_WRITERS: Mapping[News, Callable[[Registration, Mapping[str, Any], datetime], None]] = {
    News.EVENT_CHANGED: _event_changed,
    News.ROUND_MOVED: _round_moved,
    News.CHOOSE_AGAIN: _choose_again,
}


def _entry(registration: Registration) -> list[dict[str, Any]]:
    return [{"draw": "invitation", "registration_id": registration.id, "method": "REQUEST"}]


def _rounds_of(breakout: Breakout) -> list[Round]:
    """Where the breakout is now, in the order of the day."""
    filled = sa.select(Round).join(BreakoutRound).where(BreakoutRound.breakout_id == breakout.id)
    return list(db.session.scalars(filled.order_by(Round.starts_at, Round.id)))
