""" "Namens wie?": somebody belongs to several organisations. For which of them do they come?"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from eventapp.domain.errors import NotAdmitted, NotFound
from eventapp.domain.pricing import Entitlement, Proof, decide
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Event, Organisation, Person, Registration
from eventapp.queries.association import load_association
from eventapp.queries.membership import proofs_by_domain, proofs_by_naming
from eventapp.services import holding


class Side(NamedTuple):
    """One organisation somebody may come for, and what that gives at this event."""

    organisation_id: int
    name: str
    entitlement: Entitlement
    named: bool


def of(proofs: Iterable[Proof], organisation_id: int | None) -> list[Proof]:
    """Of these proofs what is left when somebody comes for this organisation; without one all of them."""
    return [p for p in proofs if organisation_id is None or p.organisation_id in (None, organisation_id)]


def sides(event: Event, person: Person, address: str, *, on: date) -> list[Side]:
    """The organisations this person may come for, the cheapest first. Only for whoever reads the mailbox."""
    proofs = [*proofs_by_domain(address, on=on), *proofs_by_naming(person.id, on=on)]
    found: dict[int, Side] = {}
    for proof in proofs:
        if proof.organisation_id is None or proof.organisation_id in found:
            continue
        entitlement = _given(event, of(proofs, proof.organisation_id))
        if entitlement and entitlement.proof.organisation_id == proof.organisation_id:
            name = db.session.get_one(Organisation, proof.organisation_id).name
            found[proof.organisation_id] = Side(proof.organisation_id, name, entitlement, proof.via == "named")
    return sorted(found.values(), key=lambda side: (side.entitlement.price_cents, side.name))


def _given(event: Event, proofs: list[Proof]) -> Entitlement | None:
    try:
        return decide(event.price_lines, proofs)
    except NotAdmitted:
        return None


def choices_for(registration: Registration) -> list[Side]:
    """What the page behind the link asks: nothing, or two organisations and more."""
    waits = registration.state in (State.AWAITING_CONFIRMATION, State.EXPIRED) and registration.proven_at is None
    if not waits or registration.reason.get("via") not in ("domain", "named"):
        return []
    on = load_association().membership_day(starts_at=registration.event.starts_at, booked_at=registration.created_at)
    found = sides(registration.event, registration.person, registration.address, on=on)
    return found if len(found) > 1 else []


def choose(registration: Registration, organisation_id: int) -> None:
    """Within the transaction that locked the order: come for this organisation, at what that gives.

    The free place of the other organisation goes back; taking one of this one is up to the next step. Refuses with
    NotFound for an organisation that is not on offer.
    """
    side = next((side for side in choices_for(registration) if side.organisation_id == organisation_id), None)
    if side is None:
        raise NotFound()
    if side.organisation_id == registration.organisation_id:
        return
    given = side.entitlement
    holding.release_organisation(registration)
    registration.category, registration.price_cents = given.category, given.price_cents
    registration.organisation_id, registration.organisation_name = side.organisation_id, side.name
    registration.reason = given.reason()
    db.session.flush()
