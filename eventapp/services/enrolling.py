"""How does the office enter an organisation: its relation, the mail domains that speak for it, and its membership?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.domain.actors import Actor
from eventapp.domain.errors import ChangedMeanwhile, DomainTaken, NotFound
from eventapp.domain.organisations import (
    MembershipLine,
    OrganisationDetails,
    changed_names,
    check_periods,
    read_domains,
)
from eventapp.domain.pricing import Period
from eventapp.extensions import db
from eventapp.models import Membership, Organisation, OrganisationDomain
from eventapp.services.audit import note
from eventapp.transaction import transaction

_PLAIN = ("name", "kind", "relation", "city", "region")


def details_of(organisation: Organisation) -> OrganisationDetails:
    """What is kept of the organisation now; domains by name, periods by date."""
    lines = (MembershipLine(Period(row.starts_on, row.ends_on), row.id) for row in organisation.memberships)
    return OrganisationDetails(
        **{name: getattr(organisation, name) for name in _PLAIN},
        domains=tuple(sorted(row.domain for row in organisation.domains)),
        periods=tuple(sorted(lines, key=lambda line: line.period.first)),
    )


def save_organisation(
    details: OrganisationDetails,
    *,
    organisation_id: int | None = None,
    seen: str | None = None,
    by: Actor,
    now: datetime,
) -> int:
    """Keep these details of a new organisation, or of the one named, and answer its id.

    Domains left out are taken away. Periods left out stay: a membership is ended, never deleted. What people already
    registered for keeps its category and price. `seen` is the fingerprint of the details that were changed.

    Refuses with NotAMailDomain, FreeMailDomain, DomainTaken, EndsBeforeStart, PeriodsOverlap, NotFound, and with
    ChangedMeanwhile when the details are no longer those that were seen.
    """
    wanted = replace(details, domains=read_domains(details.domains))
    try:
        with transaction():
            return _save(wanted, organisation_id, seen, by, now)
    except IntegrityError:
        # In the same moment somebody gave one of these domains to another organisation; now it can be named.
        _refuse_taken(wanted.domains, organisation_id)
        raise


def _save(wanted: OrganisationDetails, organisation_id: int | None, seen: str | None, by: Actor, now: datetime) -> int:
    organisation = Organisation() if organisation_id is None else _lock(organisation_id)
    before = None if organisation_id is None else details_of(organisation)
    if before and seen and before.fingerprint != seen:
        raise ChangedMeanwhile()
    after = replace(wanted, periods=_with_kept(wanted.periods, before.periods if before else ()))
    check_periods([line.period for line in after.periods])
    _refuse_taken(after.domains, organisation_id)
    _copy(after, organisation)
    db.session.add(organisation)
    db.session.flush()
    _note(before, details_of(organisation), organisation.id, by, now)
    return organisation.id


def _lock(organisation_id: int) -> Organisation:
    """Lock by writing, so that two who add a period at once cannot both find room for theirs."""
    this = sa.update(Organisation).where(Organisation.id == organisation_id).values(name=Organisation.name)
    db.session.execute(this.execution_options(synchronize_session=False))
    organisation = db.session.get(Organisation, organisation_id, populate_existing=True)
    if organisation is None:
        raise NotFound()
    return organisation


def _with_kept(given: Sequence[MembershipLine], kept: Sequence[MembershipLine]) -> tuple[MembershipLine, ...]:
    """The periods given, in their order, and after them those kept that were not mentioned."""
    mentioned = {line.id for line in given} - {None}
    if mentioned - {line.id for line in kept}:
        raise NotFound()
    return (*given, *(line for line in kept if line.id not in mentioned))


def _refuse_taken(domains: Sequence[str], organisation_id: int | None) -> None:
    of_others = (
        sa.select(OrganisationDomain.domain, Organisation.name)
        .join(Organisation)
        .where(OrganisationDomain.domain.in_(domains), Organisation.id != (organisation_id or 0))
        .order_by(OrganisationDomain.domain)
    )
    taken = db.session.execute(of_others).first()
    if taken:
        raise DomainTaken(domain=taken.domain, organisation=taken.name)


def _copy(details: OrganisationDetails, organisation: Organisation) -> None:
    for name in _PLAIN:
        setattr(organisation, name, getattr(details, name))
    present = {row.domain: row for row in organisation.domains}
    for domain in present.keys() - set(details.domains):
        organisation.domains.remove(present[domain])
        db.session.delete(present[domain])
    organisation.domains.extend(OrganisationDomain(domain=d) for d in details.domains if d not in present)
    rows = {row.id: row for row in organisation.memberships}
    for line in details.periods:
        row = rows.get(line.id) if line.id else None
        if row is None:
            row = Membership()
            organisation.memberships.append(row)
        row.starts_on, row.ends_on = line.period.first, line.period.last


def _note(
    before: OrganisationDetails | None, after: OrganisationDetails, organisation_id: int, by: Actor, now: datetime
) -> None:
    """Domains by name: each gives or takes a right to a price."""
    had, has = set(before.domains if before else ()), set(after.domains)
    facts: dict[str, Any] = {"added": sorted(has - had), "removed": sorted(had - has)}
    if before is None:
        note("organisation_added", "organisation", organisation_id, by=by, now=now, **facts)
    elif changed := changed_names(before, after):
        note("organisation_changed", "organisation", organisation_id, by=by, now=now, changed=changed, **facts)
