"""What is left behind in the demo by what happened before: scans at the door, log rows, and people who were erased."""

import random
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from eventapp.cli.demo_data.people import Guest
from eventapp.domain.admission import Action, Result
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import AuditEntry, Event, Person, PersonAddress, Presence, Registration, Scan
from eventapp.services import forgetting

_SHOWN_UP = 0.85


def let_in(event: Event, registrations: Iterable[Registration], numbers: random.Random) -> None:
    """Most of those who were confirmed came, were scanned in the half hour before the start, and stayed."""
    for registration in registrations:
        ticket = registration.ticket
        if registration.state != State.CONFIRMED or ticket is None or numbers.random() > _SHOWN_UP:
            continue
        at = event.starts_at - timedelta(seconds=numbers.randrange(30, 1800))
        db.session.add(Presence(registration_id=registration.id, event_id=event.id, first_in_at=at, inside_since=at))
        db.session.add(
            Scan(
                scan_id=str(uuid.UUID(int=numbers.getrandbits(128), version=4)),
                event_id=event.id,
                ticket_id=ticket.id,
                registration_id=registration.id,
                code_digest=ticket.code_digest,
                action=Action.IN,
                result=Result.ADMITTED,
                scanned_at=at,
                counted_at=at,
                received_at=at,
            )
        )


def log(registrations: Iterable[Registration]) -> None:
    """The rows that the use cases would have left."""
    rows = [row for registration in registrations for row in _log_rows(registration)]
    if rows:
        db.session.execute(sa.insert(AuditEntry), rows)


def _log_rows(registration: Registration) -> list[dict[str, Any]]:
    steps: list[tuple[str, datetime | None]] = [
        ("registered", registration.created_at),
        ("confirmed", registration.confirmed_at),
        ("cancelled", registration.cancelled_at),
    ]
    return [
        {
            "at": at,
            "actor_kind": "person",
            "actor_id": registration.person_id,
            "actor_name": registration.address,
            "act": act,
            "subject": "registration",
            "subject_id": registration.id,
            "event_id": registration.event_id,
            "facts": registration.reason if act == "registered" else {},
        }
        for act, at in steps
        if at is not None
    ]


def erase(guests: Iterable[Guest], *, now: datetime) -> None:
    """People who asked to be forgotten: rows without a name."""
    for guest in guests:
        db.session.execute(sa.delete(PersonAddress).where(PersonAddress.person_id == guest.person.id))
        db.session.execute(
            sa.update(Person).where(Person.id == guest.person.id).values(**forgetting.EMPTY_PERSON, erased_at=now)
        )
