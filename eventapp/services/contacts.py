"""Who may act for an organisation: the office makes somebody its contact person, and ends that."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotFound
from eventapp.domain.organisations import check_periods
from eventapp.domain.people import ended
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import OrganisationContact
from eventapp.services import people
from eventapp.services.audit import note
from eventapp.services.knowing import Somebody
from eventapp.services.locks import lock_organisation
from eventapp.transaction import transaction


def add_contact(
    organisation_id: int, who: Somebody, *, first: date, receives_invoices: bool, by: Actor, now: datetime
) -> int:
    """Make somebody contact person from this day until further notice, and answer the id of it.

    It counts for whoever proves the address named here. Somebody unknown is added. Refuses with NotFound, or
    PeriodsOverlap when this person is contact person with that address already.
    """
    try:
        return _add(organisation_id, who, first, receives_invoices, by, now)
    except IntegrityError:
        # The same person came to be known in the same moment, and is now found.
        return _add(organisation_id, who, first, receives_invoices, by, now)


def _add(organisation_id: int, who: Somebody, first: date, receives_invoices: bool, by: Actor, now: datetime) -> int:
    with transaction():
        lock_organisation(organisation_id)
        person = people.find_or_add(who.address, who.given_name, who.infix, who.family_name, now=now)
        contact = OrganisationContact(
            organisation_id=organisation_id,
            person_id=person.id,
            address=who.address,
            starts_on=first,
            receives_invoices=receives_invoices,
            added_by=by.name,
            created_at=now,
        )
        check_periods([*(other.period for other in _others(contact)), contact.period])
        db.session.add(contact)
        db.session.flush()
        facts: dict[str, Any] = {"person_id": person.id, "first": first.isoformat()}
        note("contact_added", "organisation", organisation_id, by=by, now=now, **facts)
        return contact.id


def end_contact(organisation_id: int, contact_id: int, last: date, *, by: Actor, now: datetime) -> None:
    """Give a contact person another last day, that day included; from the next day on nothing is shown to them.

    Refuses with NotFound, PeriodIsOver, EndsBeforeStart or PeriodsOverlap.
    """
    with transaction():
        lock_organisation(organisation_id)
        contact = db.session.get(OrganisationContact, contact_id, populate_existing=True)
        if contact is None or contact.organisation_id != organisation_id:
            raise NotFound()
        period = ended(contact.period, last, today=local_date(now))
        check_periods([*(other.period for other in _others(contact)), period])
        contact.ends_on = last
        facts: dict[str, Any] = {"person_id": contact.person_id, "last": last.isoformat()}
        note("contact_ended", "organisation", organisation_id, by=by, now=now, **facts)


def _others(contact: OrganisationContact) -> list[OrganisationContact]:
    same = sa.select(OrganisationContact).where(
        OrganisationContact.organisation_id == contact.organisation_id,
        OrganisationContact.person_id == contact.person_id,
        OrganisationContact.address == contact.address,
    )
    return [other for other in db.session.scalars(same) if other is not contact]
