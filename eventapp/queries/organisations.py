"""Which organisations does the office know, and how many of their people come?"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.domain.names import fold
from eventapp.domain.pricing import Relation
from eventapp.domain.registrations import LIVE
from eventapp.extensions import db
from eventapp.models import Event, Organisation, Registration

_WITH_ALL = (
    selectinload(Organisation.domains),
    selectinload(Organisation.tenants),
    selectinload(Organisation.memberships),
    joinedload(Organisation.invoicing),
)


def organisations(*, text: str = "", relation: Relation | None = None, on: date) -> Sequence[Organisation]:
    """By name, with domains and periods; every word of `text` is in name, city or a domain, accents aside.

    `relation` is what it is to the association on that day, else next, else last.
    """
    wanted = sa.select(Organisation).options(*_WITH_ALL[:3])
    # Folding is ours, not the database's; an association has hundreds of organisations, no more.
    words = fold(text.replace("@", " ")).split()
    found = [one for one in db.session.scalars(wanted) if all(word in _searched(one) for word in words)]
    related = [one for one in found if relation is None or one.relation_near(on) == relation]
    return sorted(related, key=lambda one: (fold(one.name), one.id))


def _searched(organisation: Organisation) -> str:
    return fold(" ".join([organisation.name, organisation.city, *(row.domain for row in organisation.domains)]))


def organisation_by_id(organisation_id: int) -> Organisation | None:
    """One organisation with all that is kept of it."""
    return db.session.get(Organisation, organisation_id, options=_WITH_ALL)


class Counts(NamedTuple):
    """Registrations that were not cancelled or expired: ever, for gatherings of the last year, and still to come."""

    ever: int
    last_year: int
    coming: int


def registration_counts(organisation: Organisation, *, now: datetime) -> Counts:
    """How many people the organisation sends."""
    last_year = sa.and_(Event.starts_at > now - timedelta(days=365), Event.ends_at <= now)
    counted = sa.select(sa.func.count(), _how_many(last_year), _how_many(Event.ends_at > now)).select_from(Registration)
    ever, recent, coming = db.session.execute(
        counted.join(Event).where(_of(organisation), Registration.state.in_(LIVE))
    ).one()
    return Counts(ever, recent, coming)


def _how_many(where: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((where, 1), else_=0)), 0)


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
