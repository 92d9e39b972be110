"""Places of the demo that are divided: some for supervisors, and fysiek and online apart where both can be full."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.domain.actors import Actor
from eventapp.domain.events import EventForm, TargetGroup
from eventapp.extensions import db
from eventapp.models import Capacity, Event, PlaceHold, Registration
from eventapp.queries.held_parts import superfluous_and_missing
from eventapp.services import dividing
from eventapp.services.dividing import PoolDetails

_SUPERVISORS = PoolDetails("raden van toezicht", 20, function_groups=frozenset({TargetGroup.RVT}))
_FORMS = {EventForm.FYSIEK: 40, EventForm.ONLINE: 100}


def divide_places(events: Sequence[Event], calendar: DemoCalendar) -> None:
    """Within the transaction of the load, before anybody registers."""
    who: dict[str, Any] = {"by": Actor("system", "Voorbeeldgegevens"), "now": calendar.now - timedelta(days=60)}
    dividing.add_pool(_named(events, "inspiratiebijeenkomst-toezicht"), _SUPERVISORS, **who)
    dividing.divide_forms(_named(events, "inspiratiebijeenkomst-hr"), _FORMS, **who)


def hold_parts() -> None:
    """Whoever registered holds of the parts that they belong to, too."""
    rows = {(row.event_id, row.kind, row.ref): row for row in db.session.scalars(sa.select(Capacity))}
    of_event = {row.id: row.event_id for row in db.session.execute(sa.select(Registration.id, Registration.event_id))}
    _, missing = superfluous_and_missing()
    for registration_id, kind, ref in missing:
        row = rows[of_event[registration_id], kind, ref]
        row.taken += 1
        db.session.add(PlaceHold(registration_id=registration_id, capacity_id=row.id))
    db.session.flush()


def _named(events: Sequence[Event], slug: str) -> int:
    return next(event.id for event in events if event.slug.startswith(slug))
