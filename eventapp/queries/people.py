"""Whom does the office know, and what is one person's whole story?"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from eventapp.domain.addresses import mail_domain
from eventapp.domain.names import fold
from eventapp.domain.pricing import Relation
from eventapp.extensions import db
from eventapp.models import (
    Event,
    Mailing,
    MailingRecipient,
    Membership,
    Organisation,
    OrganisationDomain,
    OrganisationPerson,
    OutboxMail,
    Person,
    PersonAddress,
    PersonStatus,
    Registration,
)
from eventapp.queries.paging import Page

SHORTEST_SEARCH = 2
MAILS_SHOWN = 50
# Whoever reads these is who they were sent to.
SIGNING_IN = ("sign_in", "sign_in_unknown")


@dataclass(frozen=True)
class PeoplePage(Page[Person]):
    """One page of people, from 1, with what the list says of each; both mappings know every person or domain shown.

    `organisations` are by mail domain, only where a domain is somebody's; `registrations` counts all by person.
    """

    organisations: Mapping[str, Organisation]
    registrations: Mapping[int, int]

    def organisations_of(self, person: Person) -> list[Organisation]:
        """To which the mail domains of this person belong, each once."""
        domains = dict.fromkeys(mail_domain(known.address) for known in person.addresses)
        found = {one.id: one for domain in domains if (one := self.organisations.get(domain))}
        return list(found.values())


def found(text: str, *, page: int = 1) -> PeoplePage:
    """People by name or address."""
    return _page(sa.select(Person).where(*named_or_at(text), Person.erased_at.is_(None)), page)


def named_or_at(text: str) -> Iterator[sa.ColumnElement[bool]]:
    """Every word is in the name of a person, accents aside, or in one of the addresses."""
    for word in text.split()[:6]:
        at_address = sa.exists().where(
            PersonAddress.person_id == Person.id, PersonAddress.address.contains(word.lower(), autoescape=True)
        )
        yield sa.or_(Person.sort_key.contains(fold(word), autoescape=True), at_address)


def with_status(*, on: date, page: int = 1) -> PeoplePage:
    """People by name who have a status that has not ended on this day."""
    lasts = sa.or_(PersonStatus.ends_on.is_(None), PersonStatus.ends_on >= on)
    return _page(sa.select(Person).where(sa.exists().where(PersonStatus.person_id == Person.id, lasts)), page)


def _page(wanted: sa.Select[Person], number: int) -> PeoplePage:
    total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    whole = wanted.options(selectinload(Person.addresses), selectinload(Person.statuses))
    rows = db.session.scalars(PeoplePage.cut(whole.order_by(Person.sort_key, Person.id), number)).all()
    return PeoplePage(rows, total, number, _organisations_of(rows), _counts([person.id for person in rows]))


def _organisations_of(people: Sequence[Person]) -> dict[str, Organisation]:
    domains = {mail_domain(known.address) for person in people for known in person.addresses}
    rows = db.session.execute(
        sa.select(OrganisationDomain.domain, Organisation)
        .join(Organisation)
        .where(OrganisationDomain.domain.in_(domains))
    )
    return dict(rows.all())


def _counts(ids: Sequence[int]) -> dict[int, int]:
    counted = (
        sa.select(Registration.person_id, sa.func.count())
        .where(Registration.person_id.in_(ids))
        .group_by(Registration.person_id)
    )
    return dict(db.session.execute(counted).all())


def person_by_id(person_id: int) -> Person | None:
    """One person with addresses and statuses."""
    whole = (selectinload(Person.addresses), selectinload(Person.statuses))
    return db.session.get(Person, person_id, options=whole)


def namings_of(person_id: int) -> Sequence[OrganisationPerson]:
    """By which organisations this person was named, the latest first."""
    namings = sa.select(OrganisationPerson).where(OrganisationPerson.person_id == person_id)
    latest = namings.order_by(OrganisationPerson.starts_on.desc(), OrganisationPerson.id.desc())
    return db.session.scalars(latest.options(joinedload(OrganisationPerson.organisation))).all()


def named_by(organisation_id: int) -> Sequence[OrganisationPerson]:
    """Whom this organisation named, by name, with their addresses; those that ended among them."""
    namings = sa.select(OrganisationPerson).join(Person).where(OrganisationPerson.organisation_id == organisation_id)
    by_name = namings.order_by(Person.sort_key, OrganisationPerson.id)
    whole = joinedload(OrganisationPerson.person).selectinload(Person.addresses)
    return db.session.scalars(by_name.options(whole)).all()


def registrations_of(person_id: int) -> Sequence[Registration]:
    """Every registration of this person with its event, the latest gathering first."""
    own = sa.select(Registration).join(Event).where(Registration.person_id == person_id)
    latest = own.order_by(Event.starts_at.desc(), Registration.id.desc())
    return db.session.scalars(latest.options(contains_eager(Registration.event))).all()


def mail_to(addresses: Sequence[str], mail_id: int) -> OutboxMail | None:
    """One mail to one of these addresses; none with which somebody signs in."""
    sent = sa.select(OutboxMail).where(OutboxMail.id == mail_id, OutboxMail.to_address.in_(addresses))
    return db.session.scalar(sent.where(OutboxMail.kind.not_in(SIGNING_IN)))


def mails_to(addresses: Sequence[str], *, circles: Collection[int] | None = None) -> Sequence[OutboxMail]:
    """The last mails to these addresses, newest first; at a shared mailbox also those to others there.

    With `circles` none about another circle.
    """
    sent = sa.select(OutboxMail).where(OutboxMail.to_address.in_(addresses))
    if circles is not None:
        sent = sent.where(*_not_about_others(circles))
    newest = sent.order_by(OutboxMail.id.desc()).limit(MAILS_SHOWN)
    return db.session.scalars(newest.options(defer(OutboxMail.text), defer(OutboxMail.html))).all()


def _not_about_others(circles: Collection[int]) -> Iterator[sa.ColumnElement[bool]]:
    """A mail about joining, or with certificates of a season, does not say in a column about which circle it is."""
    yield sa.or_(OutboxMail.event_id.is_not(None), OutboxMail.kind.not_like("circle@_%", escape="@"))
    yield sa.or_(OutboxMail.event_id.is_not(None), OutboxMail.kind != "certificate")
    other = sa.and_(Event.circle_id.is_not(None), Event.circle_id.not_in(circles))
    yield ~sa.exists().where(Event.id == OutboxMail.event_id, other)
    of_other = sa.and_(Mailing.circle_id.is_not(None), Mailing.circle_id.not_in(circles))
    mailed = MailingRecipient.mailing_id == Mailing.id
    yield ~sa.exists().where(MailingRecipient.mail_id == OutboxMail.id, mailed, of_other)


def organisations_to_choose() -> list[tuple[int, str]]:
    """Id and name of every member and partner, also former ones: naming somebody for another proves nothing."""
    was = sa.exists().where(Membership.organisation_id == Organisation.id, Membership.relation != Relation.GEEN)
    some = sa.select(Organisation.id, Organisation.name).where(was)
    return sorted(((key, name) for key, name in db.session.execute(some)), key=lambda row: fold(row[1]))
