"""The office decides about "ik werk bij een lid, maar mijn adres wordt niet herkend"."""

from datetime import datetime
from functools import partial

from eventapp.domain.actors import Actor
from eventapp.domain.errors import (
    EventFull,
    IllegalStep,
    NoFreePlaceLeft,
    NoMembership,
    NotAdmitted,
    NotFound,
    OrganisationFull,
)
from eventapp.domain.places import hold_until
from eventapp.domain.pricing import Category, Entitlement, Proof, decide, needs_proof, organisation_proof
from eventapp.domain.registrations import Review, State, check_step
from eventapp.extensions import db
from eventapp.models import Organisation, Registration
from eventapp.queries.association import load_association
from eventapp.queries.membership import proofs_by_domain
from eventapp.services import confirming, drafting, holding, mails, organisation_places, queueing
from eventapp.services.audit import note
from eventapp.services.locks import lock_order_of
from eventapp.services.registering import day_that_counts
from eventapp.transaction import transaction


def approve(registration_id: int, organisation_id: int, *, by: Actor, now: datetime) -> None:
    """This person belongs to that member or partner. With a proven address the place is confirmed at once.

    The price is the one that the event has for that kind of organisation. From now on it counts for the free places of
    that member. Refuses with NotFound, IllegalStep when nothing is waiting for a decision, NoMembership on the day that
    counts, NotAdmitted, EventFull, or OrganisationFull when those are gone and the event gives nothing beyond.
    """
    with transaction():
        registration = _waiting(registration_id)
        organisation = db.session.get(Organisation, organisation_id)
        if organisation is None:
            raise NotFound()
        given = _as_one_of(organisation, registration)
        registration.review = Review.APPROVED
        registration.category, registration.price_cents = given.category, given.price_cents
        registration.organisation_id = given.proof.organisation_id
        registration.organisation_name = organisation.name
        registration.reason = given.reason()
        facts = {"organisation_id": organisation.id}
        note("claim_approved", "registration", registration.id, by=by, now=now, event_id=registration.event_id, **facts)
        try:
            _go_on(registration, by=by, now=now)
        except NoFreePlaceLeft as refusal:
            raise OrganisationFull(organisation=refusal.facts["organisation"]) from refusal


def _as_one_of(organisation: Organisation, registration: Registration) -> Entitlement:
    on = day_that_counts(registration.event, booked_at=registration.created_at)
    proof = organisation_proof(organisation.facts(), via="office", detail="", on=on)
    if proof.category == Category.NIET_LID:
        raise NoMembership(organisation=organisation.name)
    return decide(registration.event.price_lines, [proof])


def _go_on(registration: Registration, *, by: Actor, now: datetime) -> None:
    """What is held already takes one of the member's free places too, also while the address is not proven."""
    if registration.proven_at:
        confirming.settle_free_or_ask_payment(registration, by=by, now=now)
    elif registration.holds:
        organisation_places.or_beyond(registration, partial(holding.take, registration))


def refuse(registration_id: int, *, by: Actor, now: datetime) -> None:
    """This person does not belong to a member: they are offered what outsiders get, or told that it is not for them.

    Refuses as `approve` does.
    """
    with transaction():
        registration = _waiting(registration_id)
        registration.review = Review.REFUSED
        note("claim_refused", "registration", registration.id, by=by, now=now, event_id=registration.event_id)
        try:
            outsider = decide(registration.event.price_lines, _as_outsider(registration))
        except NotAdmitted:
            _turn_away(registration, now=now)
            return
        registration.category, registration.price_cents = outsider.category, outsider.price_cents
        registration.reason = outsider.reason()
        registration.organisation_id = outsider.proof.organisation_id
        if not needs_proof(outsider):
            _ask_price_or_wait(registration, by=by, now=now)
        elif registration.proven_at:
            confirming.settle_free_or_ask_payment(registration, by=by, now=now)
        else:
            days = load_association().hold_days
            registration.expires_at = hold_until(now=now, days=days, starts_at=registration.event.starts_at)


def _waiting(registration_id: int) -> Registration:
    registration = lock_order_of(registration_id)
    if registration.review != Review.PENDING or registration.state != State.AWAITING_CONFIRMATION:
        raise IllegalStep(state=registration.state.value, to=registration.review.value)
    return registration


def _as_outsider(registration: Registration) -> list[Proof]:
    """What the address says of somebody who is no member: a known non-member may have a price of its own."""
    on = day_that_counts(registration.event, booked_at=registration.created_at)
    return [proof for proof in proofs_by_domain(registration.address, on=on) if proof.category == Category.NIET_LID]


def _turn_away(registration: Registration, *, now: datetime) -> None:
    check_step(registration.state, State.CANCELLED)
    registration.state, registration.cancelled_at, registration.expires_at = State.CANCELLED, now, None
    queueing.give_up(registration, now=now)
    mails.about("claim_refused", registration, now=now)


def _ask_price_or_wait(registration: Registration, *, by: Actor, now: datetime) -> None:
    """Without a place so far they get one now, or stand in line where they said yes to that."""
    try:
        with db.session.begin_nested():
            _ask_price(registration, now=now)
    except EventFull as refusal:
        if not registration.proven_at or not queueing.may_wait(registration, refusal):
            raise
        queueing.wait_for_place(registration, refusal, by=by, now=now)


def _ask_price(registration: Registration, *, now: datetime) -> None:
    confirming.await_payment(registration, now=now)
    if registration.order.on_invoice_at:
        drafting.draft_for(registration.order_id, now=now)
    mails.about("claim_refused", registration, now=now, until=registration.expires_at)
    holding.take(registration)
