"""Who is this? The same name at the same address is the same person; anything else is somebody new."""

from datetime import datetime

import sqlalchemy as sa

from eventapp.domain.names import name_key
from eventapp.extensions import db
from eventapp.models import Person, PersonAddress


def find_or_add(address: str, given_name: str, infix: str, family_name: str, *, now: datetime) -> Person:
    """The person with this name at this address, added when new. Equal names elsewhere are never merged."""
    found = find(address, given_name, infix, family_name)
    if found:
        return found
    person = Person(created_at=now)
    person.rename(given_name, infix, family_name)
    db.session.add(person)
    db.session.add(PersonAddress.of(person, address))
    db.session.flush()
    return person


def find(address: str, given_name: str, infix: str, family_name: str) -> Person | None:
    """The person with this name at this address, if we know one."""
    key = name_key(given_name, infix, family_name)
    return db.session.scalar(
        sa.select(Person).join(PersonAddress).where(PersonAddress.address == address, PersonAddress.name_key == key)
    )


def mark_proven(person: Person, address: str, *, now: datetime) -> None:
    """Somebody with access to this mailbox acted: the address of this person is proven."""
    for known in person.addresses:
        if known.address == address and known.proven_at is None:
            known.proven_at = now
