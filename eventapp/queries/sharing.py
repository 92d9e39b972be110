"""Who may a partner know of, and what did one person say about that? Names and organisations, and nothing else."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp.domain.names import fold
from eventapp.domain.pricing import Relation
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, Membership, Organisation, PartnerConsent, Person, Registration

_PARTNERS = (Relation.KERNPARTNER, Relation.STEUNPARTNER)


class Shared(NamedTuple):
    """One person as the partner sees them."""

    given_name: str
    infix: str
    family_name: str
    organisation: str


def shared_of(event_id: int) -> list[Shared]:
    """Everybody who comes and agreed that the partner of this event may know, by name."""
    columns = (Person.given_name, Person.infix, Person.family_name, Registration.organisation_name)
    found = _agreed(sa.select(*columns), event_id).join(Person, Person.id == Registration.person_id)
    return [Shared(*row) for row in db.session.execute(found.order_by(Person.sort_key, Registration.id))]


def shared_count(event_id: int) -> int:
    """How many that are."""
    return db.session.scalar(_agreed(sa.select(sa.func.count(Registration.id)), event_id)) or 0


def _agreed(columns: sa.Select, event_id: int) -> sa.Select:
    """A yes counts for the partner it was said to: another one asks anew."""
    return (
        columns.select_from(Registration)
        .join(PartnerConsent, PartnerConsent.registration_id == Registration.id)
        .join(Event, sa.and_(Event.id == Registration.event_id, Event.offered_by_id == PartnerConsent.organisation_id))
        .where(
            Event.id == event_id,
            Registration.state == State.CONFIRMED,
            Registration.address != "",
            PartnerConsent.withdrawn_at.is_(None),
        )
    )


def consent_of(registration: Registration) -> PartnerConsent | None:
    """What this person said to the partner who offers the event now; None when nothing, or only to another."""
    found = db.session.get(PartnerConsent, registration.id)
    return found if found and found.organisation_id == registration.event.offered_by_id else None


def partners(*, on: date) -> Sequence[Organisation]:
    """Every organisation that is, was or becomes a partner, by name, those of today first."""
    related = sa.select(Membership.organisation_id).where(Membership.relation.in_(_PARTNERS))
    found = db.session.scalars(
        sa.select(Organisation).where(Organisation.id.in_(related)).options(selectinload(Organisation.memberships))
    )
    return sorted(found, key=lambda one: (one.relation_near(on) not in _PARTNERS, fold(one.name), one.id))
