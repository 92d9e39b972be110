"""The free places of a member at an event: are they gone, and what happens to the one who comes next?"""

from collections.abc import Callable
from typing import NamedTuple

from eventapp.domain.errors import NoFreePlaceLeft, OrganisationFull
from eventapp.domain.organisation_places import BeyondFree, beyond, counts
from eventapp.domain.pricing import Category, Entitlement, Proof
from eventapp.extensions import db
from eventapp.models import ORGANISATION, Event, Organisation, Registration
from eventapp.queries.association import load_association
from eventapp.queries.membership import proofs_by_status
from eventapp.queries.organisation_places import free_places_of
from eventapp.services.holding import row_of_organisation, takes_of_organisation


class Beyond(NamedTuple):
    """The free places of this organisation are gone: what one gets instead (None is nothing), and whom to turn to."""

    organisation: str
    entitlement: Entitlement | None
    function: str


def beyond_at(event: Event, entitlement: Entitlement) -> Beyond | None:
    """What somebody with this entitlement meets now; None while there are free places, or when it needs none.

    Says nothing of who asks, only of their organisation.
    """
    proof = entitlement.proof
    needed = counts(
        category=entitlement.category, price_cents=entitlement.price_cents, organisation_id=proof.organisation_id
    )
    return _beyond(event, proof, own_proofs=[]) if needed and _gone(event, proof.organisation_id) else None


def beyond_for(registration: Registration) -> Beyond | None:
    """The same for a registration that still has to take its place; None when it holds one already."""
    held = any(hold.capacity.kind == ORGANISATION for hold in registration.holds)
    if held or not takes_of_organisation(registration) or not _gone(registration.event, registration.organisation_id):
        return None
    return _beyond_for(registration)


def or_beyond(registration: Registration, step: Callable[[], None]) -> None:
    """Do a step that takes the place. Are the free places gone, then undo it, price the registration anew, do it again.

    Refuses with what the step refuses with, and with NoFreePlaceLeft when the event gives nothing beyond.
    """
    if takes_of_organisation(registration):
        try:
            with db.session.begin_nested():
                step()
            return
        except OrganisationFull:
            go_beyond(registration)
    step()


def go_beyond(registration: Registration) -> None:
    """Put on the registration what the event gives beyond the free places.

    Refuses with NoFreePlaceLeft when that is nothing, or with OrganisationFull when one waits for a free place.
    """
    db.session.refresh(registration.event)
    if registration.event.free_per_organisation is None:
        return
    instead = _beyond_for(registration)
    if instead.entitlement is None and waits_beyond(registration.event):
        assert registration.organisation_id is not None
        row = row_of_organisation(registration.event_id, registration.organisation_id, None)
        raise OrganisationFull(organisation=instead.organisation, capacity_id=row)
    if instead.entitlement is None:
        raise NoFreePlaceLeft(organisation=instead.organisation, function=instead.function)
    given = instead.entitlement
    registration.category, registration.price_cents = given.category, given.price_cents
    registration.organisation_id = given.proof.organisation_id
    registration.reason = given.reason()
    db.session.flush()


def waits_beyond(event: Event) -> bool:
    """Whether who comes beyond the free places of an organisation waits for one of them."""
    return event.waiting_list and event.beyond_free == BeyondFree.WAITS


def beyond_entitlement(event: Event, proof: Proof) -> Entitlement | None:
    """What there is for somebody of this member beyond its free places; says nothing of who they are."""
    return _beyond(event, proof, own_proofs=[]).entitlement


def _gone(event: Event, organisation_id: int | None) -> bool:
    if event.free_per_organisation is None or organisation_id is None:
        return False
    return free_places_of(event, organisation_id).full


def _beyond_for(registration: Registration) -> Beyond:
    event, reason = registration.event, registration.reason
    on = load_association().membership_day(starts_at=event.starts_at, booked_at=registration.created_at)
    facts = {name: fact for name, fact in reason.items() if name not in ("category", "via")}
    proof = Proof(Category.LID, reason["via"], facts, registration.organisation_id)
    return _beyond(event, proof, own_proofs=proofs_by_status(registration.person_id, on=on))


def _beyond(event: Event, proof: Proof, *, own_proofs: list[Proof]) -> Beyond:
    facts = {**proof.facts, "beyond_free": str(event.free_per_organisation)}
    of_member = Proof(proof.category, proof.via, facts, proof.organisation_id)
    return Beyond(
        organisation=db.session.get_one(Organisation, proof.organisation_id).name,
        entitlement=beyond(event.free_places, of_member, event.price_lines, own_proofs),
        function=load_association().member_contact_function,
    )
