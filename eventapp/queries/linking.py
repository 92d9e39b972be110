"""Whom did nobody recognise, and which differences may go back?"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from eventapp.domain.addresses import is_free_mail
from eventapp.domain.linking import ProposalState
from eventapp.domain.look_alikes import look_alike
from eventapp.domain.names import fold
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import LIVE, Review, State
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import (
    Event,
    LinkDismissal,
    Organisation,
    OrganisationDomain,
    OrganisationPerson,
    Person,
    PersonStatus,
    RefundProposal,
    Registration,
)

MOST_COUNTED = 1000


class Whom(NamedTuple):
    """Everybody at a mail domain, or one person; one of the two is set."""

    domain: str = ""
    person_id: int | None = None


class Unknown(NamedTuple):
    """One person nobody recognised, with their registrations for what is not over."""

    person: Person
    registrations: Sequence[Registration]

    @property
    def address(self) -> str:
        return self.registrations[-1].address


class Group(NamedTuple):
    """People to decide about together: those at one mail domain, or one person with free mail."""

    domain: str
    people: Sequence[Unknown]

    @property
    def named_organisation(self) -> str:
        """The organisation that most of them filled in."""
        registrations = [one for unknown in self.people for one in unknown.registrations]
        typed = Counter(filter(None, (one.claimed_organisation or one.organisation_name for one in registrations)))
        return typed.most_common(1)[0][0] if typed else ""


def groups(*, now: datetime) -> list[Group]:
    """Everybody to decide about, the largest group first, then by domain and name; who was dismissed is left out."""
    by_person = _by_person(db.session.scalars(_not_dismissed(_unknown(now))).all())
    at_domain: dict[str, list[Unknown]] = {}
    alone: list[Group] = []
    for unknown in by_person:
        domain = unknown.registrations[-1].mail_domain
        if not domain or is_free_mail(domain):
            alone.append(Group("", [unknown]))
        else:
            at_domain.setdefault(domain, []).append(unknown)
    found = [Group(domain, people) for domain, people in at_domain.items()]
    return [*sorted(found, key=lambda group: (-len(group.people), group.domain)), *alone]


def group_of(whom: Whom, *, now: datetime) -> Group | None:
    """Those at one domain, or one person, also when dismissed; None when there is nobody to decide about."""
    people = _by_person(unknown_registrations(whom, now=now))
    return Group(whom.domain, people) if people else None


def unknown_registrations(whom: Whom, *, now: datetime) -> Sequence[Registration]:
    """The registrations of these people that rest on no organisation, in the order in which orders are locked."""
    wanted = _unknown(now)
    if whom.person_id is None:
        wanted = wanted.where(Registration.mail_domain == whom.domain)
    else:
        wanted = wanted.where(Registration.person_id == whom.person_id)
    return sorted(db.session.scalars(wanted).all(), key=lambda one: (one.order_id, one.id))


def people_to_link(*, now: datetime) -> tuple[int, bool]:
    """How many people wait for somebody to say where they belong, and whether there may be more.

    No more than so many registrations are looked at: who has that many people to link needs no exact number.
    """
    ids = _not_dismissed(_those_unknown(now)).with_only_columns(Registration.person_id).limit(MOST_COUNTED).subquery()
    counted = sa.select(sa.func.count(ids.c.person_id.distinct()), sa.func.count())
    people, looked_at = db.session.execute(counted).one()
    return people, looked_at == MOST_COUNTED


def _unknown(now: datetime) -> sa.Select[Registration]:
    """Of whom nobody knows where they belong, by name, with their events."""
    found = _those_unknown(now).join(Registration.event).join(Registration.person)
    by_name = found.order_by(Person.sort_key, Registration.person_id, Event.starts_at, Registration.id)
    return by_name.options(contains_eager(Registration.event), contains_eager(Registration.person))


def _those_unknown(now: datetime) -> sa.Select[Registration]:
    """Live registrations as an outsider or with a claim, from mail domains and of people that nobody knows."""
    claim = sa.and_(Registration.review == Review.PENDING, Registration.state == State.AWAITING_CONFIRMATION)
    outsider = sa.and_(Registration.category == Category.NIET_LID, Registration.review == Review.NONE)
    known_domain = sa.exists().where(OrganisationDomain.domain == Registration.mail_domain)
    named = sa.exists().where(
        OrganisationPerson.person_id == Registration.person_id, OrganisationPerson.ends_on >= local_date(now)
    )
    lasts = sa.or_(PersonStatus.ends_on.is_(None), PersonStatus.ends_on >= local_date(now))
    has_status = sa.exists().where(PersonStatus.person_id == Registration.person_id, lasts)
    return sa.select(Registration).where(
        Registration.event_id.in_(sa.select(Event.id).where(Event.ends_at > now)),
        Registration.state.in_(LIVE),
        Registration.organisation_id.is_(None),
        sa.or_(claim, outsider),
        ~known_domain,
        ~named,
        ~has_status,
    )


def _not_dismissed(wanted: sa.Select[Registration]) -> sa.Select[Registration]:
    of_domain = sa.exists().where(LinkDismissal.domain == Registration.mail_domain)
    of_person = sa.exists().where(LinkDismissal.person_id == Registration.person_id)
    return wanted.where(~of_domain, ~of_person)


def _by_person(registrations: Iterable[Registration]) -> list[Unknown]:
    found: dict[int, list[Registration]] = {}
    for registration in registrations:
        found.setdefault(registration.person_id, []).append(registration)
    return [Unknown(own[0].person, own) for own in found.values()]


def dismissals() -> Sequence[LinkDismissal]:
    """Whom the office said is of no member, newest first."""
    newest = sa.select(LinkDismissal).order_by(LinkDismissal.id.desc())
    return db.session.scalars(newest.options(joinedload(LinkDismissal.person))).all()


def proposals() -> Sequence[RefundProposal]:
    """Differences that wait for a decision, oldest first; those of a payment that never came are not among them."""
    waiting = (
        sa.select(RefundProposal)
        .join(RefundProposal.registration)
        .where(RefundProposal.state == ProposalState.OPEN, Registration.state == State.CONFIRMED)
        .order_by(RefundProposal.id)
    )
    registration = contains_eager(RefundProposal.registration)
    whole = (registration.joinedload(Registration.event), registration.joinedload(Registration.person))
    return db.session.scalars(waiting.options(*whole, joinedload(RefundProposal.organisation))).all()


def resembled(domain: str) -> tuple[str, str] | None:
    """The domain of an organisation that this one may be taken for, and its name; free mail has no name."""
    owners = db.session.execute(sa.select(OrganisationDomain.domain, Organisation.name).join(Organisation)).all()
    names = {owner.domain: owner.name for owner in owners}
    known = None if domain in names else look_alike(domain, names)
    return (known, names.get(known, "")) if known else None


def organisations_to_choose() -> list[tuple[int, str]]:
    """Id and name of every organisation, by name."""
    rows = db.session.execute(sa.select(Organisation.id, Organisation.name))
    return sorted(((key, name) for key, name in rows), key=lambda row: (fold(row[1]), row[0]))
