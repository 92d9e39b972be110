"""How full is it now, who came when, and who is not there yet? A few counts, since screens ask every few seconds."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from eventapp.domain.arrivals import Stretch, arrivals
from eventapp.domain.events import EventForm
from eventapp.domain.pricing import CATEGORY_ORDER, Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.formatting import clock, full_name
from eventapp.models import Breakout, BreakoutRound, Choice, Person, Presence, Registration, Round, Scan
from eventapp.queries.scanned import open_conflict

MOST_MISSING = 100


class Part(NamedTuple):
    """So many are expected, came, and are inside now; who came without a place counts as expected."""

    name: str
    expected: int
    came: int
    inside: int
    detail: str = ""


class Live(NamedTuple):
    """How it stands at an event. `missing` names the first of who is not there yet, `missing_count` is all of them."""

    whole: Part
    categories: Sequence[tuple[Category, Part]]
    ways: Sequence[tuple[EventForm, Part]]
    sessions: Sequence[Part]
    arrivals: Sequence[Stretch]
    missing: Sequence[tuple[str, str]]
    missing_count: int
    conflicts: int


def glance(event_id: int) -> tuple[object, ...]:
    """Differs as soon as what `live_at` says may differ."""
    mine = Registration.event_id == event_id
    choices = sa.select(sa.func.max(Choice.chosen_at), sa.func.count()).join(
        Registration, Registration.id == Choice.registration_id
    )
    registrations = sa.select(
        sa.func.count(), sa.func.max(Registration.confirmed_at), sa.func.max(Registration.cancelled_at)
    ).where(mine, Registration.state == State.CONFIRMED)
    scans = sa.select(sa.func.max(Scan.id)).where(Scan.event_id == event_id)
    rows = (db.session.execute(query).one() for query in (scans, registrations, choices.where(mine)))
    return tuple(value for row in rows for value in row)


def live_at(event_id: int, *, names: bool) -> Live:
    """How it stands now; without `names` nobody is named."""
    counted = _counts(event_id)
    by_category: dict[Category, list[int]] = defaultdict(lambda: [0, 0, 0])
    by_way: dict[EventForm, list[int]] = defaultdict(lambda: [0, 0, 0])
    for category, attends, *numbers in counted:
        for total in (by_category[category], by_way[attends]):
            total[:] = [one + more for one, more in zip(total, numbers, strict=True)]
    whole = _part([sum(row[place] for row in counted) for place in (2, 3, 4)])
    in_order = sorted(by_category.items(), key=lambda row: CATEGORY_ORDER[row[0]])
    return Live(
        whole=whole,
        categories=[(category, _part(numbers)) for category, numbers in in_order],
        ways=[(way, _part(numbers)) for way, numbers in sorted(by_way.items())],
        sessions=_sessions(event_id),
        arrivals=arrivals(_moments(event_id)),
        missing=_missing(event_id) if names else [],
        missing_count=whole.expected - whole.came,
        conflicts=db.session.scalar(sa.select(sa.func.count(Scan.id)).where(open_conflict(event_id))) or 0,
    )


def _part(numbers: Sequence[int]) -> Part:
    expected, came, inside = numbers
    return Part("", expected, came, inside)


_PRESENT = sa.and_(Presence.registration_id == Registration.id, Presence.session == "")


def _counts(event_id: int) -> Sequence[sa.Row]:
    return db.session.execute(
        sa.select(
            Registration.category,
            Registration.attends,
            sa.func.count(Registration.id),
            sa.func.count(Presence.first_in_at),
            sa.func.count(Presence.inside_since),
        )
        .outerjoin(Presence, _PRESENT)
        .where(
            Registration.event_id == event_id,
            sa.or_(Registration.state == State.CONFIRMED, Presence.first_in_at.is_not(None)),
        )
        .group_by(Registration.category, Registration.attends)
    ).all()


def _moments(event_id: int) -> Sequence[datetime]:
    came = sa.select(Presence.first_in_at).where(
        Presence.event_id == event_id, Presence.session == "", Presence.first_in_at.is_not(None)
    )
    return [moment for moment in db.session.scalars(came) if moment]


def _missing(event_id: int) -> list[tuple[str, str]]:
    rows = db.session.execute(
        sa.select(Person.given_name, Person.infix, Person.family_name, Registration.organisation_name)
        .join(Registration, Registration.person_id == Person.id)
        .outerjoin(Presence, _PRESENT)
        .where(
            Registration.event_id == event_id,
            Registration.state == State.CONFIRMED,
            Presence.first_in_at.is_(None),
        )
        .order_by(Person.sort_key, Registration.id)
        .limit(MOST_MISSING)
    )
    return [(full_name(row[0], row[1], row[2]), row[3]) for row in rows]


def _sessions(event_id: int) -> list[Part]:
    """The breakouts in the order of the day: who chose each, and whom its own door saw."""
    chose = _by_breakout(
        sa.select(Choice.breakout_id, sa.func.count(sa.distinct(Choice.registration_id)))
        .join(Registration, Registration.id == Choice.registration_id)
        .where(Registration.event_id == event_id, Registration.state == State.CONFIRMED)
        .group_by(Choice.breakout_id)
    )
    seen = {
        row[0]: (row[1], row[2])
        for row in db.session.execute(
            sa.select(Presence.session, sa.func.count(Presence.first_in_at), sa.func.count(Presence.inside_since))
            .where(Presence.event_id == event_id, Presence.session != "")
            .group_by(Presence.session)
        )
    }
    breakouts = db.session.execute(
        sa.select(Breakout.id, Breakout.slug, Breakout.title, Breakout.room, sa.func.min(Round.starts_at).label("at"))
        .join(BreakoutRound, BreakoutRound.breakout_id == Breakout.id)
        .join(Round, Round.id == BreakoutRound.round_id)
        .where(Breakout.event_id == event_id, Breakout.cancelled_at.is_(None))
        .group_by(Breakout.id, Breakout.slug, Breakout.title, Breakout.room, Breakout.position)
        .order_by("at", Breakout.position, Breakout.id)
    )
    return [
        Part(
            row.title,
            chose.get(row.id, 0),
            *seen.get(row.slug, (0, 0)),
            detail=" ".join(filter(None, (clock(row.at), row.room))),
        )
        for row in breakouts
    ]


def _by_breakout(query: sa.Select) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(query) if row[0]}
