"""Which events do we know of those in a list? Read for a whole batch at once."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp.domain.import_events import EventRow, KnownEvent
from eventapp.domain.times import from_local
from eventapp.extensions import db
from eventapp.models import Event, EventSlug
from eventapp.services.event_rows import details_of

_DETAILS = (Event.target_groups, Event.fields, Event.prices, Event.cancellation_terms, Event.capacities)


def load_events(rows: Sequence[EventRow]) -> list[KnownEvent]:
    """Those that any of these rows may be about."""
    signs = {row.sign for row in rows}
    days = {row.day for row in rows}
    may_be = [Event.external_id.in_(signs), Event.calendar_uid.in_(signs), Event.slug.in_({row.slug for row in rows})]
    if days:
        may_be.append(Event.starts_at.between(_midnight(min(days)), _midnight(max(days) + timedelta(days=1))))
    query = sa.select(Event).where(sa.or_(*may_be)).options(*map(selectinload, _DETAILS)).order_by(Event.id)
    found = db.session.scalars(query.execution_options(populate_existing=True))
    return [
        KnownEvent(event.id, event.state, event.version, event.calendar_uid, event.external_id, details_of(event))
        for event in found
    ]


def _midnight(day: date) -> datetime:
    return from_local(day, time())


def addresses_in_use(slugs: set[str]) -> dict[str, int]:
    """Of these addresses: to which event each leads, now or as an old one."""
    now_used = sa.select(Event.slug, Event.id).where(Event.slug.in_(slugs))
    used_before = sa.select(EventSlug.slug, EventSlug.event_id).where(EventSlug.slug.in_(slugs))
    return dict(db.session.execute(sa.union_all(now_used, used_before)).all())


def hold_events(ids: Sequence[int]) -> None:
    """Lock by writing, so that nobody changes one of them before this transaction ends."""
    these = sa.update(Event).where(Event.id.in_(sorted(ids))).values(version=Event.version)
    db.session.execute(these.execution_options(synchronize_session=False))
