"""What was scanned before, and where did two doors contradict each other?"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventapp.domain.admission import Action, Result
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.formatting import full_name
from eventapp.models import ApiToken, HandOver, Person, Registration, Scan

_SCANS: sa.Table = Scan.__table__
_ONE = sa.select(_SCANS).where(_SCANS.c.scan_id == sa.bindparam("scan_id"))
_MANY = sa.select(_SCANS).where(_SCANS.c.scan_id.in_(sa.bindparam("scan_ids", expanding=True)))
_REGISTRATIONS = (
    sa.select(_SCANS.c.registration_id)
    .where(_SCANS.c.registration_id.in_(sa.bindparam("ids", expanding=True)))
    .distinct()
)


class Sighting(NamedTuple):
    """Somebody at one door. `result` is what it came to.

    `newcomer` is who was let in instead, though that could not be.
    """

    device_id: int | None
    door: str
    at: datetime
    result: Result
    newcomer: str = ""


class Conflict(NamedTuple):
    """What the organiser must see: one person, let in at several doors or with a ticket that was worth nothing.

    Who did not come out and in again was let in twice. Without a registration nobody knows who it was.
    """

    registration_id: int | None
    name: str
    session: str
    sightings: Sequence[Sighting]


def kept_scan(scan_id: str) -> sa.Row[Any] | None:
    return db.session.execute(_ONE, {"scan_id": scan_id}).first()


def kept_scans(scan_ids: Iterable[str]) -> Mapping[str, sa.Row[Any]]:
    """The scans that were kept of these, by their id."""
    return {row.scan_id: row for row in db.session.execute(_MANY, {"scan_ids": list(scan_ids)})}


def scanned_before(registration_ids: Iterable[int]) -> frozenset[int]:
    """Which of these people were scanned before, with whatever outcome."""
    return frozenset(db.session.scalars(_REGISTRATIONS, {"ids": list(registration_ids)}))


def open_conflict(event_id: int) -> sa.ColumnElement[bool]:
    """Of the scans of an event those that contradict another door or our books.

    A scan that was taken back let nobody in: by hand, or by a phone that learnt better while it was on its screen.
    """
    return sa.and_(Scan.event_id == event_id, Scan.conflict, Scan.scan_id.not_in(_taken_back(event_id)))


def _taken_back(event_id: int) -> sa.Select[Any]:
    other = aliased(Scan)
    undone = (other.event_id == event_id, other.action == Action.UNDO, other.result == Result.UNDONE)
    return sa.select(other.undoes).where(*undone, other.undoes.is_not(None))


def conflicts(event_id: int) -> Sequence[Conflict]:
    """Every contradiction at the doors of an event, the latest first, with all that was seen of that person there."""
    marked = db.session.execute(
        sa.select(Scan.id, Scan.registration_id, Scan.session)
        .where(open_conflict(event_id))
        .order_by(Scan.counted_at.desc(), Scan.id.desc())
    ).all()
    seen = _sightings(event_id, {row.registration_id for row in marked if row.registration_id})
    names = _names({row.registration_id for row in marked if row.registration_id})
    found: dict[tuple[int | None, str, int | None], Conflict] = {}
    for row in marked:
        # Without a registration each scan is a case of its own.
        key = (row.registration_id, row.session, None if row.registration_id else row.id)
        sightings = seen.get((row.registration_id, row.session)) or [_sighting(row.id)]
        found.setdefault(key, Conflict(row.registration_id, names.get(row.registration_id, ""), row.session, sightings))
    return list(found.values())


_SIGHTING = (
    sa.select(
        Scan.scan_id, Scan.registration_id, Scan.session, Scan.device_id, ApiToken.name, Scan.counted_at, Scan.result
    )
    .select_from(Scan)
    .outerjoin(ApiToken, ApiToken.id == Scan.device_id)
)


def _sightings(event_id: int, registration_ids: set[int]) -> dict[tuple[int | None, str], list[Sighting]]:
    rows = db.session.execute(
        _SIGHTING.where(
            Scan.event_id == event_id,
            Scan.scan_id.not_in(_taken_back(event_id)),
            Scan.registration_id.in_(registration_ids),
            Scan.action.in_((Action.IN, Action.OVERRIDE, Action.SWAP)),
            sa.or_(Scan.result.in_((Result.ADMITTED, Result.OVERRIDDEN, Result.SWAPPED)), Scan.conflict),
        ).order_by(Scan.counted_at, Scan.id)
    ).all()
    newcomers = _newcomers(row.scan_id for row in rows if row.result == Result.NOT_SWAPPED)
    found: dict[tuple[int | None, str], list[Sighting]] = {}
    for row in rows:
        newcomer = newcomers.get(row.scan_id, "")
        sighting = Sighting(row.device_id, row.name or "", row.counted_at, row.result, newcomer)
        found.setdefault((row.registration_id, row.session), []).append(sighting)
    return found


def refused_swap(scan_id: str) -> str:
    """Under which token it is kept whom a phone let in instead of another, though that could not be; opens nothing."""
    return digest(f"swap|{scan_id}")


def _newcomers(scan_ids: Iterable[str]) -> dict[str, str]:
    tokens = {refused_swap(scan_id): scan_id for scan_id in scan_ids}
    rows = db.session.execute(
        sa.select(HandOver.token, HandOver.given_name, HandOver.infix, HandOver.family_name).where(
            HandOver.token.in_(tokens)
        )
    )
    return {tokens[row[0]]: full_name(row[1], row[2], row[3]) for row in rows}


def _sighting(scan_row_id: int) -> Sighting:
    row = db.session.execute(_SIGHTING.where(Scan.id == scan_row_id)).one()
    return Sighting(row.device_id, row.name or "", row.counted_at, row.result)


def _names(registration_ids: set[int]) -> dict[int, str]:
    rows = db.session.execute(
        sa.select(Registration.id, Person.given_name, Person.infix, Person.family_name)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.id.in_(registration_ids))
    )
    return {row[0]: full_name(row[1], row[2], row[3]) for row in rows}
