"""What the office writes down about somebody, and throws away."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.actors import Actor
from eventapp.domain.errors import NotFound
from eventapp.extensions import db
from eventapp.models import Person, PersonNote
from eventapp.services.audit import note
from eventapp.transaction import transaction


def write(person_id: int, text: str, *, by: Actor, now: datetime) -> None:
    """Keep a note; the log says that there is one, not what it says. Refuses with NotFound, also of who was erased."""
    with transaction() as session:
        # Written to, so that nobody is erased in between.
        there = sa.update(Person).where(Person.id == person_id, Person.erased_at.is_(None))
        if session.scalar(there.values(sort_key=Person.sort_key).returning(Person.id)) is None:
            raise NotFound()
        session.add(PersonNote(person_id=person_id, text=text, written_by=by.name, written_at=now))
        note("note_written", "person", person_id, by=by, now=now)


def drop(person_id: int, note_id: int, *, by: Actor, now: datetime) -> None:
    """Throw a note away. Refuses with NotFound."""
    with transaction():
        gone = sa.delete(PersonNote).where(PersonNote.id == note_id, PersonNote.person_id == person_id)
        if db.session.scalar(gone.returning(PersonNote.id)) is None:
            raise NotFound()
        note("note_dropped", "person", person_id, by=by, now=now)
