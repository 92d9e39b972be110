""" "Programma open": everybody who is coming hears that they can choose, and who has not chosen is reminded once."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.events import EventState
from eventapp.domain.programme import remind_at
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Choice, Event, Registration, Round
from eventapp.services import mails
from eventapp.transaction import transaction

# Everybody else waits while mails are written, so they are written some at a time.
_AT_A_TIME = 50


def announce_programmes(*, now: datetime) -> int:
    """Tell everybody who is coming that a round opened, once per round. Returns how many mails were written."""
    opened = sa.and_(Round.announced_at.is_(None), Round.opens_at <= now)
    found = _of_coming_events(opened, now=now)
    return _in_turn("programme_open", found, Round.announced_at, now=now)


def remind_undecided(*, now: datetime) -> int:
    """Remind who is coming and said nothing for a round that asks for a choice, once per round. Returns how many."""
    waiting = sa.and_(Round.reminded_at.is_(None), sa.or_(Round.opens_at.is_(None), Round.opens_at <= now))
    found = _of_coming_events(sa.and_(waiting, Round.optional.is_(False)), now=now)
    due = [(event, one) for event, one in found if remind_at(opens_at=one.opens_at, starts_at=event.starts_at) <= now]
    return _in_turn("programme_reminder", due, Round.reminded_at, now=now)


def _of_coming_events(which: sa.ColumnElement[bool], *, now: datetime) -> list[tuple[Event, Round]]:
    coming = sa.and_(Event.state == EventState.PUBLISHED, Event.starts_at > now)
    rows = sa.select(Event, Round).join(Round, Round.event_id == Event.id).where(coming, which)
    found = [(event, one) for event, one in db.session.execute(rows.order_by(Event.id, Round.starts_at, Round.id))]
    return found


def _in_turn(
    kind: str,
    found: Sequence[tuple[Event, Round]],
    done: sa.orm.InstrumentedAttribute[datetime | None],
    *,
    now: datetime,
) -> int:
    """Per event: mail who it concerns, then note that it was done; a run that breaks off halfway repeats no mail."""
    by_event: dict[int, list[int]] = {}
    for event, one in found:
        by_event.setdefault(event.id, []).append(one.id)
    db.session.rollback()
    return sum(_tell(kind, event_id, round_ids, done, now=now) for event_id, round_ids in by_event.items())


def _tell(
    kind: str,
    event_id: int,
    round_ids: list[int],
    done: sa.orm.InstrumentedAttribute[datetime | None],
    *,
    now: datetime,
) -> int:
    undecided = list(db.session.scalars(_undecided(event_id, round_ids)))
    db.session.rollback()
    batches = [undecided[start : start + _AT_A_TIME] for start in range(0, len(undecided), _AT_A_TIME)]
    written = sum(_write(kind, batch, round_ids, now=now) for batch in batches)
    with transaction() as session:
        session.execute(sa.update(Round).where(Round.id.in_(round_ids)).values({done: now}))
    return written


def _undecided(event_id: int, round_ids: list[int]) -> sa.Select[int]:
    """Who is coming and said nothing yet for at least one of these rounds."""
    said = (
        sa.select(sa.func.count())
        .select_from(Choice)
        .where(Choice.registration_id == Registration.id, Choice.round_id.in_(round_ids))
        .scalar_subquery()
    )
    coming = sa.and_(Registration.event_id == event_id, Registration.state == State.CONFIRMED)
    return sa.select(Registration.id).where(coming, said < len(round_ids)).order_by(Registration.id)


def _write(kind: str, registration_ids: list[int], round_ids: list[int], *, now: datetime) -> int:
    with transaction() as session:
        found = session.scalars(sa.select(Registration).where(Registration.id.in_(registration_ids))).all()
        rounds = session.scalars(sa.select(Round).where(Round.id.in_(round_ids)).order_by(Round.starts_at)).all()
        key = "-".join(map(str, round_ids))
        coming = [registration for registration in found if registration.state == State.CONFIRMED]
        for registration in coming:
            mails.about(kind, registration, now=now, key=key, ticket=registration.ticket, rounds=rounds)
        return len(coming)
