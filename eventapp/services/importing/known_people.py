"""Whom do we know of the people of a list? Read for a whole batch at once."""

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from eventapp.domain.import_people import KnownNaming, KnownPerson, KnownStatus
from eventapp.domain.pricing import Period
from eventapp.extensions import db
from eventapp.models import OrganisationPerson, Person, PersonAddress, PersonStatus
from eventapp.queries.among import among

# The same name at the same address is the same person: address and name key.
Key = tuple[str, str]


def load_people(keys: Iterable[Key]) -> dict[Key, KnownPerson]:
    """Those of them whom we know, in three reads."""
    columns = (Person.id, Person.given_name, Person.infix, Person.family_name, Person.function_group)
    found = db.session.execute(
        sa.select(PersonAddress.address, PersonAddress.name_key, *columns)
        .join(Person)
        .join(*among(keys, PersonAddress.address, PersonAddress.name_key))
    )
    rows = {(row.address, row.name_key): row for row in found}
    ids = {row.id for row in rows.values()}
    statuses, namings = _statuses(ids), _namings(ids)
    return {
        key: KnownPerson(
            (row.given_name, row.infix, row.family_name),
            row.id,
            row.function_group,
            tuple(statuses[row.id]),
            tuple(namings[row.id]),
        )
        for key, row in rows.items()
    }


def _statuses(ids: set[int]) -> defaultdict[int, list[KnownStatus]]:
    found: defaultdict[int, list[KnownStatus]] = defaultdict(list)
    columns = (PersonStatus.id, PersonStatus.person_id, PersonStatus.category, PersonStatus.region)
    theirs = among(((one,) for one in ids), PersonStatus.person_id)
    own = sa.select(*columns, PersonStatus.starts_on, PersonStatus.ends_on).join(*theirs)
    for row in db.session.execute(own.order_by(PersonStatus.id)):
        period = Period(row.starts_on, row.ends_on)
        found[row.person_id].append(KnownStatus(row.category, period, row.region, row.id))
    return found


def _namings(ids: set[int]) -> defaultdict[int, list[KnownNaming]]:
    found: defaultdict[int, list[KnownNaming]] = defaultdict(list)
    naming = OrganisationPerson
    columns = (naming.id, naming.person_id, naming.organisation_id, naming.starts_on, naming.ends_on)
    theirs = among(((one,) for one in ids), naming.person_id)
    for row in db.session.execute(sa.select(*columns).join(*theirs).order_by(naming.id)):
        found[row.person_id].append(KnownNaming(row.organisation_id, Period(row.starts_on, row.ends_on), row.id))
    return found


def hold_people(ids: Iterable[int]) -> None:
    """Lock by writing, so that nobody gives one of them a period before this transaction ends."""
    these = sa.update(Person).where(Person.id.in_(sorted(ids))).values(sort_key=Person.sort_key)
    db.session.execute(these.execution_options(synchronize_session=False))
