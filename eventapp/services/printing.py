"""What has to lie ready on paper before a door opens."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.models import Event
from eventapp.services.audit import note
from eventapp.transaction import transaction


def note_emergency_list(event_id: int, *, by: Actor, now: datetime) -> None:
    """The list for a door without telephones was made now; the checklist says what changed since."""
    with transaction() as session:
        made = sa.update(Event).where(Event.id == event_id).values(emergency_list_at=now)
        session.execute(made.execution_options(synchronize_session=False))
        note("emergency_list_made", "event", event_id, by=by, now=now, event_id=event_id)
