"""What may somebody see who proved an address? The people, registrations and sessions at it, nothing else."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.extensions import db
from eventapp.models import (
    Event,
    OrganisationContact,
    OrganisationPerson,
    Person,
    PersonAddress,
    Registration,
    UserSession,
)


def is_known(address: str) -> bool:
    """Whether this is the address of a person: proven, with a registration, named, or a contact person's.

    One statement always.
    """
    registered = sa.exists().where(Registration.person_id == PersonAddress.person_id, Registration.address == address)
    named = sa.exists().where(OrganisationPerson.person_id == PersonAddress.person_id)
    acts = sa.exists().where(
        OrganisationContact.person_id == PersonAddress.person_id, OrganisationContact.address == address
    )
    known = sa.exists().where(
        PersonAddress.address == address, sa.or_(PersonAddress.proven_at.is_not(None), registered, named, acts)
    )
    return bool(db.session.scalar(sa.select(known)))


def people_at(address: str) -> Sequence[Person]:
    """Everybody who is known at this address, by name, with their addresses and statuses."""
    return db.session.scalars(
        sa.select(Person)
        .where(Person.id.in_(ids_at(address)))
        .order_by(Person.sort_key, Person.id)
        .options(selectinload(Person.addresses), selectinload(Person.statuses))
    ).all()


def registrations_at(address: str) -> Sequence[Registration]:
    """The registrations made with this address, the first to begin first; those a person has elsewhere stay there.

    Found by way of the people, whose addresses are indexed: who registers is always known at the address they gave.
    """
    return db.session.scalars(
        sa.select(Registration)
        .join(Registration.event)
        .where(Registration.person_id.in_(ids_at(address)), Registration.address == address)
        .order_by(Event.starts_at, Registration.id)
        .options(
            joinedload(Registration.event),
            joinedload(Registration.order),
            joinedload(Registration.person),
            selectinload(Registration.tickets),
        )
    ).all()


def latest_registration(address: str) -> Registration | None:
    """The registration that was made last with this address, to fill in the next form with."""
    return db.session.scalar(
        sa.select(Registration)
        .where(Registration.person_id.in_(ids_at(address)), Registration.address == address)
        .order_by(Registration.created_at.desc(), Registration.id.desc())
        .limit(1)
        .options(joinedload(Registration.person))
    )


def sessions_of(address: str, *, now: datetime) -> Sequence[UserSession]:
    """The browsers that are signed in with this address, the latest first."""
    return db.session.scalars(
        sa.select(UserSession)
        .where(UserSession.address == address, UserSession.revoked_at.is_(None), UserSession.expires_at > now)
        .order_by(UserSession.created_at.desc(), UserSession.id.desc())
    ).all()


def ids_at(address: str) -> sa.Select[int]:
    """The ids of everybody known at this address."""
    return sa.select(PersonAddress.person_id).where(PersonAddress.address == address)
