"""Every organisation as rows of a list are compared with it; an association has hundreds, no more."""

from collections import defaultdict

import sqlalchemy as sa

from eventapp.domain.import_organisations import KnownOrganisation, OrganisationBook
from eventapp.domain.organisations import MembershipLine
from eventapp.domain.pricing import Period
from eventapp.extensions import db
from eventapp.models import Membership, Organisation, OrganisationDomain


def load_book() -> OrganisationBook:
    """All of them, in three reads."""
    domains: defaultdict[int, set[str]] = defaultdict(set)
    for owner, domain in db.session.execute(sa.select(OrganisationDomain.organisation_id, OrganisationDomain.domain)):
        domains[owner].add(domain)
    periods: defaultdict[int, list[MembershipLine]] = defaultdict(list)
    days = (Membership.starts_on, Membership.ends_on)
    kept = sa.select(Membership.organisation_id, Membership.id, Membership.relation, *days)
    for owner, line_id, relation, first, last in db.session.execute(kept.order_by(Membership.starts_on)):
        periods[owner].append(MembershipLine(Period(first, last), line_id, relation))
    columns = (Organisation.id, Organisation.name, Organisation.kind, Organisation.phase)
    known = db.session.execute(sa.select(*columns, Organisation.city, Organisation.region).order_by(Organisation.id))
    return OrganisationBook(
        KnownOrganisation(*row, domains=frozenset(domains[row.id]), periods=tuple(periods[row.id])) for row in known
    )
