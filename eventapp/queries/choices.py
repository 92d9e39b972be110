"""What did people choose, and what is there to choose?"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.extensions import db
from eventapp.models import Breakout, Choice, Round


class Part(NamedTuple):
    """One part of somebody's day. `title` is empty when they chose nothing in this round."""

    round_id: int
    round: str
    starts_at: datetime
    ends_at: datetime
    title: str
    room: str
    slug: str
    speaks: bool
    cancelled: bool


def programme_of(registration_id: int) -> Sequence[Part]:
    """What this person does in each round they chose for, in the order of the day."""
    return programmes_of([registration_id])[registration_id]


def programmes_of(registration_ids: Collection[int]) -> dict[int, list[Part]]:
    """The same for several at once, by the id of the registration."""
    found: dict[int, list[Part]] = {one: [] for one in registration_ids}
    rows = db.session.execute(
        sa.select(
            Choice.registration_id,
            Round.id,
            Round.title,
            Round.starts_at,
            Round.ends_at,
            Breakout.title,
            Breakout.room,
            Breakout.slug,
            Choice.speaks,
            Breakout.cancelled_at,
        )
        .join(Choice, Choice.round_id == Round.id)
        .outerjoin(Breakout, Breakout.id == Choice.breakout_id)
        .where(Choice.registration_id.in_(found))
        .order_by(Round.starts_at, Round.id)
    )
    for row in rows:
        part = Part(*row[1:5], row[5] or "", row[6] or "", row[7] or "", row[8], row[9] is not None)
        found[row[0]].append(part)
    return found
