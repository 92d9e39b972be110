"""Who did what when: of one thing, and of everything by filter, without reading more of the log than is shown."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventapp.domain.times import MIDNIGHT, from_local
from eventapp.extensions import db
from eventapp.models import AuditEntry, Circle, Event, Invoice, Order, Organisation, Person, Registration

SHOWN = 50
OF_ONE = 100
_OF_PERSON = 2000
# Newest first; the id decides within one moment, as bulk work writes many lines in it.
_ORDER = (AuditEntry.at.desc(), AuditEntry.id.desc())


class Wanted(NamedTuple):
    """Which lines of the log: what is left out narrows nothing. Both days count."""

    actor_kind: str = ""
    actor_id: int | None = None
    subject: str = ""
    subject_ids: tuple[int, ...] = ()
    event_id: int | None = None
    person_ids: tuple[int, ...] = ()
    first: date | None = None
    last: date | None = None
    hidden: Collection[str] = ()


class Cursor(NamedTuple):
    """The line before which the next page begins."""

    at: datetime
    id: int


class LogPage(NamedTuple):
    """Some lines, newest first, and where the older ones begin; None when there are none."""

    rows: Sequence[AuditEntry]
    older: Cursor | None


class Thing(NamedTuple):
    """What a line is about: how it is called now, and what its address needs. An erased person has no name."""

    name: str = ""
    slug: str = ""
    person: Person | None = None
    registration_id: int | None = None


def page(wanted: Wanted, *, before: Cursor | None = None) -> LogPage:
    """The lines asked for, from the newest or from the cursor on."""
    lines = _narrowed(wanted)
    if before:
        lines = lines.where(sa.tuple_(AuditEntry.at, AuditEntry.id) < sa.tuple_(*_bound(before)))
    rows = db.session.scalars(lines.order_by(*_ORDER).limit(SHOWN + 1)).all()
    last = rows[SHOWN - 1] if len(rows) > SHOWN else None
    return LogPage(rows[:SHOWN], Cursor(last.at, last.id) if last else None)


def _bound(before: Cursor) -> tuple[sa.ColumnElement[datetime], sa.ColumnElement[int]]:
    return sa.literal(before.at, AuditEntry.at.type), sa.literal(before.id, AuditEntry.id.type)


def of(subject: str, *subject_ids: int) -> Sequence[AuditEntry]:
    """Who did what to this, newest first; with more ids, also to those that went up in it."""
    lines = sa.select(AuditEntry).where(AuditEntry.subject == subject, AuditEntry.subject_id.in_(subject_ids))
    return db.session.scalars(lines.order_by(*_ORDER).limit(OF_ONE)).all()


def of_person(person_ids: Collection[int]) -> Sequence[AuditEntry]:
    """Who did what to this person, by every id it had, and to their registrations, newest first."""
    lines = sa.select(AuditEntry).where(AuditEntry.id.in_(_about_person(person_ids)))
    return db.session.scalars(lines.order_by(*_ORDER).limit(OF_ONE)).all()


def _about_person(person_ids: Collection[int]) -> Sequence[int]:
    """Their ids, looked up first: together with the order, a database might rather read the whole log backwards."""
    theirs = sa.select(Registration.id).where(Registration.person_id.in_(person_ids))
    to_person = sa.and_(AuditEntry.subject == "person", AuditEntry.subject_id.in_(person_ids))
    to_theirs = sa.and_(AuditEntry.subject == "registration", AuditEntry.subject_id.in_(theirs))
    found = sa.union_all(sa.select(AuditEntry.id).where(to_person), sa.select(AuditEntry.id).where(to_theirs))
    return sorted(db.session.scalars(found), reverse=True)[:_OF_PERSON]


def _narrowed(wanted: Wanted) -> sa.Select[AuditEntry]:
    lines = sa.select(AuditEntry)
    if wanted.actor_kind:
        lines = lines.where(AuditEntry.actor_kind == wanted.actor_kind)
    if wanted.actor_id is not None:
        lines = lines.where(AuditEntry.actor_id == wanted.actor_id)
    if wanted.subject:
        lines = lines.where(AuditEntry.subject == wanted.subject)
    if wanted.subject_ids:
        lines = lines.where(AuditEntry.subject_id.in_(wanted.subject_ids))
    if wanted.event_id is not None:
        lines = lines.where(AuditEntry.event_id == wanted.event_id)
    if wanted.person_ids:
        lines = lines.where(AuditEntry.id.in_(_about_person(wanted.person_ids)))
    if wanted.first:
        lines = lines.where(AuditEntry.at >= from_local(wanted.first, MIDNIGHT))
    if wanted.last:
        lines = lines.where(AuditEntry.at < from_local(wanted.last + timedelta(days=1), MIDNIGHT))
    return lines.where(AuditEntry.subject.not_in(wanted.hidden)) if wanted.hidden else lines


def things(entries: Iterable[AuditEntry]) -> dict[tuple[str, int], Thing]:
    """What these lines are about, by subject and id, in one query per kind; what is gone is left out."""
    ids: dict[str, set[int]] = {}
    for entry in entries:
        if entry.subject_id is not None:
            ids.setdefault(entry.subject, set()).add(entry.subject_id)
    found: dict[tuple[str, int], Thing] = {}
    for subject, wanted in ids.items():
        if subject in _THINGS:
            found |= {(subject, row[0]): Thing(*row[1:]) for row in db.session.execute(_THINGS[subject](wanted))}
    return found


def _events(ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(Event.id, Event.title, Event.slug).where(Event.id.in_(ids))


def _registrations(ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    rows = sa.select(Registration.id, Event.title, Event.slug, Person, Registration.id)
    return rows.join(Event, Event.id == Registration.event_id).join(Person).where(Registration.id.in_(ids))


def _orders(ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    """By the first registration of the order, which has the page on which its money stands."""
    other = aliased(Registration)
    first = sa.select(sa.func.min(other.id)).where(other.order_id == Order.id).scalar_subquery()
    rows = sa.select(Order.id, Event.title, Event.slug, Person, first)
    return rows.join(Event, Event.id == Order.event_id).join(Person).where(Order.id.in_(ids))


def _people(ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(Person.id, sa.literal(""), sa.literal(""), Person).where(Person.id.in_(ids))


def _organisations(ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))


def _circles(ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(Circle.id, Circle.name, Circle.slug).where(Circle.id.in_(ids))


def _invoices(ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(Invoice.id, sa.func.coalesce(Invoice.number, "")).where(Invoice.id.in_(ids))


_THINGS = {
    "circle": _circles,
    "event": _events,
    "invoice": _invoices,
    "order": _orders,
    "organisation": _organisations,
    "person": _people,
    "registration": _registrations,
}
