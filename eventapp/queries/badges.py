"""Whose badge is there to print, how did each read the last time, and what hangs at which room?"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from eventapp.domain.admission import TicketState
from eventapp.domain.badges import Badge
from eventapp.domain.events import EventForm
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import (
    BadgePrint,
    BadgePrintLine,
    Breakout,
    BreakoutRound,
    Event,
    Person,
    PhotoChoice,
    Registration,
    Round,
    Ticket,
)


class InRoom(NamedTuple):
    """A breakout in a round: `until` is when it ends, later than the round where it goes on."""

    breakout_id: int
    room: str
    round: str
    starts_at: datetime
    ends_at: datetime
    until: datetime
    title: str
    speakers: str


def badges_of(event_id: int) -> list[Badge]:
    """The badge of everybody who is confirmed and comes to the place itself; who joins by video needs none."""
    live = sa.and_(Ticket.registration_id == Registration.id, Ticket.state == TicketState.VALID)
    rows = db.session.execute(
        sa.select(
            Registration.id,
            Person.given_name,
            Person.infix,
            Person.family_name,
            Registration.organisation_name,
            Registration.category,
            sa.func.coalesce(PhotoChoice.agreed, True).is_(False),
            sa.func.coalesce(Ticket.code, ""),
        )
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .join(Event, Event.id == Registration.event_id)
        .outerjoin(PhotoChoice, PhotoChoice.registration_id == Registration.id)
        .outerjoin(Ticket, live)
        .where(
            Registration.event_id == event_id,
            Registration.state == State.CONFIRMED,
            Event.form != EventForm.ONLINE,
            sa.or_(Event.form == EventForm.FYSIEK, Registration.attends != EventForm.ONLINE),
            # Erased people have no name any more.
            sa.or_(Person.given_name != "", Person.family_name != ""),
        )
        .order_by(Registration.id)
    )
    found: list[tuple[Any, ...]] = [tuple(row) for row in rows]
    return [Badge(*row) for row in found]


def printed(event_id: int) -> dict[int, str]:
    """How the badge of each registration read when it was printed last."""
    rows = db.session.execute(
        sa.select(BadgePrintLine.registration_id, BadgePrintLine.digest)
        .join(BadgePrint, BadgePrint.id == BadgePrintLine.print_id)
        .where(BadgePrint.event_id == event_id)
        .order_by(BadgePrint.id)
    )
    return {row.registration_id: row.digest for row in rows}


def prints_of(event_id: int) -> Sequence[tuple[BadgePrint, int]]:
    """Every time that badges were made, the last one first, with how many it were."""
    number = sa.select(sa.func.count()).where(BadgePrintLine.print_id == BadgePrint.id).scalar_subquery()
    rows = sa.select(BadgePrint, number).where(BadgePrint.event_id == event_id).order_by(BadgePrint.id.desc())
    return [(row[0], row[1]) for row in db.session.execute(rows)]


def print_by_id(print_id: int) -> BadgePrint | None:
    """One of them with its lines."""
    return db.session.get(BadgePrint, print_id, options=[selectinload(BadgePrint.lines)])


def names_of(registration_ids: Iterable[int]) -> list[Person]:
    """The people of these registrations by name, without those who were erased."""
    wanted = sa.select(Person).join(Registration, Registration.person_id == Person.id)
    wanted = wanted.where(Registration.id.in_(list(registration_ids)), Person.erased_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Person.sort_key, Registration.id)))


def tickets_of(event_id: int, *, order_id: int | None = None, address: str | None = None) -> Sequence[Ticket]:
    """The valid tickets of an event by name; of one order, and of one mailbox, when they are given."""
    wanted = (
        sa.select(Ticket)
        .join(Ticket.registration)
        .join(Registration.person)
        .where(Registration.event_id == event_id, Registration.state == State.CONFIRMED)
        .where(Ticket.state == TicketState.VALID)
        .options(contains_eager(Ticket.registration).contains_eager(Registration.person))
        .order_by(Person.sort_key, Registration.id)
    )
    if order_id is not None:
        wanted = wanted.where(Registration.order_id == order_id)
    if address is not None:
        wanted = wanted.where(Registration.address == address)
    return db.session.scalars(wanted).all()


def in_rooms(event_id: int) -> list[InRoom]:
    """What goes on in each room in each round, by room and time; what has no room yet, or is off, is left out."""
    rows = db.session.execute(
        sa.select(
            Breakout.id, Breakout.room, Round.title, Round.starts_at, Round.ends_at, Breakout.title, Breakout.speakers
        )
        .join(BreakoutRound, BreakoutRound.breakout_id == Breakout.id)
        .join(Round, Round.id == BreakoutRound.round_id)
        .where(Breakout.event_id == event_id, Breakout.cancelled_at.is_(None), Breakout.room != "")
        .order_by(Round.starts_at, Round.id, Breakout.position, Breakout.id)
    ).all()
    until = {row[0]: row[4] for row in rows}
    found = [InRoom(*row[:5], until[row[0]], *row[5:]) for row in rows]
    return sorted(found, key=lambda one: one.room.casefold())
