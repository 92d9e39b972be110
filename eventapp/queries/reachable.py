"""Whom may the association tell what it does? Who works for a member, and who has a status of their own."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

import sqlalchemy as sa

from eventapp import formatting
from eventapp.domain.addresses import is_free_mail, mail_domain
from eventapp.domain.events import Field, TargetGroup
from eventapp.domain.mailings import Candidate, Choice, Ground, LeftOut
from eventapp.domain.pricing import Relation
from eventapp.domain.registrations import LIVE
from eventapp.domain.tokens import digest
from eventapp.extensions import db
from eventapp.models import (
    CircleMember,
    EventField,
    Membership,
    Organisation,
    OrganisationDomain,
    OrganisationPerson,
    Person,
    PersonAddress,
    PersonStatus,
    Registration,
)
from eventapp.models.circles import Circle
from eventapp.queries.mail_preferences import refusals
from eventapp.queries.outbox import dead_in_all


class _Known(NamedTuple):
    """Somebody with the addresses at which they may be written to, the best one first, and with all they have."""

    id: int
    name: str
    given_name: str
    group: TargetGroup | None
    usable: tuple[str, ...]
    addresses: tuple[str, ...]


class _Rights(NamedTuple):
    """What it rests on that people are told: members by id and by mail domain, who was named, who has a status."""

    members: Mapping[int, str]
    by_domain: Mapping[str, str]
    named: Mapping[int, str]
    statuses: Set[int]


def reachable(choice: Choice, *, topic: Field | None, event_id: int | None, on: date) -> Iterator[Candidate]:
    """Who was chosen among those who may be told, by name; without who is registered for the event it is about.

    Nobody at an address that somebody typed in a form and nobody proved, and nobody who was erased.
    """
    rights = _rights(choice, on)
    going = _going(event_id) if event_id else frozenset()
    interested = _came_to(choice.fields, on) if choice.fields else None
    dead, refusing = dead_in_all(), refusals(topic) if topic else frozenset()
    for person in _people():
        if person.id in going or not person.usable:
            continue
        found = _told(person, choice, rights, interested)
        if found is None:
            continue
        ground, organisation, address = found
        opted_out = any(digest(one) in refusing for one in person.addresses)
        left_out = LeftOut.OPTED_OUT if opted_out else LeftOut.DEAD_ADDRESS if address in dead else None
        yield Candidate(
            person_id=person.id,
            name=person.name,
            given_name=person.given_name,
            address=address,
            ground=ground,
            organisation=organisation,
            left_out=left_out,
        )


def _told(
    person: _Known, choice: Choice, rights: _Rights, interested: Set[int] | None
) -> tuple[Ground, str, str] | None:
    """On what it rests, for whom they work, and where to write."""
    narrowed = choice.groups and person.group not in choice.groups
    if not narrowed and (interested is None or person.id in interested):
        for address in person.usable:
            if organisation := rights.by_domain.get(mail_domain(address)):
                return Ground.EMPLOYEE, organisation, address
        if person.id in rights.named:
            return Ground.NAMED, rights.named[person.id], person.usable[0]
    if person.id in rights.statuses:
        return Ground.STATUS, "", person.usable[0]
    return None


def _rights(choice: Choice, on: date) -> _Rights:
    members = _members(choice, on)
    domains = db.session.execute(sa.select(OrganisationDomain.domain, OrganisationDomain.organisation_id))
    by_domain = {domain: members[key] for domain, key in domains if key in members and not is_free_mail(domain)}
    namings = db.session.execute(
        sa.select(OrganisationPerson.person_id, OrganisationPerson.organisation_id)
        .where(OrganisationPerson.starts_on <= on, OrganisationPerson.ends_on >= on)
        .order_by(OrganisationPerson.id)
    )
    named = {person_id: members[key] for person_id, key in namings if key in members}
    return _Rights(members, by_domain, named, _with_status(on) if choice.statuses else frozenset())


def _members(choice: Choice, on: date) -> dict[int, str]:
    wanted = (
        sa.select(Organisation.id, Organisation.name)
        .join(Membership)
        .where(Membership.relation == Relation.LID, Membership.starts_on <= on)
        .where(sa.or_(Membership.ends_on.is_(None), Membership.ends_on >= on))
    )
    if choice.kinds:
        wanted = wanted.where(Organisation.kind.in_(choice.kinds))
    if choice.regions:
        wanted = wanted.where(Organisation.region.in_(choice.regions))
    return dict(db.session.execute(wanted).all())


def _with_status(on: date) -> frozenset[int]:
    lasts = sa.or_(PersonStatus.ends_on.is_(None), PersonStatus.ends_on >= on)
    return frozenset(db.session.scalars(sa.select(PersonStatus.person_id).where(PersonStatus.starts_on <= on, lasts)))


def _going(event_id: int) -> frozenset[int]:
    live = sa.select(Registration.person_id).where(Registration.event_id == event_id, Registration.state.in_(LIVE))
    return frozenset(db.session.scalars(live))


def _came_to(wanted: Set[Field], on: date) -> frozenset[int]:
    """Who registered for something in one of these fields and got a place, or is in a circle about it."""
    registered = (
        sa.select(Registration.person_id)
        .join(EventField, EventField.event_id == Registration.event_id)
        .where(EventField.code.in_(wanted), Registration.confirmed_at.is_not(None))
    )
    inside = sa.or_(CircleMember.left_on.is_(None), CircleMember.left_on >= on)
    in_circle = sa.select(CircleMember.person_id).join(Circle).where(Circle.field.in_(wanted), inside)
    return frozenset(db.session.scalars(registered)) | frozenset(db.session.scalars(in_circle))


def _people() -> Iterator[_Known]:
    """By name. The address proven last comes first, then those that are only known, the latest one first."""
    rows = db.session.execute(
        sa.select(
            Person.id,
            Person.given_name,
            Person.infix,
            Person.family_name,
            Person.function_group,
            PersonAddress.address,
            PersonAddress.proven_at,
        )
        .join(PersonAddress)
        .where(Person.erased_at.is_(None))
        .order_by(Person.sort_key, Person.id, PersonAddress.id.desc())
    ).all()
    typed, groups = _typed_only(), _groups_given()
    for person_id, own in groupby(rows, key=lambda row: row[0]):
        found = list(own)
        proven: list[tuple[datetime, str]] = [(row.proven_at, row.address) for row in found if row.proven_at]
        known = [row.address for row in found if not row.proven_at and row.address not in typed.get(person_id, ())]
        first = found[0]
        yield _Known(
            id=person_id,
            name=formatting.full_name(first.given_name, first.infix, first.family_name),
            given_name=first.given_name,
            group=first.function_group or groups.get(person_id),
            usable=(*(address for _, address in sorted(proven, reverse=True)), *known),
            addresses=tuple(row.address for row in found),
        )


def _groups_given() -> Mapping[int, TargetGroup]:
    """The function group that somebody last filled in when registering, for whom the office noted none."""
    said = sa.select(Registration.person_id, Registration.function_group).order_by(Registration.id)
    return {person_id: group for person_id, group in db.session.execute(said) if group}


def _typed_only() -> Mapping[int, Set[str]]:
    """Addresses that only ever stood on registrations that nobody proved, by person."""
    vouched = sa.case((Registration.source.in_(("organiser", "circle")), Registration.confirmed_at))
    proof = sa.func.coalesce(Registration.proven_at, vouched)
    never = sa.select(Registration.person_id, Registration.address).group_by(
        Registration.person_id, Registration.address
    )
    found: dict[int, set[str]] = defaultdict(set)
    for person_id, address in db.session.execute(never.having(sa.func.max(proof).is_(None))):
        found[person_id].add(address)
    return found
