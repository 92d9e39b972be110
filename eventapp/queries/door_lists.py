"""Whom does the door expect, on paper and on a screen to tick? In the order of Dutch lists."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from eventapp import formatting
from eventapp.domain.events import EventForm
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import LIVE, State
from eventapp.extensions import db
from eventapp.models import Breakout, Choice, Person, Presence, Registration, Round


class Expected(NamedTuple):
    """One person. `came_at` is when they came in first, None for who did not; `by_hand` when no door saw that.

    `rooms` is where they go, in the order of the day.
    """

    registration_id: int
    given_name: str
    infix: str
    family_name: str
    organisation: str
    category: Category
    state: State
    attends: EventForm
    came_at: datetime | None
    by_hand: bool
    address: str = ""
    rooms: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        return formatting.full_name(self.given_name, self.infix, self.family_name) or "(gewist)"

    @property
    def sort_name(self) -> str:
        return formatting.sort_name(self.given_name, self.infix, self.family_name) or "(gewist)"


def expected_at(event_id: int, *, unsure: bool = False) -> list[Expected]:
    """Everybody with a place, and whoever came in without; `unsure` adds who still has to pay, confirm or wait."""
    states = tuple(LIVE) if unsure else (State.CONFIRMED,)
    rooms = _rooms(event_id) if unsure else {}
    return [_expected(row, tuple(rooms.get(row.id, ()))) for row in _rows(event_id, states)]


def _expected(row: sa.Row, rooms: tuple[str, ...]) -> Expected:
    return Expected(
        registration_id=row.id,
        given_name=row.given_name,
        infix=row.infix,
        family_name=row.family_name,
        organisation=row.organisation_name,
        category=row.category,
        state=row.state,
        attends=row.attends,
        came_at=row.came_at,
        by_hand=row.came_at is not None and row.device_id is None,
        address=row.address,
        rooms=rooms,
    )


def _rows(event_id: int, states: Sequence[State]) -> Sequence[sa.Row]:
    present = sa.and_(Presence.registration_id == Registration.id, Presence.session == "")
    return db.session.execute(
        sa.select(
            Registration.id,
            Person.given_name,
            Person.infix,
            Person.family_name,
            Registration.organisation_name,
            Registration.category,
            Registration.state,
            Registration.attends,
            Presence.first_in_at.label("came_at"),
            Presence.device_id,
            Registration.address,
        )
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Presence, present)
        .where(
            Registration.event_id == event_id,
            sa.or_(Registration.state.in_(states), Presence.first_in_at.is_not(None)),
        )
        .order_by(Person.sort_key, Registration.id)
    ).all()


def _rooms(event_id: int) -> dict[int, list[str]]:
    """What everybody chose, by its room where that is known."""
    chosen = db.session.execute(
        sa.select(Choice.registration_id, Breakout.room, Breakout.title)
        .join(Breakout, Breakout.id == Choice.breakout_id)
        .join(Round, Round.id == Choice.round_id)
        .where(Breakout.event_id == event_id, Breakout.cancelled_at.is_(None))
        .order_by(Round.starts_at, Round.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for registration_id, room, title in chosen:
        found[registration_id].append(room or title)
    return found
