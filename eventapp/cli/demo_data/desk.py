"""What the office of the demo keeps for its own work: labels, a view, a note, and changes that wait."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.events import EventKind
from eventapp.domain.looks import Looked, PeopleList
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, PersonNote, Registration, RegistrationLabel, SavedView, StaffMember
from eventapp.services import editing, looking

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
    _prepare_changes(
        next(event for event in events if event.kind == EventKind.REGIOTOUR and event.ends_at > now), now=now
    )
    _have_looked(themadag, now=now)
    note = {"text": "Belt liever dan mailen.", "written_by": "Sietske Secretariaat"}
    db.session.add(PersonNote(person_id=some[0].person_id, written_at=now - timedelta(days=4), **note))


def _have_looked(event: Event, *, now: datetime) -> None:
    """The office had a list on the screen, and took one along."""
    office = db.session.scalars(sa.select(StaffMember).order_by(StaffMember.id).limit(3)).all()
    looks = (
        (PeopleList.REGISTRATIONS, False, timedelta(days=3, hours=2)),
        (PeopleList.ATTENDANCE, True, timedelta(days=3)),
        (PeopleList.REGISTRATIONS, True, timedelta(hours=5)),
    )
    for member, (which, as_file, ago) in zip(office, looks, strict=True):
        looked = Looked(which, event.places.taken or 1, as_file, event_id=event.id)
        looking.keep(looked, by=Actor("staff", member.name, member.id), now=now - ago)


def _prepare_changes(event: Event, *, now: datetime) -> None:
    """Another room and a better sentence, not carried through yet."""
    before = editing.working_details(event)
    wanted = {"venue": "Raadzaal", "summary": "Drie kindcentra op één dag, met de bus en met lunch onderweg."}
    was = {name: getattr(before, name) for name in wanted}
    office = Actor("staff", "Sietske Secretariaat")
    editing.save_section(event.id, was, wanted, by=office, now=now - timedelta(hours=2))
