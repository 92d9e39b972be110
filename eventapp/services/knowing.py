"""What does the office know of a person: name, function group, statuses of their own, and who named them as theirs?"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.domain.actors import Actor
from eventapp.domain.errors import NameTaken, NotFound
from eventapp.domain.events import TargetGroup
from eventapp.domain.names import name_key
from eventapp.domain.organisations import check_periods
from eventapp.domain.people import ended
from eventapp.domain.pricing import Category, Period
from eventapp.domain.times import local_date
from eventapp.extensions import db
from eventapp.models import Organisation, OrganisationPerson, Person, PersonAddress, PersonStatus
from eventapp.services import people
from eventapp.services.audit import note
from eventapp.transaction import transaction


@dataclass(frozen=True)
class Somebody:
    """Somebody whom we may not know yet; `address` is normalised."""

    address: str
    given_name: str
    infix: str
    family_name: str


def rename_person(person_id: int, given_name: str, infix: str, family_name: str, *, by: Actor, now: datetime) -> None:
    """Write the name as it should be, at every address of this person; registrations and tickets show it from now on.

    Refuses with NotFound (nobody, or erased) or NameTaken (somebody else at one of the addresses has this name).
    """
    key = name_key(given_name, infix, family_name)
    try:
        with transaction():
            person = _lock(person_id)
            if (person.given_name, person.infix, person.family_name) == (given_name, infix, family_name):
                return
            _refuse_taken(person_id, key)
            person.rename(given_name, infix, family_name)
            _write_key(person, key)
            note("person_renamed", "person", person_id, by=by, now=now)
    except IntegrityError:
        # Somebody of that name registered in the same moment; now the address can be named.
        _refuse_taken(person_id, key)
        raise


def _write_key(person: Person, key: str) -> None:
    """One row per address: who was merged from two spellings of one name, has two there until now."""
    rows: dict[str, PersonAddress] = {}
    for known in sorted(person.addresses, key=lambda known: known.proven_at is None):
        if known.address in rows:
            db.session.delete(known)
        else:
            rows[known.address] = known
    db.session.flush()
    for known in rows.values():
        known.name_key = key


def _refuse_taken(person_id: int, key: str) -> None:
    own = sa.select(PersonAddress.address).where(PersonAddress.person_id == person_id)
    clash = sa.select(PersonAddress.address).where(
        PersonAddress.person_id != person_id, PersonAddress.name_key == key, PersonAddress.address.in_(own)
    )
    address = db.session.scalar(clash.order_by(PersonAddress.address).limit(1))
    if address:
        raise NameTaken(address=address)


def set_function_group(person_id: int, group: TargetGroup | None, *, by: Actor, now: datetime) -> None:
    """What this person does, None when that is not known; fills in the form of who never said so.

    Registrations keep what was said then. Refuses with NotFound.
    """
    with transaction():
        person = _lock(person_id)
        if person.function_group == group:
            return
        person.function_group = group
        facts: dict[str, Any] = {"function_group": group.value if group else ""}
        note("function_group_changed", "person", person_id, by=by, now=now, **facts)


def add_status(
    person_id: int, category: Category, period: Period, *, region: str = "", by: Actor, now: datetime
) -> None:
    """Give a status of one's own during this period.

    Refuses with NotFound, EndsBeforeStart, or PeriodsOverlap with an earlier given period of the same category.
    """
    with transaction():
        person = _lock(person_id)
        others = [status.period for status in person.statuses if status.category == category]
        check_periods([*others, period])
        status = PersonStatus(
            person_id=person_id, category=category, region=region, starts_on=period.first, ends_on=period.last
        )
        db.session.add(status)
        facts: dict[str, Any] = {"category": category.value, **_days(period)}
        note("status_added", "person", person_id, by=by, now=now, **facts)


def end_status(person_id: int, status_id: int, last: date, *, by: Actor, now: datetime) -> None:
    """Give a status its last day, that day included. What it gave for gatherings until then stays.

    Refuses with NotFound, PeriodIsOver, EndsBeforeStart or PeriodsOverlap.
    """
    with transaction():
        person = _lock(person_id)
        status = next((status for status in person.statuses if status.id == status_id), None)
        if status is None:
            raise NotFound()
        period = ended(status.period, last, today=local_date(now))
        of_category = (other for other in person.statuses if other.category == status.category)
        check_periods([*(other.period for other in of_category if other is not status), period])
        status.ends_on = last
        facts: dict[str, Any] = {"category": status.category.value, "last": last.isoformat()}
        note("status_ended", "person", person_id, by=by, now=now, **facts)


def name_person(
    organisation_id: int, who: int | Somebody, *, until: date, named_by: str = "", by: Actor, now: datetime
) -> int:
    """Name somebody as belonging to an organisation, from today until this last day, and answer the person's id.

    It counts like the organisation's mail domain, for this person alone, once the address is proven. `named_by` is who
    of the organisation named them; empty is the association's office. Somebody unknown is added.

    Refuses with NotFound (no such organisation or person), EndsBeforeStart or PeriodsOverlap (named there already).
    """
    try:
        return _name(organisation_id, who, until, named_by, by, now)
    except IntegrityError:
        # The same person came to be known in the same moment, and is now found.
        return _name(organisation_id, who, until, named_by, by, now)


def _name(organisation_id: int, who: int | Somebody, until: date, named_by: str, by: Actor, now: datetime) -> int:
    with transaction():
        organisation = db.session.get(Organisation, organisation_id)
        if organisation is None:
            raise NotFound()
        person = _lock(who if isinstance(who, int) else _find_or_add(who, by, now))
        period = Period(local_date(now), until)
        check_periods([*(naming.period for naming in _namings(person.id, organisation_id)), period])
        naming = OrganisationPerson(
            organisation_id=organisation_id,
            person_id=person.id,
            starts_on=period.first,
            ends_on=until,
            named_by=named_by,
        )
        db.session.add(naming)
        facts: dict[str, Any] = {"organisation": organisation.name, **_days(period)}
        note("person_named", "person", person.id, by=by, now=now, **facts)
        return person.id


def _find_or_add(who: Somebody, by: Actor, now: datetime) -> int:
    known = people.find(who.address, who.given_name, who.infix, who.family_name)
    if known is not None:
        return known.id
    person = people.find_or_add(who.address, who.given_name, who.infix, who.family_name, now=now)
    note("person_added", "person", person.id, by=by, now=now)
    return person.id


def end_naming(person_id: int, naming_id: int, last: date, *, by: Actor, now: datetime) -> None:
    """Give a naming another last day, that day included. What it gave for gatherings until then stays.

    Refuses with NotFound, PeriodIsOver, EndsBeforeStart or PeriodsOverlap.
    """
    with transaction():
        _lock(person_id)
        naming = db.session.get(OrganisationPerson, naming_id)
        if naming is None or naming.person_id != person_id:
            raise NotFound()
        period = ended(naming.period, last, today=local_date(now))
        others = (other for other in _namings(person_id, naming.organisation_id) if other is not naming)
        check_periods([*(other.period for other in others), period])
        naming.ends_on = last
        facts: dict[str, Any] = {"organisation": naming.organisation.name, "last": last.isoformat()}
        note("naming_ended", "person", person_id, by=by, now=now, **facts)


def _namings(person_id: int, organisation_id: int) -> list[OrganisationPerson]:
    namings = sa.select(OrganisationPerson).where(
        OrganisationPerson.person_id == person_id, OrganisationPerson.organisation_id == organisation_id
    )
    return list(db.session.scalars(namings.order_by(OrganisationPerson.id)))


def _days(period: Period) -> dict[str, str]:
    last = {"last": period.last.isoformat()} if period.last else {}
    return {"first": period.first.isoformat(), **last}


def _lock(person_id: int) -> Person:
    """Lock by writing, so that two who add a period at once cannot both find room for theirs. Refuses with NotFound."""
    this = sa.update(Person).where(Person.id == person_id, Person.erased_at.is_(None)).values(sort_key=Person.sort_key)
    db.session.execute(this.execution_options(synchronize_session=False))
    person = db.session.get(Person, person_id, populate_existing=True)
    if person is None or person.erased_at is not None:
        raise NotFound()
    return person
