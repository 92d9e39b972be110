"""The programme of an event as the office reads it: rounds, breakouts, how full they are, who presents."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp.domain.registrations import HOLDING
from eventapp.domain.waiting import IN_LINE
from eventapp.extensions import db
from eventapp.models import Breakout, BreakoutRound, Capacity, Choice, Person, Registration, Round, WaitingEntry


class Presenter(NamedTuple):
    """Somebody who stands in front of a breakout."""

    registration_id: int
    given_name: str
    infix: str
    family_name: str
    organisation: str


class InRoom(NamedTuple):
    """What goes on in a room during a round. `taken` and `size` (None: no limit) are those of the breakout."""

    round: str
    starts_at: datetime
    ends_at: datetime
    title: str
    speakers: str
    taken: int
    size: int | None


def rounds_of(event_id: int) -> list[Round]:
    """In the order of the day."""
    own = sa.select(Round).where(Round.event_id == event_id)
    return list(db.session.scalars(own.order_by(Round.starts_at, Round.id)))


def round_by_id(event_id: int, round_id: int) -> Round | None:
    return db.session.scalar(sa.select(Round).where(Round.event_id == event_id, Round.id == round_id))


def breakouts_of(event_id: int) -> list[Breakout]:
    """Every breakout with its places, those that do not take place among them, in the order of the office."""
    own = sa.select(Breakout).where(Breakout.event_id == event_id).options(selectinload(Breakout.capacity))
    return list(db.session.scalars(own.order_by(Breakout.position, Breakout.id)))


def breakout_by_slug(event_id: int, slug: str) -> Breakout | None:
    return db.session.scalar(sa.select(Breakout).where(Breakout.event_id == event_id, Breakout.slug == slug))


def presenters_of(event_id: int) -> dict[int, list[Presenter]]:
    """Who presents what, by the id of the breakout; by name, each once."""
    rows = db.session.execute(
        sa.select(
            Choice.breakout_id,
            Registration.id,
            Person.given_name,
            Person.infix,
            Person.family_name,
            Registration.organisation_name,
            Person.sort_key,
        )
        .join(Registration, Registration.id == Choice.registration_id)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.event_id == event_id, Choice.speaks, Registration.state.in_(HOLDING))
        .distinct()
        .order_by(Person.sort_key, Registration.id)
    )
    found: dict[int, list[Presenter]] = defaultdict(list)
    for row in rows:
        found[row[0] or 0].append(Presenter(*row[1:6]))
    return found


def concerned_by(breakout_id: int) -> int:
    """How many people a cancelled or moved breakout concerns: whoever chose it, presents it or waits for it."""
    chosen = sa.select(Choice.registration_id).where(Choice.breakout_id == breakout_id)
    waits = sa.select(WaitingEntry.registration_id).where(
        WaitingEntry.breakout_id == breakout_id, WaitingEntry.state.in_(IN_LINE)
    )
    both = chosen.union(waits).subquery()
    living = sa.select(sa.func.count()).select_from(both).join(Registration, Registration.id == both.c[0])
    return db.session.scalar(living.where(Registration.state.in_(HOLDING))) or 0


def touched(breakout_id: int) -> bool:
    """Whether anybody ever chose it or waited for it."""
    chosen = sa.select(Choice.breakout_id).where(Choice.breakout_id == breakout_id)
    waited = sa.select(WaitingEntry.breakout_id).where(WaitingEntry.breakout_id == breakout_id)
    return db.session.scalar(sa.union_all(chosen, waited).limit(1)) is not None


def undecided(now: datetime) -> sa.ColumnElement[bool]:
    """Whether a registration has said nothing yet about a round that is open and asks for a choice."""
    mine = sa.and_(Choice.registration_id == Registration.id, Choice.round_id == Round.id)
    said = sa.exists().where(mine).correlate(Registration, Round)
    opened = sa.or_(Round.opens_at.is_(None), Round.opens_at <= now)
    asks = sa.exists().where(Round.event_id == Registration.event_id, Round.optional.is_(False), opened, ~said)
    asks = asks.correlate(Registration)
    return sa.and_(Registration.state.in_(HOLDING), Registration.counts, asks)


def count_undecided(event_id: int, *, now: datetime) -> int:
    """How many of those who come have still to choose."""
    found = sa.select(sa.func.count()).select_from(Registration).where(Registration.event_id == event_id)
    return db.session.scalar(found.where(undecided(now))) or 0


def chosen_by(registration_ids: Iterable[int]) -> dict[int, list[str]]:
    """What these people do, by registration, in the order of the day; a breakout that goes on once, none not at all."""
    rows = db.session.execute(
        sa.select(Choice.registration_id, Breakout.title)
        .join(Round, Round.id == Choice.round_id)
        .join(Breakout, Breakout.id == Choice.breakout_id)
        .where(Choice.registration_id.in_(list(registration_ids)))
        .order_by(Choice.registration_id, Round.starts_at, Round.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for registration_id, title in rows:
        if title not in found[registration_id]:
            found[registration_id].append(title)
    return found


def room_list(event_id: int) -> Sequence[tuple[str, list[InRoom]]]:
    """Per room what goes on there, in the order of the day; breakouts without a room come last, under ''."""
    rows = db.session.execute(
        sa.select(
            Breakout.room,
            Round.title,
            Round.starts_at,
            Round.ends_at,
            Breakout.title,
            Breakout.speakers,
            Capacity.taken,
            Capacity.size,
        )
        .join(BreakoutRound, BreakoutRound.breakout_id == Breakout.id)
        .join(Round, Round.id == BreakoutRound.round_id)
        .join(Breakout.capacity)
        .where(Breakout.event_id == event_id, Breakout.cancelled_at.is_(None))
        .order_by(Round.starts_at, Round.id, Breakout.position, Breakout.id)
    )
    rooms: dict[str, list[InRoom]] = defaultdict(list)
    for row in rows:
        rooms[row[0]].append(InRoom(*row[1:]))
    return sorted(rooms.items(), key=lambda item: (not item[0], item[0].casefold()))
