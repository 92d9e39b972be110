"""Who acts for which organisation, and what may they see of it?"""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from eventapp.domain.registrations import LIVE
from eventapp.extensions import db
from eventapp.models import (
    Event,
    Organisation,
    OrganisationContact,
    OrganisationPerson,
    Person,
    PersonAddress,
    Registration,
)


def contacts_of(organisation_id: int) -> Sequence[OrganisationContact]:
    """Everybody who is or was contact person, by name."""
    contacts = sa.select(OrganisationContact).join(Person).where(OrganisationContact.organisation_id == organisation_id)
    by_name = contacts.order_by(Person.sort_key, OrganisationContact.id)
    return db.session.scalars(by_name.options(contains_eager(OrganisationContact.person))).all()


def contact_roles(address: str, *, on: date) -> Sequence[OrganisationContact]:
    """For which organisations whoever reads this mailbox is contact person on this day, by name of the organisation."""
    roles = (
        sa.select(OrganisationContact)
        .join(OrganisationContact.organisation)
        .join(OrganisationContact.person)
        .where(
            OrganisationContact.address == address,
            OrganisationContact.starts_on <= on,
            sa.or_(OrganisationContact.ends_on.is_(None), OrganisationContact.ends_on >= on),
            Person.erased_at.is_(None),
        )
        .order_by(Organisation.name, OrganisationContact.id)
    )
    whole = (contains_eager(OrganisationContact.organisation), contains_eager(OrganisationContact.person))
    return db.session.scalars(roles.options(*whole)).all()


def contact_of(address: str, organisation_id: int, *, on: date) -> OrganisationContact | None:
    """The contact person of this organisation who reads this mailbox, if there is one today."""
    return next((role for role in contact_roles(address, on=on) if role.organisation_id == organisation_id), None)


def namings_at(address: str, *, on: date) -> Sequence[OrganisationPerson]:
    """What was named for the people at this address and counts or will count, the last to end first."""
    namings = (
        sa.select(OrganisationPerson)
        .where(
            OrganisationPerson.person_id.in_(
                sa.select(PersonAddress.person_id).where(PersonAddress.address == address)
            ),
            OrganisationPerson.ends_on >= on,
        )
        .order_by(OrganisationPerson.ends_on.desc(), OrganisationPerson.id)
    )
    whole = (joinedload(OrganisationPerson.organisation), joinedload(OrganisationPerson.person))
    return db.session.scalars(namings.options(*whole)).all()


def coming_of(organisation_id: int, *, now: datetime) -> Sequence[Registration]:
    """Live registrations that rest on this organisation, for gatherings that are not over; by gathering, then by name.

    Who comes from there on a status of their own, or as an outsider, is not among them: that is theirs alone.
    """
    coming = (
        sa.select(Registration)
        .join(Registration.event)
        .join(Registration.person)
        .where(
            Registration.organisation_id == organisation_id,
            Registration.state.in_(LIVE),
            Event.ends_at > now,
        )
        .order_by(Event.starts_at, Event.id, Person.sort_key, Registration.id)
    )
    whole = (contains_eager(Registration.event), contains_eager(Registration.person))
    return db.session.scalars(coming.options(*whole)).all()


def registration_of(organisation_id: int, registration_id: int) -> Registration | None:
    """One registration, provided that it rests on this organisation."""
    own = sa.select(Registration).where(
        Registration.id == registration_id, Registration.organisation_id == organisation_id
    )
    return db.session.scalar(own.options(joinedload(Registration.event), joinedload(Registration.person)))


def naming_of(organisation_id: int, naming_id: int) -> OrganisationPerson | None:
    """Somebody named, provided that this organisation named them."""
    own = sa.select(OrganisationPerson).where(
        OrganisationPerson.id == naming_id, OrganisationPerson.organisation_id == organisation_id
    )
    return db.session.scalar(own.options(joinedload(OrganisationPerson.person)))
