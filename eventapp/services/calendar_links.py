"""The link with which somebody takes their own registrations along: made once, replaced when it went astray."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.tokens import new_token
from eventapp.extensions import db, insert_into
from eventapp.models import CalendarFeed
from eventapp.services.audit import note
from eventapp.transaction import transaction

_TABLE: sa.Table = CalendarFeed.__table__


def make(address: str, *, by: Actor, now: datetime) -> None:
    """A link for what is at this address, unless there is one."""
    with transaction() as session:
        values = {"address": address, "token": new_token(), "created_at": now}
        made = _insert().values(values).on_conflict_do_nothing(index_elements=["address"]).returning(_TABLE.c.id)
        feed_id = session.scalar(made)
        if feed_id is not None:
            note("calendar_link_made", "calendar_feed", feed_id, by=by, now=now)


def replace(address: str, *, by: Actor, now: datetime) -> None:
    """Another link: the old one opens nothing any more. Without one it does nothing."""
    with transaction() as session:
        of_address = sa.update(CalendarFeed).where(CalendarFeed.address == address)
        feed_id = session.scalar(of_address.values(token=new_token(), created_at=now).returning(CalendarFeed.id))
        if feed_id is not None:
            note("calendar_link_replaced", "calendar_feed", feed_id, by=by, now=now)


def _insert() -> Any:
    return insert_into(_TABLE, db.engine.dialect.name)
