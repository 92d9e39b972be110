"""How do two records of one organisation, or of one person, become one without losing anything?

Every table that points to them is moved, whichever it is. Only what may be there once needs a rule, and has it here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp import formatting
from eventapp.domain.actors import Actor
from eventapp.domain.errors import ChangedMeanwhile, MergeBlocked, RelationsClash, TwiceAtOneEvent
from eventapp.domain.merging import clash, fuse
from eventapp.extensions import db
from eventapp.models import (
    CircleMember,
    Membership,
    Organisation,
    OrganisationContact,
    OrganisationInvoicing,
    OrganisationPerson,
    Person,
    PersonAddress,
    PersonStatus,
)
from eventapp.queries.merging import (
    INVOICING,
    ORGANISATION,
    PERSON,
    Kind,
    Plan,
    amounts,
    columns_of,
    one_of,
    plan,
    references,
    shared_events,
)
from eventapp.services import resizing, sharing
from eventapp.services.audit import note
from eventapp.transaction import transaction

# Columns that point to a person or organisation and are part of something unique, each with a rule below.
RULED = frozenset({"registrations.person_id", "organisation_invoicing.organisation_id", "circle_members.person_id"})
# The same, where a row is dropped that has these columns in common with one that is there already.
DUPLICATES: Mapping[str, tuple[str, ...]] = {
    "link_dismissals.person_id": (),
    "mailing_recipients.person_id": ("mailing_id",),
    "circle_hosts.organisation_id": ("circle_id",),
}


def merge(
    kind: Kind,
    kept_id: int,
    gone_id: int,
    *,
    take: Collection[str] = (),
    seen: str | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Everything of the one that goes becomes that of the one that stays; its address leads there from now on.

    `take` names the differing fields whose value comes from the one that goes. Registrations keep what was agreed.
    Periods that overlap and say the same become one.

    Refuses with NotFound, MergeWithItself, ChangedMeanwhile when it is no longer what was `seen`, TwiceAtOneEvent (two
    people, one gathering), RelationsClash (two relations on one day), and MergeBlocked for anything else of which there
    can be one only. Then nothing changed.
    """
    try:
        with transaction():
            _lock(kind, kept_id, gone_id)
            planned = plan(kind, kept_id, gone_id)
            if seen and planned.fingerprint != seen:
                raise ChangedMeanwhile()
            _SETTLE[kind.subject](kept_id, gone_id, take)
            _drop_duplicates(kind, kept_id, gone_id)
            _move(kind, kept_id, gone_id)
            _write_fields(kind, planned, kept_id, gone_id, take)
            _leave_forward(kind, kept_id, gone_id, now)
            if kind is ORGANISATION:
                sharing.show_anew([kept_id], now=now)
            facts: dict[str, Any] = {"gone_id": gone_id, "moved": dict(planned.moving)}
            if kind is ORGANISATION:
                facts["gone"] = planned.gone["name"]
            note(f"{kind.subject}_merged", kind.subject, kept_id, by=by, now=now, **facts)
    except IntegrityError as error:
        raise MergeBlocked() from error


def _lock(kind: Kind, *ids: int) -> None:
    """Nobody changes these or points anything new at them.

    Writing alone would let PostgreSQL take in new rows that point here. SQLite ignores the lock and needs none, since
    its writers stand in line.
    """
    rows = sa.select(kind.model.id).where(kind.model.id.in_(ids)).order_by(kind.model.id)
    db.session.execute(rows.with_for_update()).all()
    db.session.expire_all()


def _settle_organisations(kept_id: int, gone_id: int, take: Collection[str]) -> None:
    _settle_memberships(kept_id, gone_id)
    _fuse_namings(OrganisationPerson.organisation_id.in_((kept_id, gone_id)), "person_id")
    _fuse_contacts(OrganisationContact.organisation_id.in_((kept_id, gone_id)), "person_id")
    _settle_invoicing(kept_id, gone_id, take)
    resizing.join_organisations(kept_id, gone_id)


def _settle_memberships(kept_id: int, gone_id: int) -> None:
    rows = _rows(Membership, Membership.organisation_id.in_((kept_id, gone_id)))
    first = clash([row.period for row in rows])
    if first:
        names = [db.session.get_one(Organisation, key).name for key in (kept_id, gone_id)]
        raise RelationsClash(first=formatting.short_date(first), one=names[0], other=names[1])
    _fuse(rows, lambda row: row.relation)


def _settle_invoicing(kept_id: int, gone_id: int, take: Collection[str]) -> None:
    """Of two, the one that was chosen stays whole: half an address of each would be nobody's."""
    rows = {key: db.session.get(OrganisationInvoicing, key) for key in (kept_id, gone_id)}
    if all(rows.values()):
        db.session.delete(rows[kept_id if INVOICING in take else gone_id])
        db.session.flush()


