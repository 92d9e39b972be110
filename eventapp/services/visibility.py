"""What the association did at an event for which nobody registers with us, and how many people were counted there."""

from datetime import datetime

from eventapp.domain.account import is_agenda_item
from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotFound
from eventapp.extensions import db
from eventapp.models import EventVisibility
from eventapp.services.audit import note
from eventapp.services.locks import lock_event
from eventapp.transaction import transaction


def describe(event_id: int, *, contribution: str, heads: int | None, by: Actor, now: datetime) -> None:
    """Keep both as they are now. Refuses with NotFound, also for an event of which we know who registered."""
    with transaction() as session:
        event = lock_event(event_id)
        if not is_agenda_item(event.kind, event.registration):
            raise NotFound()
        row = db.session.get(EventVisibility, event_id) or EventVisibility(event_id=event_id)
        row.contribution, row.heads = contribution, heads
        session.add(row)
        note("visibility_described", "event", event_id, by=by, now=now, event_id=event_id, heads=heads)
