"""Which organisations does the office know, and how many of their people come?"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.domain.names import fold
from eventapp.domain.pricing import Relation
from eventapp.domain.registrations import LIVE
from eventapp.extensions import db
from eventapp.models import Event, Organisation, Registration

_WITH_ALL = (selectinload(Organisation.domains), selectinload(Organisation.memberships))


def organisations(*, text: str = "", relation: Relation | None = None) -> Sequence[Organisation]:
    """By name, with domains and periods; every word of `text` is in name, city or a domain, accents aside."""
    wanted = sa.select(Organisation).options(*_WITH_ALL)
    if relation:
        wanted = wanted.where(Organisation.relation == relation)
    # Folding is ours, not the database's; an association has hundreds of organisations, no more.
    words = fold(text.replace("@", " ")).split()
    found = [one for one in db.session.scalars(wanted) if all(word in _searched(one) for word in words)]
    return sorted(found, key=lambda one: (fold(one.name), one.id))


def _searched(organisation: Organisation) -> str:
    return fold(" ".join([organisation.name, organisation.city, *(row.domain for row in organisation.domains)]))


def organisation_by_id(organisation_id: int) -> Organisation | None:
    """One organisation with its domains and periods."""
    return db.session.get(Organisation, organisation_id, options=_WITH_ALL)


def registrations_count(organisation: Organisation) -> int:
    """How many registrations that were not cancelled or expired the organisation has had."""
    counted = sa.select(sa.func.count(Registration.id)).where(_of(organisation), Registration.state.in_(LIVE))
    return db.session.scalar(counted) or 0


def coming_registrations(organisation: Organisation, *, now: datetime, limit: int) -> Sequence[Registration]:
    """Registrations for gatherings that are not over, first gathering first."""
    coming = sa.select(Registration).join(Event).where(_of(organisation), Registration.state.in_(LIVE))
    first = coming.where(Event.ends_at > now).order_by(Event.starts_at, Registration.id).limit(limit)
    return db.session.scalars(first.options(joinedload(Registration.person), joinedload(Registration.event))).all()


def _of(organisation: Organisation) -> sa.ColumnElement[bool]:
    """Those whose price rests on it, and those from its mail domains whose price rests on no organisation."""
    domains = [row.domain for row in organisation.domains]
    by_domain = sa.and_(Registration.organisation_id.is_(None), Registration.mail_domain.in_(domains))
    return sa.or_(Registration.organisation_id == organisation.id, by_domain)
