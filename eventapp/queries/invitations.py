"""Invitations by their links, of an event, and whom a group names."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from eventapp.domain.guest_lists import Guest
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import LIVE
from eventapp.extensions import db
from eventapp.models import Event, Invitation, OrganisationContact, Person, PersonStatus, Registration

_WITH_EVENT = (
    joinedload(Invitation.event).selectinload(Event.prices),
    joinedload(Invitation.event).selectinload(Event.capacities),
    joinedload(Invitation.registration),
)


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation that this link opens, with its event."""
    return db.session.scalar(sa.select(Invitation).where(Invitation.token == token).options(*_WITH_EVENT))


def invitation_by_answer_token(token: str) -> Invitation | None:
    """The invitation whose answer this link changes."""
    return db.session.scalar(sa.select(Invitation).where(Invitation.answer_token == token).options(*_WITH_EVENT))


def invitation_by_id(invitation_id: int) -> Invitation | None:
    return db.session.get(Invitation, invitation_id)


def invitation_of(registration_id: int) -> Invitation | None:
    """The invitation that this registration came of."""
    return db.session.scalar(sa.select(Invitation).where(Invitation.registration_id == registration_id).limit(1))


def invitation_at(event_id: int, address: str) -> Invitation | None:
    """The one invitation of this address to this event."""
    return db.session.scalar(
        sa.select(Invitation).where(Invitation.event_id == event_id, Invitation.address == address)
    )


def invitations_of(event_id: int) -> Sequence[Invitation]:
    """Everybody who was invited, in the order of their addresses; those that were erased are left out."""
    known = sa.select(Invitation).where(Invitation.event_id == event_id, Invitation.address != "")
    whole = (joinedload(Invitation.event), joinedload(Invitation.registration))
    return db.session.scalars(known.options(*whole).order_by(Invitation.address)).all()


def invitations_to(address: str) -> Sequence[Invitation]:
    """Everything this address was ever invited to, as far as it is kept, the first to begin first."""
    to = sa.select(Invitation).join(Invitation.event).where(Invitation.address == address)
    whole = (contains_eager(Invitation.event), joinedload(Invitation.registration))
    return db.session.scalars(to.options(*whole).order_by(Event.starts_at, Invitation.id)).all()


def registrations_at(event_id: int, address: str) -> Sequence[Registration]:
    """The live registrations of this address at this event."""
    live = sa.select(Registration).where(
        Registration.event_id == event_id, Registration.address == address, Registration.state.in_(LIVE)
    )
    return db.session.scalars(live.options(joinedload(Registration.person))).all()


def with_status(status: Category, *, on: date) -> list[Guest]:
    """Everybody who has this status on that day, by name; without any address the address is empty."""
    covers = sa.and_(
        PersonStatus.person_id == Person.id,
        PersonStatus.category == status,
        PersonStatus.starts_on <= on,
        sa.or_(PersonStatus.ends_on.is_(None), PersonStatus.ends_on >= on),
    )
    people = sa.select(Person).where(sa.exists().where(covers), Person.erased_at.is_(None))
    found = db.session.scalars(people.options(selectinload(Person.addresses)).order_by(Person.sort_key, Person.id))
    return [Guest(who.address, who.given_name, who.infix, who.family_name, who.id) for who in found]


def contact_persons(*, on: date) -> list[Guest]:
    """Everybody who acts for an organisation on that day, by name, at the mailbox that gives them that; each once."""
    contacts = (
        sa.select(OrganisationContact)
        .join(OrganisationContact.person)
        .where(
            OrganisationContact.starts_on <= on,
            sa.or_(OrganisationContact.ends_on.is_(None), OrganisationContact.ends_on >= on),
            Person.erased_at.is_(None),
        )
        .order_by(Person.sort_key, Person.id, OrganisationContact.id)
        .options(contains_eager(OrganisationContact.person))
    )
    found = ((contact.address, contact.person) for contact in db.session.scalars(contacts))
    guests = (Guest(address, who.given_name, who.infix, who.family_name, who.id) for address, who in found)
    return list(dict.fromkeys(guests))
