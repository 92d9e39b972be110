"""How are the people of a batch written? In a handful of statements, whatever their number."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.import_people import KnownNaming, KnownPerson, KnownStatus
from eventapp.domain.names import sort_key
from eventapp.extensions import db
from eventapp.models import OrganisationPerson, Person, PersonAddress, PersonStatus
from eventapp.services.importing.bulk import add_all, change_all, note_all
from eventapp.services.importing.known_people import Key

Values = dict[str, Any]


def write_people(
    before: Mapping[Key, KnownPerson | None],
    after: Mapping[Key, KnownPerson],
    job_id: int,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Within a transaction: make the people as they are known afterwards, each with a row in the log."""
    new = [key for key, person in after.items() if person.id is None]
    ids: dict[Key, int] = {key: person.id for key, person in after.items() if person.id is not None}
    rows = [{**_person(after[key]), "created_at": now} for key in new]
    ids.update(zip(new, _added_people(rows), strict=True))
    add_all(PersonAddress, [{"person_id": ids[key], "address": key[0], "name_key": key[1]} for key in new])
    change_all(Person, [{"id": person.id, **_person(person)} for person in after.values() if person.id is not None])
    _write_periods(PersonStatus, before, after, ids, lambda person: person.statuses, _status)
    _write_periods(OrganisationPerson, before, after, ids, lambda person: person.namings, _naming)
    note_all("person_imported", "person", ids.values(), job_id, by=by, now=now)


def _added_people(rows: list[Values]) -> list[int]:
    """The ids of new people, in the order of the rows."""
    if not rows:
        return []
    insert = sa.insert(Person).returning(Person.id, sort_by_parameter_order=True)
    return list(db.session.scalars(insert, rows))


def _person(person: KnownPerson) -> Values:
    given_name, infix, family_name = person.name
    return {
        "given_name": given_name,
        "infix": infix,
        "family_name": family_name,
        "sort_key": sort_key(given_name, infix, family_name),
        "function_group": person.function_group,
    }


def _write_periods(
    model: type[Any],
    before: Mapping[Key, KnownPerson | None],
    after: Mapping[Key, KnownPerson],
    ids: Mapping[Key, int],
    of: Callable[[KnownPerson], tuple[Any, ...]],
    values: Callable[[Any], Values],
) -> None:
    """Add what has no id yet, change what has one and differs."""
    new: list[Values] = []
    changed: list[Values] = []
    for key, person in after.items():
        known = before[key]
        kept = set(of(known)) if known else set()
        for period in of(person):
            if period.id is None:
                new.append({"person_id": ids[key], **values(period)})
            elif period not in kept:
                changed.append({"id": period.id, **values(period)})
    add_all(model, new)
    change_all(model, changed)


def _status(status: KnownStatus) -> Values:
    period = {"starts_on": status.period.first, "ends_on": status.period.last}
    return {"category": status.category, "region": status.region, **period}


def _naming(naming: KnownNaming) -> Values:
    return {
        "organisation_id": naming.organisation_id,
        "starts_on": naming.period.first,
        "ends_on": naming.period.last,
    }
