"""How many of the free places of an organisation at an event are taken?"""

import sqlalchemy as sa

from eventapp.domain.places import Places
from eventapp.extensions import db
from eventapp.models import ORGANISATION, Capacity, Event


def free_places_of(event: Event, organisation_id: int) -> Places:
    """Size, taken and the line of this organisation; without a row nobody of it has come yet."""
    row = db.session.execute(
        sa.select(Capacity.size, Capacity.taken, Capacity.waiting).where(
            Capacity.event_id == event.id, Capacity.kind == ORGANISATION, Capacity.ref == str(organisation_id)
        )
    ).first()
    return Places(row.size, row.taken, row.waiting) if row else Places(event.free_per_organisation, 0)
