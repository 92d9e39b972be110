"""What the office of the demo keeps for its own work: labels on the themadag, a view of them, and a note."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from eventapp.domain.events import EventKind
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, PersonNote, Registration, RegistrationLabel, SavedView, StaffMember

_LABEL = "vervoer regelen"


def keep_desk(events: list[Event], *, now: datetime) -> None:
    """Within the transaction of the load."""
    themadag = next(event for event in events if event.kind == EventKind.THEMADAG)
    coming = sa.select(Registration).where(Registration.event_id == themadag.id, Registration.state == State.CONFIRMED)
    some = db.session.scalars(coming.order_by(Registration.id).limit(3)).all()
    db.session.add_all(RegistrationLabel(registration_id=one.id, label=_LABEL) for one in some)
    for member in db.session.scalars(sa.select(StaffMember)):
        view = {"name": "Vervoer regelen", "query": "label=vervoer+regelen&kolom=organisatie&kolom=adres&kolom=labels"}
        db.session.add(SavedView(staff_id=member.id, created_at=now, **view))
    note = {"text": "Belt liever dan mailen.", "written_by": "Sietske Secretariaat"}
    db.session.add(PersonNote(person_id=some[0].person_id, written_at=now - timedelta(days=4), **note))
