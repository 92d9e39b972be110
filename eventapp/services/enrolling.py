"""How does the office enter an organisation: its relation, the mail domains that speak for it, and its membership?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventapp.domain.actors import Actor
from eventapp.domain.errors import ChangedMeanwhile, DomainTaken, NotFound, TenantTaken
from eventapp.domain.organisations import (
    MembershipLine,
    OrganisationDetails,
    changed_names,
    check_periods,
    read_domains,
    read_tenants,
)
from eventapp.domain.pricing import Period, Relation
from eventapp.extensions import db
from eventapp.models import Membership, Organisation, OrganisationDomain, OrganisationTenant
from eventapp.services import sharing
from eventapp.services.audit import note
from eventapp.services.locks import lock_organisation
from eventapp.transaction import transaction

_PLAIN = ("name", "kind", "phase", "city", "region")


def details_of(organisation: Organisation) -> OrganisationDetails:
    """What is kept of the organisation now; domains and tenants by name, periods by date with their relation."""
    rows = sorted(organisation.memberships, key=lambda row: row.starts_on)
    lines = tuple(MembershipLine(Period(row.starts_on, row.ends_on), row.id, row.relation) for row in rows)
    return OrganisationDetails(
        **{name: getattr(organisation, name) for name in _PLAIN},
        relation=rows[-1].relation if rows else Relation.GEEN,
        domains=tuple(sorted(row.domain for row in organisation.domains)),
        tenants=tuple(sorted(row.tenant_id for row in organisation.tenants)),
        periods=lines,
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

    Domains and tenants left out are taken away. Periods left out stay: a membership is ended, never deleted. What
    people already registered for keeps its category and price. `seen` is the fingerprint of the details that were
    changed.

    Refuses with NotAMailDomain, FreeMailDomain, DomainTaken, NotATenantId, TenantTaken, EndsBeforeStart,
    PeriodsOverlap, NotFound, and with ChangedMeanwhile when the details are no longer those that were seen.
    """
    wanted = replace(details, domains=read_domains(details.domains), tenants=read_tenants(details.tenants))
    try:
        with transaction():
            return _save(wanted, organisation_id, seen, by, now)
    except IntegrityError:
        # In the same moment somebody gave one of these to another organisation; now it can be named.
        _refuse_taken(wanted, organisation_id)
        raise


def _save(wanted: OrganisationDetails, organisation_id: int | None, seen: str | None, by: Actor, now: datetime) -> int:
    organisation = Organisation() if organisation_id is None else lock_organisation(organisation_id)
    before = None if organisation_id is None else details_of(organisation)
    if before and seen and before.fingerprint != seen:
        raise ChangedMeanwhile()
    after = replace(wanted, periods=_with_kept(wanted.periods, before.periods if before else ()))
    check_periods([line.period for line in after.periods])
    _refuse_taken(after, organisation_id)
    _copy(after, organisation)
    db.session.add(organisation)
    db.session.flush()
    _note(before, details_of(organisation), organisation.id, by, now)
    return organisation.id


def _with_kept(given: Sequence[MembershipLine], kept: Sequence[MembershipLine]) -> tuple[MembershipLine, ...]:
    """The periods given, in their order, and after them those kept that were not mentioned."""
    mentioned = {line.id for line in given} - {None}
    if mentioned - {line.id for line in kept}:
        raise NotFound()
    return (*given, *(line for line in kept if line.id not in mentioned))


def _refuse_taken(wanted: OrganisationDetails, organisation_id: int | None) -> None:
    domain, tenant = OrganisationDomain.domain, OrganisationTenant.tenant_id
    if taken := _of_another(OrganisationDomain, domain, wanted.domains, organisation_id):
        raise DomainTaken(domain=taken[0], organisation=taken[1])
    if taken := _of_another(OrganisationTenant, tenant, wanted.tenants, organisation_id):
        raise TenantTaken(tenant=taken[0], organisation=taken[1])


def _of_another(model: type[Any], column: Any, wanted: Sequence[str], organisation_id: int | None) -> Any:
    """The first of these that is another organisation's, and the name of that one."""
    others = sa.select(column, Organisation.name).join_from(model, Organisation)
    others = others.where(column.in_(wanted), Organisation.id != (organisation_id or 0))
    return db.session.execute(others.order_by(column)).first()


def _copy(details: OrganisationDetails, organisation: Organisation) -> None:
    for name in _PLAIN:
        setattr(organisation, name, getattr(details, name))
    _exchange(organisation.domains, OrganisationDomain, "domain", details.domains)
    _exchange(organisation.tenants, OrganisationTenant, "tenant_id", details.tenants)
    rows = {row.id: row for row in organisation.memberships}
    for line in details.periods:
        row = rows.get(line.id) if line.id else None
        if row is None:
            row = Membership()
            organisation.memberships.append(row)
        row.starts_on, row.ends_on = line.period.first, line.period.last
        row.relation = line.relation or details.relation


def _exchange(rows: list[Any], model: type[Any], name: str, wanted: Sequence[str]) -> None:
    """Take away the rows whose value is not wanted, add one for each that is not there."""
    present = {getattr(row, name): row for row in rows}
    for value in present.keys() - set(wanted):
        rows.remove(present[value])
        db.session.delete(present[value])
    rows.extend(model(**{name: value}) for value in wanted if value not in present)


def _note(
    before: OrganisationDetails | None, after: OrganisationDetails, organisation_id: int, by: Actor, now: datetime
) -> None:
    """Domains and tenants by name: each gives or takes a right to a price."""
    had = {*before.domains, *before.tenants} if before else set()
    has = {*after.domains, *after.tenants}
    facts: dict[str, Any] = {"added": sorted(has - had), "removed": sorted(had - has)}
    if before is None:
        note("organisation_added", "organisation", organisation_id, by=by, now=now, **facts)
    elif changed := changed_names(before, after):
        if "name" in changed:
            sharing.show_anew([organisation_id], now=now)
        note("organisation_changed", "organisation", organisation_id, by=by, now=now, changed=changed, **facts)
