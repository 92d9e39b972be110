"""Somebody asks to be forgotten. What we need no more goes at once; what stays says nothing of who it was."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp import formatting
from eventapp.domain.actors import SYSTEM, Actor
from eventapp.domain.erasing import Blocker, Kept, Standing
from eventapp.domain.errors import DomainError, NotErasable, NotFound
from eventapp.extensions import db
from eventapp.mail.compose import Recipient, write
from eventapp.models import Person, PersonAddress
from eventapp.queries import erasing as known
from eventapp.services import cancelling, erasing_mentions, erasing_rows, erasures
from eventapp.services.audit import note
from eventapp.services.erasing_rows import Whose
from eventapp.transaction import transaction


@dataclass(frozen=True)
class Terms:
    """What a page says before it: what has to be settled first, and what stays."""

    standing: list[Standing]
    kept: Kept


def terms(person_id: int, *, address: str = "", now: datetime) -> Terms:
    """With an address: for whoever reads that mailbox, who may not decide about what is at another one."""
    standing = known.standing_in_the_way(person_id, now=now)
    if address:
        others = known.other_mailboxes(person_id, address)
        standing += [Standing(Blocker.OTHER_MAILBOX, other) for other in others]
    return Terms(standing, known.kept(person_id))


def erase_myself(person_id: int, *, address: str, now: datetime) -> None:
    """Whoever reads this mailbox asks it for somebody whose only mailbox it is, and gets one last mail.

    Refuses with NotFound (nobody of that id at this address) or NotErasable.
    """
    with transaction():
        person = _hold(person_id)
        if address not in {row.address for row in person.addresses}:
            raise NotFound()
        _check(terms(person_id, address=address, now=now))
        by = Actor("person", "", person_id)
        _last_mail(person, [address], now=now)
        _erase(person, how="self", by=by, now=now)
    erasures.write_beside()


def erase_for(person_id: int, *, proof: str, by: Actor, now: datetime) -> None:
    """The office does it for somebody whose mailbox is gone; `proof` says how it knows who asks, and is logged.

    The last mail goes to every address that was proven: whoever still reads one hears of it. Refuses with NotFound or
    NotErasable.
    """
    with transaction():
        person = _hold(person_id)
        _check(terms(person_id, now=now))
        _last_mail(person, sorted({row.address for row in person.addresses if row.proven_at}), now=now)
        _erase(person, how="office", by=by, now=now, proof=proof)
    erasures.write_beside()


def replay(*, now: datetime) -> int:
    """Forget again whom a backup brought back, without a mail and whatever stands in the way; answers how many."""
    erasures.take_in()
    people = erasures.returned()
    for person_id in people:
        _withdraw(person_id, now=now)
        with transaction():
            _erase(_hold(person_id), how="again", by=SYSTEM, now=now)
    return len(people)


def _withdraw(person_id: int, *, now: datetime) -> None:
    """Places that the backup brought back; one that cannot be given back any more stays without a name."""
    for registration_id in known.coming_places(person_id, now=now):
        with suppress(DomainError):
            cancelling.cancel_own(registration_id, by=SYSTEM, now=now)


def _hold(person_id: int) -> Person:
    """Nobody points anything new at this person meanwhile. Refuses with NotFound, also of who was erased."""
    row = sa.select(Person).where(Person.id == person_id, Person.erased_at.is_(None)).with_for_update()
    person: Person | None = db.session.scalar(row.execution_options(populate_existing=True))
    if person is None:
        raise NotFound()
    return person


def _check(found: Terms) -> None:
    if found.standing:
        raise NotErasable(why=found.standing[0].why.value)


def _last_mail(person: Person, addresses: list[str], *, now: datetime) -> None:
    """Its own row is emptied once it left (forgetting)."""
    name = formatting.full_name(person.given_name, person.infix, person.family_name)
    kept = known.kept(person.id)
    for number, address in enumerate(addresses):
        write("erased", Recipient(address, name), purpose=f"erased-{person.id}-{number}", now=now, kept=kept)


def _erase(person: Person, *, how: str, by: Actor, now: datetime, proof: str = "") -> None:
    erasures.remember(person.addresses, now=now)
    whose = _whose(person)
    erasing_rows.empty(whose, now=now)
    erasing_mentions.blot_out(whose)
    erasing_rows.forget_person(whose, now=now)
    db.session.expire_all()
    facts: dict[str, Any] = {"how": how} | ({"note": proof} if proof else {})
    note("person_erased", "person", whose.person_id, by=by, now=now, **facts)


def _whose(person: Person) -> Whose:
    """A mailbox that somebody else reads as well stays theirs."""
    addresses = {row.address for row in person.addresses}
    others = sa.select(PersonAddress.address).where(
        PersonAddress.address.in_(addresses), PersonAddress.person_id != person.id
    )
    name = formatting.full_name(person.given_name, person.infix, person.family_name)
    return Whose(
        person.id,
        name,
        person.given_name,
        person.family_name,
        frozenset(addresses),
        frozenset(addresses - set(db.session.scalars(others))),
    )