def _settle_people(kept_id: int, gone_id: int, take: Collection[str]) -> None:
    if events := shared_events(kept_id, gone_id):
        raise TwiceAtOneEvent(events=formatting.listed(events))
    _share_proofs(_rows(PersonAddress, PersonAddress.person_id.in_((kept_id, gone_id))))
    _fuse(_rows(PersonStatus, PersonStatus.person_id.in_((kept_id, gone_id))), lambda row: row.category)
    _fuse_namings(OrganisationPerson.person_id.in_((kept_id, gone_id)), "organisation_id")
    _fuse_contacts(OrganisationContact.person_id.in_((kept_id, gone_id)), "organisation_id")
    _fuse_circles(kept_id, gone_id)


def _fuse_circles(kept_id: int, gone_id: int) -> None:
    """Of two memberships of one circle that go on, the one that began first, with its answers."""
    found: dict[int, CircleMember] = {}
    rows = _rows(CircleMember, CircleMember.person_id.in_((kept_id, gone_id)))
    for row in sorted(rows, key=lambda row: (row.joined_on, row.id)):
        before = found.get(row.circle_id)
        if before is None or (before.left_on is not None and before.left_on < row.joined_on):
            found[row.circle_id] = row
            continue
        if before.left_on is not None:
            before.left_on = None if row.left_on is None else max(before.left_on, row.left_on)
        db.session.delete(row)
    db.session.flush()


def _share_proofs(rows: Iterable[PersonAddress]) -> None:
    """Two spellings at one mailbox: who proved it under one of them, proved it. Both are recognised from now on."""
    by_address: dict[str, list[PersonAddress]] = {}
    for row in rows:
        by_address.setdefault(row.address, []).append(row)
    for known in by_address.values():
        proven = min((row.proven_at for row in known if row.proven_at), default=None)
        for row in known:
            row.proven_at = row.proven_at or proven


def _fuse_namings(where: sa.ColumnElement[bool], other: str) -> None:
    _fuse(_rows(OrganisationPerson, where), lambda row: getattr(row, other))


def _fuse_contacts(where: sa.ColumnElement[bool], other: str) -> None:
    """The right is of a mailbox: two mailboxes of one person stay two. Who gets invoices, goes on getting them."""
    rows = _rows(OrganisationContact, where)
    getting = {(getattr(row, other), row.address) for row in rows if row.receives_invoices}
    for row in rows:
        row.receives_invoices = (getattr(row, other), row.address) in getting
    _fuse(rows, lambda row: (getattr(row, other), row.address))


def _fuse(rows: Iterable[Any], same: Callable[[Any], Any]) -> None:
    """Among rows that say the same, those that share a day become the earliest of them."""
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        groups.setdefault(same(row), []).append(row)
    for group in groups.values():
        for fused in fuse([row.period for row in group]):
            first, *others = (group[place] for place in fused.rows)
            first.starts_on, first.ends_on = fused.period.first, fused.period.last
            for row in others:
                db.session.delete(row)
    db.session.flush()


def _rows(model: type[Any], where: sa.ColumnElement[bool]) -> list[Any]:
    return list(db.session.scalars(sa.select(model).where(where).order_by(model.id)))


def _drop_duplicates(kind: Kind, kept_id: int, gone_id: int) -> None:
    for column in references(kind):
        keys = DUPLICATES.get(f"{column.table.name}.{column.name}")
        if keys is not None:
            kept = column.table.alias()
            there = [kept.c[key] == column.table.c[key] for key in keys]
            same = sa.exists().where(kept.c[column.name] == kept_id, *there)
            db.session.execute(sa.delete(column.table).where(column == gone_id, same))


def _move(kind: Kind, kept_id: int, gone_id: int) -> None:
    db.session.flush()
    for column in references(kind):
        db.session.execute(sa.update(column.table).where(column == gone_id).values({column.name: kept_id}))
    db.session.expire_all()


def _write_fields(kind: Kind, planned: Plan, kept_id: int, gone_id: int, take: Collection[str]) -> None:
    kept, gone = one_of(kind, kept_id), one_of(kind, gone_id)
    for field in planned.kept:
        if field != INVOICING and planned.from_gone(field, take=field in take):
            for column in columns_of(kind, field):
                setattr(kept, column, getattr(gone, column))
    if isinstance(kept, Person):
        kept.rename(kept.given_name, kept.infix, kept.family_name)
        kept.created_at = min(kept.created_at, gone.created_at)
    db.session.flush()


def _leave_forward(kind: Kind, kept_id: int, gone_id: int, now: datetime) -> None:
    """The row goes, its id leads on. What still pointed there would go with it, so nothing may."""
    left = amounts(kind, gone_id)
    if left:
        raise RuntimeError(f"merging left {left} behind")
    db.session.execute(sa.delete(kind.model.__table__).where(kind.model.__table__.c.id == gone_id))
    db.session.add(kind.forward(old_id=gone_id, merged_at=now, **{kind.forward_key: kept_id}))
    db.session.flush()
    db.session.expire_all()


_SETTLE: Mapping[str, Callable[[int, int, Collection[str]], None]] = {
    ORGANISATION.subject: _settle_organisations,
    PERSON.subject: _settle_people,
}
